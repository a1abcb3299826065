"""Calls of the methods and functions that no docstring calls, by module: run in its names, below `nnqg`, after numpy and torch."""

_STATE = (
    "from nnqg.neural_quantum_states.square_lattice.states import SymmetricState\n"
    "from nnqg.neural_quantum_states.square_lattice.lattices import SquareLattice\n"
    "rng, s = np.random.default_rng(0), np.tile([1.0, -1.0], (4, 8))\n"
    "state = SymmetricState(SquareLattice(4), np.zeros((1, 16)), np.zeros(5))\n"
)
_RING = (
    "from nnqg.neural_quantum_states.boltzmann_states.rings import ising_ring\nring, rng = ising_ring(4, 1.0), np.random.default_rng(0)\n"
)
_MODEL = (
    "from nnqg.networks_as_spacetime.hamiltonian.hamiltonian_network import HamiltonianNetwork, SeparableHamiltonian\n"
    "from nnqg.networks_as_spacetime.hamiltonian.oscillators import PENDULUM\n"
    "make = torch.Generator().manual_seed(0)\n"
    "model = HamiltonianNetwork(SeparableHamiltonian(2, 3, make), 'leapfrog', interval=0.2, layers=2)\n"
    "rng, x = np.random.default_rng(0), torch.zeros(2, 5, 2, dtype=torch.float64)\n"
)
CALLS = {
    "emergent_spacetime.black_hole.training": [
        "Ensemble(np.ones((2, 4)), np.ones(4), np.ones((2, 3)), np.ones(2), np.ones(2), 1.0).solved(0.9, 0.1)"
    ],
    "emergent_spacetime.bulk_network": [
        "network = BulkNetwork(torch.full((10,), 3.0).double(), RadialGrid(1.0, 0.1, 10), m2=-2.0, lam=0.0, order=2)\n"
        "network.trajectory(torch.ones(1).double(), -torch.ones(1).double())"
    ],
    "emergent_spacetime.condensate.data": ["Objective(15, 1.0, 1 / 15, 4, -3.0, 0.1, 0.01, 0.01, 0.01)"],
    "emergent_spacetime.dilaton.string_frame": [
        "from nnqg.emergent_spacetime.dilaton.riccati import solve_background\n"
        "frame = StringFrame(solve_background(lambda z: 2 * z, np.geomspace(1e-5, 3.0, 2000)))\nframe.positions(np.array([0.5, 1.0]))"
    ],
    "emergent_spacetime.string_breaking.pair_potential": [
        "from nnqg.quantum_gravity.dictionary.metrics import ads_schwarzschild\n"
        "pair_potential(lambda eta: ads_schwarzschild(eta, d=4)).force_at(0.5)"
    ],
    "networks_as_spacetime.depth.scaling": ["Architecture(1.0, 0.5, False)"],
    "networks_as_spacetime.depth.training": [
        "from nnqg.networks_as_spacetime.depth.scaling import ARCHITECTURES\n"
        "make, line = torch.Generator().manual_seed(0), torch.linspace(-1, 1, 9).double()[:, None]\n"
        "done = train(DeepEnsemble([ARCHITECTURES['1/N']], 2, 3, make), line, line**2, torch.tensor([0.02]).double(), 2, make)\n"
        "done.predict(line)"
    ],
    "networks_as_spacetime.hamiltonian.hamiltonian_network": [
        _MODEL + f"SeparableHamiltonian(2, 3, make).{call}" for call in ("velocity(x[..., 1:])", "force(x[..., :1])")
    ]
    + [_MODEL + "model.advance(x)", _MODEL + "GeneralHamiltonian(2, 3, make).energy(x)"],
    "networks_as_spacetime.hamiltonian.talk_network": [
        "Activation(np.sin, np.cos)",
        *(f"TalkNetwork(w12=1.0, lambda_2=-1.0).{call}" for call in ("activate(np.ones(4), 0.1)", "layer(np.ones(2), 0.1)")),
    ],
    "networks_as_spacetime.hamiltonian.training": [
        _MODEL + "data = observe(PENDULUM, np.ones((3, 2)), interval=0.2, length=4, pieces=1, noise=0.1, seeds=2, rng=rng)\n"
        "fit(model, data, warm_up=2, steps=2, rng=rng)",
        _MODEL + "predict(model, np.ones((3, 2)), 2, 2)",
    ],
    "networks_as_spacetime.wormhole.autoencoder": [
        "Autoencoders((8, 4), (1, 2), torch.Generator().manual_seed(0)).derivative(torch.ones(8).double(), 0)"
    ],
    "neural_quantum_states.boltzmann_states.reconfiguration": [_RING + "train(ring, rng.normal(size=(1, 4)), rng, 2, 64)"],
    "neural_quantum_states.boltzmann_states.sampling": [_RING + "measure(ring, np.zeros((1, 4)), rng, 16, 20)"],
    "neural_quantum_states.feedforward_states.networks": [
        "from scipy.sparse import eye_array\n"
        "network, n = Network((2, 3)), np.array([[1.0, 0.0], [0.0, 1.0]])\nx = network.start(np.random.default_rng(0))\n" + call
        for call in ("x", "network.state(x, n)", "train(network, x, [(n, eye_array(2, format='csr'))], 2)")
    ],
    "neural_quantum_states.imaginary_time.imaginary_time_layers": ["IsingMachine(3, 2, 0.1).sum_units(np.ones((2, 3)), True)"],
    "neural_quantum_states.square_lattice.chains": [
        _STATE + "moves, uniforms = draw_moves(state, 4, rng)\n" + call
        for call in ("s", "local_energies(state, s)", "sweep(state, s, moves, uniforms)", "visit(state, s, moves, uniforms, True, True)")
    ]
    + [_STATE + "measure(state, rng, 4, 3, s)"],
    "neural_quantum_states.square_lattice.lanczos": [
        _STATE + "s = np.repeat(s, 8, 0)\nimprove(state, -np.ones((3, 32)), s, rng, 1, 2, 4)",
        "Improved(-1.0, 0.1, 0.05)",
    ],
    "neural_quantum_states.square_lattice.states": [
        _STATE + f"state.{call}" for call in ("moved(np.zeros(21))", "fields(s)", "log_derivatives(s)")
    ],
    "neural_quantum_states.square_lattice.training": [_STATE + "train(state, rng, 2, ((0.0, 8),))"],
    "quantum_gravity.dictionary.layered_stack": [
        f"LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.zeros(2), np.array([0.0, 4.0])).{name}(np.array([3.0, 1.0]))"
        for name in ("slope", "hessian")
    ],
    "quantum_gravity.dictionary.saddle_point": [
        "one_loop(LayeredStack(np.array([1.0, 0.5]), np.array([2.0]), np.array([1.0, 2.0]), np.zeros(2)), 1.0).log_z(0.1)"
    ],
    "quantum_gravity.entanglement_renormalisation.scale_invariant": [
        "term = -np.kron(np.diag([1.0, -1.0]), np.diag([1.0, -1.0])).reshape(2, 2, 2, 2)\n"
        f"mera = start(term, 2, np.random.default_rng(0))\n{call}"
        for call in ("mera.layers[0].descend(term)", "mera.density(0)", "mera.energy(term)", "mera.slopes(term)")
    ],
    "quantum_gravity.holographic_codes.pentagon_code": [
        f"patch = PentagonPatch(1)\nregion = np.arange(len(patch.boundary)) < 9\npatch.{call}"
        for call in ("axes('free')", "code('free', False)", "legs_of(region)", "cut(region)", "wedge(region)")
    ],
    "quantum_gravity.regge_calculus.regge_surface": ["icosahedron().area(torch.ones(30).double())"],
    "quantum_gravity.regge_calculus.simplicial_complex": [
        "simplex_boundary(4).stiffness(torch.ones(10).double())",
        "simplex_boundary(4).chords(np.eye(5))",
    ],
    "quantum_gravity.triangulations.plane_trees": ["disc_of_tree(np.array([2, 0, 0]))"],
    "quantum_gravity.triangulations.random_widths": ["RandomWidths(8, 4, 0.2, 80).sample(np.random.default_rng(0), 3)"],
    "quantum_mechanics.ground_states.network_weight": [
        f"weight, rng = NetworkWeight(lambda x: x**2 / 2, lambda x: x, duration=2.0, steps=4), np.random.default_rng(0)\nweight.{call}"
        for call in ("weights(np.zeros((1, 5)))", "gradient(np.ones((1, 5)))", "flip_cuts(np.ones((1, 5)), rng)")
    ],
    "runge_kutta": ["Tableau(2, (0.0, 1.0), (0.5, 0.5))"],
}
