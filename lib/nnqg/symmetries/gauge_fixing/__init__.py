"""Which of many equal networks a penalty chooses.

- `flows`: a neural ODE with activation, its paths, the equations of its training, and a descent for them; gauge-fixing
- `minimisers`: weights that make all paths straight, and weights of least decay, in closed form; gauge-fixing
"""
