"""A program sees under the command what it sees under plain python."""

# ruff: noqa: E501

from __future__ import annotations

import os
import stat
import sys
import textwrap

import pytest

# The flag that keeps a program's folder off the path.
SAFE_PATH = [["-P"]] if sys.version_info >= (3, 11) else []

SHOW_ARGV = "import sys; print(sys.argv)"
SHOW_ORIGINAL = "import sys; print(sys.orig_argv)"

SHOW_SURROUNDINGS = """
import sys
print(sys.argv, sys.path[0], sys.path, __name__)
for name, value in list(globals().items()):
    if name not in ("sys", "__builtins__", "__loader__", "__spec__", "name", "value"):
        print(name, repr(value))
print(__builtins__, type(__loader__), getattr(__loader__, "path", None), __loader__ if isinstance(__loader__, type) else "")
print(__spec__ and (__spec__.name, __spec__.origin, __spec__.has_location, __spec__.cached))
print(list(globals())[:8])
main = sys.modules["__main__"]
print(main.__dict__ is globals(), type(main))
print(sys._getframe().f_code.co_filename, sys._getframe().f_code.co_flags, sys._getframe().f_lineno)
print(sys.exc_info(), sys.flags)
"""

ARGUMENTS = [
    ["s.py"],
    ["s.py", "-o", "x", "--", "-i", "1"],
    ["--", "s.py", "--"],
    ["./s.py", "--help"],
    ["folder/../s.py", "--version", "-"],
    ["s.py", "-m", "mod", "-c", ""],
    ["s.py", "é\udce9", "two words", ""],
    ["-m", "mod", "-o", "x"],
    ["-m", "mod"],
    ["-mmod", "--", "--show-all"],
    ["-m", "package", "-i", "0"],
    ["-m", "package.inner", "--help"],
    ["-c", SHOW_ARGV],
    ["-c", SHOW_ARGV, "-c", "x", "--help"],
    ["-c" + SHOW_ARGV, "-o"],
    ["-c", SHOW_ARGV, "--", "-m", "mod"],
    ["folder", "-r", "x"],
    ["./folder/", "-m"],
]


@pytest.fixture
def programs(workshop):
    for name in ["s.py", "mod.py", "package/__main__.py", "package/inner.py", "folder/__main__.py"]:
        workshop.write(name, SHOW_ARGV)
    workshop.write("package/__init__.py", "import sys; print('package', sys.argv)")
    return workshop


@pytest.mark.any_version
@pytest.mark.parametrize(
    "words", ARGUMENTS, ids=lambda words: " ".join(words)[:40].encode("unicode_escape").decode()
)
def test_arguments(programs, words):
    plain, _ = programs.both(
        *[os.fsencode(word).decode("utf-8", "surrogateescape") for word in words]
    )
    assert "[" in plain.stdout


@pytest.mark.parametrize(
    "script",
    [
        "show.py",
        "sub/link.py",
        *(
            pytest.param(path, marks=pytest.mark.any_version)
            for path in ("./show.py", "sub/../show.py", "{}/show.py")
        ),
    ],
)
@pytest.mark.parametrize("flags", [[], *SAFE_PATH, ["-I"], ["-O", "-X", "dev"]], ids=str)
def test_surroundings_of_a_script(workshop, script, flags):
    workshop.write("show.py", SHOW_SURROUNDINGS)
    (workshop.folder / "sub").mkdir()
    (workshop.folder / "sub/link.py").symlink_to("../show.py")
    workshop.both(script.format(workshop.folder), "x", flags=flags)


@pytest.mark.parametrize("flags", [[], *SAFE_PATH, ["-OO"]], ids=str)
@pytest.mark.parametrize("env", [{}, {"PYTHONSAFEPATH": "1"}], ids=str)
def test_surroundings_of_other_targets(workshop, flags, env):
    for name in ["show.py", "package/__main__.py", "package/inner.py", "folder/__main__.py"]:
        workshop.write(name, SHOW_SURROUNDINGS)
    workshop.write("package/__init__.py", "")
    workshop.both("-c", SHOW_SURROUNDINGS, "x", flags=flags, env=env)
    workshop.both("folder", "x", flags=flags, env=env)
    workshop.both("-m", "this", flags=flags, env=env)
    if not flags and not env:
        workshop.both("-m", "show", "x")
        workshop.both("-m", "package")
        workshop.both("-m", "package.inner")


