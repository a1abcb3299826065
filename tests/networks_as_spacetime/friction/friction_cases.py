"""What the tests of the friction room share: a linear and a nonlinear particle, and the closed form of the linear one."""

import numpy as np

from nnqg.networks_as_spacetime.friction.network import FrictionNetwork, Particle

LINEAR = Particle((0.0, 0.0, -0.5))
QUARTIC = Particle((0.0, 0.0, -0.5, 0.0, -0.125))


def network(layers: int = 60, duration: float = 4.0, particle: Particle = QUARTIC, scheme: str = "rk4") -> FrictionNetwork:
    """Small enough for a test."""
    return FrictionNetwork(particle, duration=duration, layers=layers, scheme=scheme)


def wavy(one: FrictionNetwork, fits: int = 1) -> np.ndarray:
    """A friction that depends on time and on the fit."""
    return np.stack([-0.1 - 0.05 * (fit + 1) * np.sin(one.times + fit) for fit in range(fits)])


def damped(x0: float, v0: float, h: float, t: float) -> tuple[float, float]:
    """Position and velocity of x'' = h x' - x at time t, for h > -2."""
    decay, omega = -h / 2, np.sqrt(1 - h**2 / 4)
    c, s, shrink = np.cos(omega * t), np.sin(omega * t), np.exp(-decay * t)
    return shrink * (x0 * c + (v0 + decay * x0) / omega * s), shrink * (v0 * c - (decay * v0 + x0) / omega * s)
