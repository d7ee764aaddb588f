"""Session files: what is in them, and that saving one loses nothing."""

import gzip
import json
import os
import random
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from spinetail._library import native
from spinetail.session import Session, SessionFileError

THREAD = "MainThread\0<thread>\x005"
MAIN = "<module>\0/app/main.py\x001\x01l9"
RECORDS = [
    ([THREAD, MAIN, "work\0/app/main.py\x003\x01cWorker\x01l5\x01h1"], 0.5),
    ([THREAD, MAIN, "sleep\0<built-in>\x000"], 1.25),
    ([THREAD, MAIN, "[await]"], 0.25),
]

# Recorded by pyinstrument 5.1.3.
RECORDED = Path(__file__).parent / "data" / "pyinstrument-5.1.3.json"
FORMAT = Path(__file__).resolve().parents[2] / "docs" / "session-format.md"

pytestmark = pytest.mark.any_version


def make_session(sample_count=3, target_description="Program: main.py"):
    return Session(
        frame_records=RECORDS,
        start_time=1000.5,
        duration=2.0,
        min_interval=0.001,
        max_interval=0.002,
        sample_count=sample_count,
        start_call_stack=[THREAD, MAIN],
        target_description=target_description,
        cpu_time=1.5,
        sys_path=["/app"],
        sys_prefixes=["/usr"],
    )


@pytest.fixture(scope="module")
def described_reader():
    """The functions of the reader that the format's description shows."""
    namespace = {}
    for code in re.findall("```python\n(.*?)```", FORMAT.read_text(encoding="utf-8"), re.DOTALL):
        exec(code, namespace)
    return namespace


def unpacked(path):
    with gzip.open(str(path)) as file:
        data = file.read()
    length = int.from_bytes(data[:4], "little")
    return json.loads(data[4 : 4 + length]), data[4 + length :]


def packed(header, body):
    text = json.dumps(header).encode()
    return gzip.compress(len(text).to_bytes(4, "little") + text + body)


class TestFormat:
    def test_the_described_reader_reads(self, tmp_path, described_reader):
        path = tmp_path / "s.spinetail"
        make_session().save(path)
        header, tables = described_reader["load"](path)
        times = described_reader["inclusive_times"](header, tables)
        assert times == {"<module>": 2.0, "work": 0.5, "sleep": 1.25, "[await]": 0.25}
        strings = header["strings"]
        assert [strings[row] for row in tables["threads"]["name"]] == ["MainThread"]
        assert tables["threads"]["identifier"] == [5]
        flags = dict(zip(tables["frames"]["function"], tables["frames"]["flags"]))
        names = [strings[row] for row in tables["functions"]["name"]]
        assert {names[function]: bits for function, bits in flags.items()} == {
            "<module>": 0,
            "work": 1,
            "sleep": 0,
            "[await]": 2,
        }

    def test_all_keys_are_described(self, tmp_path):
        path = tmp_path / "s.spinetail"
        session = Session.combine(make_session(), make_session(sample_count=9))
        path.write_bytes(native.session_to_bytes(session._handle, [("a.py", "text")]))
        header, _ = unpacked(path)
        assert header["sources"] == {"a.py": "text"}
        text = FORMAT.read_text(encoding="utf-8")
        for key in list(header) + list(header["statistics"]):
            assert f"`{key}`" in text, key
        for column in header["columns"]:
            assert f"`{column['name']}`" in text, column
        assert header["format"] == "spinetail"
        assert header["version"] == 1
        assert header["sampleCount"] == 12

    def test_the_described_writer_is_read(self, tmp_path):
        """The generator of large sessions writes files by itself."""
        generator = Path(__file__).resolve().parents[2] / "benchmarks" / "big_session.py"
        path = tmp_path / "big.spinetail"
        subprocess.run([sys.executable, str(generator), str(path), "2000", "200"], check=True)
        session = Session.load(path)
        assert session.sample_count == 2000
        stacks = {tuple(stack) for stack, _ in session.frame_records}
        assert len(stacks) == 200
        assert session.threads[0].wall_time == pytest.approx(session.duration)
        assert 0 < session.threads[0].cpu_time < session.duration

    def test_the_content_decides(self, tmp_path):
        session = make_session()
        session.save(tmp_path / "a.spinetail")
        session.save(tmp_path / "b.unknown")
        assert (tmp_path / "b.unknown").read_bytes()[:1] == b"{"
        os.rename(str(tmp_path / "a.spinetail"), str(tmp_path / "a.pyisession"))
        os.rename(str(tmp_path / "b.unknown"), str(tmp_path / "b.spinetail"))
        for name in ("a.pyisession", "b.spinetail"):
            assert Session.load(tmp_path / name).frame_records == RECORDS
            assert Session.load(str(tmp_path / name)).frame_records == RECORDS

    def test_the_suffix_may_be_in_capitals(self, tmp_path):
        make_session().save(tmp_path / "A.SPINETAIL")
        assert (tmp_path / "A.SPINETAIL").read_bytes()[:2] == b"\x1f\x8b"


