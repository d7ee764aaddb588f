"""What the sampler says of frames: the same as the events engine."""

from __future__ import annotations

import sys
import time
import zlib

import pytest

from spinetail import Profiler
from spinetail._library import native

pytestmark = pytest.mark.sampler

DATA = bytes(range(256)) * 400


class Words(list):
    def longest(self):
        self.sort(key=len)
        return self[-1]


def leaves(session, file="test_sampler_frames.py"):
    """The names of C functions that this file's functions were seen to call, by the caller's."""
    frames, stacks, threads = native.session_samples(session._handle)
    found = set()
    for thread in threads:
        for stack, *_ in thread[2]:
            if not stack:
                continue
            parent, frame = stacks[stack]
            name, _, place = frames[frame][:3]
            if parent and place == "<built-in>":
                caller = frames[stacks[parent][1]]
                if caller[2].endswith(file):
                    found.add((caller[0], name))
    return found


def record(program, engine="sampler"):
    """A recording in which the program runs over and over for a while."""
    with Profiler(interval=0.0005, engine=engine) as profiler:
        end = time.perf_counter() + 0.5
        while time.perf_counter() < end:
            program()
    return profiler.last_session


def use_module_function():
    zlib.compress(DATA)


def use_method():
    sorted(["ab", "a", "abc"] * 3000)
    " ".join(["word"] * 50_000)


def use_method_of_a_subclass():
    words = Words(str(number) for number in range(20_000))
    words.reverse()
    words.sort()


def use_unpacked():
    zlib.crc32(*[DATA * 20])


def use_keywords():
    zlib.compress(DATA, level=6)


def call_python():
    for _ in range(2000):
        do_nothing()


def do_nothing():
    pass


def use_class():
    for _ in range(2000):
        Words()
        int("1")


@pytest.mark.parametrize(
    "program, expected",
    [
        (use_module_function, {"compress"}),
        (use_method, {"sorted", "str.join"}),
        (use_method_of_a_subclass, {"Words.sort"}),
        (use_unpacked, {"crc32"}),
        (use_keywords, {"compress"}),
        (call_python, set()),
        (use_class, set()),
    ],
)
def test_c_functions(program, expected):
    found = {name for caller, name in leaves(record(program)) if caller == program.__name__}
    assert found - {"Words.reverse"} == expected


def test_a_trace_function_is_a_callee_of_any_instruction():
    lines = []

    def trace(frame, event, argument):
        sum(range(300))
        lines.append(frame.f_lineno)
        return trace

    sys.settrace(trace)
    try:
        session = record(call_python)
    finally:
        sys.settrace(None)
    assert lines
    statistics = session.statistics
    assert statistics["truncated"] <= statistics["beats"] * 0.02, statistics


SUBINTERPRETER = """
import sys
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
program = '''
import sys
sys.path[:] = {path!r}
try:
    from spinetail import Profiler
except ImportError as problem:
    print("not imported:", problem)
else:
    profiler = Profiler()
    profiler.start()
    sum(range(1000))
    session = profiler.stop()
    print(session.engine + ":", session.engine_reason)
'''.format(path=sys.path)
# With the main interpreter's lock, where there is a choice.
if sys.version_info >= (3, 13):
    other = interpreters.create("legacy")
elif sys.version_info >= (3, 12):
    other = interpreters.create(isolated=False)
else:
    other = interpreters.create()
run = getattr(interpreters, "exec", None) or interpreters.run_string
problem = run(other, program)
if problem is not None:
    print("failed:", problem)
"""


def test_a_subinterpreter_is_not_sampled(workshop):
    outcome = workshop.python(str(workshop.write("sub.py", SUBINTERPRETER)))
    assert outcome.returncode == 0, outcome.stderr
    reason = "this is a subinterpreter, and only the main interpreter is sampled"
    assert outcome.stdout == f"setprofile: {reason}\n"
