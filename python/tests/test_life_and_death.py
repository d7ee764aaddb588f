"""Processes, threads and interpreters that begin and end while they are profiled."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from spinetail._library import native

ENGINES = ["setprofile"] + (["sampler"] if native.sampler_refusal() is None else [])

TOOLS = """
import os, sys, threading, time
from spinetail import Profiler
from spinetail._library import native

def spin(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for _ in range(50): pass

def times(session):
    # Seconds by function, callees included.
    frames, stacks, threads = native.session_samples(session._handle)
    totals = {}
    for _, _, samples in threads:
        for stack, nanoseconds, *_ in samples:
            names = set()
            while stack:
                stack, frame = stacks[stack]
                names.add(frames[frame][0])
            for name in names:
                totals[name] = totals.get(name, 0) + nanoseconds / 1e9
    return totals
"""

pytestmark = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture
def run_program():
    """Runs code after `TOOLS`, in a process of its own, with `ENGINE` set. Gives its output; all
    that goes wrong shows on standard error, which must be empty.
    """

    def run(code, engine, status=0):
        script = f"ENGINE = {engine!r}\n" + TOOLS + textwrap.dedent(code)
        done = subprocess.run(
            [sys.executable, "-X", "faulthandler", "-W", "ignore", "-c", script],
            capture_output=True,
            timeout=60,
        )
        assert (done.returncode, done.stderr.decode()) == (status, "")
        return done.stdout.decode()

    return run


class TestThreads:
    def test_one_that_ends_while_it_is_profiled(self, engine, run_program):
        output = run_program(
            """
            def target():
                profilers.append(Profiler(engine=ENGINE))
                profilers[0].start()
                spin(0.3)

            profilers = []
            thread = threading.Thread(target=target)
            thread.start()
            thread.join()
            spin(0.4)
            session = profilers[0].stop()
            print(session.duration < 0.65, times(session)["spin"] > 0.05)
            """,
            engine,
        )
        assert output == "True True\n"

    def test_many_that_begin_and_end_beside(self, engine, run_program):
        output = run_program(
            """
            def churn():
                while not is_over:
                    threads = [threading.Thread(target=sum, args=(range(99),)) for _ in range(5)]
                    for thread in threads: thread.start()
                    for thread in threads: thread.join()

            is_over = []
            churner = threading.Thread(target=churn)
            churner.start()
            with Profiler(engine=ENGINE) as profiler:
                spin(0.3)
            is_over.append(True)
            churner.join()
            seen = times(profiler.last_session)
            print("spin" in seen, "churn" in seen)
            """,
            engine,
        )
        assert output == "True False\n"


class TestForks:
    def test_the_child_goes_on_without_the_profile(self, engine, run_program):
        output = run_program(
            """
            with Profiler(engine=ENGINE) as profiler:
                spin(0.05)
                child = os.fork()
                if not child:
                    print(profiler.is_running, sys.getprofile(), flush=True)
                else:
                    os.waitpid(child, 0)
                    def parents(): spin(0.1)
                    parents()
            if not child:
                print(profiler.last_session, flush=True)
                with Profiler(engine=ENGINE) as second:
                    spin(0.05)
                print(second.last_session.duration > 0.04, flush=True)
                os._exit(0)
            print(times(profiler.last_session)["parents"] > 0.05)
            """,
            engine,
        )
        assert output.splitlines() == ["False None", "None", "True", "True"]

    def test_a_fork_from_another_thread(self, engine, run_program):
        output = run_program(
            """
            def fork():
                for _ in range(10):
                    child = os.fork()
                    if not child:
                        spin(0.01)
                        os._exit(3)
                    statuses.add(os.waitpid(child, 0)[1] >> 8)

            statuses = set()
            with Profiler(engine=ENGINE) as profiler:
                thread = threading.Thread(target=fork)
                thread.start()
                end = time.thread_time() + 0.2  # its own, however busy the machine is
                while time.thread_time() < end: spin(0.01)
                thread.join()
            print(statuses, times(profiler.last_session)["spin"] > 0.05)
            """,
            engine,
        )
        assert output == "{3} True\n"

    def test_the_command_reports_once(self, engine, workshop):
        workshop.write(
            "s.py",
            "import os, time\n"
            "child = os.fork()\n"
            "end = time.perf_counter() + 0.05\n"
            "while time.perf_counter() < end: pass\n"
            "if child: os.waitpid(child, 0)\n"
            "print('parent' if child else 'child', flush=True)\n",
        )
        outcome = workshop.spinetail("--engine", engine, "s.py", flags=["-W", "ignore"])
        assert (outcome.returncode, outcome.stderr) == (0, "")
        assert outcome.stdout.count("Duration") == 1
        assert outcome.stdout.splitlines()[:2] == ["child", "parent"]

    def test_a_daemon(self, engine, workshop):
        """It forks twice, closes all files, and works on when its parent has reported."""
        workshop.write(
            "s.py",
            "import os, sys, time\n"
            "read, write = os.pipe()\n"
            "if os.fork():\n"
            "    os.close(write)\n"
            "    print(os.read(read, 100).decode())\n"
            "    sys.exit(4)\n"
            "os.setsid()\n"
            "if os.fork(): os._exit(0)\n"
            "os.dup2(write, 3)\n"
            "os.closerange(4, 2000)\n"
            "os.closerange(0, 3)\n"
            "sum(range(100000))\n"
            "os.write(3, b'done')\n",
        )
        plain = workshop.python("s.py")
        profiled = workshop.spinetail("--engine", engine, "-o", "r.txt", "s.py")
        assert plain.stdout == profiled.stdout == "done\n"
        assert (profiled.returncode, profiled.stderr) == (4, plain.stderr)
        assert (workshop.folder / "r.txt").read_text().count("Duration") == 1


MULTIPROCESSING = """
import multiprocessing, os, sys, time

def square(number):
    sum(range(2000))
    return number * number

def work():
    for method in ("fork", "spawn", "forkserver"):
        context = multiprocessing.get_context(method)
        with context.Pool(2) as pool:
            print(method, pool.map(square, range(6)), flush=True)
        process = context.Process(target=square, args=(3,))
        process.start()
        process.join()
        print(process.exitcode, flush=True)
"""


class TestMultiprocessing:
    def test_under_the_command(self, engine, workshop):
        workshop.write("s.py", MULTIPROCESSING + "if __name__ == '__main__': work()\n")
        plain = workshop.python("s.py", flags=["-W", "ignore"])
        profiled = workshop.spinetail(
            "--engine", engine, "-o", "r.txt", "s.py", flags=["-W", "ignore"]
        )
        assert plain.stdout.count("[0, 1, 4, 9, 16, 25]") == 3, plain.stderr
        assert profiled.stdout == plain.stdout
        assert (profiled.returncode, profiled.stderr) == (0, plain.stderr)
        assert "work" in (workshop.folder / "r.txt").read_text()

    def test_with_the_api(self, engine, workshop):
        workshop.write(
            "s.py",
            MULTIPROCESSING
            + "from spinetail import Profiler\n"
            + "if __name__ == '__main__':\n"
            + f"    with Profiler(engine={engine!r}) as profiler: work()\n"
            + "    print('work' in profiler.output_text(), profiler.last_session.engine)\n",
        )
        outcome = workshop.python("s.py", flags=["-W", "ignore"])
        assert (outcome.returncode, outcome.stderr) == (0, "")
        lines = outcome.stdout.splitlines()
        assert len(lines) == 7 and lines[-1] == f"True {engine}"
        assert lines[0] == "fork [0, 1, 4, 9, 16, 25]"


ENDINGS = {
    "the end of the script": "",
    "sys.exit": "sys.exit(5)",
    "the end of a function": "def f(): Profiler(engine=ENGINE).start(); spin(0.01)\nf(); f()",
    "stopped by atexit": "import atexit; atexit.register(profiler.stop)",
    "started by atexit": """
import atexit
def late():
    other = Profiler(engine=ENGINE)
    other.start()
    spin(0.02)
    print(other.is_running, flush=True)
atexit.register(late)
""",
    "used at a finalizer": """
class Last:
    def __del__(self, stop=profiler.stop):
        stop()
last = Last()
last.itself = None
""",
    "a daemon thread": """
def target():
    other = Profiler(engine=ENGINE)
    other.start()
    started.set()
    while True: sum(range(100))
started = threading.Event()
threading.Thread(target=target, daemon=True).start()
started.wait()
""",
    "a sleeping daemon thread": """
def target():
    with Profiler(engine=ENGINE):
        started.set()
        time.sleep(1000)
started = threading.Event()
threading.Thread(target=target, daemon=True).start()
started.wait()
""",
    "a thread that starts and stops": """
def target():
    started.set()
    while True:
        with Profiler(engine=ENGINE): pass
started = threading.Event()
threading.Thread(target=target, daemon=True).start()
started.wait()
spin(0.05)
""",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_interpreter_ends_while_a_profiler_runs(engine, ending, run_program):
    start = "profiler = Profiler(interval=0.0002, engine=ENGINE)\nprofiler.start()\nspin(0.02)\n"
    status = 5 if ending == "sys.exit" else 0
    output = run_program(start + ENDINGS[ending], engine, status=status)
    assert output == ("True\n" if ending == "started by atexit" else "")


REPLACED = {
    "os._exit": "os._exit(6)",
    "os.execv": "os.execv(sys.executable, [sys.executable, '-c', 'print(1); raise SystemExit(6)'])",
    "os.abort": "os.dup2(os.open(os.devnull, os.O_WRONLY), 2); os.abort()",
    "SIGKILL": "os.kill(os.getpid(), 9)",
}


@pytest.mark.parametrize("end", REPLACED)
def test_the_process_is_gone_at_once(engine, end, workshop):
    workshop.write(
        "s.py",
        "import os, resource, sys, threading, time\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
        "threading.Thread(target=time.sleep, args=(100,), daemon=True).start()\n"
        f"time.sleep(0.05)\nsum(range(100000))\nprint('before', flush=True)\n{REPLACED[end]}\n",
    )
    plain = workshop.python("s.py")
    profiled = workshop.spinetail("--engine", engine, "-o", "r.txt", "s.py")
    assert plain.stdout.startswith("before\n")
    assert (profiled.returncode, profiled.stdout) == (plain.returncode, plain.stdout)
    assert profiled.stderr == plain.stderr
    assert not (workshop.folder / "r.txt").exists()


def test_a_storm_of_signals(engine, run_program):
    output = run_program(
        """
        import signal
        def handle(number, frame):
            calls.append(1)
            for _ in range(100): pass
        def work():
            end = time.thread_time() + 0.3  # its own, however busy the machine is
            while time.thread_time() < end: spin(0.01)
        calls = []
        signal.signal(signal.SIGALRM, handle)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        with Profiler(engine=ENGINE) as profiler:
            work()
        signal.setitimer(signal.ITIMER_REAL, 0)
        seen = times(profiler.last_session)
        print(len(calls) > 50, 0.1 < seen["work"] <= profiler.last_session.duration + 0.001)
        """,
        engine,
    )
    assert output == "True True\n"


def test_a_frozen_heap(engine, run_program):
    output = run_program(
        """
        import gc
        def work():
            for _ in range(20):
                made = [dict(a=n) for n in range(2000)]
                gc.freeze()
                gc.collect()
                exec("def made_here(): spin(0.005)", globals())
                made_here()
                gc.unfreeze()
        with Profiler(engine=ENGINE) as profiler:
            work()
        print(times(profiler.last_session)["made_here"] > 0.05)
        """,
        engine,
    )
    assert output == "True\n"


SUBINTERPRETERS = """
try:
    from concurrent import interpreters
    def run(code):
        interpreter = interpreters.create()
        interpreter.exec(code)
        interpreter.close()
except ImportError:
    try:
        import _interpreters as interpreters
    except ImportError:
        import _xxsubinterpreters as interpreters
    def run(code):
        identifier = interpreters.create()
        interpreters.run_string(identifier, code)
        interpreters.destroy(identifier)
"""


@pytest.mark.skipif(sys.version_info < (3, 9), reason="subinterpreters were young")
class TestSubinterpreters:
    def test_they_come_and_go(self, engine, run_program):
        output = run_program(
            SUBINTERPRETERS
            + textwrap.dedent("""
            def others():
                for _ in range(5):
                    run("def deep(n): return deep(n - 1) if n else sum(range(2000))\\n"
                        "for _ in range(20): deep(50)")
            def work():
                others()
                spin(0.2)
            with Profiler(interval=0.0002, engine=ENGINE) as profiler:
                work()
            session, seen = profiler.last_session, times(profiler.last_session)
            parts = seen.get("others", 0) + seen["spin"]
            print(parts <= seen["work"] + 0.001, seen["spin"] > 0.1, "deep" in seen)
            """),
            engine,
        )
        assert output == "True True False\n"

    def test_they_run_on_other_threads(self, engine, run_program):
        output = run_program(
            SUBINTERPRETERS
            + textwrap.dedent("""
            def others():
                while not is_over:
                    run("def foreign():\\n  for n in range(3000): str(n)\\nforeign()")
            is_over = []
            threads = [threading.Thread(target=others) for _ in range(2)]
            for thread in threads: thread.start()
            with Profiler(interval=0.0002, engine=ENGINE) as profiler:
                spin(0.4)
            is_over.append(True)
            for thread in threads: thread.join()
            seen = times(profiler.last_session)
            print("spin" in seen, "foreign" in seen)
            """),
            engine,
        )
        assert output == "True False\n"


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python calls use the C stack")
def test_a_recursion_of_50_000_calls(engine, run_program):
    output = run_program(
        """
        def down(n):
            if n: return down(n - 1)
            end = time.thread_time() + 0.4  # a look at so many frames takes some milliseconds
            while time.thread_time() < end: spin(0.01)
        sys.setrecursionlimit(100_000)
        start = time.perf_counter()
        with Profiler(engine=ENGINE) as profiler:
            down(50_000)
        print(time.perf_counter() - start < 15)
        session = profiler.last_session
        frames, stacks, threads = native.session_samples(session._handle)
        depth = 0
        for _, _, samples in threads:
            for stack, *_ in samples:
                steps = 0
                while stack: stack, steps = stacks[stack][0], steps + 1
                depth = max(depth, steps)
        print(50_001 < depth < 50_010, "spin" in times(session))
        text = profiler.output_text()
        print("down" in text, "down" in profiler.output_text(show_all=True))
        """,
        engine,
    )
    assert output == "True\nTrue True\nTrue True\n"


def test_ten_thousand_samples_a_second(engine, run_program):
    output = run_program(
        """
        def first(): spin(0.001)
        def second(): spin(0.001)
        def work():
            for _ in range(200): first(); second()
        with Profiler(interval=0.0001, engine=ENGINE) as profiler:
            work()
        session, seen = profiler.last_session, times(profiler.last_session)
        print(session.sample_count > 100, min(seen["first"], seen["second"]) > 0.05)
        print(seen["first"] + seen["second"] <= seen["work"] + 0.001 <= session.duration + 0.002)
        """,
        engine,
    )
    assert output == "True True\nTrue\n"


def test_uvloop(engine, run_program):
    pytest.importorskip("uvloop")
    output = run_program(
        """
        import asyncio, uvloop
        async def worker(n):
            for _ in range(5):
                spin(0.01)
                await asyncio.sleep(0.01)
        async def main(): await asyncio.gather(*map(worker, range(3)))
        with Profiler(async_mode="disabled", engine=ENGINE) as profiler:
            uvloop.install()
            asyncio.run(main())
        seen = times(profiler.last_session)
        print(seen["worker"] > 0.1, seen["spin"] > 0.1)
        """,
        engine,
    )
    assert output == "True True\n"
