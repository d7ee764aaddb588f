"""Functions that get the samples, and the thread's clock."""

from __future__ import annotations

import contextvars
import gc
import os
import sys
import threading
import time
import weakref

import pytest

from spinetail import Profiler, stack_sampler
from spinetail.stack_sampler import (
    AsyncState,
    StackSampler,
    SubscriberNotFound,
    active_profiler_context_var,
    get_stack_sampler,
)


class Target:
    """A target that keeps what it gets."""

    def __init__(self):
        self.samples = []

    def __call__(self, call_stack, time_since_last_sample, async_state):
        self.samples.append((call_stack, time_since_last_sample, async_state))

    @property
    def times(self):
        return [seconds for _, seconds, _ in self.samples]

    @property
    def total(self):
        return sum(self.times)


@pytest.fixture
def sampler(virtual_clock):
    sampler = get_stack_sampler()
    assert sampler.subscribers == []
    yield sampler
    left = [subscriber.target for subscriber in sampler.subscribers]
    for target in left:
        sampler.unsubscribe(target)
    assert left == []
    assert sys.getprofile() is None


def subscribe(sampler, target, interval=0.001, use_async_context=False):
    sampler.subscribe(target, desired_interval=interval, use_async_context=use_async_context)


class TestSubscribers:
    def test_samples(self, sampler, virtual_clock):
        target = Target()
        subscribe(sampler, target)
        assert sys.getprofile() is not None
        assert [subscriber.target for subscriber in sampler.subscribers] == [target]
        virtual_clock.advance(2)
        virtual_clock.advance(0.5)
        sampler.unsubscribe(target)
        virtual_clock.advance(1)
        assert target.times == [2, 0.5]
        stack, _, state = target.samples[0]
        assert state is None
        name, file, identifier = stack[0].split("\0")
        assert (name, file) == (threading.current_thread().name, "<thread>")
        assert int(identifier) == threading.get_ident()
        assert stack[-1].startswith("advance\0")
        assert stack[-2].split("\0")[:2] == ["test_samples", __file__]
        assert "\x01cTestSubscribers\x01l" in stack[-2]

    def test_real_time(self):
        sampler, target = get_stack_sampler(), Target()
        start = time.perf_counter()
        subscribe(sampler, target, 0.005)
        end = time.thread_time() + 0.2  # its own, however busy the machine is
        while time.thread_time() < end:
            sum(range(100))
        sampler.unsubscribe(target)
        seconds = time.perf_counter() - start
        assert 3 < len(target.samples) <= seconds / 0.005 + 5
        assert 0.1 < target.total <= seconds
        assert abs(sampler.last_profile_time - time.perf_counter()) < 0.2

    def test_methods(self, sampler, virtual_clock):
        """They are new objects at each access, and equal."""

        class Owner:
            count = 0

            def take(self, *sample):
                self.count += 1

        owner = Owner()
        subscribe(sampler, owner.take)
        virtual_clock.advance(1)
        with pytest.raises(ValueError):
            subscribe(sampler, owner.take)
        sampler.unsubscribe(owner.take)
        assert owner.count == 1

    def test_the_same_target_twice(self, sampler, virtual_clock):
        target = Target()
        subscribe(sampler, target)
        with pytest.raises(ValueError, match="already"):
            subscribe(sampler, target)
        virtual_clock.advance(1)
        sampler.unsubscribe(target)
        assert target.times == [1]

    def test_unknown_target(self, sampler):
        with pytest.raises(SubscriberNotFound):
            sampler.unsubscribe(print)
        subscribe(sampler, print, 100)
        sampler.unsubscribe(print)
        with pytest.raises(SubscriberNotFound):
            sampler.unsubscribe(print)

    @pytest.mark.parametrize(
        "interval, error", [(0, ValueError), (-1, ValueError), ("1", TypeError)]
    )
    def test_bad_interval(self, sampler, interval, error):
        with pytest.raises(error, match="interval must be"):
            subscribe(sampler, print, interval)
        assert sampler.subscribers == []

    def test_each_has_its_own_interval(self, sampler, virtual_clock):
        quick, slow = Target(), Target()
        subscribe(sampler, quick, 0.25)
        subscribe(sampler, slow, 1)
        for _ in range(8):
            virtual_clock.advance(0.25)
        sampler.unsubscribe(quick)
        sampler.unsubscribe(slow)
        assert quick.times == [0.25] * 8
        assert slow.times == [1, 1]

    def test_no_time_from_before_the_start(self, sampler, virtual_clock):
        early, late = Target(), Target()
        subscribe(sampler, early, 1)
        virtual_clock.advance(0.75)
        subscribe(sampler, late, 1)
        virtual_clock.advance(0.5)
        virtual_clock.advance(0.5)
        sampler.unsubscribe(early)
        virtual_clock.advance(2)
        sampler.unsubscribe(late)
        assert early.times == [1.25]
        assert late.times == [1, 2]

    def test_last_profile_time(self, sampler, virtual_clock):
        virtual_clock.now = 5
        target = Target()
        subscribe(sampler, target, 1)
        assert sampler.last_profile_time == 5
        virtual_clock.advance(0.5)
        assert sampler.last_profile_time == 5
        virtual_clock.advance(1)
        assert sampler.last_profile_time == 6.5
        sampler.unsubscribe(target)

    def test_a_profiler_beside_it(self, sampler, virtual_clock):
        target = Target()
        subscribe(sampler, target, 1)
        with Profiler() as profiler:
            virtual_clock.advance(1)
            sampler.unsubscribe(target)
            virtual_clock.advance(1)
        assert target.times == [1]
        assert profiler.last_session.duration == 2

    def test_another_profile_function(self, sampler):
        sys.setprofile(print_nothing)
        try:
            with pytest.raises(RuntimeError, match="Another profile function"):
                subscribe(sampler, print, use_async_context=True)
            assert sys.getprofile() is print_nothing
        finally:
            sys.setprofile(None)
        assert sampler.subscribers == []
        assert active_profiler_context_var.get() is None

    def test_use_timing_thread_is_accepted(self, sampler):
        sampler.subscribe(
            print, desired_interval=100, use_timing_thread=True, use_async_context=False
        )
        sampler.unsubscribe(print)


