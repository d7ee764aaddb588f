"""The Python API, on the thread that it profiles and around it."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import threading
import time

import pytest

import spinetail
from spinetail import Profiler, renderers
from spinetail.session import Session

PRINT_THREADS_LEFT = """
deadline = time.monotonic() + 10
while len(os.listdir("/proc/self/task")) > 1 and time.monotonic() < deadline:
    time.sleep(0.05)
print(len(os.listdir("/proc/self/task")))
"""


def rest(seconds=0.1):
    time.sleep(seconds)


def work(seconds=0.1):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(100))


class TestStartAndStop:
    def test_context_manager(self):
        with Profiler() as profiler:
            assert profiler.is_running
            line = sys._getframe().f_lineno - 2
            rest()
        assert not profiler.is_running
        session = profiler.last_session
        assert isinstance(session, Session)
        assert session.target_description == f"Profile at {__file__}:{line}"
        assert "rest" in profiler.output_text()

    def test_exception_is_not_suppressed(self):
        profiler = Profiler()
        with pytest.raises(ZeroDivisionError), profiler:
            rest(0.01)
            1 / 0  # noqa: B018
        assert not profiler.is_running
        assert profiler.last_session is not None

    def test_stop_inside_of_the_block(self):
        with Profiler() as profiler:
            session = profiler.stop()
        assert profiler.last_session is session

    def test_description(self):
        profiler = Profiler()
        profiler.start(target_description="mine")
        assert profiler.stop().target_description == "mine"
        profiler.reset()
        profiler.start(caller_frame=sys._getframe(1))
        description = profiler.stop().target_description
        assert description.startswith("Profile at ") and "test_profiler" not in description

    def test_already_running(self):
        profiler = Profiler()
        profiler.start()
        with pytest.raises(ValueError, match="already running"):
            profiler.start()
        assert profiler.is_running
        profiler.stop()

    def test_not_running(self):
        profiler = Profiler()
        with pytest.raises(RuntimeError, match="not running"):
            profiler.stop()
        profiler.start()
        profiler.stop()
        with pytest.raises(RuntimeError, match="not running"):
            profiler.stop()

    def test_wrong_thread(self):
        profiler = Profiler()
        profiler.start()
        failures = []

        def stop():
            try:
                profiler.stop()
            except Exception as error:
                failures.append(error)

        thread = threading.Thread(target=stop)
        thread.start()
        thread.join()
        assert [type(failure) for failure in failures] == [RuntimeError]
        assert "thread" in str(failures[0])
        assert profiler.is_running
        rest(0.05)
        assert profiler.stop().duration >= 0.05

    def test_restart_combines(self):
        profiler = Profiler()
        for seconds in (0.1, 0.2):
            with profiler:
                rest(seconds)
        session = profiler.last_session
        assert session.duration == pytest.approx(0.3, abs=0.15)
        assert session.duration > 0.3 - 0.01
        first = session.target_description
        with profiler:
            pass
        assert profiler.last_session.target_description == first
        assert profiler.last_session.sample_count >= session.sample_count

    def test_reset(self):
        profiler = Profiler()
        profiler.start()
        profiler.reset()
        assert not profiler.is_running
        assert profiler.last_session is None
        with profiler:
            rest(0.02)
        profiler.reset()
        assert profiler.last_session is None

    def test_last_session_while_running_is_the_one_before(self):
        profiler = Profiler()
        profiler.start()
        assert profiler.last_session is None
        session = profiler.stop()
        profiler.start()
        assert profiler.last_session is session
        profiler.stop()

    def test_dropped_while_running(self):
        for _ in range(20):
            Profiler().start()


class TestInterval:
    @pytest.mark.parametrize("interval", [0.001, 1e-6, 1, 3600, "numpy"])
    def test_good(self, interval):
        if interval == "numpy":
            interval = pytest.importorskip("numpy").float32(0.5)
        assert Profiler(interval).interval == float(interval)
        assert Profiler(interval=interval).interval == float(interval)

    @pytest.mark.parametrize(
        "interval", [0, -1, -0.001, float("nan"), float("inf"), -float("inf"), 1e-7, 3601, 10**400]
    )
    def test_bad_number(self, interval):
        with pytest.raises(ValueError, match="interval must be"):
            Profiler(interval)

    @pytest.mark.parametrize("interval", ["0.001", b"1", None, [], object(), 1j])
    def test_no_number(self, interval):
        with pytest.raises(TypeError, match="interval must be"):
            Profiler(interval)

    def test_read_only(self):
        with pytest.raises(AttributeError):
            Profiler().interval = 1

    def test_it_is_used(self):
        """At the default one there would be several hundred samples, on a busy machine dozens."""
        with Profiler(0.1) as profiler:
            end = time.thread_time() + 0.3
            while time.thread_time() < end:
                sum(range(100))
        session = profiler.last_session
        assert session.min_interval == session.max_interval == 0.1
        # Some more at the start and at the end; one that is late may be followed by one in time.
        assert 1 <= session.sample_count <= 2 * session.duration / 0.1 + 4


class TestOutput:
    @pytest.fixture
    def profiler(self):
        with Profiler() as profiler:
            rest(0.1)
        return profiler

    @pytest.mark.parametrize(
        "ask",
        [
            lambda profiler: profiler.print(),
            lambda profiler: profiler.output_text(),
            lambda profiler: profiler.output(renderers.ConsoleRenderer()),
        ],
    )
    def test_nothing_to_show(self, ask):
        profiler = Profiler()
        with pytest.raises(RuntimeError, match="start"):
            ask(profiler)
        profiler.start()
        with pytest.raises(RuntimeError, match=r"still running.*stop\(\)"):
            ask(profiler)
        profiler.stop()
        ask(profiler)

    def test_print_goes_to_the_present_stdout(self, profiler):
        stream = io.StringIO()
        with contextlib.redirect_stdout(stream):
            profiler.print()
        assert "rest" in stream.getvalue()
        assert stream.getvalue() == profiler.output_text() + "\n"

    def test_print_asks_the_stream(self, profiler):
        seen = []

        class Spy(renderers.ConsoleRenderer):
            def __init__(self, **options):
                seen.append((options["unicode"], options["color"], options["show_all"]))
                super().__init__(**options)

        class Terminal(io.StringIO):
            encoding = "UTF-8"

            def isatty(self):
                return True

        original = renderers.ConsoleRenderer
        renderers.ConsoleRenderer = Spy
        try:
            profiler.print(Terminal())
            profiler.print(Terminal(), unicode=False, color=False, show_all=True)
            profiler.print(io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
            profiler.print(io.StringIO())
        finally:
            renderers.ConsoleRenderer = original
        assert seen == [
            (True, True, False),
            (False, False, True),
            (False, False, False),
            (False, False, False),
        ]

    def test_own_renderer(self, profiler):
        class Own(renderers.Renderer):
            output_file_extension = "own"

            def render(self, session):
                return f"{session.sample_count} of {session.target_description}"

        text = profiler.output(Own())
        assert text.endswith(profiler.last_session.target_description)
        assert not Own().output_is_binary
        with pytest.raises(NotImplementedError, match="Unfinished must define"):
            profiler.output(type("Unfinished", (renderers.Renderer,), {})())

    def test_session(self, profiler):
        session = profiler.last_session
        assert time.time() - 60 < session.start_time < time.time()
        assert 0 <= session.cpu_time < 1
        assert session.sys_path == [entry for entry in sys.path if isinstance(entry, str)]
        assert session.sys_prefixes == Session.current_sys_prefixes()
        assert session.python_version == "{}.{}.{}".format(*sys.version_info)
        assert session.statistics["beats"] > 0 or session.engine == "setprofile"
        both = Session.combine(session, session)
        assert both.duration == pytest.approx(2 * session.duration)
        assert "samples" in repr(session)

    def test_root_time_is_the_duration(self, profiler, read_report):
        text = profiler.output_text()
        assert read_report(text).root_time == pytest.approx(read_report(text).duration, rel=0.02)


class TestThreads:
    def test_several_threads_and_profilers(self, read_report):
        texts = {}
        barrier = threading.Barrier(3)

        def profiled(function):
            barrier.wait()
            with Profiler() as outer, Profiler(0.002) as inner:
                function(0.3)
            texts[function.__name__] = [outer.output_text(), inner.output_text()]

        def alone(seconds):
            rest(seconds)

        threads = [threading.Thread(target=profiled, args=(f,)) for f in (rest, work, alone)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for name, both in texts.items():
            for text in both:
                assert read_report(text).time_of(name) > 0.2
        assert " work  " not in "".join(texts["rest"])
        assert " alone  " not in "".join(texts["work"])

    def test_thread_that_has_ended(self):
        profiler = Profiler()

        def target():
            profiler.start()
            rest(0.1)

        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
        assert profiler.is_running
        time.sleep(0.2)  # which is not the thread's any more
        session = profiler.stop()
        assert not profiler.is_running
        assert "rest" in profiler.output_text()
        assert session.duration < 0.25

    def test_many_threads_that_end_without_stop(self):
        churning = True

        def churn():
            while churning:
                threading.Thread(target=int).start()

        churner = threading.Thread(target=churn)
        churner.start()
        profilers = []

        def target():
            profiler = Profiler(0.001)
            profiler.start()
            profilers.append(profiler)
            rest(0.002)

        try:
            for _ in range(25):
                threads = [threading.Thread(target=target) for _ in range(20)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
        finally:
            churning = False
            churner.join()
        sessions = [profiler.stop() for profiler in profilers]
        assert len(sessions) == 500
        assert all(isinstance(session, Session) for session in sessions)
        assert not any(profiler.is_running for profiler in profilers)

    def test_thread_unknown_to_threading(self, wait_until):
        import _thread

        texts = []

        def target():
            with Profiler() as profiler:
                rest(0.1)
            texts.append(profiler.output_text())

        before = threading.enumerate()
        _thread.start_new_thread(target, ())
        wait_until(lambda: bool(texts))
        assert "rest" in texts[0]
        assert threading.enumerate() == before


@pytest.mark.sampler  # test_engines.py has the same for events
def test_starting_and_stopping_leaves_nothing_behind(workshop):
    workshop.write(
        "s.py",
        """