class TestCommandLine:
    def test_a_command_is_kept(self, tmp_path):
        program = tmp_path / "program.py"
        program.write_text(
            "import sys, spinetail.profiler as p\n"
            "stop = p.Profiler.stop\n"
            "def save(profiler):\n"
            "    session = stop(profiler)\n"
            "    session.save(sys.argv[1])\n"
            "    return session\n"
            "p.Profiler.stop = save\n"
        )
        path = tmp_path / "s.spinetail"
        subprocess.run(
            [sys.executable, "-m", "spinetail", str(program), str(path), "--x"],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        assert Session.load(path).command_line == [str(program), str(path), "--x"]


class TestDamage:
    """One clear line, whatever is in the file."""

    def failure(self, path):
        with pytest.raises(SessionFileError) as caught:
            Session.load(path)
        text = str(caught.value)
        assert text.startswith(f"{path}: ")
        assert "\n" not in text
        assert isinstance(caught.value, ValueError)
        return text[len(str(path)) + 2 :]

    def test_what_is_no_session(self, tmp_path):
        path = tmp_path / "x"
        path.write_text("hello")
        assert "no session" in self.failure(path)
        path.write_bytes(b"")
        assert "truncated" in self.failure(path)
        path.write_text('{"root_frame": {}}')
        assert "frame_records" in self.failure(path)
        path.write_bytes(gzip.compress(b"\x02\0\0\0{}"))
        assert "no session" in self.failure(path)
        with pytest.raises(OSError):
            Session.load(tmp_path / "missing")
        with pytest.raises(OSError):
            Session.load(tmp_path)

    def test_a_newer_version(self, tmp_path):
        path = tmp_path / "s.spinetail"
        make_session().save(path)
        header, body = unpacked(path)
        header["version"] = 2
        path.write_bytes(packed(header, body))
        assert "update Spinetail" in self.failure(path)

    def test_truncated_files(self, tmp_path):
        for name in ("s.spinetail", "s.pyisession"):
            path = tmp_path / name
            make_session().save(path)
            data = path.read_bytes()
            for length in range(0, len(data), 7):
                path.write_bytes(data[:length])
                self.failure(path)

    def test_changed_files(self, tmp_path):
        """They are read or refused. Whatever they tell is used."""
        chance = random.Random(3)
        path = tmp_path / "s.spinetail"
        make_session().save(path)
        header, body = unpacked(path)
        text = json.dumps(header).encode()
        plain = len(text).to_bytes(4, "little") + text + body
        recorded = RECORDED.read_bytes()
        readable = 0
        for number in range(300):
            data = bytearray(plain if number % 2 else recorded)
            for _ in range(chance.randrange(1, 4)):
                data[chance.randrange(4, len(data))] = chance.choice(b'0123456789{}[]",\\\x00\xff')
            path.write_bytes(gzip.compress(bytes(data)) if number % 2 else bytes(data))
            try:
                session = Session.load(path)
            except SessionFileError as error:
                assert "\n" not in str(error)
            else:
                readable += 1
                assert len(session.frame_records) == sum(t.sample_count for t in session.threads)
                Session.combine(session, session).resample(0.5)
                session.save(path)
        assert readable > 20

    def test_large_counts_take_no_memory(self, tmp_path):
        path = tmp_path / "s.spinetail"
        make_session().save(path)
        header, body = unpacked(path)
        for column in header["columns"]:
            column["count"] = column["length"] = 2**40
        path.write_bytes(packed(header, body))
        assert "too large" in self.failure(path)


class TestSaving:
    @pytest.mark.parametrize("name", ["s.spinetail", "s.pyisession"])
    def test_a_file_that_is_there_is_replaced(self, tmp_path, name):
        path = tmp_path / name
        path.write_text("old")
        os.chmod(str(path), 0o640)
        link = tmp_path / "link.spinetail"
        os.symlink(name, str(link))
        opened = path.open()
        make_session().save(path)
        # Whoever reads the old file still does.
        assert opened.read() == "old"
        opened.close()
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        make_session(target_description="through the link").save(link)
        assert link.is_symlink()
        assert Session.load(path).target_description == "through the link"
        assert sorted(os.listdir(str(tmp_path))) == sorted([name, "link.spinetail"])

    @pytest.mark.parametrize("name", ["s.spinetail", "s.pyisession"])
    def test_a_full_disk(self, tmp_path, name):
        """The old file stays, and nothing else."""
        path = tmp_path / name
        path.write_text("old")
        program = """
import resource, sys
from spinetail.session import Session

records = [(["f%d\\0x\\x001" % (n * 7919 % 10007)], 1.0) for n in range(20000)]
session = Session(records, 0, 1, 1, 1, 1, [], "", 0, [], [])
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
try:
    session.save(sys.argv[1])
except OSError as error:
    print(error.filename == sys.argv[1], error.strerror)
"""
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)],
            stdout=subprocess.PIPE,
            env=dict(os.environ, LC_ALL="C"),
            encoding="utf-8",
            check=True,
        )
        assert done.stdout == "True File too large\n"
        assert path.read_text() == "old"
        assert os.listdir(str(tmp_path)) == [name]

    def test_places_that_nothing_can_be_written_to(self, tmp_path):
        for path in (tmp_path / "missing" / "s.spinetail", tmp_path, Path("/dev/full")):
            with pytest.raises(OSError) as caught:
                make_session().save(path)
            assert caught.value.filename == str(path)

    @pytest.mark.parametrize("mode", [0o755, 0o777])
    def test_files_that_may_not_be_written(self, mode):
        """Not even where the folder would let them be replaced."""
        program = """
import os, sys
import spinetail.file_replacement
from spinetail.session import Session

session = Session([], 0, 1, 1, 1, 1, [], "", 0, [], [])
if os.geteuid() == 0:
    os.setuid(65534)  # root may write everywhere
try:
    session.save(sys.argv[1])
except PermissionError as error:
    print(error.filename == sys.argv[1])
"""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "s.spinetail"
            path.write_text("old")
            path.chmod(0o444)
            os.chmod(folder, mode)
            done = subprocess.run(
                [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, check=True
            )
            assert done.stdout == b"True\n"
            assert path.read_text() == "old"
            assert os.listdir(folder) == ["s.spinetail"]

    def test_a_pipe(self, tmp_path):
        path = tmp_path / "pipe"
        os.mkfifo(str(path))
        with subprocess.Popen(["cat", str(path)], stdout=subprocess.PIPE) as reader:
            make_session().save(path)
            assert json.loads(reader.communicate()[0])["duration"] == 2.0
        assert stat.S_ISFIFO(os.stat(str(path)).st_mode)
