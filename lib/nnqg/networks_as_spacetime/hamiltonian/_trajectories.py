r"""Trajectories of learned fields, with the backward pass written out: autograd sees one node a trajectory.

`FieldFlow` moves states, shape (seed, point, 2), along :math:`\dot x = \tanh(x A + b)\, C + c`; `KickDrift` kicks and drifts them with
:math:`T'(p) = \tanh(p v + b)\, \lambda` and the same for V'. Both keep the tanh of every evaluation; a backward pass follows the
cotangents through the evaluations and leaves the sums over evaluations that are the gradients of the weights to one product at the end.
"""

import torch

_tanh_back = torch.ops.aten.tanh_backward.grad_input  # g (1 - h^2) into warm memory


class FieldFlow(torch.autograd.Function):
    """States after 0, 1, ... intervals: one step each of Euler's rule ("euler"), or of the 3/8 rule, torchdiffeq's "rk4"."""

    @staticmethod
    def forward(ctx, starts, A, b, C, c, step, intervals, scheme):
        stages = 1 if scheme == "euler" else 4
        at = starts.new_empty(intervals * stages, *starts.shape)  # where the field is evaluated
        hidden = starts.new_empty(intervals * stages, *starts.shape[:2], A.shape[2])
        states = starts.new_empty(intervals + 1, *starts.shape)
        states[0] = x = starts
        places, units = at.unbind(0), hidden.unbind(0)

        def rate(i):
            torch.baddbmm(b, places[i], A, out=units[i]).tanh_()
            return torch.baddbmm(c, units[i], C)

        for n in range(intervals):
            i = n * stages
            places[i].copy_(x)
            k1 = rate(i)
            if stages == 1:
                x = torch.add(x, k1, alpha=step, out=states[n + 1])
                continue
            torch.add(x, k1, alpha=step / 3, out=places[i + 1])
            k2 = rate(i + 1)
            torch.add(x, k2, alpha=step, out=places[i + 2]).sub_(k1, alpha=step / 3)
            k3 = rate(i + 2)
            torch.add(x, k1, alpha=step, out=places[i + 3]).add_(k3 - k2, alpha=step)
            k4 = rate(i + 3)
            x = torch.add(x, k1.add_(k4).add_(k2.add_(k3), alpha=3), alpha=step / 8, out=states[n + 1])
        ctx.save_for_backward(A, C, at, hidden)
        ctx.options = step, intervals, stages
        return states

    @staticmethod
    def backward(ctx, cotangent):
        A, C, at, hidden = ctx.saved_tensors
        step, intervals, stages = ctx.options
        of_rates, of_sums = torch.empty_like(at), torch.empty_like(hidden)
        into_units, into_place = C.transpose(1, 2), A.transpose(1, 2)
        units, rates, sums = hidden.unbind(0), of_rates.unbind(0), of_sums.unbind(0)

        def pull(i):
            """Cotangent of the place, from that of the rate there."""
            _tanh_back(torch.bmm(rates[i], into_units), units[i], grad_input=sums[i])
            return torch.bmm(sums[i], into_place)

        g = cotangent[-1].clone()
        for n in range(intervals - 1, -1, -1):
            i = n * stages
            if stages == 1:
                torch.mul(g, step, out=rates[i])
                g += pull(i)
            else:
                torch.mul(g, step / 8, out=rates[i + 3])
                x4 = pull(i + 3)
                torch.mul(g, 3 * step / 8, out=rates[i + 2]).add_(x4, alpha=step)
                x3 = pull(i + 2)
                torch.mul(g, 3 * step / 8, out=rates[i + 1]).add_(x3 - x4, alpha=step)
                x2 = pull(i + 1)
                torch.mul(g, step / 8, out=rates[i]).add_(x4, alpha=step).add_(x2 - x3, alpha=step / 3)
                g += pull(i).add_(x2).add_(x3).add_(x4)
            g += cotangent[n]
        of_A, of_C = _products(at, of_sums), _products(hidden, of_rates)
        return g, of_A, of_sums.sum((0, 2)).unsqueeze(1), of_C, of_rates.sum((0, 2)).unsqueeze(1), None, None, None


