"""Profiles of all threads, by the sampler."""

from __future__ import annotations

import _thread
import asyncio
import concurrent.futures
import os
import subprocess
import sys
import threading
import time
import zlib

import pytest

from spinetail import Profiler

pytestmark = pytest.mark.sampler


def compute(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(200))


def resident():
    """Bytes of memory in use."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def wait(seconds):
    time.sleep(seconds)


class Track:
    """One thread of a session, from what the native library gives."""

    def __init__(self, session, thread):
        from spinetail._library import native

        frames, stacks, _ = native.session_samples(session._handle)
        self.name, self.identifier, samples = thread[:3]
        self.seconds = sum(sample[1] for sample in samples) / 1e9
        self.held = sum(1 for sample in samples if sample[2] & 1)
        self.functions = set()
        for stack in {sample[0] for sample in samples}:
            while stack:
                stack, frame = stacks[stack]
                self.functions.add(frames[frame][0])


def tracks(session):
    from spinetail._library import native

    return [Track(session, thread) for thread in native.session_samples(session._handle)[2]]


def track(session, name):
    (found,) = (track for track in tracks(session) if track.name == name)
    return found


def profile(body, **options):
    profiler = Profiler(async_mode="disabled", threads="all", **options)
    profiler.start()
    try:
        body()
    finally:
        session = profiler.stop()
    return session


def run_threads(*jobs):
    threads = [threading.Thread(target=job, args=args, name=name) for name, job, *args in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class TestAllThreads:
    def test_each_thread_has_its_own_stacks_and_time(self):
        session = profile(
            lambda: run_threads(("one", compute, 0.2), ("two", compute, 0.2), ("idle", wait, 0.2))
        )
        assert [track.name for track in tracks(session)][0] == threading.current_thread().name
        for name in ("one", "two"):
            assert "compute" in track(session, name).functions
            assert "wait" not in track(session, name).functions
            assert track(session, name).held > 0
        assert "wait" in track(session, "idle").functions
        main = tracks(session)[0]
        assert main.seconds == pytest.approx(session.duration, abs=1e-6)
        assert "run_threads" in main.functions and "compute" not in main.functions
        assert track(session, "idle").seconds <= session.duration + 1e-6

    def test_threads_that_have_ended_keep_their_names(self):
        def body():
            for number in range(5):
                thread = threading.Thread(target=wait, args=(0.02,), name=f"short {number}")
                thread.start()
                thread.join()
                del thread

        names = [track.name for track in tracks(profile(body))]
        assert names[1:] == [f"short {number}" for number in range(5)]

    def test_threading_is_left_as_it_was(self):
        before = type(threading._active)
        profile(lambda: run_threads(("one", wait, 0.01)))
        assert type(threading._active) is before is dict
        assert threading.current_thread().ident in threading._active
        run_threads(("after", wait, 0.01))
        assert len(threading._active) == len(threading.enumerate())

    def test_a_thread_that_threading_does_not_know(self):
        done = _thread.allocate_lock()
        done.acquire()

        def unknown():
            compute(0.1)
            done.release()

        def body():
            _thread.start_new_thread(unknown, ())
            done.acquire()

        found = [track for track in tracks(profile(body)) if "unknown" in track.functions]
        assert len(found) == 1
        assert found[0].name.startswith("Thread ")

    def test_threads_of_pools_and_of_asyncio(self):
        def body():
            with concurrent.futures.ThreadPoolExecutor(2, thread_name_prefix="pool") as pool:
                list(pool.map(compute, [0.05] * 4))

            async def main():
                await asyncio.to_thread(compute, 0.1)

            asyncio.run(main())

        session = profile(body)
        names = [track.name for track in tracks(session) if "compute" in track.functions]
        assert {name.split("_")[0] for name in names} == {"pool", "asyncio"}

    def test_threads_that_have_ended_cost_little(self):
        """A server may begin them by the hundred thousand while it is profiled."""

        def body():
            growth.append(resident())
            for _ in range(2000):
                thread = threading.Thread(target=compute, args=[0.0003])
                thread.start()
                thread.join()
            growth.append(resident())

        growth = []
        session = profile(body, interval=0.0002)
        assert len(session.threads) > 100
        assert growth[1] - growth[0] < 4_000_000 + 8_000 * len(session.threads)

    def test_a_thread_in_c_code_without_the_gil(self):
        data = os.urandom(1 << 20)

        def compress():
            end = time.perf_counter() + 0.2
            while time.perf_counter() < end:
                zlib.compress(data)

        session = profile(lambda: run_threads(("zip", compress), ("busy", compute, 0.2)))
        zip_track = track(session, "zip")
        assert "compress" in zip_track.functions
        assert zip_track.seconds > 0.1

    def test_many_threads(self):
        event = threading.Event()

        def body():
            threads = [threading.Thread(target=event.wait, name="many") for _ in range(60)]
            for thread in threads:
                thread.start()
            compute(0.1)
            event.set()
            for thread in threads:
                thread.join()

        session = profile(body)
        # One that was joined before may not be quite gone yet.
        assert [track.name for track in tracks(session)].count("many") == 60
        assert tracks(session)[0].held > 0

    def test_threads_come_and_go(self):
        def body():
            end = time.perf_counter() + 0.5
            while time.perf_counter() < end:
                run_threads(*[("brief", compute, 0.001)] * 4)

        session = profile(body, interval=0.0005)
        assert session.statistics["beats"] > 0
        assert tracks(session)[0].seconds == pytest.approx(session.duration, abs=1e-6)
        assert any("compute" in track.functions for track in tracks(session)[1:])

    def test_the_starting_thread_may_end(self):
        profiler = Profiler(async_mode="disabled", threads="all")
        thread = threading.Thread(target=profiler.start, name="starter")
        thread.start()
        thread.join()
        compute(0.1)
        session = profiler.stop()
        assert "compute" in track(session, threading.current_thread().name).functions

    def test_only_the_current_one(self):
        profiler = Profiler(async_mode="disabled", threads="current")
        profiler.start()
        run_threads(("other", compute, 0.1))
        assert [track.name for track in tracks(profiler.stop())] == [
            threading.current_thread().name
        ]

    def test_two_profilers_at_once(self):
        everything = Profiler(async_mode="disabled", threads="all")
        mine = Profiler(async_mode="disabled")
        everything.start()
        mine.start()
        run_threads(("other", compute, 0.1))
        assert len(tracks(mine.stop())) == 1
        assert len(tracks(everything.stop())) == 2

    def test_unknown_word(self):
        with pytest.raises(ValueError, match="threads must be 'current' or 'all', not 'some'"):
            Profiler(threads="some")


# Each of these runs in a process of its own, whose state it changes.
PROGRAM = """
import os, sys, threading, time
from spinetail import Profiler

