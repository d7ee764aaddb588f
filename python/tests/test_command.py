"""The command's own words: options, errors, and where the report goes."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys

import pytest

import spinetail
from spinetail.session import Session

# They go by what they use of a processor: on a busy machine, waits take longer.
THREE = (
    "import time\n"
    "def work():\n"
    "    end = time.thread_time() + .1\n"
    "    while time.thread_time() < end: pass\n"
    "def first(): work()\n"
    "def second(): work()\n"
    "def third(): work()\n"
    "first(); second(); third()"
)
SLOW = (
    "import time\n"
    "def slow():\n"
    "    end = time.thread_time() + .06\n"
    "    while time.thread_time() < end: pass\n"
    "slow()\n"
)


def test_version(workshop):
    outcome = workshop.spinetail("--version")
    assert outcome.returncode == 0
    python = "{}.{}.{}".format(*sys.version_info)
    assert outcome.stdout == f"spinetail {spinetail.__version__}, on CPython {python}\n"


@pytest.mark.any_version
@pytest.mark.parametrize("words", [["--help"], ["-h"]])
def test_help(workshop, words):
    outcome = workshop.spinetail(*words)
    assert outcome.returncode == 0
    assert outcome.stderr == ""
    for option in ["-m", "-c", "--outfile", "--interval", "--renderer", "--show-all", "--version"]:
        assert option in outcome.stdout


@pytest.mark.any_version
@pytest.mark.parametrize("words", [[], ["-i", "0.01"], ["--"]])
def test_nothing_to_run(workshop, words):
    outcome = workshop.spinetail(*words)
    assert outcome.returncode == 2
    assert outcome.stdout.startswith("Usage: spinetail")
    assert outcome.stderr == ""


@pytest.mark.any_version
@pytest.mark.parametrize(
    "words, status, hint",
    [
        (["missing.py"], 1, "missing.py"),
        ([""], 1, "script"),
        (["empty-folder"], 1, "__main__.py"),
        (["--", "missing.py", "-x"], 1, "missing.py"),
        (["-i", "abc", "s.py"], 2, "abc"),
        (["-i", "0", "s.py"], 2, "0.001"),
        (["-i", "-1", "s.py"], 2, "-1"),
        (["-i", "nan", "s.py"], 2, "nan"),
        (["-i", "inf", "s.py"], 2, "inf"),
        (["-i", "1e-9", "s.py"], 2, "1e-9"),
        (["-i"], 2, "-i"),
        (["-r", "nope", "s.py"], 2, "text"),
        (["--renderer=", "s.py"], 2, "text"),
        (["--nope", "s.py"], 2, "--help"),
        (["-x", "s.py"], 2, "--help"),
        (["--show-all=1", "s.py"], 2, "--help"),
        (["-m"], 2, "--help"),
        (["-c"], 2, "--help"),
        (["-o", "no-folder/r.txt", "s.py"], 1, "no-folder"),
        (["-o", "empty-folder", "s.py"], 1, "folder"),
        (["-o", "", "s.py"], 1, "-o"),
        (["-o", "s.py/r.txt", "s.py"], 1, "s.py"),
        (["--from-path", "no-such-program"], 1, "PATH"),
        (["--from-path", "sh"], 1, "machine code"),
        (["--load", "missing.spinetail"], 1, "missing.spinetail"),
        (["--load", "empty-folder"], 1, "empty-folder"),
        (["--load", ""], 1, "''"),
        (["--load", "s.py"], 1, "s.py"),
        (["--load", "s.py", "-o", "no-folder/r.txt"], 1, "no-folder"),
        (["--load-prev", "nothing"], 1, "none has been kept"),
        (["--load-prev", "../../s"], 1, "../../s"),
        (["--load-prev", ""], 1, "''"),
        (["-r", "html", "--hide", "x", "s.py"], 2, "choose in it"),
    ],
)
def test_bad_input(workshop, words, status, hint):
    workshop.write("s.py", "print('ran')")
    (workshop.folder / "empty-folder").mkdir()
    outcome = workshop.spinetail(*words)
    assert outcome.returncode == status
    assert outcome.stdout == ""
    assert outcome.stderr.startswith("spinetail: ")
    assert outcome.stderr.count("\n") == 1
    assert hint in outcome.stderr


@pytest.mark.any_version
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_script(workshop):
    workshop.write("s.py", "").chmod(0)
    outcome = workshop.spinetail("s.py")
    assert outcome.returncode == 1
    assert "Permission denied" in outcome.stderr


def test_three_functions(workshop, read_report):
    text = workshop.spinetail("-c", THREE).stdout
    report = read_report(text)
    for name in ["first", "second", "third"]:
        assert report.time_of(name) > 0.05
    assert report.root_time == pytest.approx(report.duration, abs=0.1)
    identifier = re.search(r"--load-prev (\S+)", text).group(1)
    report = read_report(workshop.spinetail("--load-prev", identifier, "--clock=cpu").stdout)
    for name in ["first", "second", "third"]:
        assert report.time_of(name) == pytest.approx(0.1, abs=0.05)


@pytest.mark.parametrize("words", [["s.py"], ["-m", "s"], ["-m", "package"], ["folder"]], ids=str)
def test_only_the_program_is_shown(workshop, words, read_report):
    for name in ["s.py", "package/__main__.py", "folder/__main__.py"]:
        workshop.write(name, SLOW)
    workshop.write("package/__init__.py", "")
    outcome = workshop.spinetail("--show-all", *words)
    report = read_report(outcome.stdout)
    assert report.time_of("slow") > 0.02
    for foreign in ["_run_code", "_run_module_as_main", "profiled_run", "runpy", "__main__.main"]:
        assert foreign not in outcome.stdout
    assert report.root_time == pytest.approx(report.duration, abs=0.1)


def test_failing_program_is_reported(workshop, read_report):
    workshop.write(
        "s.py", "import time\ndef slow(): time.sleep(.2)\nslow()\nraise ValueError('own')\n"
    )
    plain = workshop.python("s.py")
    outcome = workshop.spinetail("s.py")
    assert outcome.returncode == 1
    assert outcome.stderr == plain.stderr
    assert read_report(outcome.stdout).time_of("slow") > 0.15


def test_report_follows_the_traceback_and_the_threads(workshop):
    workshop.write(
        "s.py",
        "import threading, time\n"
        "threading.Thread(target=lambda: (time.sleep(.3), print('thread'))).start()\n"
        "import atexit; atexit.register(print, 'atexit')\n"
        "1/0",
    )
    merged = workshop.run(
        [
            sys.executable,
            "-c",
            (
                "import subprocess, sys; "
                "subprocess.run([sys.executable, '-u', '-m', 'spinetail', 's.py'],"
                " stderr=subprocess.STDOUT)"
            ),
        ]
    ).stdout
    order = [merged.index(word) for word in ["Traceback", "thread\n", "Duration", "atexit\n"]]
    assert order == sorted(order)


@pytest.mark.any_version
class TestOutfile:
    def test_new_file(self, workshop, read_report):
        outcome = workshop.spinetail("-o", "r.txt", "-c", THREE)
        assert outcome.stdout == ""
        text = (workshop.folder / "r.txt").read_text(encoding="utf-8")
        assert read_report(text).time_of("second") > 0.05
        assert "\x1b" not in text
        umask = os.umask(0)
        os.umask(umask)
        assert stat.S_IMODE((workshop.folder / "r.txt").stat().st_mode) == 0o666 & ~umask

    def test_existing_file_keeps_its_mode_and_is_replaced_at_once(self, workshop):
        old = workshop.write("r.txt", "old")
        old.chmod(0o640)
        with old.open() as opened:
            workshop.spinetail("-o", "r.txt", "-c", "print(open('r.txt').read())")
            assert opened.read() == "old"
        assert "Duration" in old.read_text()
        assert stat.S_IMODE(old.stat().st_mode) == 0o640
        assert sorted(os.listdir(workshop.folder)) == ["r.txt"]

    @pytest.mark.parametrize(
        "words",
        [["missing.py"], ["-m", "missing"], ["-c", "a b"], ["-i", "0", "-c", "1"], ["bad.py"]],
        ids=str,
    )
    def test_run_that_fails_at_start_leaves_the_old_file(self, workshop, words):
        workshop.write("bad.py", "def")
        old = workshop.write("report.txt", "old")
        outcome = workshop.spinetail("-o", "report.txt", *words)
        assert outcome.returncode != 0
        assert old.read_text() == "old"

    def test_relative_name_after_chdir(self, workshop):
        (workshop.folder / "elsewhere").mkdir()
        workshop.spinetail("-o", "r.txt", "-c", "import os; os.chdir('elsewhere')")
        assert "Duration" in (workshop.folder / "r.txt").read_text()

    def test_link_stays_a_link(self, workshop):
        target = workshop.write("sub/real.txt", "old")
        link = workshop.folder / "link.txt"
        link.symlink_to("sub/real.txt")
        workshop.spinetail("-o", "link.txt", "-c", "1")
        assert link.is_symlink()
        assert "Duration" in target.read_text()

    def test_dangling_link(self, workshop):
        (workshop.folder / "link.txt").symlink_to("real.txt")
        workshop.spinetail("-o", "link.txt", "-c", "1")
        assert "Duration" in (workshop.folder / "real.txt").read_text()

    @pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
    def test_standard_output_as_a_pipe(self, workshop, name):
        outcome = workshop.spinetail("-o", name, "-c", "print('own')")
        assert "own\n" in outcome.stdout and "Duration" in outcome.stdout

    @pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "both.txt"])
    def test_standard_output_as_a_file(self, workshop, name):
        with (workshop.folder / "both.txt").open("wb") as file:
            workshop.spinetail("-o", name, "-c", "print('own', flush=True)", stdout=file)
        text = (workshop.folder / "both.txt").read_text()
        assert text.startswith("own\n") and "Duration" in text

    def test_fifo(self, workshop):
        os.mkfifo(workshop.folder / "fifo")
        outcome = workshop.run(
            ["sh", "-c", f"{sys.executable} -m spinetail -o fifo -c 1 & cat fifo; wait"]
        )
        assert "Duration" in outcome.stdout
        assert stat.S_ISFIFO((workshop.folder / "fifo").stat().st_mode)

    def test_full_disk(self, workshop):
        outcome = workshop.spinetail("-o", "/dev/full", "-c", "1")
        assert outcome.returncode == 1
        assert outcome.stderr.count("\n") == 1 and "No space left" in outcome.stderr
        assert "Duration" in outcome.stdout

    def test_folder_removed_by_the_program(self, workshop):
        (workshop.folder / "d").mkdir()
        outcome = workshop.spinetail("-o", "d/r.txt", "-c", "import os; os.rmdir('d')")
        assert outcome.returncode == 1
        assert outcome.stderr.count("\n") == 1 and "d/r.txt" in outcome.stderr
        assert "Duration" in outcome.stdout

    def test_own_status_of_the_program_wins(self, workshop):
        outcome = workshop.spinetail("-o", "/dev/full", "-c", "import sys; sys.exit(5)")
        assert outcome.returncode == 5


@pytest.mark.any_version
class TestStandardOutput:
    def test_full_disk(self, workshop):
        with open("/dev/full", "wb") as full:
            outcome = workshop.spinetail("-c", "1", stdout=full)
        assert outcome.returncode == 1
        assert outcome.stderr.startswith("spinetail: can't write the report")
        assert "Duration" in outcome.stderr
        assert "Exception ignored" not in outcome.stderr

    def test_reader_that_has_gone(self, workshop):
        code = "import time; time.sleep(.3)"
        command = f"{sys.executable} -m spinetail -c '{code}' | true; exit ${{PIPESTATUS[0]}}"
        outcome = workshop.run(["bash", "-c", command])
        assert outcome.returncode == 0
        assert outcome.stderr == ""

    @pytest.mark.parametrize(
        "code", ["sys.stdout = io.StringIO()", "sys.stdout.close()", "sys.stdout = None"]
    )
    def test_program_that_takes_it_away(self, workshop, code):
        outcome = workshop.spinetail("-c", f"import io, sys; print('own'); {code}")
        assert outcome.returncode == 0
        assert outcome.stderr == ""
        assert outcome.stdout.startswith("own\n") and outcome.stdout.count("Duration") == 1

    def test_no_colour_in_a_pipe(self, workshop):
        assert "\x1b" not in workshop.spinetail("-c", THREE).stdout

    def test_ascii_stream(self, workshop):
        outcome = workshop.spinetail("-c", THREE, env={"PYTHONIOENCODING": "ascii"})
        assert outcome.stdout.isascii()
        assert "second" in outcome.stdout

    def test_name_that_the_stream_cannot_encode(self, workshop):
        workshop.write("s.py", "import time\ndef größe(): time.sleep(.2)\ngröße()")
        outcome = workshop.spinetail("s.py", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
        assert outcome.returncode == 0
        assert outcome.stderr == ""
        assert "gr\\xf6" in outcome.stdout


def test_profile_hook_left_by_the_program_stays_out_of_the_report(workshop):
    workshop.write("s.py", "import sys\nsys.setprofile(lambda f, e, a: print('EVENT'))\n")
    text = workshop.spinetail("s.py").stdout
    report = text[text.index("Duration") :]
    assert "EVENT" not in report[: report.index("Program")]


def test_interval_is_used(workshop):
    """At the default one there would be several hundred samples, on a busy machine dozens."""
    code = "import time\nend = time.process_time() + .3\nwhile time.process_time() < end: pass"
    workshop.spinetail("-i", "0.1", "-o", "r.spinetail", "-c", code)
    session = Session.load(workshop.folder / "r.spinetail")
    assert session.min_interval == session.max_interval == 0.1
    # Some more at the start and at the end; one that is late may be followed by one in time.
    assert 1 <= session.sample_count <= 2 * session.duration / 0.1 + 4


RENDERER = """
import sys
from spinetail.renderers import Renderer

