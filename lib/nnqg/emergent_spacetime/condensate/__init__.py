r"""The spacetime of the quark condensate of lattice QCD (arXiv:1809.10536).

Weights are :math:`h_0 \dots h_{N-1}` from the boundary inwards, then lambda, then L in 1/GeV. Bad input raises `InvalidArgument`.

- `data`: labelled points of the six numbers, and the published objective's settings; learning-from-lattice-qcd, what-the-data-determine,
  neural-ode, quark-potential
- `objective`: boundary map and window in torch; neural-ode
- `adjoint`: the same with its gradient, compiled, and the curve and gain of a model; learning-from-lattice-qcd, what-the-data-determine
- `training`: from random weights, and at a constant rate; learning-from-lattice-qcd, what-the-data-determine
- `valley`: the minimum at a fixed radius; learning-from-lattice-qcd, what-the-data-determine
- `shooting`: fits without labels; what-the-data-determine
"""
