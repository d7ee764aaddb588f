"""Where the system forbids to read memory, the sampler says so, and events do the work."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

FORBID = """
import ctypes, struct

def forbid(number):
    # A seccomp filter: the system call of that number fails with EPERM, all others pass.
    instructions = b"".join([
        struct.pack("HBBI", 0x20, 0, 0, 0),           # load the number
        struct.pack("HBBI", 0x15, 0, 1, number),      # is it that one?
        struct.pack("HBBI", 0x06, 0, 0, 0x00050001),  # fail with errno 1
        struct.pack("HBBI", 0x06, 0, 0, 0x7FFF0000),  # allow
    ])
    buffer = ctypes.create_string_buffer(instructions)
    program = struct.pack("HxxxxxxP", len(instructions) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS"
    assert libc.prctl(22, 2, program, 0, 0) == 0, "PR_SET_SECCOMP"

PROCESS_VM_READV = 310
"""

pytestmark = pytest.mark.sampler


def run(code: str) -> subprocess.CompletedProcess[str]:
    script = FORBID + textwrap.dedent(code)
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )


def test_start_says_what_is_forbidden_and_what_to_do():
    done = run("""
        import spinetail
        forbid(PROCESS_VM_READV)
        profiler = spinetail.Profiler(engine="sampler")
        try:
            profiler.start()
        except RuntimeError as error:
            print(error)
        print(profiler.is_running)
    """)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 2, done.stdout
    assert "process_vm_readv" in lines[0] and "Operation not permitted" in lines[0]
    assert "Allow it" in lines[0]
    assert lines[1] == "False"


def test_the_choice_is_the_other_engine():
    done = run("""
        import spinetail
        forbid(PROCESS_VM_READV)
        with spinetail.Profiler() as profiler:
            sum(range(1000))
        print(profiler.last_session.engine, profiler.last_session.engine_reason, sep="|")
    """)
    assert done.returncode == 0, done.stderr
    engine, reason = done.stdout.strip().split("|")
    assert engine == "setprofile"
    assert reason == "process_vm_readv is forbidden here (Operation not permitted)"


COMMAND = """
    import sys
    forbid(PROCESS_VM_READV)
    from spinetail.__main__ import main
    sys.argv = ["spinetail", *{options}, "-c", "print('ran')"]
    sys.exit(main())
"""


def test_the_command_runs_the_program_all_the_same():
    done = run(COMMAND.format(options=[]))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ran\n") and "setprofile" in done.stdout


def test_the_command_ends_before_the_program_runs_where_the_sampler_was_asked_for():
    done = run(COMMAND.format(options=["--engine=sampler"]))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1 and "process_vm_readv" in done.stderr, done.stderr


def test_a_filter_that_comes_while_recording_costs_only_the_rest():
    done = run("""
        import time, spinetail
        with spinetail.Profiler() as profiler:
            time.sleep(0.05)
            forbid(PROCESS_VM_READV)
            time.sleep(0.05)
        session = profiler.last_session
        print(session.duration > 0.09, session.sample_count > 1)
    """)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "True True\n"
