"""Samples of the calling thread's stack, handed to functions of yours, and the thread's clock."""

from __future__ import annotations

from _thread import _local, get_ident
from _weakref import ref
from time import monotonic

from spinetail._library import native
from spinetail.context_binding import ContextBinding, active_profiler_context_var
from spinetail.forks import watch_forks
from spinetail.interval import checked_interval
from spinetail.thread_names import current_thread_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional

    StackSamplerTarget = Callable[[List[str], float, Optional["AsyncState"]], Any]

__all__ = [
    "AsyncState",
    "StackSampler",
    "SubscriberNotFound",
    "active_profiler_context_var",
    "get_stack_sampler",
    "thread_locals",
]


class SubscriberNotFound(Exception):
    """The target to unsubscribe isn't subscribed."""


class AsyncState:
    """Where the thread was at a sample, as seen from the context that a target belongs to."""

    __slots__ = ("info", "state")

    def __init__(self, state: str, info: list[str] | None = None) -> None:
        self.state = state
        """``in_context``, ``out_of_context_awaited`` or ``out_of_context_unknown``."""
        self.info = info
        """The stack when the thread left the context; None while it is in it."""

    def __repr__(self) -> str:
        return f"AsyncState(state={self.state!r}, info={self.info!r})"


class StackSamplerSubscriber:
    """A target and how it is served."""

    def __init__(
        self,
        sampler: StackSampler,
        target: StackSamplerTarget,
        desired_interval: float,
        use_async_context: bool,
    ) -> None:
        """Begins to serve the target. Raises RuntimeError as StackSampler.subscribe does."""
        self.sampler = sampler
        self.target = target
        self.desired_interval = desired_interval
        self.last_time = sampler.now()
        self.binding = ContextBinding() if use_async_context else None
        self.subscription: object = None
        try:
            self.subscription = native.subscribe_events(
                deliverer(self),
                round(desired_interval * 1e9),
                sampler.timer_func,
                active_profiler_context_var,
                None if self.binding is None else self.binding.token,
                current_thread_name(),
            )
        except BaseException:
            self.end()
            raise

    def deliver(
        self,
        call_stack: list[str],
        time_since_last_sample: float,
        state: str | None,
        info: list[str] | None,
    ) -> None:
        self.last_time += time_since_last_sample
        self.sampler.last_profile_time = self.last_time
        async_state = None if state is None else AsyncState(state, info)
        try:
            self.target(call_stack, time_since_last_sample, async_state)
        except BaseException:
            self.sampler.forget(self)
            raise

    def end(self) -> None:
        if self.subscription is not None:
            native.unsubscribe_events(self.subscription)
        if self.binding is not None:
            self.binding.end()


def deliverer(subscriber: StackSamplerSubscriber) -> Callable[..., None]:
    """What the native library calls. It keeps nothing alive, so that a thread's sampler goes with
    the thread.
    """
    reference = ref(subscriber)

    def deliver(*sample: Any) -> None:
        found = reference()
        if found is not None:
            found.deliver(*sample)

    return deliver


class StackSampler:
    """Calls functions with samples of one thread's stack, by CPython's call and return events.

    To be used on that thread only; ``get_stack_sampler()`` gives each thread its own.
    """

    SubscriberNotFound = SubscriberNotFound

    def __init__(self) -> None:
        self.subscribers: list[StackSamplerSubscriber] = []
        self.timer_func: Callable[[], float] | None = None
        """The clock, in seconds, of each subscriber and profiler that starts later on this thread.
        None means the system's monotonic clock.
        """
        self.last_profile_time = 0.0
        """When a subscriber was last served, or one was added, on the sampler's clock."""
        self._thread = get_ident()

    def subscribe(
        self,
        target: StackSamplerTarget,
        *,
        desired_interval: float,
        use_timing_thread: bool | None = None,
        use_async_context: bool,
    ) -> None:
        """Calls ``target(call_stack, time_since_last_sample, async_state)`` from now on.

        ``call_stack`` is a list of frame-info strings that begins with the thread's and ends with
        the innermost frame's. The time since the target's last sample, or since the subscription,
        is in seconds and never much less than ``desired_interval``. With ``use_async_context``,
        the target belongs to the current context, and ``async_state`` says where the thread is;
        it is None otherwise. ``use_timing_thread`` changes nothing: no clock is asked at every
        event anyway.

        An exception in the target ends its subscription and is raised in the program.

        Raises ValueError for a target that is subscribed already, and RuntimeError on another
        thread and where another profile function is at work.
        """
        self._check_thread()
        if self._find(target) is not None:
            raise ValueError("This target is subscribed already: unsubscribe() it first.")
        interval = checked_interval(desired_interval)
        watch_forks()
        subscriber = StackSamplerSubscriber(self, target, interval, use_async_context)
        self.subscribers.append(subscriber)
        self.last_profile_time = subscriber.last_time

    def unsubscribe(self, target: StackSamplerTarget) -> None:
        """Calls the target no longer.

        Raises SubscriberNotFound if it isn't subscribed, and RuntimeError on another thread.
        """
        self._check_thread()
        subscriber = self._find(target)
        if subscriber is None:
            raise SubscriberNotFound(
                "This target isn't subscribed: subscribe() it first, on the same thread."
            )
        self.forget(subscriber)

    def forget(self, subscriber: StackSamplerSubscriber) -> None:
        """Takes a subscriber out."""
        self.subscribers = [one for one in self.subscribers if one is not subscriber]
        subscriber.end()

    def now(self) -> float:
        """The time on the sampler's clock, in seconds."""
        return monotonic() if self.timer_func is None else self.timer_func()

    def _find(self, target: StackSamplerTarget) -> StackSamplerSubscriber | None:
        # Equal, not identical: each access to a method makes a new object.
        return next((one for one in self.subscribers if one.target == target), None)

    def _check_thread(self) -> None:
        if get_ident() != self._thread:
            raise RuntimeError(
                "This stack sampler belongs to another thread: use get_stack_sampler() on this one."
            )


thread_locals = _local()


def get_stack_sampler() -> StackSampler:
    """The calling thread's stack sampler, made at the first call."""
    sampler = getattr(thread_locals, "stack_sampler", None)
    if not isinstance(sampler, StackSampler):
        sampler = thread_locals.stack_sampler = StackSampler()
    return sampler
