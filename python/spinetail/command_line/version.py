"""What ``--version`` says."""

from __future__ import annotations

import sys

from spinetail._version import __version__
from spinetail.command_line.errors import CommandError


def version_text(is_verbose: bool) -> str:
    """The version and, where it is verbose, which engine the command uses here, and why."""
    version = "spinetail {}, on {} {}.{}.{}".format(
        __version__,
        {"cpython": "CPython"}.get(sys.implementation.name, sys.implementation.name),
        *sys.version_info[:3],
    )
    return "\n".join([version, *engine_lines()]) if is_verbose else version


def engine_lines() -> list[str]:
    """The decision with each check. Raises CommandError where the native library doesn't load."""
    try:
        from spinetail.engine_choice import choose_engine
    except ImportError as problem:
        raise CommandError(str(problem)) from None
    choice = choose_engine("auto", "disabled", None, None)
    reason = f", because {choice.reason}" if choice.reason else ""
    checks = [f"  {check.subject}: {check.finding}" for check in choice.checks]
    return [f"engine: {choice.engine}{reason}", *checks]