class KickDrift(torch.autograd.Function):
    """States after 0, 1, ... intervals of some layers: drift then kick, or with ``half`` leapfrogs, whose inner half kicks are joined."""

    @staticmethod
    def forward(ctx, starts, v_T, b_T, lambda_T, v_V, b_V, lambda_V, step, layers, intervals, half):
        q, p = starts[..., :1].clone(), starts[..., 1:].clone()
        states = starts.new_empty(intervals + 1, *starts.shape)
        states[0] = starts
        kicks, drifts = intervals * (layers + half), intervals * layers
        at_q, at_p = (p.new_empty(number, *p.shape) for number in (kicks, drifts))
        units_V = p.new_empty(kicks, *p.shape[:2], v_V.shape[2])
        units_T = p.new_empty(drifts, *p.shape[:2], v_T.shape[2])
        sizes, drift = [], 0
        for n in range(intervals):
            for m in range(layers + half):
                if m or not half:  # no drift before the first half kick
                    at_p[drift] = p
                    torch.baddbmm(b_T, p, v_T, out=units_T[drift]).tanh_()
                    q.baddbmm_(units_T[drift], lambda_T, alpha=step)
                    drift += 1
                kick = len(sizes)
                sizes.append(step / 2 if half and m in (0, layers) else step)
                at_q[kick] = q
                torch.baddbmm(b_V, q, v_V, out=units_V[kick]).tanh_()
                p.baddbmm_(units_V[kick], lambda_V, alpha=-sizes[kick])
            states[n + 1, ..., :1], states[n + 1, ..., 1:] = q, p
        ctx.save_for_backward(v_T, lambda_T, v_V, lambda_V, at_q, units_V, at_p, units_T)
        ctx.options = step, layers, intervals, half, sizes
        return states

    @staticmethod
    def backward(ctx, cotangent):
        v_T, lambda_T, v_V, lambda_V, at_q, units_V, at_p, units_T = ctx.saved_tensors
        step, layers, intervals, half, sizes = ctx.options
        of_sums_V, of_sums_T = torch.empty_like(units_V), torch.empty_like(units_T)
        of_kicks, of_drifts = torch.empty_like(at_q), torch.empty_like(at_p)
        from_T, out_T, from_V, out_V = (w.transpose(1, 2) for w in (v_T, lambda_T, v_V, lambda_V))
        g_q, g_p = cotangent[-1, ..., :1].clone(), cotangent[-1, ..., 1:].clone()
        kick, drift = len(at_q) - 1, len(at_p) - 1
        for n in range(intervals - 1, -1, -1):
            for m in range(layers + half - 1, -1, -1):
                torch.mul(g_p, -sizes[kick], out=of_kicks[kick])
                _tanh_back(of_kicks[kick] * out_V, units_V[kick], grad_input=of_sums_V[kick])
                g_q.baddbmm_(of_sums_V[kick], from_V)
                kick -= 1
                if m or not half:
                    torch.mul(g_q, step, out=of_drifts[drift])
                    _tanh_back(of_drifts[drift] * out_T, units_T[drift], grad_input=of_sums_T[drift])
                    g_p.baddbmm_(of_sums_T[drift], from_T)
                    drift -= 1
            g_q += cotangent[n, ..., :1]
            g_p += cotangent[n, ..., 1:]
        of_T, of_V = (
            (_products(at, of_sums), of_sums.sum((0, 2)).unsqueeze(1), _products(units, of_moves))
            for at, of_sums, units, of_moves in ((at_p, of_sums_T, units_T, of_drifts), (at_q, of_sums_V, units_V, of_kicks))
        )
        return torch.cat([g_q, g_p], -1), *of_T, *of_V, None, None, None, None


def _products(entrance, cotangent):
    """Sum over evaluations and points of entrance^T cotangent: the gradient of each seed's matrix."""
    left = entrance.reshape(-1, *entrance.shape[2:]).transpose(1, 2)
    products = torch.bmm(left, cotangent.reshape(-1, *cotangent.shape[2:]))
    return products.view(*entrance.shape[:2], *products.shape[1:]).sum(0)