class Mine(Renderer):
    def __init__(self, word="mine"): self.word = word
    def render(self, session): return f"{self.word} {session.target_description}\\n"

class Failing(Renderer):
    def render(self, session): raise LookupError("own")

class Bytes(Renderer):
    output_is_binary = True
    def render(self, session): return b"\\xff\\x00\\r\\n".decode("utf-8", "surrogateescape")

class Surrogates(Renderer):
    def render(self, session): return "\\ud800\\udcff"
"""


def with_terminal(workshop, *words, env=None, stdin=b""):
    """What the command writes to a terminal, and its status."""
    import pty
    import select

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "spinetail", *words],
        cwd=str(workshop.folder),
        env={**workshop.environment, "TERM": "xterm", **(env or {})},
        stdin=subprocess.PIPE,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    assert process.stdin is not None
    process.stdin.write(stdin)
    process.stdin.close()
    output = b""
    while select.select([leader], [], [], 30)[0]:
        try:
            chunk = os.read(leader, 65536)
        except OSError:  # nobody has it open any more
            break
        if not chunk:
            break
        output += chunk
    os.close(leader)
    return output.decode(), process.wait()


@pytest.mark.any_version
class TestTerminal:
    def test_colours(self, workshop):
        workshop.write("s.py", SLOW)
        for env, words, is_colored in [
            ({}, [], True),
            ({"NO_COLOR": "1"}, [], False),
            ({"NO_COLOR": ""}, ["--no-color"], False),
            ({"TERM": "dumb"}, [], False),
            ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, ["--color"], True),
            ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, [], False),
        ]:
            text, status = with_terminal(workshop, *words, "s.py", env=env)
            assert "slow" in text and status == 0
            assert ("\x1b[" in text) == is_colored, (env, words)

    def test_bytes_are_refused_before_the_program_runs(self, workshop):
        for words in [["-r", "pstats"], ["-r", "spinetail"], ["-r", "pstats", "--stderr"]]:
            text, status = with_terminal(workshop, *words, "-c", "print('ran')")
            assert status == 2
            assert "terminal" in text and "ran" not in text and text.count("\n") == 1

    def test_slow_rendering_is_announced_for_a_while(self, workshop):
        workshop.write(
            "mine.py",
            "import time\n"
            "class Slow:\n"
            "    def render(self, session): time.sleep(1.5); return 'done\\n'\n"
            "class Quick:\n"
            "    def render(self, session): return 'done\\n'\n",
        )
        text, status = with_terminal(workshop, "-r", "mine.Slow", "-c", "1")
        assert status == 0
        assert re.fullmatch(r"spinetail: rendering \d+ samples \.\.\.\r\x1b\[Kdone\r\n", text)
        for name, env in [("Quick", {}), ("Slow", {"TERM": "dumb"})]:
            text, status = with_terminal(workshop, "-r", f"mine.{name}", "-c", "1", env=env)
            assert (text, status) == ("done\r\n", 0)
        assert workshop.spinetail("-r", "mine.Slow", "-c", "1").stderr == ""


@pytest.mark.any_version
class TestStreams:
    def test_forced_colours_in_a_pipe(self, workshop):
        workshop.write("s.py", SLOW)
        for words, env in [([], {"FORCE_COLOR": "1"}), (["--color"], {"NO_COLOR": "1"})]:
            assert "\x1b[" in workshop.spinetail(*words, "s.py", env=env).stdout

    def test_report_on_standard_error(self, workshop):
        outcome = workshop.spinetail("--stderr", "-c", "print('own')")
        assert outcome.stdout == "own\n"
        assert "Duration" in outcome.stderr and "--load-prev" in outcome.stderr

    def test_bytes_in_a_pipe(self, workshop):
        workshop.write("mine.py", RENDERER)
        command = [sys.executable, "-m", "spinetail", "-r", "mine.Bytes"]
        done = subprocess.run(
            [*command, "-c", "print('own')"],
            cwd=str(workshop.folder),
            env={**workshop.environment, "PYTHONIOENCODING": "ascii:strict"},
            stdout=subprocess.PIPE,
        )
        assert done.stdout == b"own\n\xff\x00\r\n"
        workshop.spinetail("-r", "mine.Bytes", "-o", "r", "-c", "1")
        assert (workshop.folder / "r").read_bytes() == b"\xff\x00\r\n"

    def test_characters_that_no_file_holds(self, workshop):
        workshop.write("mine.py", RENDERER)
        outcome = workshop.spinetail("-r", "mine.Surrogates", "-o", "r", "-c", "1")
        assert (outcome.returncode, outcome.stderr) == (0, "")
        assert (workshop.folder / "r").read_text() == "\\ud800\\udcff"

    def test_reader_that_stops_after_a_line(self, workshop):
        workshop.write("mine.py", "class Long:\n    def render(self, s): return 'line\\n' * 10**6")
        for words in ["-r mine.Long", "-r pstats"]:
            command = f"{sys.executable} -m spinetail {words} -c 1 | head -c 5 > head"
            outcome = workshop.run(["bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}"])
            assert (outcome.returncode, outcome.stderr) == (0, "")
            assert (workshop.folder / "head").stat().st_size == 5


@pytest.mark.any_version
class TestOwnRenderer:
    def test_from_the_current_folder(self, workshop):
        workshop.write("mine.py", RENDERER)
        outcome = workshop.spinetail("-r", "mine.Mine", "-p", "word=word", "-c", "1", "x")
        assert outcome.stdout == "word Program: -c x\n"

    def test_program_has_modules_of_the_same_name(self, workshop):
        workshop.write("mine.py", RENDERER)
        workshop.write("app/mine.py", "name = 'the program has its own'")
        workshop.write("app/main.py", "import mine; print(mine.name)")
        outcome = workshop.spinetail("-r", "mine.Mine", "app/main.py")
        assert outcome.stdout == "the program has its own\nmine Program: app/main.py\n"

    def test_failure_loses_nothing(self, workshop):
        workshop.write("mine.py", RENDERER)
        old = workshop.write("r.txt", "old")
        outcome = workshop.spinetail("-r", "mine.Failing", "-o", "r.txt", "-c", "1")
        assert outcome.returncode == 1
        assert "LookupError: own" in outcome.stderr
        assert old.read_text() == "old"
        identifier = re.search(r"--load-prev (\S+)", outcome.stderr).group(1)
        outcome = workshop.spinetail("--load-prev", identifier, "-r", "mine.Mine")
        assert outcome.stdout == "mine Program: -c\n"


@pytest.mark.any_version
class TestKeptRuns:
    def test_look_at_a_run_again(self, workshop, read_report):
        workshop.write("s.py", SLOW)
        first = workshop.spinetail("s.py")
        head, _, foot = first.stdout.partition("To see this run")
        identifier = re.search(r"spinetail --load-prev (\S+) \[options\]\n\n$", foot).group(1)
        again = workshop.spinetail("--load-prev", identifier)
        assert (again.stderr, again.returncode) == ("", 0)
        # A file keeps times to a fraction of the interval, so that the last digit may differ.
        assert re.sub(r"\d\.\d{3}", "time", again.stdout) == re.sub(r"\d\.\d{3}", "time", head)
        workshop.spinetail("--load-prev", identifier, "-r", "json", "-o", "r.json")
        assert "slow" in (workshop.folder / "r.json").read_text()
        (kept,) = workshop.kept_runs()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        outcome = workshop.spinetail("--load-prev", "other")
        assert outcome.returncode == 1
        assert identifier in outcome.stderr and outcome.stderr.count("\n") == 1

    def test_reports_that_are_files_are_not_kept(self, workshop):
        for words in [["-o", "r.txt"], ["-r", "json"], ["-r", "spinetail"]]:
            outcome = workshop.spinetail(*words, "-c", "1")
            assert "load-prev" not in outcome.stdout + outcome.stderr
        assert workshop.kept_runs() == []

    def test_folder_that_cannot_be_written(self, workshop):
        workshop.write("file", "")
        for home in [str(workshop.folder / "file"), "/proc/nowhere"]:
            outcome = workshop.spinetail("-c", "1", env={"XDG_DATA_HOME": home})
            assert outcome.returncode == 0
            assert "Duration" in outcome.stdout and "load-prev" not in outcome.stdout
            assert outcome.stderr.startswith("spinetail: can't keep this run")
            assert outcome.stderr.count("\n") == 1


@pytest.mark.any_version
class TestLoading:
    def test_saved_sessions(self, workshop):
        workshop.write("s.py", SLOW)
        for name in ["r.spinetail", "r.pyisession"]:
            outcome = workshop.spinetail("-o", name, "s.py")
            assert (outcome.stdout, outcome.stderr, outcome.returncode) == ("", "", 0)
            outcome = workshop.spinetail("--load", name)
            assert "slow" in outcome.stdout and "Program: s.py" in outcome.stdout
            assert "load-prev" not in outcome.stdout
            assert (outcome.stderr, outcome.returncode) == ("", 0)
        workshop.spinetail("--load", "r.spinetail", "-r", "speedscope", "-o", "y")
        assert "speedscope.app" in (workshop.folder / "y").read_text()
        assert workshop.kept_runs() == []

    def test_clock_that_was_not_recorded(self, workshop):
        workshop.spinetail("-o", "r.pyisession", "-c", SLOW)
        outcome = workshop.spinetail("--load", "r.pyisession", "-rjson", "--clock=cpu")
        assert (outcome.returncode, outcome.stdout) == (1, "")
        assert outcome.stderr.startswith("spinetail: CPU time") and outcome.stderr.count("\n") == 1
        assert workshop.kept_runs() == []

    def test_files_that_hold_no_session(self, workshop):
        workshop.spinetail("-o", "r.spinetail", "-c", SLOW)
        whole = (workshop.folder / "r.spinetail").read_bytes()
        contents = {
            "empty": b"",
            "cut": whole[: len(whole) // 2],
            "corrupted": whole[:20] + b"\xff" * 20 + whole[40:],
            "text": b"some text\n",
            "json": b"{}",
            "list": b"[1]",
        }
        old = workshop.write("r.txt", "old")
        for name, content in contents.items():
            (workshop.folder / name).write_bytes(content)
            outcome = workshop.spinetail("--load", name, "-o", "r.txt")
            assert (outcome.returncode, outcome.stdout) == (1, ""), name
            assert outcome.stderr.startswith("spinetail: can't load"), outcome.stderr
            assert outcome.stderr.count("\n") == 1 and repr(name) in outcome.stderr
            assert old.read_text() == "old"


@pytest.mark.any_version
class TestFullDisk:
    @pytest.mark.parametrize("name", ["r.json", "r.spinetail"])
    def test_old_report_stays_and_the_run_is_not_lost(self, workshop, name):
        """The limit on the size of files stands for a full disk: it needs no rights."""
        old = workshop.write(name, "old")
        command = "ulimit -f 0; exec"  # blocks
        words = f"{command} {sys.executable} -m spinetail -o {name} -c 'pass'"
        outcome = workshop.run(["bash", "-c", f"trap '' XFSZ; {words}"])
        assert outcome.returncode == 1
        assert outcome.stderr.startswith(f"spinetail: can't write the report to '{name}'")
        assert old.read_text() == "old"
        assert sorted(os.listdir(workshop.folder)) == [name]

    def test_full_file_system(self, workshop):
        folder = workshop.folder / "small"
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)]
        if workshop.run(mount).returncode != 0:
            pytest.skip("no right to mount a file system")
        try:
            old = workshop.write("small/r.json", "old")
            (folder / "filler").write_bytes(b"x" * 52_000)
            workshop.write("s.py", "")
            workshop.write("mine.py", "class Big:\n    def render(self, s): return 'x' * 10**5\n")
            outcome = workshop.spinetail("-r", "mine.Big", "-o", "small/r.json", "s.py")
            assert outcome.returncode == 1
            assert "No space left on device; the run is kept" in outcome.stderr
            assert outcome.stderr.count("\n") == 1
            assert old.read_text() == "old"
            assert sorted(os.listdir(folder)) == ["filler", "r.json"]
            # Nor does it keep half a run.
            data = {"XDG_DATA_HOME": str(folder)}
            (folder / "filler").write_bytes(b"x" * 60_000)
            outcome = workshop.spinetail("-c", SLOW, env=data)
            assert outcome.returncode == 0 and "slow" in outcome.stdout
            assert "can't keep this run" in outcome.stderr
        finally:
            workshop.run(["umount", str(folder)])

    def test_run_is_kept_elsewhere(self, workshop):
        outcome = workshop.spinetail("-r", "spinetail", "-o", "/dev/full", "-c", SLOW)
        assert (outcome.returncode, outcome.stdout) == (1, "")
        assert "No space left" in outcome.stderr
        identifier = re.search(r"--load-prev (\S+)", outcome.stderr).group(1)
        assert "slow" in workshop.spinetail("--load-prev", identifier).stdout


@pytest.mark.any_version
def test_description(workshop):
    outcome = workshop.spinetail("--target-description", "{{{args}}} é", "-c", "1", "x")
    assert "{-c x} é" in outcome.stdout


@pytest.mark.any_version
def test_script_from_path(workshop):
    workshop.write("bin/tool", "import sys\nprint(sys.argv, __file__, sys.path[0])").chmod(0o755)
    path = f"{workshop.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    plain = workshop.python(str(workshop.folder / "bin/tool"), "x")
    outcome = workshop.spinetail("--from-path", "-o", "r", "tool", "x", env={"PATH": path})
    assert (outcome.stdout, outcome.stderr) == (plain.stdout, "")
    assert "bin/tool x" in (workshop.folder / "r").read_text()


OTHER_THREAD = """
import threading, time
def in_thread():
    end = time.time() + .3
    while time.time() < end: pass
thread = threading.Thread(target=in_thread); thread.start(); thread.join()
"""


def test_main_thread_alone(workshop):
    workshop.write("s.py", OTHER_THREAD)
    assert "in_thread" not in workshop.spinetail("--threads", "current", "s.py").stdout


@pytest.mark.sampler
def test_all_threads(workshop):
    workshop.write("s.py", OTHER_THREAD)
    assert "in_thread" in workshop.spinetail("s.py").stdout
