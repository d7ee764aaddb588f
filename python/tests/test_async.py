"""What is shown of coroutines that wait, on asyncio and on trio, by a clock that the tests move.

Each program says how long it does what, and the profile has to agree to the digit.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import selectors
import sys
import time
import types

import pytest

from spinetail import Profiler
from spinetail.stack_sampler import active_profiler_context_var

MODES = ["enabled", "strict", "disabled"]


def pass_time(clock, seconds):
    clock.advance(seconds)


class Asyncio:
    """asyncio with a loop whose waits move the clock."""

    waiting = ("select", "pass_time")

    def __init__(self, clock):
        self.clock = clock

    def run(self, *functions):
        """Runs coroutine functions as tasks of their own; gives what they return."""

        class Selector(selectors.SelectSelector):
            def select(self, timeout=None):
                if timeout is not None and timeout > 0:
                    pass_time(clock, timeout)
                return super().select(0)

        async def everything():
            return await asyncio.gather(*[function() for function in functions])

        clock = self.clock
        loop = asyncio.SelectorEventLoop(Selector())
        loop.time = clock
        try:
            return loop.run_until_complete(everything())
        finally:
            loop.close()

    async def sleep(self, seconds):
        await asyncio.sleep(seconds)

    async def together(self, *functions):
        await asyncio.gather(*[function() for function in functions])

    def spawn(self, function):
        return asyncio.get_event_loop().create_task(function())


class Trio:
    """trio with a clock whose waits move ours."""

    waiting = ("deadline_to_sleep_time", "pass_time")

    def __init__(self, clock):
        self.clock = clock

    def run(self, *functions):
        import trio

        class Clock(trio.abc.Clock):
            def start_clock(self):
                pass

            def current_time(self):
                return clock.now

            def deadline_to_sleep_time(self, deadline):
                if clock.now < deadline < float("inf"):
                    pass_time(clock, deadline - clock.now)
                return 0

        async def everything():
            async with trio.open_nursery() as self.nursery:
                for index, function in enumerate(functions):
                    self.nursery.start_soon(keep, index, function)

        async def keep(index, function):
            results[index] = await function()

        clock = self.clock
        results = [None] * len(functions)
        trio.run(everything, clock=Clock())
        return results

    async def sleep(self, seconds):
        import trio

        await trio.sleep(seconds)

    async def together(self, *functions):
        import trio

        async with trio.open_nursery() as nursery:
            for function in functions:
                nursery.start_soon(function)

    def spawn(self, function):
        import trio

        trio.lowlevel.spawn_system_task(function, context=contextvars.copy_context())


@pytest.fixture(params=[Asyncio, Trio])
def library(request, virtual_clock):
    if request.param is Trio:
        pytest.importorskip("trio")
    return request.param(virtual_clock)


@pytest.fixture
def spend(virtual_clock):
    def spend(seconds):
        virtual_clock.advance(seconds)

    return spend


@pytest.fixture
def times(read_stacks):
    """The times of stacks of this file's functions, from the outermost coroutine on."""

    def times(profiler):
        assert profiler.last_session.engine == "setprofile"
        totals = {}
        for stack, seconds in read_stacks(profiler.last_session, __file__).items():
            below = stack[stack.index("run") + 1 :] if "run" in stack else stack
            below = tuple(name for name in below if name not in ("sleep", "everything", "keep"))
            totals[below] = totals.get(below, 0) + seconds
        return totals

    return times


