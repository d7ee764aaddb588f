"""Which engine is at work, and the manners of the one that goes by events."""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import sys
import textwrap
import threading
import time

import pytest

import spinetail
from spinetail import Profiler
from spinetail.context_binding import active_profiler_context_var
from spinetail.stack_sampler import get_stack_sampler

HAS_SAMPLER = (3, 11) <= sys.version_info < (3, 16)


def profiler_of_events(interval=0.001, async_mode="disabled"):
    return Profiler(interval, async_mode, engine="setprofile")


def work(seconds):
    """Takes so much of a processor, however busy the machine is."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(100))


@pytest.fixture(autouse=True)
def leaves_no_profile_function():
    assert sys.getprofile() is None
    yield
    left, _ = sys.getprofile(), sys.setprofile(None)
    assert left is None
    assert active_profiler_context_var.get() is None


@pytest.fixture
def run_program():
    """Runs code in a process of its own; gives its output."""

    def run(code, **options):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)],
            capture_output=True,
            timeout=120,
            **options,
        )
        assert (done.returncode, done.stderr.decode()) == (0, "")
        return done.stdout.decode()

    return run


@pytest.fixture
def ticking_clock():
    """Each look at the clock finds that a second has passed: each event has a second of its own."""
    get_stack_sampler().timer_func = itertools.count().__next__
    yield
    get_stack_sampler().timer_func = None


class TestChoice:
    def test_a_plain_program(self, run_program):
        """The one thing that must not go wrong in silence: the sampler is ten times cheaper."""
        output = run_program("""
            from spinetail import Profiler
            with Profiler() as profiler:
                sum(range(10 ** 6))
            print(profiler.last_session.engine, profiler.last_session.engine_reason, sep="|")
        """)
        version = "{}.{}".format(*sys.version_info)
        reason = f"the interpreter is CPython {version}, whose memory the sampler doesn't know"
        assert output == ("sampler|\n" if HAS_SAMPLER else f"setprofile|{reason}\n")

    def test_the_plain_command(self, workshop):
        outcome = workshop.spinetail("-c", "sum(range(10 ** 6))")
        assert ("sampler" if HAS_SAMPLER else "setprofile") in outcome.stdout

    def test_a_timer_function(self, virtual_clock):
        with Profiler() as profiler:
            virtual_clock.advance(2)
        session = profiler.last_session
        assert session.engine == "setprofile"
        assert session.duration == 2
        if HAS_SAMPLER:
            assert session.engine_reason == "a timer function is set"

    def test_a_timer_function_of_another_thread(self, virtual_clock):
        def target():
            with Profiler() as profiler:
                pass
            reasons.append(profiler.last_session.engine_reason)

        reasons = []
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
        assert reasons != ["a timer function is set"]

    def test_the_sampler_has_no_use_for_a_timer_function(self, virtual_clock):
        profiler = Profiler(engine="sampler")
        with pytest.raises(RuntimeError, match="timer_func"):
            profiler.start()
        assert not profiler.is_running

    @pytest.mark.no_sampler
    def test_the_sampler_where_it_cannot_work(self):
        profiler = Profiler(engine="sampler")
        with pytest.raises(RuntimeError, match="knows the memory layout of"):
            profiler.start()
        assert not profiler.is_running

    @pytest.mark.skipif(not HAS_SAMPLER, reason="there is no sampler here")
    def test_a_stack_that_is_not_what_python_sees(self, monkeypatch):
        """Nothing is guessed: events are recorded, or where the sampler was asked for, nothing."""
        monkeypatch.setattr("spinetail.profiler.code_ids", lambda frame: [id(None)])
        with Profiler(threads="all") as profiler:
            sum(range(1000))
        session = profiler.last_session
        assert session.engine == "setprofile"
        assert session.engine_reason.endswith("its frames aren't where they should be")
        profiler = Profiler(engine="sampler")
        with pytest.raises(RuntimeError, match="aren't where they should be"):
            profiler.start()
        assert not profiler.is_running

    def test_asked_for(self):
        with Profiler(engine="setprofile") as profiler:
            pass
        assert profiler.last_session.engine == "setprofile"
        assert profiler.last_session.engine_reason == "it was asked for"

    def test_attributes(self):
        profiler = Profiler()
        assert (profiler.async_mode, profiler.use_timing_thread, profiler.engine) == (
            "enabled",
            None,
            "auto",
        )
        profiler = Profiler(0.001, "strict", True, engine="setprofile")
        assert (profiler.async_mode, profiler.use_timing_thread, profiler.engine) == (
            "strict",
            True,
            "setprofile",
        )
        with pytest.raises(TypeError):
            Profiler(0.001, "strict", True, "setprofile")
        for name in ("async_mode", "engine"):
            with pytest.raises(AttributeError):
                setattr(profiler, name, None)

    @pytest.mark.parametrize("mode", ["on", "", None, True, "Enabled"])
    def test_unknown_async_mode(self, mode):
        with pytest.raises(ValueError) as caught:
            Profiler(async_mode=mode)
        expected = f"async_mode must be 'enabled', 'disabled' or 'strict', not {mode!r}"
        assert str(caught.value) == expected

    @pytest.mark.parametrize("engine", ["fast", "", None, True])
    def test_unknown_engine(self, engine):
        with pytest.raises(ValueError) as caught:
            Profiler(engine=engine)
        expected = f"engine must be 'auto', 'sampler' or 'setprofile', not {engine!r}"
        assert str(caught.value) == expected


class TestCommand:
    @pytest.mark.parametrize("words", [["--version", "-v"], ["-v", "--version"]])
    def test_version(self, workshop, words):
        outcome = workshop.spinetail(*words)
        assert outcome.returncode == 0
        assert outcome.stderr == ""
        lines = outcome.stdout.splitlines()
        assert lines[0].startswith(f"spinetail {spinetail.__version__}, on CPython ")
        if HAS_SAMPLER:
            assert lines[1] == "engine: sampler"
        else:
            version = "{}.{}".format(*sys.version_info)
            assert lines[1].startswith(
                f"engine: setprofile, because the interpreter is CPython {version}"
            )
        assert [line.split(":")[0] for line in lines[2:]] == [
            "  interpreter",
            "  clock",
            "  coroutines",
        ]

    def test_version_without_native_library(self, workshop):
        workshop.write("sitecustomize.py", "import sys; sys.modules['spinetail._native'] = None\n")
        env = {"PYTHONPATH": str(workshop.folder)}
        assert workshop.spinetail("--version", env=env).returncode == 0
        outcome = workshop.spinetail("--version", "-v", env=env)
        assert outcome.returncode == 1
        assert outcome.stderr.count("\n") == 1 and "native library" in outcome.stderr

    @pytest.mark.any_version
    @pytest.mark.parametrize(
        "words, hint",
        [
            (["--engine=fast", "s.py"], "auto, sampler, setprofile"),
            (["--engine=", "s.py"], "auto, sampler, setprofile"),
            (["--engine"], "--help"),
            (["-v", "s.py"], "--version"),
        ],
    )
    def test_bad_words(self, workshop, words, hint):
        workshop.write("s.py", "print('ran')")
        outcome = workshop.spinetail(*words)
        assert outcome.returncode == 2
        assert outcome.stdout == ""
        assert outcome.stderr.count("\n") == 1 and hint in outcome.stderr

    def test_events(self, workshop, read_report):
        workshop.write("s.py", "import time\ndef rest(): time.sleep(.2)\nrest()\n")
        outcome = workshop.spinetail("--engine=setprofile", "s.py")
        assert outcome.stderr == ""
        assert "setprofile" in outcome.stdout
        assert read_report(outcome.stdout).time_of("rest") >= 0.19

    def test_awaits_are_the_loops(self, workshop, read_report):
        """The command goes with the async mode "disabled"."""
        workshop.write(
            "s.py",
            "import asyncio\nasyncio.new_event_loop().run_until_complete(asyncio.sleep(.2))\n",
        )
        outcome = workshop.spinetail("--engine=setprofile", "--show-all", "s.py")
        assert read_report(outcome.stdout).time_of("epoll.poll") >= 0.19

    @pytest.mark.no_sampler
    def test_the_sampler_where_it_cannot_work(self, workshop):
        outcome = workshop.spinetail("--engine", "sampler", "-c", "print('ran')")
        assert outcome.returncode == 1
        assert outcome.stdout == ""
        assert outcome.stderr.count("\n") == 1 and "memory layout" in outcome.stderr

    @pytest.mark.parametrize("ending", ["", "raise SystemExit(3)", "1 / 0"])
    def test_a_program_with_a_profile_function_of_its_own(self, workshop, ending):
        code = "import sys\nsys.setprofile(lambda *a: None)\nprint(1)\n"
        code += "print(sys.getprofile().__name__)\n" + ending
        plain = workshop.python("-c", code)
        profiled = workshop.spinetail("--engine=setprofile", "-o", "report", "-c", code)
        assert profiled.stdout == plain.stdout
        assert profiled.stderr == plain.stderr
        assert profiled.returncode == plain.returncode


class TestOtherProfileFunctions:
    @pytest.mark.parametrize("mode", ["enabled", "disabled"])
    def test_it_refuses_and_leaves_them(self, mode):
        def other(frame, event, argument):
            events.append(event)

        events = []
        profiler = profiler_of_events(async_mode=mode)
        sys.setprofile(other)
        try:
            with pytest.raises(RuntimeError, match=r"Another profile function.*sys.getprofile\(\)"):
                profiler.start()
            assert sys.getprofile() is other
            events.clear()
            len([])
            assert events
        finally:
            sys.setprofile(None)
        assert not profiler.is_running
        assert active_profiler_context_var.get() is None
        with profiler:
            pass
        assert profiler.last_session.engine == "setprofile"

    def test_another_takes_its_place(self):
        def other(*event):
            pass

        profiler = profiler_of_events()
        profiler.start()
        work(0.1)
        sys.setprofile(other)
        work(0.02)
        try:
            session = profiler.stop()
            assert sys.getprofile() is other
        finally:
            sys.setprofile(None)
        assert session.duration >= 0.02
        assert session.sample_count > 1

    def test_another_takes_its_place_and_a_new_profiler_starts(self):
        first = profiler_of_events()
        first.start()
        sys.setprofile(lambda *event: None)
        sys.setprofile(None)
        second = profiler_of_events()
        second.start()
        work(0.1)
        first.stop()  # must not take the second one's function out
        assert sys.getprofile() is not None
        third = profiler_of_events()
        third.start()
        third.stop()
        before = second.stop()
        assert before.duration >= 0.02 and before.sample_count > 2

    def test_exceptions_of_the_program(self):
        with contextlib.suppress(ZeroDivisionError), profiler_of_events():
            assert sys.getprofile() is not None
            1 / 0  # noqa: B018
        assert sys.getprofile() is None


class TestTimers:
    """A clock that fails is the program's to handle, where it looks at the clock."""

    def test_at_the_start(self):
        get_stack_sampler().timer_func = lambda: 1 / 0
        profiler = profiler_of_events(async_mode="enabled")
        try:
            with pytest.raises(ZeroDivisionError):
                profiler.start()
        finally:
            get_stack_sampler().timer_func = None
        assert not profiler.is_running

    def test_in_the_middle(self, virtual_clock):
        def clock():
            if is_broken:
                raise LookupError("no time left")
            return virtual_clock.now

        get_stack_sampler().timer_func = clock
        is_broken = False
        with pytest.raises(LookupError, match="no time left"):
            profiler = profiler_of_events()
            profiler.start()
            virtual_clock.advance(1)
            is_broken = True
            work(0)
        work(0)  # only once
        assert sys.getprofile() is None
        assert profiler.is_running
        session = profiler.stop()
        assert session.duration == 1

    @pytest.mark.parametrize("mode", ["enabled", "disabled"])
    def test_anywhere(self, mode):
        """Whichever look at the clock it is that fails, the exception comes once."""

        def profile(profiler):
            profiler.start()
            abs(-1)
            profiler.stop()

        def look():
            if next(looks) == failing:
                raise LookupError
            return 0

        places = set()
        for failing in range(50):
            looks = itertools.count()
            get_stack_sampler().timer_func = look
            profiler = profiler_of_events(async_mode=mode)
            try:
                profile(profiler)
                assert failing > 10  # there aren't so many events
                break
            except LookupError as error:
                traceback = error.__traceback__
                while traceback.tb_next.tb_frame.f_code is not look.__code__:
                    traceback = traceback.tb_next
                places.add(traceback.tb_frame.f_code.co_name)
            assert sys.getprofile() is None
            if profiler.is_running:
                assert profiler.stop().duration == 0
            profiler.reset()
        get_stack_sampler().timer_func = None
        assert {"start", "stop"} <= {place.strip("_") for place in places}

    @pytest.mark.parametrize("value", ["1", None, [], 1j])
    def test_no_number(self, value):
        get_stack_sampler().timer_func = lambda: value
        try:
            with pytest.raises(TypeError):
                profiler_of_events().start()
        finally:
            get_stack_sampler().timer_func = None

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e300, 10**20])
    def test_unusable_numbers(self, value):
        times = [1.0, value, 2.0]
        get_stack_sampler().timer_func = lambda: times.pop(0) if len(times) > 1 else times[0]
        try:
            profiler = profiler_of_events()
            profiler.start()
            work(0)
            assert profiler.stop().duration == 1
        finally:
            get_stack_sampler().timer_func = None

    def test_a_clock_that_goes_backwards(self, virtual_clock):
        with profiler_of_events() as profiler:
            virtual_clock.advance(2)
            virtual_clock.advance(-1)
            virtual_clock.advance(2)
        assert profiler.last_session.duration == 3


