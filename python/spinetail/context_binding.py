"""Which profilers a context belongs to."""

from __future__ import annotations

from _weakref import ref
from contextvars import ContextVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Tuple

    Tokens = Tuple[ref[Any], ...]

active_profiler_context_var: ContextVar[Tokens | None] = ContextVar(
    "active_profiler_context_var", default=None
)
"""The tokens of the bindings whose context this is, the outermost one first; None for none.

A context that is copied while a profiler runs, as each new task's is, belongs to it as well.
"""


class ContextBinding:
    """Binds a profiler to the context that it is started in, until it ends or is dropped.

    There may be several in one context. What a copy of the context holds of an ended binding means
    nothing, and goes with the next binding there.
    """

    def __init__(self) -> None:
        self.token: ref[ContextBinding] = ref(self)
        """Stands for the binding in the context variable, and lives no longer than it."""
        active_profiler_context_var.set((*running_tokens(), self.token))

    def end(self) -> None:
        """Leaves the current context, be it the one that the binding began in or another."""
        tokens = active_profiler_context_var.get() or ()
        if any(token is self.token for token in tokens):
            rest = tuple(token for token in running_tokens() if token is not self.token)
            active_profiler_context_var.set(rest or None)


def running_tokens() -> Tokens:
    """The tokens in the current context, but for those of ended bindings."""
    tokens = active_profiler_context_var.get() or ()
    return tuple(token for token in tokens if token() is not None)
