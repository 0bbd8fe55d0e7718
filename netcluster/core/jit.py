"""Compiled kernels: numba, cached where a folder can be written, with one line said on the first compile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a numeric kernel on first use: serial, without the GIL, cached on disk where that can be done.

    Kernels take contiguous, writable arrays of one index type; the caller sees to that at the door.
    numba is imported when the module of kernels is, so import such a module inside the function that needs it.
    """
    import numba

    try:
        return cast(F, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        # No folder to cache in (a read-only home): compile anew in each process instead of failing.
        return cast(F, numba.njit(cache=False, nogil=True)(function))


def part(function: F) -> F:
    """Compile a small piece of a kernel into whatever calls it: passing many arrays to it then costs nothing."""
    import numba

    return cast(F, numba.njit(nogil=True, inline="always")(function))