class TestThreads:
    def test_several(self, read_stacks):
        def rest(seconds):
            time.sleep(seconds)

        def profiled(function, mode):
            barrier.wait()
            with profiler_of_events(0.001, mode) as outer, profiler_of_events(0.002) as inner:
                function(0.2)
            profilers.append((function.__name__, outer, inner))

        barrier = threading.Barrier(4)
        profilers = []
        threads = [
            threading.Thread(target=profiled, args=words)
            for words in itertools.product([rest, work], ["enabled", "disabled"])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(profilers) == 4
        for name, *both in profilers:
            for profiler in both:
                totals = read_stacks(profiler.last_session, __file__)
                own = sum(seconds for stack, seconds in totals.items() if name in stack)
                assert own >= 0.19
                assert not any({"rest", "work"} - {name} & set(stack) for stack in totals)

    def test_another_thread_must_not_stop_it(self):
        def stop():
            with pytest.raises(RuntimeError, match="thread"):
                profiler.stop()
            refused.append(True)

        refused = []
        profiler = profiler_of_events()
        profiler.start()
        thread = threading.Thread(target=stop)
        thread.start()
        thread.join()
        assert refused == [True]
        assert profiler.is_running
        work(0.02)
        assert profiler.stop().duration >= 0.02

    def test_a_thread_that_has_ended(self):
        def target():
            profiler.start()
            time.sleep(0.05)

        profiler = profiler_of_events()
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
        time.sleep(0.2)  # which is not the thread's any more
        assert profiler.is_running
        session = profiler.stop()
        assert 0.05 <= session.duration < 0.2

    def test_dropped_while_running(self):
        for mode in ("enabled", "disabled"):
            for _ in range(20):
                profiler_of_events(async_mode=mode).start()
                assert sys.getprofile() is None
        with profiler_of_events(async_mode="enabled"):
            assert len(active_profiler_context_var.get()) == 1

    def test_dropped_by_another_thread(self):
        def target():
            profilers.append(profiler_of_events())
            profilers[0].start()
            started.set()
            assert dropped.wait(20)
            work(0)
            found.append(sys.getprofile())
            with profiler_of_events() as second:
                work(0.1)
            found.append(second.last_session.sample_count > 2)

        profilers, found = [], []
        started, dropped = threading.Event(), threading.Event()
        thread = threading.Thread(target=target)
        thread.start()
        assert started.wait(20)
        profilers.clear()
        dropped.set()
        thread.join()
        assert found == [None, True]


class TestDepth:
    def test_a_wait_inside_of_a_sample_is_no_cost(self, read_stacks):
        """A thread may lose its processor there, which says nothing of how deep its stack is."""

        def after_the_wait():
            end = time.thread_time() + 0.2  # its own, however busy the machine is
            while time.thread_time() < end:
                sum(range(100))

        def clock():
            if waits:
                time.sleep(waits.pop())
            return 0.0

        waits = []
        with profiler_of_events() as profiler:
            get_stack_sampler().timer_func = clock
            try:
                with profiler_of_events():
                    work(0.02)
                    # At the end of the first one a sample is due, so that the second is inside of
                    # it: as its cost, it would keep the next one off for 0.9 seconds.
                    waits += [0.3, 0.1]
                    work(0.01)
                    assert not waits
            finally:
                get_stack_sampler().timer_func = None
            after_the_wait()
        stacks = read_stacks(profiler.last_session, __file__)
        assert any("after_the_wait" in stack for stack in stacks)

    @pytest.mark.parametrize("interval", [0.001, 0.0001])
    def test_two_thousand(self, interval, read_stacks):
        """A sample may cost more than the interval; all the same, the program has to go on."""

        def descend(levels):
            return descend(levels - 1) if levels else fib(18)

        def fib(n):
            return n if n < 2 else fib(n - 1) + fib(n - 2)

        def timed():
            start = time.perf_counter()
            descend(2000)
            return time.perf_counter() - start

        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(4000)
        try:
            plain = min(timed() for _ in range(10))
            with profiler_of_events(interval) as profiler:
                profiled = min(timed() for _ in range(10))
        finally:
            sys.setrecursionlimit(limit)
        assert profiled < 40 * plain + 0.05  # the reference takes 40,000 times as long
        totals = read_stacks(profiler.last_session, __file__)
        assert max(map(len, totals)) > 1000

    def test_fifty_thousand(self, run_program):
        output = run_program("""
            import sys, threading
            from spinetail import Profiler
            def descend(levels):
                return descend(levels - 1) if levels else sum(map(abs, range(20_000)))
            def target():
                with Profiler(engine="setprofile") as profiler:
                    descend(50_000)
                print(profiler.last_session.sample_count > 1)
            sys.setrecursionlimit(60_000)
            threading.stack_size(1 << 30)
            thread = threading.Thread(target=target)
            thread.start()
            thread.join()
        """)
        assert output == "True\n"


class TestForks:
    @pytest.mark.parametrize("mode", ["enabled", "disabled"])
    def test_running_profiler(self, run_program, mode):
        output = run_program(f"""
            import os, sys, time
            from spinetail import Profiler
            def work():
                end = time.thread_time() + .2  # its own, however busy the machine is
                while time.thread_time() < end:
                    sum(range(100))
            def before(): work()
            def childs(): work()
            def parents(): work()
            def seen():
                records = profiler.last_session.frame_records
                names = {{frame.split(chr(0))[0] for stack, _ in records for frame in stack}}
                return sorted(names & {{"before", "childs", "parents"}})
            profiler = Profiler(async_mode={mode!r}, engine="setprofile")
            with profiler:
                before()
                pid = os.fork()
                if pid == 0:
                    print(profiler.is_running, sys.getprofile(), flush=True)
            if pid == 0:
                print(profiler.last_session, flush=True)
                with profiler:
                    childs()
                print(seen(), sys.getprofile(), flush=True)
                os._exit(0)
            print(os.waitpid(pid, 0)[1], sys.getprofile())
            with profiler:
                if os.fork() == 0:
                    os._exit(0)
                os.wait()
                parents()
            print(seen())
        """)
        assert output.splitlines() == [
            "False None",
            "None",
            "['childs'] None",
            "0 None",
            "['before', 'parents']",
        ]

    def test_of_another_thread(self, run_program):
        output = run_program("""
            import os, sys, threading, time
            from spinetail import Profiler
            started, done = threading.Event(), threading.Event()
            def target():
                with Profiler(engine="setprofile") as profiler:
                    started.set()
                    done.wait()
                print(profiler.last_session.sample_count > 0)
            thread = threading.Thread(target=target)
            thread.start()
            started.wait()
            pid = os.fork()
            if pid == 0:
                with Profiler(engine="setprofile") as profiler:
                    time.sleep(.01)
                print(profiler.last_session.sample_count > 0, flush=True)
                os._exit(0)
            os.waitpid(pid, 0)
            done.set()
            thread.join()
        """)
        assert output == "True\nTrue\n"


@pytest.mark.parametrize("mode", ["enabled", "disabled"])
def test_starting_and_stopping_leaves_nothing_behind(run_program, mode):
    output = run_program(f"""
        import os, time
        from spinetail import Profiler
        def resident():
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
        for cycle in range(601):
            profiler = Profiler(async_mode={mode!r}, engine="setprofile")
            profiler.start()
            sum(range(1000))
            profiler.stop()
            if cycle == 200:
                before = resident()
        print(resident() - before)
        deadline = time.monotonic() + 10
        while len(os.listdir("/proc/self/task")) > 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        print(len(os.listdir("/proc/self/task")))
    """)
    growth, threads = map(int, output.split())
    assert growth <= 400 * 1024  # 1 KB each time
    assert threads == 1


def test_the_end_of_the_interpreter_while_running(run_program):
    output = run_program("""
        import atexit, threading
        from spinetail import Profiler
        profiler = Profiler(engine="setprofile")
        profiler.start()
        def target():
            other = Profiler(engine="setprofile")
            other.start()
            threading.Event().wait()
        threading.Thread(target=target, daemon=True).start()
        atexit.register(print, "end")
    """)
    assert output == "end\n"