STANDARD_INPUT = {
    "surroundings": SHOW_SURROUNDINGS.encode(),
    "error": b"def f():\n    1/0\nf()",
    "exit": b"import sys; sys.exit(3)",
    "rest": b"import sys; print(sys.stdin.read())",
    "empty": b"",
    "pickle": b"import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))) is A)",
}


@pytest.mark.parametrize("program", STANDARD_INPUT)
def test_script_from_standard_input(workshop, program):
    workshop.both("-", "x", "-o", stdin=STANDARD_INPUT[program])


def test_zip_file(workshop):
    import zipfile

    with zipfile.ZipFile(workshop.folder / "app.zip", "w") as archive:
        archive.writestr("__main__.py", "import helper, sys; print(sys.argv, sys.path[0]); 1/0")
        archive.writestr("helper.py", "print(__file__)")
    workshop.both("app.zip", "x")


@pytest.mark.parametrize(
    "words", [["s.py", "-o"], ["-m", "s", "x"], ["-c", SHOW_ORIGINAL, "x"]], ids=str
)
@pytest.mark.parametrize("flags", [[], ["-X", "dev"]], ids=str)
def test_original_arguments(workshop, words, flags):
    workshop.write("s.py", SHOW_ORIGINAL)
    workshop.both(*words, flags=flags)


