"""What the command says where it can't go on."""

from __future__ import annotations


class CommandError(Exception):
    """A problem to tell in one line, and the status to end the process with."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status
