r"""Trajectories of learned fields, with the backward pass written out: autograd sees one node a trajectory.

`FieldFlow` moves states, shape (seed, point, 2), along :math:`\dot x = \tanh(x A + b)\, C + c`; `KickDrift` kicks and drifts them with
:math:`T'(p) = \tanh(p v + b)\, \lambda` and the same for V'. Both keep the tanh of every evaluation; a backward pass follows the
cotangents through the evaluations and adds up the gradients of the weights on the way, while the arrays of an evaluation are in the
cache. The places carry a 1 as their last component, so that a bias is one more row of its matrix. Inside, the arrays are numpy's: on ones
this small a call costs half of torch's.
"""

import numpy as np
import torch

from nnqg import checks

LONGEST_PATH = 2 * checks.MOST_STEPS  # in intervals, or evaluations of the field


def hold_state(name: str, state: torch.Tensor, weights: torch.Tensor) -> None:
    """Refuse weights of another precision, and a state that has not a row of points for each of their seeds."""
    if weights.dtype != state.dtype or len(weights) != len(state):
        checks.tensor("weights", weights, nan=True)
        checks.tensor(name, state, shape=(len(weights), *state.shape[1:]))


class FieldFlow(torch.autograd.Function):
    """States after 0, 1, ... intervals: one step each of Euler's rule ("euler"), or of the 3/8 rule, torchdiffeq's "rk4"."""

    @staticmethod
    def forward(ctx, starts, A, b, C, c, step, intervals, scheme):
        stages = 1 if scheme == "euler" else 4
        starts, A, b, C, c = _arrays(starts, A, b, C, c)
        into_units = np.concatenate([A, b], axis=1)
        at = _with_one(starts, intervals * stages, 2)  # where the field is evaluated
        hidden = _room(starts, intervals * stages, A.shape[2])
        states = np.empty((intervals + 1, *starts.shape), starts.dtype)
        states[0] = x = starts

        def rate(i, place):
            at[i, ..., :2] = place
            units = np.matmul(at[i], into_units, out=hidden[i])
            np.tanh(units, out=units)
            return units @ C + c

        for n in range(intervals):
            i = n * stages
            k1 = rate(i, x)
            if stages == 1:
                x = np.add(x, step * k1, out=states[n + 1])
                continue
            k2 = rate(i + 1, x + step / 3 * k1)
            k3 = rate(i + 2, x + step * k2 - step / 3 * k1)
            k4 = rate(i + 3, x + step * (k1 + k3 - k2))
            x = np.add(x, step / 8 * (k1 + k4 + 3 * (k2 + k3)), out=states[n + 1])
        ctx.arrays = A, C, at, hidden
        ctx.options = step, intervals, stages
        return torch.from_numpy(states)

    @staticmethod
    def backward(ctx, cotangent):
        A, C, at, hidden = ctx.arrays
        step, intervals, stages = ctx.options
        (cotangent,) = _arrays(cotangent)
        out_of_units, into_place = C.swapaxes(1, 2).copy(), A.swapaxes(1, 2).copy()
        of_Ab, of_C, of_c = np.zeros((len(A), 3, A.shape[2])), np.zeros_like(C), np.zeros_like(at[0, ..., :2])

        def pull(i, of_rate):
            """Cotangent of the place, from that of the rate there."""
            nonlocal of_Ab, of_C, of_c
            of_sums = _tanh_back(of_rate @ out_of_units, hidden[i])
            of_Ab += at[i].swapaxes(1, 2) @ of_sums
            of_C += hidden[i].swapaxes(1, 2) @ of_rate
            of_c += of_rate
            return of_sums @ into_place

        g = cotangent[-1].copy()
        for n in range(intervals - 1, -1, -1):
            i = n * stages
            if stages == 1:
                g += pull(i, step * g)
            else:
                outer = step / 8 * g
                inner = 3 * outer
                x4 = pull(i + 3, outer)
                x3 = pull(i + 2, inner + step * x4)
                x2 = pull(i + 1, inner + step * (x3 - x4))
                g += pull(i, outer + step * x4 + step / 3 * (x2 - x3)) + x2 + x3 + x4
            g += cotangent[n]
        return *_tensors(g, of_Ab[:, :2], of_Ab[:, 2:], of_C, of_c.sum(1, keepdims=True)), None, None, None


