"""Where the system forbids a way to read memory, the sampler takes another and says so; where it
forbids all of them, events do the work.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

FORBID = """
import ctypes, struct

def forbid(*numbers, error=1):
    # A seccomp filter: these system calls fail with the error, all others pass.
    instructions = [struct.pack("HBBI", 0x20, 0, 0, 0)]  # load the number
    for number in numbers:
        instructions += [
            struct.pack("HBBI", 0x15, 0, 1, number),               # is it that one?
            struct.pack("HBBI", 0x06, 0, 0, 0x00050000 | error),   # fail
        ]
    instructions.append(struct.pack("HBBI", 0x06, 0, 0, 0x7FFF0000))  # allow
    buffer = ctypes.create_string_buffer(b"".join(instructions))
    program = struct.pack("HxxxxxxP", len(instructions), ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS"
    # Of all threads: SECCOMP_SET_MODE_FILTER with SECCOMP_FILTER_FLAG_TSYNC.
    assert libc.syscall(317, 1, 1, program) == 0, "seccomp"

PROCESS_VM_READV, WRITEV, PREAD, PIPE2 = 310, 20, 17, 293
ENOSYS = 38
"""

# Two branches, so that a stack put together from two moments is one that can't be.
PROGRAM = """
import time

def left(): return left_leaf(100)
def left_leaf(n):
    for _ in range(n): pass
def right(): return right_leaf(100)
def right_leaf(n):
    for _ in range(n): pass

def work(seconds):
    end = time.thread_time() + seconds  # its own, however busy the machine is
    while time.thread_time() < end:
        left()
        right()

POSSIBLE = {("left",), ("right",), ("left", "left_leaf"), ("right", "right_leaf"), ()}

def stacks_below_work(session):
    from spinetail._library import native
    frames, stacks, threads = native.session_samples(session._handle)
    seen = {}
    for _, _, samples in threads:
        for stack, nanoseconds, *_ in samples:
            names = []
            while stack:
                stack, frame = stacks[stack]
                names.insert(0, frames[frame][0])
            if "work" in names and "<built-in>" not in names:
                below = tuple(names[names.index("work") + 1:])
                seen[below] = seen.get(below, 0) + nanoseconds
    return seen

def check(session):
    seen = stacks_below_work(session)
    impossible = {s for s in seen if s not in POSSIBLE and not s[-1].startswith("thread_time")}
    assert not impossible, impossible
    assert ("left", "left_leaf") in seen and ("right", "right_leaf") in seen, seen
"""

WAYS = {
    "pipe": ["PROCESS_VM_READV"],
    "file without pipes": ["PROCESS_VM_READV", "PIPE2"],
    "file without writing": ["PROCESS_VM_READV", "WRITEV"],
}
CLAUSES = {
    "pipe": "reads memory through a pipe",
    "file without pipes": "reads memory from /proc/self/mem",
    "file without writing": "reads memory from /proc/self/mem",
}
EVERYTHING = "PROCESS_VM_READV, PIPE2, PREAD"

pytestmark = pytest.mark.sampler


def run(code: str) -> subprocess.CompletedProcess[str]:
    script = FORBID + PROGRAM + textwrap.dedent(code)
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("error, words", [("1", "Operation not permitted"), ("ENOSYS", "")])
@pytest.mark.parametrize("way", WAYS)
def test_stacks_are_true_in_every_way(way, error, words):
    done = run(f"""
        import spinetail
        forbid({", ".join(WAYS[way])}, error={error})
        with spinetail.Profiler() as profiler:
            work(0.15)
        session = profiler.last_session
        check(session)
        print(session.engine, session.engine_reason, session.engine_detail, sep="|")
        print(profiler.output_text())
    """)
    assert done.returncode == 0, done.stderr
    facts, _, report = done.stdout.partition("\n")
    engine, reason, detail = facts.split("|")
    assert (engine, reason) == ("sampler", "")
    assert detail.startswith(f"{CLAUSES[way]}, as process_vm_readv is refused here ({words}")
    assert f"Note: the sampler {detail}.\n" in report


def test_nothing_is_said_of_the_usual_way():
    done = run("""
        import spinetail
        with spinetail.Profiler() as profiler:
            work(0.15)
        check(profiler.last_session)
        print(repr(profiler.last_session.engine_detail), "Note" in profiler.output_text())
    """)
    assert done.stdout == "'' False\n", done.stderr


@pytest.mark.any_version
@pytest.mark.parametrize("way", WAYS)
def test_a_filter_that_comes_while_recording_changes_the_way(way):
    done = run(f"""
        import spinetail
        with spinetail.Profiler() as profiler:
            work(0.05)
            forbid({", ".join(WAYS[way])})
            def later(): work(0.15)
            later()
        session = profiler.last_session
        check(session)
        print(session.engine_detail, "later" in profiler.output_text(), sep="|")
    """)
    assert done.returncode == 0, done.stderr
    detail, has_later = done.stdout.rstrip("\n").split("|")
    assert detail.startswith(CLAUSES[way])
    assert has_later == "True"


@pytest.mark.any_version
@pytest.mark.parametrize("way", WAYS)
def test_a_program_that_closes_all_files_is_recorded_on(way):
    """What it then opens under the same numbers stays as it writes it."""
    done = run(f"""
        import os, resource, spinetail, tempfile
        forbid({", ".join(WAYS[way])})
        folder = tempfile.mkdtemp()
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        with spinetail.Profiler(interval=0.0002) as profiler:
            ours = [int(name) for name in os.listdir("/proc/self/fd") if int(name) > 2]
            for round in range(3):
                work(0.03)
                os.closerange(3, limit)
                # Under each number that was open, something that can be written and read.
                opened = []
                for number in ours:
                    path = os.path.join(folder, f"{{round}}-{{number}}")
                    file = os.open(path, os.O_RDWR | os.O_CREAT)
                    os.write(file, b"mine")
                    if file != number:
                        os.dup2(file, number)
                    opened.append((path, number))
                work(0.03)
                for path, number in opened:
                    assert os.lseek(number, 0, os.SEEK_CUR) == 4, (path, "was read or written")
                    assert open(path, "rb").read() == b"mine"
            def later(): work(0.1)
            later()
        check(profiler.last_session)
        print(len(ours) > 0, "later" in profiler.output_text())
    """)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "True True\n"


@pytest.mark.any_version
@pytest.mark.parametrize("way", WAYS)
def test_a_forked_child_and_its_parent_each_read_their_own_memory(way):
    done = run(f"""
        import os, spinetail
        forbid({", ".join(WAYS[way])})
        def parents(): work(0.15)
        def childs(): work(0.15)
        with spinetail.Profiler() as profiler:
            work(0.02)
            child = os.fork()
            if not child:
                assert not profiler.is_running
                with spinetail.Profiler() as own:
                    childs()
                check(own.last_session)
                text = own.output_text()
                assert "childs" in text and "parents" not in text, text
                os._exit(7)
            parents()
            status = os.waitpid(child, 0)[1]
        check(profiler.last_session)
        text = profiler.output_text()
        print(status >> 8, "parents" in text, "childs" in text)
    """)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "7 True False\n", done.stderr


@pytest.mark.any_version
@pytest.mark.parametrize("way", WAYS)
def test_several_profilers_share_the_way(way):
    done = run(f"""
        import spinetail, threading
        forbid({", ".join(WAYS[way])})
        def record():
            for _ in range(20):
                with spinetail.Profiler(interval=0.0002) as profiler:
                    work(0.005)
            with spinetail.Profiler(interval=0.0002) as profiler:
                work(0.1)
            check(profiler.last_session)
            done.append(profiler.last_session.engine)
        done = []
        threads = [threading.Thread(target=record) for _ in range(3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(*done)
    """)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "sampler sampler sampler\n", done.stderr


@pytest.mark.any_version
def test_start_says_what_is_forbidden_and_what_to_do():
    done = run(f"""
        import spinetail
        forbid({EVERYTHING})
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
    done = run(f"""
        import spinetail
        forbid({EVERYTHING})
        with spinetail.Profiler() as profiler:
            work(0.1)
        session = profiler.last_session
        check(session)
        print(session.engine, session.engine_reason, session.engine_detail, sep="|")
        print(profiler.output_text())
    """)
    assert done.returncode == 0, done.stderr
    facts, _, report = done.stdout.partition("\n")
    engine, reason, detail = facts.split("|")
    assert (engine, detail) == ("setprofile", "")
    assert reason == (
        "memory can't be read here: process_vm_readv fails (Operation not permitted), "
        "as do a pipe and /proc/self/mem"
    )
    assert f"Note: recorded by the setprofile engine: {reason}.\n" in report


COMMAND = """
    import sys
    forbid({numbers})
    from spinetail.__main__ import main
    sys.argv = ["spinetail", *{options}]
    sys.exit(main())
"""
RUN = ["-c", "print('ran')"]


def test_the_command_runs_the_program_all_the_same():
    done = run(COMMAND.format(numbers=EVERYTHING, options=RUN))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ran\n") and "setprofile" in done.stdout


@pytest.mark.any_version
def test_the_command_ends_before_the_program_runs_where_the_sampler_was_asked_for():
    done = run(COMMAND.format(numbers=EVERYTHING, options=["--engine=sampler", *RUN]))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1 and "process_vm_readv" in done.stderr, done.stderr


@pytest.mark.any_version
@pytest.mark.parametrize("way", WAYS)
def test_the_command_says_how_it_reads(way):
    numbers = ", ".join(WAYS[way])
    done = run(COMMAND.format(numbers=numbers, options=["--version", "--verbose"]))
    assert done.returncode == 0, done.stderr
    assert "engine: sampler\n" in done.stdout
    assert f"{CLAUSES[way]}, as process_vm_readv is refused here" in done.stdout


@pytest.mark.any_version
def test_a_filter_against_everything_while_recording_costs_only_the_rest():
    done = run(f"""
        import time, spinetail
        with spinetail.Profiler() as profiler:
            time.sleep(0.05)
            forbid({EVERYTHING})
            time.sleep(0.05)
        session = profiler.last_session
        print(session.duration > 0.09, session.sample_count > 1)
    """)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "True True\n"
