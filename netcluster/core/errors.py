"""The one error of netcluster: what is wrong, and what to do about it."""

from __future__ import annotations


class NetclusterError(Exception):
    """An input or a request that can't be used, said so that a person can mend it.

    Parameters
    ----------
    message : str
        What is wrong and where: file, line or cell, and what was there.
    hint : str, optional
        What to do next, naming the option or the call.

    Examples
    --------
    >>> error = NetclusterError("wiot.csv, line 3: 11 cells where 12 were expected.", "Check the line.")
    >>> print(error)
    wiot.csv, line 3: 11 cells where 12 were expected.
    >>> error.hint
    'Check the line.'
    """

    #: The exit code of the command line for this error.
    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[type[NetclusterError], tuple[str, str]]:
        """Pickle with the hint, so that an error survives the way back from a worker process."""
        return type(self), (self.message, self.hint)