ENDINGS = {
    "returns": "print(1)",
    "exit 0": "import sys; sys.exit()",
    "exit 3": "import sys; sys.exit(3)",
    "exit text": "import sys; sys.exit('a reason')",
    "exit object": "import sys; sys.exit([1, 2])",
    "exit true": "raise SystemExit(True)",
    "exit class": "raise SystemExit",
    "exit subclass": "class E(SystemExit): pass\nraise E(4)",
    "exit tuple": "raise SystemExit(1, 2)",
    "exit big": "raise SystemExit(2**40)",
    "error": "def f():\n    1/0\nf()",
    "chained": "def f():\n  try:\n    1/0\n  except ZeroDivisionError as e:\n    raise KeyError(2) from e\nf()",
    "context": "def f():\n  try:\n    1/0\n  except ZeroDivisionError:\n    raise KeyError(2)\nf()",
    "group": "def f():\n  raise ExceptionGroup('g', [ValueError(1), TypeError(2)])\nf()",
    "notes": "e = ValueError('v')\ne.add_note('a note')\nraise e",
    "no traceback": "raise ValueError('v').with_traceback(None)",
    "own excepthook": "import sys\nsys.excepthook = lambda *a: print('hook', a[0], a[2].tb_lineno, a[2].tb_next, sys.exc_info())\n1/0",
    "failing excepthook": "import sys\ndef hook(*a): raise KeyError('in hook')\nsys.excepthook = hook\n1/0",
    "exiting excepthook": "import sys\ndef hook(*a): sys.exit(7)\nsys.excepthook = hook\n1/0",
    "no excepthook": "import sys\ndel sys.excepthook\n1/0",
    "last exception": "import atexit, sys\natexit.register(lambda: print(sys.last_type, sys.last_value, sys.last_traceback.tb_lineno))\n1/0",
    "base exception": "class E(BaseException): pass\nraise E('x')",
    "generator exit": "raise GeneratorExit",
    "recursion": "def f(): f()\ntry: f()\nexcept RecursionError as e: print(e)",
    "syntax error in import": "open('bad.py', 'w').write('a b')\nimport bad",
    "missing import": "import no_such_module",
    "warning": "import warnings\nwarnings.warn('careful')",
    "atexit": "import atexit\natexit.register(print, 'bye')\nprint('hello')",
    "failing atexit": "import atexit\natexit.register(lambda: 1/0)",
    "exiting atexit": "import atexit, sys\natexit.register(lambda: sys.exit(5))",
    "del": "class D:\n    def __del__(self): print('del', __name__)\nd = D()",
    "threads": "import threading, time\ndef f():\n    time.sleep(.2); print('thread', threading.main_thread().is_alive())\nthreading.Thread(target=f).start()\nprint('main')",
    "daemon": "import threading, time\nthreading.Thread(target=time.sleep, args=(30,), daemon=True).start()",
    "failing thread": "import threading\nthreading.Thread(target=lambda: 1/0, name='t').start()",
    "executor": "from concurrent.futures import ThreadPoolExecutor\nThreadPoolExecutor().submit(print, 'in pool')",
    "print stack": "import traceback\ndef f():\n  try: 1/0\n  except Exception: traceback.print_exc()\nf()",
    "closed stdout": "import sys\nprint('x')\nsys.stdout.close()",
    "replaced stdout": "import sys, io\nsys.stdout = io.StringIO()\nprint('x')",
    "no stdout": "import sys\nsys.stdout = None",
    "no stderr": "import sys\nsys.stderr = None\n1/0",
    "no main": "import sys\ndel sys.modules['__main__']\nprint(__name__)",
    "main replaced": "import sys, types\nsys.modules['__main__'] = types.SimpleNamespace()\nprint(1)",
    "chdir": "import os\nos.makedirs('d', exist_ok=True); os.chdir('d')\nprint(os.path.exists(__file__) if '__file__' in globals() else '-')",
    "profile hook": "import sys\nsys.setprofile(lambda *a: None)\nprint(sys.getprofile() is not None)",
    "trace hook": "import sys\nsys.settrace(lambda *a: None)\nprint(sys.gettrace() is not None)\n1/0",
    "futures": "print(1 if __debug__ else 0)\ndef f(x: int): pass\nprint(f.__annotations__)",
    "recursion depth": "import sys\ndef f(n): return n and f(n - 1)\nprint(f(900), sys.getrecursionlimit())",
    "pickle": "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))) is A)",
    "del at exit": "import sys\nclass D:\n    def __del__(self): print('del', __name__)\nd = D()\nsys.exit(2)",
    "del after error": "class D:\n    def __del__(self): print('del', __name__)\ndef f(d): 1/0\nf(D())",
    "signal left": "import signal\nprint(signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGPIPE))",
    "source": "import inspect, linecache\ndef f():\n    return 1\ntry: print(inspect.getsource(f))\nexcept OSError as e: print(e)",
    "help of module": "'''doc'''\nprint(__doc__)",
    "async": "import asyncio\nasync def f():\n    await asyncio.sleep(.01)\n    1/0\nasyncio.run(f())",
    "unraisable": "class D:\n    def __del__(self): 1/0\nD()\n",
    "traceback in nested": "exec(compile('def g():\\n  1/0', 'none', 'exec'))\ndef f():\n  g()\nf()",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_endings_of_scripts(workshop, ending):
    workshop.write("s.py", ENDINGS[ending])
    workshop.both("s.py")


# Where it matters for the ending that the code is in no file; how others end, scripts show.
ENDINGS_OF_CODE = {
    "async",
    "chained",
    "chdir",
    "context",
    "error",
    "failing thread",
    "group",
    "main replaced",
    "no main",
    "notes",
    "own excepthook",
    "pickle",
    "print stack",
    "source",
    "trace hook",
    "traceback in nested",
    "warning",
}


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(ending, marks=[] if ending in ENDINGS_OF_CODE else [pytest.mark.any_version])
        for ending in ENDINGS
    ],
)
def test_endings_of_code(workshop, ending):
    workshop.both("-c", ENDINGS[ending])


@pytest.mark.parametrize(
    "ending",
    [
        "exit 3",
        "exit text",
        "error",
        "chained",
        "own excepthook",
        "failing excepthook",
        "threads",
        "del",
        "del at exit",
        "del after error",
        "pickle",
        "syntax error in import",
        "recursion",
    ],
)
def test_endings_of_modules(workshop, ending):
    workshop.write("mod.py", ENDINGS[ending])
    workshop.both("-m", "mod")