class TestModes:
    """Each row of a table: where the thread is, and what each mode shows."""

    @pytest.mark.parametrize("mode", MODES)
    def test_in_context(self, library, spend, times, mode):
        async def profiled():
            with Profiler(0.001, mode) as profiler:
                spend(0.5)
                await nested()
            return profiler

        async def nested():
            spend(0.25)

        [profiler] = library.run(profiled)
        assert times(profiler) == {
            ("profiled", "spend"): 0.5,
            ("profiled", "nested", "spend"): 0.25,
        }

    @pytest.mark.parametrize("mode", MODES)
    def test_awaited(self, library, spend, times, mode):
        async def profiled():
            with Profiler(0.001, mode) as profiler:
                await wait()
            return profiler

        async def wait():
            await library.sleep(2)

        async def neighbour():
            await library.sleep(1.5)
            spend(0.25)

        profiler, _ = library.run(profiled, neighbour)
        if mode == "disabled":
            assert times(profiler) == {library.waiting: 1.75, ("neighbour", "spend"): 0.25}
        else:
            assert times(profiler) == {("profiled", "wait", "[await]"): 2}

    @pytest.mark.parametrize("mode", MODES)
    def test_awaited_while_a_neighbour_is_busy_for_longer(self, library, spend, times, mode):
        async def profiled():
            with Profiler(0.001, mode) as profiler:
                await wait()
                spend(0.125)
            return profiler

        async def wait():
            await library.sleep(1)

        async def neighbour():
            await library.sleep(0.75)
            spend(0.75)

        profiler, _ = library.run(profiled, neighbour)
        if mode == "disabled":
            assert times(profiler) == {
                library.waiting: 0.75,
                ("neighbour", "spend"): 0.75,
                ("profiled", "spend"): 0.125,
            }
        else:
            assert times(profiler) == {
                ("profiled", "wait", "[await]"): 1.5,
                ("profiled", "spend"): 0.125,
            }

    @pytest.mark.parametrize("mode", MODES)
    def test_unknown(self, library, spend, times, mode):
        async def profiled():
            with Profiler(0.001, mode) as profiler:
                spend(0.5)
                contextvars.Context().run(foreign)
                spend(0.5)
            return profiler

        def foreign():
            spend(0.25)

        [profiler] = library.run(profiled)
        elsewhere = "[out-of-context]" if mode == "strict" else "foreign spend"
        assert times(profiler) == {
            ("profiled", "spend"): 1,
            ("profiled", *elsewhere.split()): 0.25,
        }

    @pytest.mark.parametrize("mode", MODES)
    def test_started_outside_of_the_loop(self, library, spend, times, mode):
        """All tasks belong to the profiler then, and the loop's waits are no task's."""

        async def program():
            spend(0.5)
            await library.sleep(2)

        with Profiler(0.001, mode) as profiler:
            library.run(program)
        assert times(profiler) == {("program", "spend"): 0.5, library.waiting: 2}


