"""CPU time, and which stacks it belongs to."""

from __future__ import annotations

import threading
import time
import zlib

import pytest

from spinetail import Profiler


def compute(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(200))


def pause(seconds):
    time.sleep(seconds)


def in_c(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        zlib.compress(DATA)


DATA = bytes(range(256)) * 4096


def cpu_seconds(session, thread=0):
    """CPU seconds by the functions that are anywhere on the stack, and in all."""
    from spinetail._library import native

    frames, stacks, threads = native.session_samples(session._handle)
    totals = {}
    for stack, _, _, cpu in threads[thread][2]:
        names = {""}
        while stack:
            stack, frame = stacks[stack]
            names.add(frames[frame][0])
        for name in names:
            totals[name] = totals.get(name, 0) + cpu / 1e9
    return totals


@pytest.fixture(params=["setprofile", pytest.param("sampler", marks=pytest.mark.sampler)])
def engine(request):
    return request.param


# Shares of the thread's own clock, which other processes can't move.
NEAR = pytest.approx


class TestCurrentThread:
    def test_the_sum_is_what_the_thread_has_used(self, engine):
        profiler = Profiler(async_mode="disabled", engine=engine)
        profiler.start()
        begin = time.thread_time()
        compute(0.2)
        pause(0.1)
        used = time.thread_time() - begin
        totals = cpu_seconds(profiler.stop())
        assert totals[""] == NEAR(used, rel=0.1)

    def test_sleep_has_none(self, engine):
        profiler = Profiler(async_mode="disabled", engine=engine)
        profiler.start()
        for _ in range(5):
            compute(0.03)
            pause(0.03)
        totals = cpu_seconds(profiler.stop())
        assert totals["compute"] > 0.7 * totals[""]
        assert totals.get("pause", 0) < 0.15 * totals[""]

    def test_c_code_without_the_gil_has_its_own(self, engine):
        profiler = Profiler(async_mode="disabled", engine=engine)
        profiler.start()
        in_c(0.2)
        session = profiler.stop()
        totals = cpu_seconds(session)
        if engine == "setprofile" and totals[""] < 0.75 * session.duration:
            pytest.xfail("events move CPU time on from samples that ran for less than half of them")
        assert totals["in_c"] > 0.85 * totals[""]


@pytest.mark.sampler
class TestAllThreads:
    def test_each_thread_has_its_own(self):
        used = {}

        def run(job, seconds):
            begin = time.thread_time()
            job(seconds)
            used[threading.current_thread().name] = time.thread_time() - begin

        jobs = [("computes", compute, 0.2), ("in c", in_c, 0.2), ("sleeps", pause, 0.2)]
        threads = [
            threading.Thread(target=run, args=(job, seconds), name=name)
            for name, job, seconds in jobs
        ]
        profiler = Profiler(async_mode="disabled", threads="all")
        profiler.start()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        session = profiler.stop()
        from spinetail._library import native

        names = [name for name, *_ in native.session_samples(session._handle)[2]]
        for name in ("computes", "in c"):
            totals = cpu_seconds(session, names.index(name))
            assert totals[""] == NEAR(used[name], rel=0.15)
        assert cpu_seconds(session, names.index("in c"))["in_c"] > 0.15
        assert cpu_seconds(session, names.index("sleeps"))[""] < 0.02
