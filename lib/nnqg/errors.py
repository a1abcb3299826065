"""The errors that the library raises: each names what was expected, what came, and what to do."""

__all__ = [
    "ClaimFailed",
    "DamagedData",
    "Diverged",
    "InvalidArgument",
    "NNQGError",
    "NotConverged",
]


class NNQGError(Exception):
    """Base class of every error that ``nnqg`` raises on purpose.

    ``inside`` is the public function that was called, where it is another one's argument that is wrong, or another one that diverged.
    """

    inside = ""

    def __str__(self) -> str:
        """Return what happened, and inside of what."""
        return f"in {self.inside}: {super().__str__()}" if self.inside else super().__str__()


class InvalidArgument(NNQGError, ValueError):
    """An argument has the wrong type, shape, range or is not finite.

    Parameters
    ----------
    name : str
        Name of the argument, as in the signature.
    expected : str
        What the function needs.
    came : object
        What it was given.
    remedy : str
        What the caller can do.

    Examples
    --------
    >>> raise InvalidArgument("steps", "a positive integer", -3, "count steps from 1")
    Traceback (most recent call last):
    ...
    nnqg.errors.InvalidArgument: steps: expected a positive integer, got -3. Remedy: count steps from 1.
    """

    def __init__(self, name: str, expected: str, came: object, remedy: str) -> None:
        super().__init__(f"{name}: expected {expected}, got {came}. Remedy: {remedy.rstrip('.')}.")
        self.name = name


class Diverged(NNQGError, ArithmeticError):
    """An integration or a training run left the finite numbers.

    Parameters
    ----------
    what : str
        The computation that diverged.
    where : str
        Step, layer or time at which it did.
    remedy : str
        What the caller can do.

    Attributes
    ----------
    function : str
        The public function at whose boundary this was found; empty where the function found it itself.
    """

    function = ""

    def __init__(self, what: str, where: str, remedy: str) -> None:
        super().__init__(f"{what} diverged at {where}. Remedy: {remedy.rstrip('.')}.")


class NotConverged(NNQGError, RuntimeError):
    """A search stopped before it met its own criterion.

    Parameters
    ----------
    what : str
        The search that stopped.
    reached : str
        How far it came.
    remedy : str
        What the caller can do.
    """

    def __init__(self, what: str, reached: str, remedy: str) -> None:
        super().__init__(f"{what} did not converge: {reached}. Remedy: {remedy.rstrip('.')}.")


class DamagedData(NNQGError, OSError):
    """A data file is missing or differs from its recorded checksum.

    Parameters
    ----------
    file : str
        Name of the data file.
    problem : str
        What is wrong with it.
    """

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"data file {file}: {problem}. Remedy: restore it with 'git checkout' or install the package again.")


class ClaimFailed(NNQGError, AssertionError):
    """A claim of the ledger contradicts the verdict that its page states."""