@pytest.mark.parametrize("mode", ["enabled", "strict"])
class TestChains:
    """The wait stands below all the callers that wait."""

    def profile(self, library, function, mode):
        async def profiled():
            with Profiler(0.001, mode) as profiler:
                await function()
            return profiler

        return library.run(profiled)[0]

    def test_nested(self, library, spend, times, mode):
        async def outer():
            await middle()
            await library.sleep(0.5)

        async def middle():
            spend(0.25)
            await inner()
            await inner()

        async def inner():
            await library.sleep(1)

        assert times(self.profile(library, outer, mode)) == {
            ("profiled", "outer", "middle", "spend"): 0.25,
            ("profiled", "outer", "middle", "inner", "[await]"): 2,
            ("profiled", "outer", "[await]"): 0.5,
        }

    def test_async_generators(self, library, spend, times, mode):
        async def numbers():
            for number in range(3):
                await library.sleep(0.5)
                yield number
                spend(0.125)

        async def doubled():
            async for number in numbers():
                await library.sleep(0.25)
                yield 2 * number

        async def consume():
            async for _ in doubled():
                spend(1)
                await library.sleep(2)
            return [number async for number in numbers()]

        assert times(self.profile(library, consume, mode)) == {
            ("profiled", "consume", "doubled", "numbers", "[await]"): 1.5,
            ("profiled", "consume", "doubled", "numbers", "spend"): 0.375,
            ("profiled", "consume", "doubled", "[await]"): 0.75,
            ("profiled", "consume", "spend"): 3,
            ("profiled", "consume", "[await]"): 6,
            # Before 3.12 (PEP 709), a comprehension is a function.
            **{
                ("profiled", "consume", *scope, "numbers", *leaf): seconds
                for scope in [["<listcomp>"] if sys.version_info < (3, 12) else []]
                for leaf, seconds in [(["[await]"], 1.5), (["spend"], 0.375)]
            },
        }

    def test_async_context_managers(self, library, times, mode):
        class Slow:
            async def __aenter__(self):
                await library.sleep(0.5)

            async def __aexit__(self, *exception):
                await library.sleep(0.25)

        async def user():
            async with Slow():
                await library.sleep(1)

        assert times(self.profile(library, user, mode)) == {
            ("profiled", "user", "__aenter__", "[await]"): 0.5,
            ("profiled", "user", "[await]"): 1,
            ("profiled", "user", "__aexit__", "[await]"): 0.25,
        }

    def test_awaitables_and_old_coroutines(self, library, times, mode):
        class Awaitable:
            def __await__(self):
                return (yield from library.sleep(0.5).__await__())

        @types.coroutine
        def old():
            yield from library.sleep(0.25).__await__()

        async def user():
            await Awaitable()
            await old()

        assert times(self.profile(library, user, mode)) == {
            ("profiled", "user", "__await__", "[await]"): 0.5,
            ("profiled", "user", "old", "[await]"): 0.25,
        }

    def test_python_code_of_the_future(self, virtual_clock, times, mode):
        """What is called after the coroutine has been suspended, finalizers included."""

        class Future(asyncio.Future):
            def add_done_callback(self, *arguments, **options):
                len([number for number in generate()])
                return super().add_done_callback(*arguments, **options)

        def generate():
            yield 1

        async def user():
            future = Future()
            asyncio.get_event_loop().call_later(1, future.set_result, None)
            await future

        assert times(self.profile(Asyncio(virtual_clock), user, mode)) == {
            ("profiled", "user", "[await]"): 1
        }

    def test_garbage_collections(self, library, times, mode):
        """They run Python code wherever memory is allocated: after a suspension, too."""

        def collected(phase, info):
            collections.append(len([number for number in generate()]))

        def generate():
            yield 1

        async def user():
            for _ in range(50):
                await library.sleep(0.5)

        collections = []
        threshold = gc.get_threshold()
        gc.set_threshold(1)
        gc.callbacks.append(collected)
        try:
            profiler = self.profile(library, user, mode)
        finally:
            gc.callbacks.remove(collected)
            gc.set_threshold(*threshold)
        assert len(collections) > 100
        assert times(profiler) == {("profiled", "user", "[await]"): 25}

    def test_a_generator_that_has_yielded_waits_for_nothing(
        self, virtual_clock, spend, times, mode
    ):
        """Its consumer goes on, through Python functions alone, until it waits itself."""

        async def numbers():
            yield 1

        def generate():
            yield 1

        async def user():
            async for _ in numbers():
                spend(0.5)
                await later(1)
            for _ in generate():
                spend(0.5)
                await later(2)

        def later(seconds):
            loop = asyncio.get_event_loop()
            future = loop.create_future()
            loop.call_later(seconds, future.set_result, None)
            pause()
            return future

        def pause():
            pass

        assert times(self.profile(Asyncio(virtual_clock), user, mode)) == {
            ("profiled", "user", "spend"): 1,
            ("profiled", "user", "[await]"): 3,
        }

    def test_exceptions(self, library, times, mode):
        async def fail():
            await library.sleep(0.5)
            raise ValueError

        async def user():
            try:
                await fail()
            except ValueError:
                await library.sleep(1)

        assert times(self.profile(library, user, mode)) == {
            ("profiled", "user", "fail", "[await]"): 0.5,
            ("profiled", "user", "[await]"): 1,
        }

    def test_children(self, library, spend, times, mode):
        async def child():
            await library.sleep(1)
            spend(0.5)

        async def user():
            await library.together(child, child)

        totals = times(self.profile(library, user, mode))
        # Which of the tasks stands for the wait is nobody's promise, but none of it is lost.
        assert sum(totals.values()) == 2
        assert sum(s for stack, s in totals.items() if stack[-2:] == ("child", "spend")) == 1
        assert sum(s for stack, s in totals.items() if stack[-1] == "[await]") == 1