def print_nothing(*event):
    pass


class TestExceptions:
    def test_in_the_target(self, sampler, virtual_clock):
        def fail(*sample):
            failures.append(sample)
            raise LookupError("no more")

        failures, good = [], Target()
        subscribe(sampler, fail, use_async_context=True)
        subscribe(sampler, good)
        with pytest.raises(LookupError, match="no more"):
            virtual_clock.advance(1)
        assert [subscriber.target for subscriber in sampler.subscribers] == [good]
        assert active_profiler_context_var.get() is None
        virtual_clock.advance(2)
        sampler.unsubscribe(good)
        assert len(failures) == 1
        assert good.total == 3

    def test_in_the_only_target(self, sampler, virtual_clock):
        def fail(*sample):
            raise LookupError

        subscribe(sampler, fail)
        with pytest.raises(LookupError):
            virtual_clock.advance(1)
        assert sys.getprofile() is None
        assert sampler.subscribers == []
        virtual_clock.advance(1)

    def test_in_the_timer_function(self, sampler, virtual_clock):
        def clock():
            if is_broken:
                raise LookupError("no time left")
            return virtual_clock.now

        is_broken, target = True, Target()
        sampler.timer_func = clock
        with pytest.raises(LookupError):
            subscribe(sampler, target, use_async_context=True)
        assert sampler.subscribers == []
        is_broken = False
        subscribe(sampler, target)
        with pytest.raises(LookupError):
            is_broken = True
            print_nothing()
        print_nothing()
        sampler.unsubscribe(target)

    def test_a_target_that_unsubscribes_itself(self, sampler, virtual_clock):
        def once(*sample):
            samples.append(sample)
            sampler.unsubscribe(once)

        samples = []
        subscribe(sampler, once)
        virtual_clock.advance(1)
        assert sys.getprofile() is None
        virtual_clock.advance(1)
        assert len(samples) == 1

    def test_a_target_that_unsubscribes_another(self, sampler, virtual_clock):
        def take(*sample):
            if len(sampler.subscribers) > 1:
                sampler.unsubscribe(other)

        other = Target()
        subscribe(sampler, take)
        subscribe(sampler, other)
        virtual_clock.advance(1)
        virtual_clock.advance(1)
        sampler.unsubscribe(take)
        assert other.samples == []

    def test_a_target_that_subscribes_another(self, sampler, virtual_clock):
        def take(*sample):
            if len(sampler.subscribers) == 1:
                subscribe(sampler, other)

        other = Target()
        subscribe(sampler, take)
        virtual_clock.advance(1)
        virtual_clock.advance(2)
        sampler.unsubscribe(take)
        sampler.unsubscribe(other)
        assert other.times == [2]


