r"""A bulk of L equal rings: the Ising model on a cylinder, exactly, by the transfer matrix along the rings.

Spins :math:`\sigma_{x,z}` at the angle x and the depth z, :math:`\sigma_{x,-1} = s_x` on the boundary:

.. math:: Z[s] = \sum_\sigma \exp\Big( \sum_{x,z} J_z\, \sigma_{x,z} \sigma_{x+1,z} + K_z\, \sigma_{x,z-1} \sigma_{x,z} \Big)
          = \operatorname{tr} \prod_x M_{s_x}.

The matrices M act on the :math:`2^L` states of a column, and :math:`S_2(A) = -\ln Z[A]/Z[\emptyset]`.
"""

import itertools

import numpy as np
from jaxtyping import Bool, Float

from nnqg import checks
from nnqg.boundary import checked
from nnqg.quantum_gravity.entanglement_features.free_fermions import check_regions

__all__ = ["entropies"]


@checked
def entropies(
    couplings: Float[np.ndarray, " coupling"], regions: Bool[np.ndarray, "region site"]
) -> tuple[Float[np.ndarray, " region"], Float[np.ndarray, "region coupling"]]:
    r"""Entropies of regions and their derivatives by the couplings :math:`J_0, \dots, J_{L-1}, K_0, \dots, K_{L-1}`.

    The derivative of :math:`\ln Z` by a coupling is the mean of its term; what is around a column is a product of those before and after.

    Examples
    --------
    >>> one = np.array([[True, False, False, False]])
    >>> S, slopes = entropies(np.array([0.0, 0.5]), one)  # one ring, only bonds to the boundary: no entropy
    >>> bool(abs(S).max() < 1e-12), slopes.shape
    (True, (1, 2))
    """
    checks.array("couplings", couplings, shape=(None,), maximum=20)
    layers = checks.count("half the number of couplings", len(couplings) // 2 if len(couplings) % 2 == 0 else 0, maximum=8)
    check_regions(regions, np.shape(regions)[-1])
    sites = regions.shape[1]
    states = np.array(list(itertools.product((1, -1), repeat=layers)))  # state depth
    along = states[:, None, :] * states  # state state depth
    radial = np.stack([np.concatenate([s * states[:, :1], states[:, :-1] * states[:, 1:]], axis=1) for s in (1, -1)])
    exponent = along @ couplings[:layers] + (radial @ couplings[layers:])[:, :, None]
    column = np.exp(exponent - exponent.max())  # boundary spin, state, state
    column /= np.linalg.norm(column[0], 2)
    chosen = column[np.vstack([np.zeros(sites, dtype=int), regions.astype(int)])]  # region site state state; first the empty region
    before = [np.broadcast_to(np.eye(2**layers), chosen[:, 0].shape)]
    for x in range(sites - 1):
        before.append(before[-1] @ chosen[:, x])
    after, around = before[0], np.zeros((2, *before[0].shape))
    for x in reversed(range(sites)):
        environment = (after @ before[x]).transpose(0, 2, 1)
        minus = np.append(False, regions[:, x])[:, None, None]
        around += np.where(np.stack([~minus, minus]), environment, 0.0)
        after = chosen[:, x] @ after
    Z = np.trace(after, axis1=1, axis2=2)
    weight = around * column[:, None] / Z[:, None, None]  # boundary spin, region, state, state
    means = np.concatenate([np.einsum("brij,ijz->rz", weight, along), np.einsum("brij,biz->rz", weight, radial)], axis=1)
    return -np.log(Z[1:] / Z[0]), means[:1] - means[1:]
