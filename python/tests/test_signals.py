"""Signals end a program as they do under plain python, after the report."""

# ruff: noqa: E501

from __future__ import annotations

import signal
import sys

import pytest

# From 3.8 on, Ctrl-C kills the interpreter.
STATUS_OF_SIGINT = -signal.SIGINT if sys.version_info >= (3, 8) else 1

BLOCKED = {
    "sleep": "import time\nprint('ready', flush=True)\ntime.sleep(30)",
    "python code": "print('ready', flush=True)\ndef spin():\n    while True: pass\nspin()",
    "lock": "import threading\nprint('ready', flush=True)\nlock = threading.Lock()\nlock.acquire(); lock.acquire()",
    "thread": "import threading, time\nt = threading.Thread(target=time.sleep, args=(30,), daemon=True)\nt.start(); print('ready', flush=True)\nt.join()",
    "event loop": "import asyncio\nprint('ready', flush=True)\nasyncio.run(asyncio.sleep(30))",
    "child": "import subprocess\nprint('ready', flush=True)\nsubprocess.run(['sleep', '5'], stdout=-3, stderr=-3)",
}


@pytest.mark.parametrize("program", BLOCKED)
def test_sigterm(workshop, program):
    workshop.write("s.py", BLOCKED[program])
    outcome = workshop.interrupt([sys.executable, "-m", "spinetail", "s.py"], signal.SIGTERM)
    assert outcome.returncode == -signal.SIGTERM
    assert outcome.stderr == ""
    assert outcome.stdout.count("Duration") == 1


@pytest.mark.parametrize("program", ["sleep", "python code", "lock"])
def test_sigint(workshop, program):
    workshop.write("s.py", BLOCKED[program])
    plain = workshop.interrupt([sys.executable, "s.py"], signal.SIGINT)
    outcome = workshop.interrupt(
        [sys.executable, "-m", "spinetail", "-o", "r.txt", "s.py"], signal.SIGINT
    )
    assert outcome.returncode == plain.returncode == STATUS_OF_SIGINT
    assert outcome.stderr == plain.stderr
    assert "Duration" in (workshop.folder / "r.txt").read_text()


def test_sigint_of_a_module(workshop):
    workshop.write("s.py", BLOCKED["sleep"])
    plain = workshop.interrupt([sys.executable, "-m", "s"], signal.SIGINT)
    outcome = workshop.interrupt(
        [sys.executable, "-m", "spinetail", "-o", "r.txt", "-m", "s"], signal.SIGINT
    )
    assert outcome.returncode == plain.returncode == STATUS_OF_SIGINT
    assert outcome.stderr == plain.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_while_threads_are_awaited(workshop, number):
    workshop.write(
        "s.py",
        "import threading, time\nclass T(threading.Thread):\n    def run(self): time.sleep(1)\n"
        "T().start()\nprint('ready', flush=True)",
    )
    plain = workshop.interrupt([sys.executable, "s.py"], number)
    outcome = workshop.interrupt([sys.executable, "-m", "spinetail", "-o", "r.txt", "s.py"], number)
    assert outcome.returncode == plain.returncode
    # 3.7 leaves out the colon before an exception without a message.
    words = outcome.stderr, plain.stderr
    assert words[0].replace(": \n", "\n") == words[1].replace(": \n", "\n")
    assert (workshop.folder / "r.txt").exists()


def test_program_with_its_own_handler(workshop):
    workshop.write(
        "s.py",
        "import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *a: sys.exit(9))\n"
        "print('ready', flush=True)\ntime.sleep(30)",
    )
    outcome = workshop.interrupt([sys.executable, "-m", "spinetail", "s.py"], signal.SIGTERM)
    assert outcome.returncode == 9
    assert outcome.stdout.count("Duration") == 1


def test_program_that_ignores_it(workshop):
    workshop.write(
        "s.py",
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('ready', flush=True)\ntime.sleep(1)\nprint('done')",
    )
    outcome = workshop.interrupt([sys.executable, "-m", "spinetail", "s.py"], signal.SIGTERM)
    assert outcome.returncode == 0
    assert "done" in outcome.stdout
    assert outcome.stdout.count("Duration") == 1


def test_sigterm_while_the_program_prints(workshop):
    workshop.write("s.py", "print('ready', flush=True)\nwhile True: print('x' * 50)")
    outcome = workshop.interrupt([sys.executable, "-m", "spinetail", "s.py"], signal.SIGTERM)
    assert outcome.returncode == -signal.SIGTERM
    assert outcome.stderr == ""
    assert outcome.stdout.count("Duration") == 1


def test_default_action_is_back_in_children_and_after_the_run(workshop):
    workshop.write(
        "s.py",
        "import atexit, os, signal, subprocess, sys\n"
        "show = lambda: print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL, flush=True)\n"
        "atexit.register(show)\n"
        "if not os.fork(): show(); os._exit(0)\n"
        "os.wait()\n"
        "subprocess.run([sys.executable, '-c', 'import signal; print(signal.getsignal(15))'])\n",
    )
    outcome = workshop.spinetail("-o", "r.txt", "s.py")
    assert outcome.stdout.splitlines() == [
        "True",
        "Handlers.SIG_DFL",
        "True",
    ] or outcome.stdout.splitlines() == ["True", "0", "True"]


def test_sigterm_ends_a_child_that_has_just_been_forked(workshop):
    workshop.write(
        "s.py",
        "import os, signal, time\n"
        "for _ in range(10):\n"
        "    child = os.fork()\n"
        "    if not child: time.sleep(1); os._exit(0)\n"
        "    os.kill(child, signal.SIGTERM)\n"
        "    print(os.waitpid(child, 0)[1] == signal.SIGTERM)\n"
        "print(signal.pthread_sigmask(signal.SIG_BLOCK, []))\n",
    )
    # 3.13 warns of the sampling thread, which is back in the parent when it counts.
    workshop.both("s.py", flags=["-W", "ignore"])
