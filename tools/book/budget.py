"""What a page may cost, in units that a slow machine does not change: runs of a small calibration kernel, timed beside the page.

Time fails nothing. It is measured, shown on `reference/status`, and a page over its budget is a notice at the end of `make book`.
"""

import statistics
import time

import numpy as np

PAGE, MEAN = 500, 110  # kernels; 60 and 13 s of CPU time where the kernel takes .12 s


def calibrate(repeats: int = 3) -> float:
    """Return the CPU seconds of the calibration kernel in this process, the median of some runs."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        kernel()
        times.append(time.process_time() - start)
    return round(statistics.median(times), 4)


def kernel() -> float:
    """Work like a page's in small: matrices, functions of arrays, and plain Python."""
    generator = np.random.default_rng(1)
    matrix, field = generator.normal(size=(160, 160)) / 13, generator.normal(size=50_000)
    state, total = np.eye(160), 0.0
    for _ in range(30):
        state = np.tanh(matrix @ state)
    for _ in range(100):
        field = np.sin(field) + 0.1 * np.exp(-(field**2))
    for step in range(600_000):
        total += (step % 7) * 0.5
    return total + float(state.sum() + field.sum())


def in_kernels(measured: dict) -> float:
    """Return the cost of a page in kernels, from the CPU seconds of the page and of the kernel."""
    return round(measured["cpu"] / measured["kernel"], 1)


def notices(status: dict) -> list[str]:
    """Return a line for every page that is over the budget of a page, and one when the mean is over its own."""
    costs = {name: page["kernels"] for name, page in status["pages"].items()}
    lines = [f"NOTICE: {name} costs {cost:.0f} kernels, the budget of a page is {PAGE}" for name, cost in costs.items() if cost > PAGE]
    if costs and (mean := statistics.mean(costs.values())) > MEAN:
        lines.append(f"NOTICE: the pages cost {mean:.0f} kernels on average, the goal is {MEAN}")
    return lines