import os, time
from spinetail import Profiler
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
for cycle in range(601):
    profiler = Profiler()
    profiler.start()
    sum(range(1000))
    profiler.stop()
    if cycle == 200:
        before = resident()
print(resident() - before)
"""
        + PRINT_THREADS_LEFT,
    )
    outcome = workshop.python("s.py")
    assert outcome.stderr == ""
    growth, threads = map(int, outcome.stdout.split())
    assert growth <= 400 * 1024  # 1 KB each time
    assert threads == 1


def test_recordings_that_follow_one_another(workshop):
    """The sampler's thread stays for a moment then, but is in nobody's way."""
    workshop.write(
        "s.py",
        """
import os, time, warnings
from spinetail import Profiler
warnings.simplefilter("error")
def first(): return sum(range(200_000))
def second(): return sum(range(200_000))
def texts(function):
    with Profiler(interval=0.0001) as profiler:
        for _ in range(5): function()
    return profiler.output_text(show_all=True)
for _ in range(20):
    texts(first)
    text = texts(second)
    assert "first" not in text, text
    child = os.fork()
    if not child: os._exit(len(os.listdir("/proc/self/task")))
    print(os.waitpid(child, 0)[1] >> 8, end=" ")
"""
        + PRINT_THREADS_LEFT,
    )
    outcome = workshop.python("s.py")
    assert outcome.stderr == ""
    assert outcome.stdout == "1 " * 20 + "1\n"


def test_fork(workshop):
    workshop.write(
        "s.py",
        """
