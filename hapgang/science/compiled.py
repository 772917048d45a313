"""Functions as machine code, made by Numba when the first of them is called.

Numba takes half a second of processor to import, and a city answers long before it has to compute.
"""

from collections.abc import Callable
from functools import update_wrapper
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar, cast

_P = ParamSpec("_P")
_R = TypeVar("_R")
_lock = Lock()


class _Compiled(Generic[_P, _R]):
    """A function that is compiled at its first call, also by another compiled function."""

    def __init__(self, function: Callable[_P, _R]) -> None:
        self._function = function
        self._machine: Callable[_P, _R] | None = None
        update_wrapper(self, function)

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        machine = self._machine
        return (machine or self._made())(*args, **kwargs)

    def __reduce__(self) -> str:
        return self._function.__qualname__  # as functions are, by their name

    @property
    def _numba_type_(self) -> Any:
        """What Numba takes this for where compiled code names it."""
        import numba  # noqa: PLC0415 (see above)

        return numba.typeof(self._made())  # type: ignore[no-untyped-call] # Numba has no types

    def _made(self) -> Callable[_P, _R]:
        with _lock:
            if self._machine is None:
                self._machine = _machine_of(self._function)
            return self._machine


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile with Numba, keep the machine code where that is possible, let other threads run."""
    return _Compiled(function)


def _machine_of(function: Callable[_P, _R]) -> Callable[_P, _R]:
    import numba  # noqa: PLC0415 (see above)

    try:
        return cast(Callable[_P, _R], numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no folder may be written to: compiled anew by every process
        return cast(Callable[_P, _R], numba.njit(nogil=True)(function))