class TestSwitches:
    @pytest.mark.parametrize("mode", ["enabled", "strict"])
    def test_time_is_split_where_the_context_switches(self, library, spend, times, mode):
        """However long the interval, and whatever runs between a wait's end and the next step."""

        async def profiled():
            with Profiler(100, mode) as profiler:
                for _ in range(4):
                    spend(0.5)
                    await library.sleep(0.25)
            return profiler

        async def neighbour():
            for _ in range(40):
                spend(0.0625)
                await library.sleep(0)

        profiler, _ = library.run(profiled, neighbour)
        totals = times(profiler)
        assert totals.pop(("profiled",)) == 2
        assert totals == {("profiled", "[await]"): profiler.last_session.duration - 2}
        assert profiler.last_session.duration >= 3

    @pytest.mark.parametrize("mode", ["enabled", "strict"])
    def test_a_callback_in_the_context_ends_no_wait(self, virtual_clock, spend, times, mode):
        async def profiled():
            with Profiler(0.001, mode) as profiler:
                asyncio.get_event_loop().call_later(1, spend, 0.5)
                await wait()
            return profiler

        async def wait():
            await asyncio.sleep(4)

        async def neighbour():
            await asyncio.sleep(2)
            spend(0.25)

        profiler, _ = Asyncio(virtual_clock).run(profiled, neighbour)
        assert times(profiler) == {("profiled", "wait", "[await]"): 3.5, ("spend",): 0.5}

    def test_a_long_interval_has_few_samples(self, library, spend):
        async def profiled():
            with Profiler(100) as profiler:
                for _ in range(50):
                    spend(1)
            return profiler

        [profiler] = library.run(profiled)
        assert profiler.last_session.sample_count <= 3
        assert profiler.last_session.duration == 50


class TestProfilersSideBySide:
    @pytest.mark.parametrize("mode", ["enabled", "strict"])
    def test_sibling_tasks_are_isolated(self, library, spend, times, mode):
        def request(seconds):
            async def handle():
                with Profiler(0.001, mode) as profiler:
                    spend(0.125)
                    await query()
                    spend(0.125)
                return profiler

            async def query():
                await library.sleep(seconds)

            return handle

        lengths = [1, 2, 4, 8]
        profilers = library.run(*map(request, lengths))
        for seconds, profiler in zip(lengths, profilers):
            totals = times(profiler)
            assert totals.pop(("handle", "spend")) == 0.25
            [(stack, waited)] = totals.items()
            assert stack == ("handle", "query", "[await]")
            assert seconds <= waited <= seconds + 3 * 0.125  # while the others spend
        assert active_profiler_context_var.get() is None

    @pytest.mark.parametrize("modes", [("enabled", "strict"), ("disabled", "enabled")])
    def test_nested_in_one_context(self, library, spend, times, modes):
        async def profiled():
            with Profiler(0.001, modes[0]) as outer:
                spend(1)
                with Profiler(0.001, modes[1]) as inner:
                    spend(0.5)
                    await wait()
                spend(2)
            return outer, inner

        async def wait():
            await library.sleep(0.25)

        [(outer, inner)] = library.run(profiled)
        rest = library.waiting if modes[0] == "disabled" else ("profiled", "wait", "[await]")
        assert times(outer) == {("profiled", "spend"): 3.5, rest: 0.25}
        assert times(inner) == {
            ("profiled", "spend"): 0.5,
            ("profiled", "wait", "[await]"): 0.25,
        }
        assert active_profiler_context_var.get() is None

    def test_a_child_task_has_its_own_profiler(self, library, spend, times):
        """It belongs to the parent's profiler, but the parent doesn't belong to its."""
        profilers = []

        async def child():
            with Profiler(0.001, "strict") as profiler:
                spend(0.5)
                await library.sleep(1)
                spend(0.5)
            profilers.append(profiler)

        async def parent():
            with Profiler(0.001, "strict") as profiler:
                library.spawn(child)
                await library.sleep(0.25)
                spend(0.25)
                await library.sleep(4)
            return profiler

        [profiler] = library.run(parent)
        [child_profiler] = profilers
        # Trio has tasks that are ready in any order, so when the child spends is left open.
        totals = times(child_profiler)
        assert totals.pop(("child", "spend")) == 1
        assert set(totals) == {("child", "[await]")}
        totals = times(profiler)
        assert totals.pop(("child", "spend")) == 1
        assert totals.pop(("parent", "spend")) == 0.25
        assert all(stack[-1] == "[await]" for stack in totals)
        assert sum(totals.values()) == profiler.last_session.duration - 1.25

    def test_a_child_task_outlives_its_parents_profiler(self, library, spend, times):
        async def child():
            await library.sleep(1)
            assert active_profiler_context_var.get() is not None  # as it was at the task's start
            with Profiler() as profiler:
                spend(0.5)
            assert active_profiler_context_var.get() is None
            profilers.append(profiler)

        async def parent():
            with Profiler():
                library.spawn(child)
            await library.sleep(2)

        profilers = []
        library.run(parent)
        assert times(profilers[0]) == {("child", "spend"): 0.5}

    def test_stopped_in_another_context(self, library, spend, times):
        shared = []

        async def starter():
            shared.append(Profiler())
            shared[0].start()
            spend(0.5)
            await library.sleep(1)
            assert not shared[0].is_running
            with Profiler() as second:
                spend(0.25)
            assert active_profiler_context_var.get() is None
            return second

        async def stopper():
            await library.sleep(0.75)
            shared[0].stop()
            assert active_profiler_context_var.get() is None

        second, _ = library.run(starter, stopper)
        assert times(second) == {("starter", "spend"): 0.25}
        totals = times(shared[0])
        assert totals.pop(("starter", "spend")) == 0.5
        assert set(totals) == {("starter", "[await]")}


