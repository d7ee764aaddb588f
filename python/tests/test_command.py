"""The command's own words: options, errors, and where the report goes."""

from __future__ import annotations

import os
import stat
import sys

import pytest

import spinetail

THREE = (
    "import time\n"
    "def first(): time.sleep(.2)\n"
    "def second(): time.sleep(.2)\n"
    "def third(): time.sleep(.2)\n"
    "first(); second(); third()"
)


def test_version(workshop):
    outcome = workshop.spinetail("--version")
    assert outcome.returncode == 0
    python = "{}.{}.{}".format(*sys.version_info)
    assert outcome.stdout == f"spinetail {spinetail.__version__}, on CPython {python}\n"


@pytest.mark.parametrize("words", [["--help"], ["-h"]])
def test_help(workshop, words):
    outcome = workshop.spinetail(*words)
    assert outcome.returncode == 0
    assert outcome.stderr == ""
    for option in ["-m", "-c", "--outfile", "--interval", "--renderer", "--show-all", "--version"]:
        assert option in outcome.stdout


@pytest.mark.parametrize("words", [[], ["-i", "0.01"], ["--"]])
def test_nothing_to_run(workshop, words):
    outcome = workshop.spinetail(*words)
    assert outcome.returncode == 2
    assert outcome.stdout.startswith("Usage: spinetail")
    assert outcome.stderr == ""


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
        (["--load", "s.py"], 1, "s.py"),
        (["--load", "s.py", "-o", "no-folder/r.txt"], 1, "no-folder"),
        (["--load-prev", "nothing"], 1, "none has been kept"),
        (["--load-prev", "../../s"], 1, "../../s"),
        (["--load-prev", ""], 1, "''"),
        (["-r", "html", "s.py"], 2, "still to come"),
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


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_script(workshop):
    workshop.write("s.py", "").chmod(0)
    outcome = workshop.spinetail("s.py")
    assert outcome.returncode == 1
    assert "Permission denied" in outcome.stderr


def test_three_functions(workshop, read_report):
    report = read_report(workshop.spinetail("-c", THREE).stdout)
    for name in ["first", "second", "third"]:
        assert report.time_of(name) == pytest.approx(0.2, abs=0.1)
    assert report.root_time == pytest.approx(report.duration, rel=0.02)


@pytest.mark.parametrize("words", [["s.py"], ["-m", "s"], ["-m", "package"], ["folder"]], ids=str)
def test_only_the_program_is_shown(workshop, words, read_report):
    for name in ["s.py", "package/__main__.py", "folder/__main__.py"]:
        workshop.write(name, THREE)
    workshop.write("package/__init__.py", "")
    outcome = workshop.spinetail("--show-all", *words)
    report = read_report(outcome.stdout)
    assert report.time_of("first") > 0.1
    for foreign in ["_run_code", "_run_module_as_main", "profiled_run", "runpy", "__main__.main"]:
        assert foreign not in outcome.stdout
    assert report.root_time == pytest.approx(report.duration, rel=0.02)


def test_failing_program_is_reported(workshop, read_report):
    workshop.write(
        "s.py", "import time\ndef slow(): time.sleep(.5)\nslow()\nraise ValueError('own')\n"
    )
    plain = workshop.python("s.py")
    outcome = workshop.spinetail("s.py")
    assert outcome.returncode == 1
    assert outcome.stderr == plain.stderr
    assert read_report(outcome.stdout).time_of("slow") == pytest.approx(0.5, abs=0.2)


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


class TestOutfile:
    def test_new_file(self, workshop, read_report):
        outcome = workshop.spinetail("-o", "r.txt", "-c", THREE)
        assert outcome.stdout == ""
        text = (workshop.folder / "r.txt").read_text(encoding="utf-8")
        assert read_report(text).time_of("second") > 0.1
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

    def test_profile_hook_left_by_the_program_stays_out_of_the_report(self, workshop):
        workshop.write("s.py", "import sys\nsys.setprofile(lambda f, e, a: print('EVENT'))\n")
        text = workshop.spinetail("s.py").stdout
        report = text[text.index("Duration") :]
        assert "EVENT" not in report[: report.index("Program")]


def test_interval_is_used(workshop):
    import re

    code = "import time\nend = time.time() + .5\nwhile time.time() < end: sum(range(100))"
    counts = []
    for interval in ["0.001", "0.05"]:
        text = workshop.spinetail("-i", interval, "-c", code).stdout
        match = re.search(r"Samples: *(\d+)", text)
        assert match, text
        counts.append(int(match.group(1)))
    assert counts[0] > 4 * counts[1]
