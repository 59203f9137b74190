"""Python's search for reference cycles, put off while a sheet is in hand."""

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


def without_collecting(work: Callable[_P, _R]) -> Callable[_P, _R]:
    """Put the collector off during ``work``.

    A hundred thousand rows are millions of values without a single cycle; walking them again and
    again took a quarter of the time. Other threads collect a second later; nothing else changes.
    """

    @wraps(work)
    def undisturbed(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        if not gc.isenabled():
            return work(*args, **kwargs)
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            gc.enable()

    return undisturbed