class RealTime:
    """How long a program waited in each place, by its own account."""

    def __init__(self):
        self.waits = {}

    @contextlib.contextmanager
    def wait(self, name):
        start = time.perf_counter()
        yield
        self.waits[name] = self.waits.get(name, 0) + time.perf_counter() - start


@pytest.mark.parametrize(
    "name, mode",
    [
        ("asyncio", "enabled"),
        ("trio", "strict"),
        pytest.param("asyncio", "strict", marks=pytest.mark.any_version),
        pytest.param("trio", "enabled", marks=pytest.mark.any_version),
    ],
)
def test_real_time(name, mode, read_stacks):
    """Waits are as long as the program finds them, with a neighbour that is always busy."""
    if name == "trio":
        trio = pytest.importorskip("trio")
        sleep = trio.sleep
    else:
        sleep = asyncio.sleep
    account = RealTime()

    async def main():
        with Profiler(0.001, mode) as profiler:
            await nested()
            await consume()
            with account.wait("[await]"):
                await together(child, child)
        done.append(profiler)

    async def nested():
        await leaf()

    async def leaf():
        with account.wait("leaf"):
            await sleep(0.2)

    async def numbers():
        for number in range(5):
            with account.wait("numbers"):
                await sleep(0.05)
            yield number

    async def consume():
        async for _ in numbers():
            with account.wait("consume"):
                await sleep(0.03)

    async def child():
        await sleep(0.2)

    async def neighbour():
        while not done:
            end = time.perf_counter() + 0.005
            while time.perf_counter() < end:
                sum(range(100))
            await sleep(0)

    async def together(*functions):
        if name == "asyncio":
            await asyncio.gather(*[function() for function in functions])
            return
        async with trio.open_nursery() as nursery:
            for function in functions:
                nursery.start_soon(function)

    async def program():
        await together(main, neighbour)

    done = []
    if name == "asyncio":
        loop = asyncio.new_event_loop()
        loop.run_until_complete(program())
        loop.close()
    else:
        trio.run(program)
    found = dict.fromkeys(account.waits, 0)
    for stack, seconds in read_stacks(done[0].last_session, __file__).items():
        if stack[-1] == "[await]":
            place = stack[-2] if stack[-2] in found else "[await]"
            found[place] += seconds
    # Each is longer than that: a busy machine may give a wait's end to what comes next.
    assert found == pytest.approx(account.waits, abs=0.1, rel=0.25)
    assert sum(account.waits.values()) >= 0.2 + 5 * 0.08 + 0.2


class TestEngine:
    def test_a_coroutine_at_the_start(self):
        async def coroutine():
            with Profiler() as profiler:
                pass
            return profiler

        async def generator():
            with Profiler() as profiler:
                yield profiler

        async def consume():
            return [profiler async for profiler in generator()][0]

        @types.coroutine
        def old():
            with Profiler() as profiler:
                yield from ()
            return profiler

        for function in (coroutine, consume, old):
            try:
                next(iter(function().__await__() if function is not old else function()))
            except StopIteration as end:
                session = end.value.last_session
            assert session.engine == "setprofile"
            if (3, 11) <= sys.version_info < (3, 16):
                assert session.engine_reason == "a coroutine was running at the start"

    @pytest.mark.sampler
    @pytest.mark.parametrize("mode, engine", [("disabled", "auto"), ("strict", "sampler")])
    def test_the_sampler_in_a_coroutine(self, mode, engine):
        async def coroutine():
            with Profiler(async_mode=mode, engine=engine) as profiler:
                assert active_profiler_context_var.get() is None
                await asyncio.sleep(0.02)
            return profiler

        session = asyncio.new_event_loop().run_until_complete(coroutine()).last_session
        assert session.engine == "sampler"
        assert session.engine_reason == ""