FAULTY = {
    "syntax": b"def f(:\n",
    "unterminated": b'x = """abc\n',
    "indentation": b"if 1:\nx=1",
    "dedent": b"if 1:\n  x=1\n y=2\n",
    "return": b"return 1\n",
    "parenthesis": b"x=1\ny=(1,\n2\n",
    "tabs": b"if 1:\n        x=1\n\ty=2\n",
    "future": b"from __future__ import nope\n",
    "latin-1 undeclared": b'x="\xe9"\n',
    "latin-1 in line 3": b'x=1\n\ny="\xe9"\n',
    "unknown encoding": b"# coding: nope\n",
    "byte order mark and latin-1": b"\xef\xbb\xbf# coding: latin-1\nprint(1)\n",
    "not ascii": b'# coding: ascii\nx=1\nprint("\xe9")\n',
    "not utf-8": b'# coding: utf-8\nx=1\nprint("\xe9")\n',
}
# Before 3.11.4, python reads a line of a file up to a null byte, while compile() refuses it.
if sys.version_info >= (3, 11, 4):
    FAULTY["null byte"] = b"x=1\0\n"
    FAULTY["null byte in text"] = b'y=1\nx = """a\0b"""\n'


@pytest.mark.parametrize("fault", FAULTY)
def test_script_that_does_not_compile(workshop, fault):
    if "null" in fault and sys.version_info < (3, 11, 4):
        pytest.skip(
            "this Python overlooks the rest of a line with a null byte; we say what is wrong"
        )
    if fault in ("not ascii", "not utf-8") and sys.version_info >= (3, 14):
        pytest.skip("this Python words a byte that isn't of the declared encoding in its own way")
    (workshop.folder / "s.py").write_bytes(FAULTY[fault])
    if sys.version_info >= (3, 11):
        workshop.both("s.py", report=False)
        return
    # Older ones have other words and lines for files than for compile(): the error is the same.
    plain, profiled = workshop.python("s.py"), workshop.spinetail("s.py")
    assert (plain.returncode, plain.stdout) == (profiled.returncode, profiled.stdout) == (1, "")
    kinds = [outcome.stderr.splitlines()[-1].split(":")[0] for outcome in (plain, profiled)]
    assert kinds[0] == kinds[1]


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xef\xbb\xbfprint(1)\n",
        b'# coding: latin-1\nprint(ascii("\xe9"))\n',
        b"print(1)\r\nprint(2)\r\n",
        b"#!/usr/bin/env python\n\x0cprint(1)",
    ],
)
def test_script_sources(workshop, source):
    (workshop.folder / "s.py").write_bytes(source)
    workshop.both("s.py")


@pytest.mark.parametrize(
    "words",
    [
        ["-m", "nope"],
        ["-m", "nope.mod"],
        ["-m", "bad"],
        ["-m", "nomain"],
        ["-c", "a b"],
        ["-m", "."],
        ["-m", ""],
    ],
    ids=str,
)
def test_target_that_does_not_start(workshop, words):
    workshop.write("bad.py", "x =\n")
    workshop.write("nomain/__init__.py", "")
    workshop.both(*words, report=False)


def test_package_that_fails_after_work_is_reported(workshop):
    workshop.write("package/__init__.py", "1/0")
    workshop.write("package/__main__.py", "")
    workshop.both("-m", "package")


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
def test_multiprocessing(workshop, method):
    source = textwrap.dedent(
        f"""
        import multiprocessing
        class Thing:
            def __init__(self, n): self.n = n
        def work(thing):
            return thing.n * 2
        if __name__ == "__main__":
            context = multiprocessing.get_context({method!r})
            with context.Pool(2) as pool:
                print(pool.map(work, [Thing(1), Thing(2)]))
        """
    )
    workshop.write("s.py", source)
    workshop.both("-m", "s")  # test_life_and_death.py has it in a script