class KickDrift(torch.autograd.Function):
    """States after 0, 1, ... intervals of some layers: drift then kick, or with ``half`` leapfrogs, whose inner half kicks are joined."""

    @staticmethod
    def forward(ctx, starts, v_T, b_T, lambda_T, v_V, b_V, lambda_V, step, layers, intervals, half):
        starts, v_T, b_T, lambda_T, v_V, b_V, lambda_V = _arrays(starts, v_T, b_T, lambda_T, v_V, b_V, lambda_V)
        q, p = starts[..., :1].copy(), starts[..., 1:].copy()
        states = np.empty((intervals + 1, *starts.shape), starts.dtype)
        states[0] = starts
        kicks, drifts = intervals * (layers + half), intervals * layers
        at_q, at_p = (_with_one(starts, number, 1) for number in (kicks, drifts))
        units_V, units_T = _room(starts, kicks, v_V.shape[2]), _room(starts, drifts, v_T.shape[2])
        into_V, into_T = np.concatenate([v_V, b_V], axis=1), np.concatenate([v_T, b_T], axis=1)
        sizes, drift = [], 0
        for n in range(intervals):
            for m in range(layers + half):
                if m or not half:  # no drift before the first half kick
                    at_p[drift, ..., :1] = p
                    units = np.matmul(at_p[drift], into_T, out=units_T[drift])
                    np.tanh(units, out=units)
                    q += step * (units @ lambda_T)
                    drift += 1
                kick = len(sizes)
                sizes.append(step / 2 if half and m in (0, layers) else step)
                at_q[kick, ..., :1] = q
                units = np.matmul(at_q[kick], into_V, out=units_V[kick])
                np.tanh(units, out=units)
                p -= sizes[kick] * (units @ lambda_V)
            states[n + 1, ..., :1], states[n + 1, ..., 1:] = q, p
        ctx.arrays = v_T, lambda_T, v_V, lambda_V, at_q, units_V, at_p, units_T
        ctx.options = step, layers, intervals, half, sizes
        return torch.from_numpy(states)

    @staticmethod
    def backward(ctx, cotangent):
        v_T, lambda_T, v_V, lambda_V, at_q, units_V, at_p, units_T = ctx.arrays
        step, layers, intervals, half, sizes = ctx.options
        (cotangent,) = _arrays(cotangent)
        of_T, of_V = np.zeros((2, len(v_T), 2, v_T.shape[2]))  # by v and b
        of_lambda_T, of_lambda_V = np.zeros_like(lambda_T), np.zeros_like(lambda_V)

        def pull(of_rate, v, lambda_, at, units, of_v, of_lambda):
            """Cotangent of the place, from that of the rate there."""
            of_sums = _tanh_back(of_rate * lambda_.swapaxes(1, 2), units)
            of_v += at.swapaxes(1, 2) @ of_sums
            of_lambda += units.swapaxes(1, 2) @ of_rate
            return of_sums @ v.swapaxes(1, 2)

        g_q, g_p = cotangent[-1, ..., :1].copy(), cotangent[-1, ..., 1:].copy()
        kick, drift = len(at_q) - 1, len(at_p) - 1
        for n in range(intervals - 1, -1, -1):
            for m in range(layers + half - 1, -1, -1):
                g_q += pull(-sizes[kick] * g_p, v_V, lambda_V, at_q[kick], units_V[kick], of_V, of_lambda_V)
                kick -= 1
                if m or not half:
                    g_p += pull(step * g_q, v_T, lambda_T, at_p[drift], units_T[drift], of_T, of_lambda_T)
                    drift -= 1
            g_q += cotangent[n, ..., :1]
            g_p += cotangent[n, ..., 1:]
        g = np.concatenate([g_q, g_p], axis=-1)
        gradients = g, of_T[:, :1], of_T[:, 1:], of_lambda_T, of_V[:, :1], of_V[:, 1:], of_lambda_V
        return *_tensors(*gradients), None, None, None, None


def _arrays(*tensors):
    return [tensor.numpy(force=True) for tensor in tensors]


def _tensors(*arrays):
    return [torch.from_numpy(array) for array in arrays]


def _room(starts, evaluations, width):
    """Memory for something at every point of every evaluation, shape (evaluation, seed, point, width)."""
    return np.empty((evaluations, *starts.shape[:2], width), starts.dtype)


def _with_one(starts, evaluations, width):
    """The same for places, with the 1 that multiplies the bias after them."""
    places = _room(starts, evaluations, width + 1)
    places[..., width] = 1
    return places


def _tanh_back(cotangent, units):
    """Cotangent of the sums that enter the tanh: g (1 - h^2)."""
    slope = units * units
    np.subtract(1, slope, out=slope)
    return np.multiply(slope, cotangent, out=slope)