import os, sys, time
from spinetail import Profiler
with Profiler() as profiler:
    time.sleep(.05)
    pid = os.fork()
    if pid == 0:
        print("running in child:", profiler.is_running, flush=True)
if pid == 0:
    print("left the block", profiler.last_session, flush=True)
    try:
        profiler.stop()
    except RuntimeError as error:
        print("error", flush=True)
    with profiler:
        time.sleep(.1)
    print(profiler.last_session.sample_count > 0, flush=True)
    os._exit(0)
status = os.waitpid(pid, 0)[1]
print(status, profiler.last_session.duration > .05)
""",
    )
    outcome = workshop.python("s.py", flags=["-W", "ignore"])
    assert outcome.stderr == ""
    assert outcome.stdout.splitlines() == [
        "running in child: False",
        "left the block None",
        "error",
        "True",
        "0 True",
    ]


class TestStacks:
    def test_generators(self, read_report):
        def produce():
            for _ in range(5):
                rest(0.04)
                yield

        def consume():
            for _ in produce():
                pass

        with Profiler() as profiler:
            consume()
        text = profiler.output_text(show_all=True)
        lines = [line for line in text.splitlines() if "test_profiler" in line or line.strip()]
        order = [
            next(i for i, line in enumerate(lines) if name in line and "Profile at" not in line)
            for name in ("consume", "produce", "rest")
        ]
        assert order == sorted(order)
        assert read_report(text).time_of("produce") == pytest.approx(0.2, abs=0.1)

    def test_recursion(self, read_report):
        def descend(levels):
            if levels:
                descend(levels - 1)
            else:
                compute()

        def compute():
            end = time.thread_time() + 0.2  # its own, however busy the machine is
            while time.thread_time() < end:
                sum(range(100))

        with Profiler() as profiler:
            descend(5)
        text = profiler.output_text(show_all=True)
        assert text.count(" descend") == 6
        assert read_report(text).time_of("compute") > 0.1

    def test_own_frames_are_left_out(self):
        with Profiler() as profiler:
            rest(0.05)
        folder = os.path.dirname(spinetail.__file__)
        text = profiler.output_text(show_all=True)
        for name in ("__enter__", "__exit__", "stop ", "_start", folder):
            assert name not in text


@pytest.mark.sampler
def test_a_fork_shows_no_warning_of_our_threads(tmp_path):
    script = tmp_path / "s.py"
    script.write_text(
        "import os, time, spinetail\n"
        "with spinetail.Profiler() as profiler:\n"
        "    for _ in range(5):\n"
        "        child = os.fork()\n"
        "        if not child: os._exit(0)\n"
        "        os.waitpid(child, 0)\n"
        "    end = time.perf_counter() + 0.05\n"
        "    while time.perf_counter() < end: pass\n"
        "print(profiler.last_session.sample_count > 5)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("True\n", "")
