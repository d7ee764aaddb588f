"""Greenlets have contexts of their own, so a profiler that follows contexts knows them apart."""

from __future__ import annotations

import time

import pytest

from spinetail import Profiler
from spinetail.context_binding import active_profiler_context_var

greenlet = pytest.importorskip("greenlet")


@pytest.fixture
def times(read_stacks):
    """The times of this file's functions, from the greenlet's outermost one on.

    Below which frame time out of context stands isn't told apart: it may be another greenlet's.
    """

    def times(profiler):
        totals = {}
        for stack, seconds in read_stacks(profiler.last_session, __file__).items():
            below = stack[stack.index("main") :] if "main" in stack else stack
            below = below[-1:] if below[-1] == "[out-of-context]" else below
            totals[below] = totals.get(below, 0) + seconds
        return totals

    return times


@pytest.mark.parametrize("mode", ["enabled", "strict", "disabled"])
def test_other_greenlets(virtual_clock, times, mode):
    def main():
        with Profiler(0.001, mode) as profiler:
            spend(1)
            other = greenlet.greenlet(foreign)
            other.switch()
            spend(2)
            other.switch()
        return profiler

    def foreign():
        spend(4)
        main_greenlet.switch()
        spend(8)

    def spend(seconds):
        virtual_clock.advance(seconds)

    main_greenlet = greenlet.getcurrent()
    profiler = main()
    own = {("main", "spend"): 3.0}
    if mode == "strict":
        assert times(profiler) == {**own, ("[out-of-context]",): 12}
    else:
        totals = times(profiler)
        assert sum(s for stack, s in totals.items() if stack[-2:] == ("foreign", "spend")) == 12
        assert totals[("main", "spend")] == 3
        assert profiler.last_session.duration == 15


@pytest.mark.parametrize("mode", ["enabled", "strict"])
def test_profilers_in_sibling_greenlets(virtual_clock, times, mode):
    def work(first, second):
        def main():
            with Profiler(0.001, mode) as profiler:
                spend(first)
                hub.switch()
                spend(second)
            profilers.append(profiler)

        return greenlet.greenlet(main)

    def spend(seconds):
        virtual_clock.advance(seconds)

    hub, profilers = greenlet.getcurrent(), []
    greenlets = [work(1, 2), work(4, 8), work(16, 32)]
    for _ in range(2):
        for one in greenlets:
            one.switch()
    assert len(profilers) == 3
    for profiler, own in zip(profilers, [3, 12, 48]):
        totals = times(profiler)
        # "enabled" shows the others as what they are where no await is waited for.
        total = profiler.last_session.duration
        if mode == "strict":
            assert totals == {("main", "spend"): own, ("[out-of-context]",): total - own}
        else:
            assert totals == {("main", "spend"): total}
    assert active_profiler_context_var.get() is None


def test_the_same_context_is_the_same_task(virtual_clock, times):
    """A greenlet that is given the profiled one's context belongs to it."""
    import contextvars

    if not hasattr(greenlet.greenlet, "gr_context"):
        pytest.skip("this greenlet knows no contexts")

    def main():
        with Profiler(0.001, "strict") as profiler:
            other = greenlet.greenlet(mine)
            other.gr_context = contextvars.copy_context()
            other.switch()
        return profiler

    def mine():
        virtual_clock.advance(1)

    profiler = main()
    totals = times(profiler)
    assert sum(seconds for stack, seconds in totals.items() if stack[-1] == "mine") == 1


@pytest.mark.sampler
class TestSampler:
    """It looks from outside, and a switch changes the whole stack between two instructions."""

    @pytest.mark.parametrize("seconds, count", [(0.001, 100), (0.00001, 5000)])
    def test_each_greenlet_has_its_own_stack(self, read_stacks, seconds, count):
        def main():
            first, second = greenlet.greenlet(one), greenlet.greenlet(two)
            for _ in range(count):
                first.switch()
                second.switch()
                spend()

        def one():
            while True:
                one_leaf()
                hub.switch()

        def one_leaf():
            spend()

        def two():
            while True:
                child = greenlet.greenlet(two_child)
                child.switch()
                hub.switch()

        def two_child():
            two_grandchild(5)

        def two_grandchild(levels):
            if levels:
                two_grandchild(levels - 1)
            else:
                spend()

        def spend():
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                pass

        hub = greenlet.getcurrent()
        with Profiler(0.0002, "disabled", engine="sampler") as profiler:
            main()
        whole = {
            ("main", "spend"),
            ("one", "one_leaf", "spend"),
            ("two",),
            ("two_child", *["two_grandchild"] * 6, "spend"),
        }
        possible = {stack[:depth] for stack in whole for depth in range(len(stack) + 1)}
        times = {}
        for stack, total in read_stacks(profiler.last_session, __file__).items():
            # What is outside of this test is the main greenlet's.
            below = stack[stack.index("main") :] if "main" in stack else stack
            below = () if below[:1] == ("test_each_greenlet_has_its_own_stack",) else below
            times[below] = times.get(below, 0) + total
        assert times.keys() <= possible
        parts = [times[stack] for stack in whole if stack[-1] == "spend"]
        assert min(parts) > 0.2 * max(parts)

    def test_gevent(self, read_stacks):
        gevent = pytest.importorskip("gevent")

        def one():
            for _ in range(50):
                work(0.001)
                gevent.sleep(0.0005)

        def two():
            for _ in range(50):
                work(0.001)
                gevent.sleep(0)

        def work(seconds):
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                pass

        with Profiler(0.0002, "disabled", engine="sampler") as profiler:
            gevent.joinall([gevent.spawn(one), gevent.spawn(two)])
        times = read_stacks(profiler.last_session, __file__)
        inner = {stack for stack in times if {"one", "two", "work"} & {*stack}}
        assert inner <= {("one",), ("two",), ("one", "work"), ("two", "work")}
        assert min(times["one", "work"], times["two", "work"]) > 0.03