def compute(seconds):
    end = time.thread_time() + seconds  # its own, however busy the machine is
    while time.thread_time() < end:
        sum(range(200))

{setup}
for threads in ("current", "all"):
    profiler = Profiler(async_mode="disabled", threads=threads)
    profiler.start()
    other = threading.Thread(target=compute, args=(0.15,))
    other.start()
    {body}
    other.join()
    session = profiler.stop()
    statistics = session.statistics
    assert statistics["beats"] > 20, statistics
    assert "compute" in profiler.output_text(), profiler.output_text()
    good = statistics["followed"] + statistics["nobody"]
    print(threads, good / statistics["beats"], statistics)
    assert {check}, statistics
"""


def run_program(setup="", body="compute(0.15)", check="good > 0.8 * statistics['beats']", **env):
    program = PROGRAM.format(setup=setup, body=body, check=check)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout


several_processors = pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2, reason="needs two processors"
)


@pytest.mark.any_version
class TestProcessors:
    """Wherever the threads may run, and may not."""

    def test_one_processor_only(self):
        run_program("os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})")

    @several_processors
    def test_a_thread_that_is_kept_on_another_one(self):
        run_program(
            body="os.sched_setaffinity(0, {max(os.sched_getaffinity(0))}); compute(0.15)",
        )

    @several_processors
    def test_a_thread_that_hops(self):
        run_program(
            "everywhere = sorted(os.sched_getaffinity(0))",
            "[(os.sched_setaffinity(0, {everywhere[n % 2]}), compute(0.005)) for n in range(60)]",
            "good > 0.5 * statistics['beats']",
        )

    @several_processors
    def test_all_threads_are_moved_in_mid_run(self):
        # As "taskset -ap" does, and cpusets: ours are moved too.
        run_program(
            """
everywhere = sorted(os.sched_getaffinity(0))
def move(to):
    for task in os.listdir("/proc/self/task"):
        try:
            os.sched_setaffinity(int(task), to)
        except ProcessLookupError:
            pass
""",
            "[(move({everywhere[n % 2]}), compute(0.05)) for n in range(6)]; "
            "move(set(everywhere)); compute(0.1)",
            "good > 0.5 * statistics['beats']",
        )

    def test_without_restartable_sequences(self):
        run_program(GLIBC_TUNABLES="glibc.pthread.rseq=0")

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
    def test_without_restartable_sequences_and_proc(self):
        hide_proc = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x20000) != 0 or libc.mount(None, b"/", None, 0x44000, None) != 0 or (
    libc.mount(b"none", b"/proc", b"tmpfs", 0, None) != 0
):
    print("no mount namespaces here")
    sys.exit(0)
assert not os.listdir("/proc")
"""
        run_program(
            hide_proc,
            check="statistics['unfollowed'] > 0.5 * statistics['beats']",
            GLIBC_TUNABLES="glibc.pthread.rseq=0",
        )