def test_module_in_the_folder_hides_one_that_the_command_uses(workshop):
    for name in ["optparse", "gettext", "textwrap", "signal"]:
        workshop.write(f"{name}.py", f"print('own {name}')")
    workshop.write("s.py", "import optparse, gettext, textwrap, signal, json\n")
    plain, _ = workshop.both("s.py")
    assert "own signal" in plain.stdout
    workshop.both("-m", "s")
    workshop.both("-c", "import optparse")


FORKS = {
    "child returns": "import os\nif os.fork(): os.wait(); print('parent')\nelse: print('child')",
    "child exits": "import os, sys\nif os.fork(): print(os.wait()[1])\nelse: sys.exit(3)",
    "child fails": "import os, sys\nif os.fork(): print(os.wait()[1])\nelse: 1/0",
    "child _exits": "import os, sys\nif os.fork(): print(os.wait()[1])\nelse: os._exit(4)",
    "parent ends first": "import os, sys, time\nif os.fork(): print('parent', flush=True)\nelse:\n    time.sleep(.3)\n    print('child')",
    "child is terminated": "import os, signal, time\npid = os.fork()\nif pid:\n    time.sleep(.2); os.kill(pid, signal.SIGTERM); print(os.wait()[1])\nelse: time.sleep(20)",
    "child of multiprocessing is terminated": "import multiprocessing as m, time, signal\nc = m.get_context('fork').Process(target=time.sleep, args=(20,))\nc.start(); time.sleep(.2); c.terminate(); c.join(); print(c.exitcode)",
    "in a thread": "import os, threading\ndef f():\n    if os.fork(): os.wait()\n    else: print('child')\nt = threading.Thread(target=f)\nt.start(); t.join(); print('parent')",
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("program", FORKS)
def test_forks(workshop, program):
    workshop.write("s.py", FORKS[program])
    plain = workshop.python("s.py", flags=["-W", "ignore"])
    profiled = workshop.spinetail("s.py", flags=["-W", "ignore"])
    reports = profiled.stdout.count("Duration")
    assert reports == 1, profiled.stdout
    for line in plain.stdout.splitlines():
        assert line in profiled.stdout.splitlines()
    assert profiled.stderr == plain.stderr
    assert profiled.returncode == plain.returncode


@pytest.mark.parametrize(
    "call",
    [
        "os._exit(6)",
        "os.execv('/bin/sh', ['sh', '-c', 'echo new'])",
        "os.kill(os.getpid(), 9)",
        "os.abort()",
    ],
)
def test_ends_that_leave_no_time_for_a_report(workshop, call):
    workshop.both("-c", f"import os; {call}", report=False)


@pytest.mark.parametrize("flags", [[], ["-u"]], ids=str)
def test_reader_that_has_gone(workshop, flags):
    program = "import time\nfor i in range(3): print(i, flush=True); time.sleep(.1)\n"
    workshop.write("s.py", program)
    outcomes = []
    for command in ([], ["-m", "spinetail", "-o", "r.txt"]):
        words = " ".join([sys.executable, *flags, *command, "s.py"])
        outcomes.append(workshop.run(["bash", "-c", f"{words} | true; exit ${{PIPESTATUS[0]}}"]))
    assert outcomes[0].stderr == outcomes[1].stderr
    assert outcomes[0].returncode == outcomes[1].returncode
    assert (workshop.folder / "r.txt").exists()


def test_executable_script_by_the_console_script(workshop):
    from pathlib import Path

    command = Path(sys.executable).parent / "spinetail"
    if not command.exists():
        pytest.skip("the console script is not installed")
    workshop.write("s.py", SHOW_SURROUNDINGS + "\n1/0")
    plain = workshop.python("s.py", "a")
    profiled = workshop.run([command, "-o", "r.txt", "s.py", "a"])
    assert profiled.stdout == plain.stdout
    assert profiled.stderr == plain.stderr
    assert profiled.returncode == plain.returncode
    assert stat.S_ISREG((workshop.folder / "r.txt").stat().st_mode)
