"""What a figure depends on beside the code: the interpreter, the processors, the kernel."""

import os
import platform
import sys


def describe_machine() -> str:
    """One line that says where the figures come from."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"{usable} of {os.cpu_count()} CPUs usable, "
        f"{platform.system()} {platform.release()} {platform.machine()}"
    )


def describe_load() -> str:
    """One line on what else the machine has to do."""
    busy = os.getloadavg()[0]
    warning = ": not quiet, so expect wide intervals" if busy > 1 else ""
    return f"Load average over the last minute: {busy:.2f}{warning}."


def say(text: str) -> None:
    """Tells the user how far it has come, beside the results."""
    print(text, file=sys.stderr, flush=True)