class TestContexts:
    def test_states(self, sampler, virtual_clock):
        target = Target()
        subscribe(sampler, target, use_async_context=True)
        virtual_clock.advance(1)
        contextvars.Context().run(virtual_clock.advance, 2)
        contextvars.copy_context().run(virtual_clock.advance, 4)
        sampler.unsubscribe(target)
        assert active_profiler_context_var.get() is None
        passed = [(seconds, state) for _, seconds, state in target.samples if seconds]
        assert [(seconds, state.state) for seconds, state in passed] == [
            (1, "in_context"),
            (2, "out_of_context_unknown"),
            (4, "in_context"),
        ]
        states = [state for _, state in passed]
        assert states[0].info is None
        assert states[1].info[0] == target.samples[0][0][0]
        assert states[1].info[-1].startswith("test_states\0")
        assert isinstance(states[0], AsyncState)
        assert "out_of_context_unknown" in repr(states[1])

    def test_awaited(self, sampler, virtual_clock):
        class Pause:
            def __await__(self):
                yield

        async def outer():
            subscribe(sampler, target, use_async_context=True)
            await inner()

        async def inner():
            await Pause()

        target, coroutine = Target(), outer()
        contextvars.Context().run(coroutine.send, None)
        virtual_clock.advance(2)
        sampler.unsubscribe(target)
        coroutine.close()
        [(stack, state)] = [(stack, state) for stack, s, state in target.samples if s]
        assert state.state == "out_of_context_awaited"
        names = [line.split("\0")[0] for line in state.info]
        assert names[-4:] == ["test_awaited", "outer", "inner", "__await__"]
        assert stack[-1].startswith("advance\0")

    def test_several_contexts(self, sampler, virtual_clock):
        contexts = [contextvars.copy_context() for _ in range(3)]
        targets = [Target() for _ in contexts]
        for context, target in zip(contexts, targets):
            context.run(subscribe, sampler, target, 0.001, True)
        for seconds, context in enumerate(contexts, start=1):
            context.run(virtual_clock.advance, seconds)
        for context, target in zip(contexts, targets):
            context.run(sampler.unsubscribe, target)
            assert context.run(active_profiler_context_var.get) is None
        for number, target in enumerate(targets, start=1):
            inside = [s for _, s, state in target.samples if s and state.state == "in_context"]
            assert inside == [number]
            assert target.total == 6

    def test_one_that_follows_contexts_joins_one_that_does_not(self, sampler, virtual_clock):
        everywhere, here = Target(), Target()
        subscribe(sampler, everywhere)
        subscribe(sampler, here, use_async_context=True)
        contextvars.Context().run(virtual_clock.advance, 1)
        sampler.unsubscribe(everywhere)
        sampler.unsubscribe(here)
        assert {state.state for _, s, state in here.samples if s} == {"out_of_context_unknown"}
        assert {state for _, s, state in everywhere.samples} == {None}


class TestThreads:
    def test_each_has_its_own(self):
        def target():
            own = get_stack_sampler()
            found.append(own is get_stack_sampler() is stack_sampler.thread_locals.stack_sampler)
            found.append(own is main)
            own.timer_func = lambda: 0.0

        main, found = get_stack_sampler(), []
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
        assert found == [True, False]
        assert main.timer_func is None
        assert isinstance(main, StackSampler)

    def test_refuses_another(self, sampler):
        def target():
            for call in (sampler.unsubscribe, lambda target: subscribe(sampler, target)):
                with pytest.raises(RuntimeError, match="another thread"):
                    call(print_nothing)
                refused.append(call)

        refused = []
        subscribe(sampler, print_nothing, 100)
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
        assert len(refused) == 2
        sampler.unsubscribe(print_nothing)

    def test_goes_with_its_thread(self):
        def target():
            samplers.append(weakref.ref(get_stack_sampler()))
            taker = Target()
            takers.append(weakref.ref(taker))
            subscribe(get_stack_sampler(), taker)
            sum(range(1000))

        samplers, takers = [], []
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
        gc.collect()
        assert samplers[0]() is None
        assert takers[0]() is None

    def test_fork(self, sampler, virtual_clock):
        target = Target()
        subscribe(sampler, target)
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            virtual_clock.advance(1)
            os.write(write, repr((len(target.samples), sys.getprofile())).encode())
            os._exit(0)
        os.waitpid(pid, 0)
        os.close(write)
        with open(read) as answer:
            assert answer.read() == "(0, None)"
        virtual_clock.advance(1)
        sampler.unsubscribe(target)
        assert target.times == [1]
