"""Sessions: what they tell, made from records, combined, resampled, and as pyinstrument's JSON."""

import copy
import json
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from spinetail import Profiler
from spinetail.session import Session

THREAD = "MainThread\0<thread>\x005"
MAIN = "<module>\0/app/main.py\x001\x01l9"
WORK = "work\0/app/main.py\x003\x01cWorker\x01l5\x01h1"
SLEEP = "sleep\0<built-in>\x000"

RECORDS = [
    ([THREAD, MAIN, WORK], 0.5),
    ([THREAD, MAIN, SLEEP], 1.25),
    ([THREAD, MAIN, "[await]"], 0.25),
]

# Recorded by pyinstrument 5.1.3, of a program that sleeps in a method.
RECORDED = Path(__file__).parent / "data" / "pyinstrument-5.1.3.json"


def make_session(**changes):
    values = {
        "frame_records": RECORDS,
        "start_time": 1000.5,
        "duration": 2.0,
        "min_interval": 0.001,
        "max_interval": 0.002,
        "sample_count": 3,
        "start_call_stack": [THREAD, MAIN],
        "target_description": "Program: main.py",
        "cpu_time": 1.5,
        "sys_path": ["/app", "/usr/lib/python3"],
        "sys_prefixes": ["/usr"],
    }
    values.update(changes)
    return Session(**values)


class TestRecords:
    def test_attributes(self):
        session = make_session()
        assert session.frame_records is RECORDS
        assert session.start_call_stack == [THREAD, MAIN]
        assert (session.start_time, session.duration, session.cpu_time) == (1000.5, 2.0, 1.5)
        assert (session.min_interval, session.max_interval) == (0.001, 0.002)
        assert session.sample_count == 3
        assert session.target_description == session.program == "Program: main.py"
        assert session.sys_path == ["/app", "/usr/lib/python3"]
        assert session.sys_prefixes == ["/usr"]
        assert session.engine == ""
        assert isinstance(make_session(cpu_time=1).cpu_time, float)

    def test_a_session_does_not_change(self):
        session = make_session()
        with pytest.raises(AttributeError, match="can't be changed"):
            session.duration = 3.0
        assert session.duration == 2.0

    def test_records_come_back(self, tmp_path):
        path = tmp_path / "s.spinetail"
        make_session().save(path)
        session = Session.load(path)
        assert session.frame_records == RECORDS
        assert session.frame_records is session.frame_records
        assert session.start_call_stack == [THREAD, MAIN]
        # Each record has a list of its own.
        stacks = [stack for stack, _ in Session.combine(session, session).frame_records]
        assert len({id(stack) for stack in stacks}) == 6

    def test_threads_are_roots(self):
        other = "worker\0<thread>\x006"
        records = [([other, MAIN], 1.0), ([THREAD, MAIN], 2.0), ([other, MAIN], 3.0), ([MAIN], 4.0)]
        session = make_session(frame_records=records)
        assert [tuple(thread) for thread in session.threads] == [
            ("MainThread", 5, 1, 0.0, 2.0, 0.0),
            ("worker", 6, 2, 0.0, 4.0, 0.0),
            ("", 0, 1, 0.0, 4.0, 0.0),
        ]
        assert session.thread_cpu_times == {("MainThread", 5): 0, ("worker", 6): 0, ("", 0): 0}

    def test_lists_tuples_and_other_numbers(self, tmp_path):
        records = ([(THREAD, MAIN), 1], ((THREAD, MAIN), 0.5))
        path = tmp_path / "s.spinetail"
        make_session(frame_records=records, start_time=1, sample_count=7).save(path)
        session = Session.load(path)
        assert session.frame_records == [([THREAD, MAIN], 1.0), ([THREAD, MAIN], 0.5)]
        assert session.sample_count == 7

    @pytest.mark.parametrize(
        "records",
        [
            5,
            [5],
            [([THREAD], 1.0, 2)],
            [([THREAD],)],
            [([5], 1.0)],
            [([THREAD], "1")],
            [([THREAD], None)],
            [([THREAD], float("nan"))],
            [([THREAD], float("inf"))],
            [([THREAD], 1e300)],
            [(["[await]", MAIN], 1.0)],
            [({}, 1.0, {})],
        ],
    )
    def test_records_that_are_none(self, records):
        with pytest.raises((TypeError, ValueError)) as caught:
            make_session(frame_records=records)
        assert "\n" not in str(caught.value)
        assert "file" not in str(caught.value)

    @pytest.mark.parametrize("name", ["start_time", "duration", "cpu_time", "min_interval"])
    def test_numbers_that_are_none(self, name):
        for value in (float("nan"), float("inf"), 1e300):
            with pytest.raises(ValueError, match=name):
                make_session(**{name: value})
        with pytest.raises(TypeError):
            make_session(**{name: "1"})

    def test_an_empty_session(self, tmp_path):
        session = make_session(frame_records=[], sample_count=0, start_call_stack=[])
        for name in ("e.spinetail", "e.pyisession"):
            session.save(tmp_path / name)
            loaded = Session.load(tmp_path / name)
            assert loaded.frame_records == []
            assert loaded.sample_count == 0

    def test_strange_names(self, tmp_path):
        names = ["</script>", '"quotes"\\', "\u202eעברית", "\udcff\ud800", "n" * 10_000, "a\nb\tc"]
        records = [([THREAD, f"{name}\0/{name}.py\x001"], 1.0) for name in names]
        session = make_session(frame_records=records)
        for name in ("n.spinetail", "n.pyisession"):
            session.save(tmp_path / name)
            assert Session.load(tmp_path / name).frame_records == records

    def test_deep_stacks(self, tmp_path):
        stack = [THREAD] + [f"f{number}\0/app/main.py\x00{number}" for number in range(20_000)]
        session = make_session(frame_records=[(stack, 1.0)])
        for name in ("d.spinetail", "d.pyisession"):
            session.save(tmp_path / name)
            assert Session.load(tmp_path / name).frame_records == [(stack, 1.0)]


class TestCombining:
    def test_the_earlier_comes_first(self):
        later = make_session(start_time=3000.0, target_description="later", sys_prefixes=["/opt"])
        for session in (
            Session.combine(later, make_session()),
            Session.combine(make_session(), later),
        ):
            assert (session.start_time, session.duration, session.cpu_time) == (1000.5, 4.0, 3.0)
            assert session.target_description == "Program: main.py"
            assert session.sample_count == 6
            assert session.frame_records == RECORDS + RECORDS
            assert session.sys_prefixes == ["/usr", "/opt"]

    def test_counts_that_were_told(self):
        session = Session.combine(make_session(sample_count=10), make_session())
        assert session.sample_count == 13


class TestResampling:
    def test_time_is_conserved(self):
        records = [([THREAD, f"f{number}\0x\x001"], 0.7) for number in range(100)]
        session = make_session(frame_records=records, sample_count=100).resample(1.0)
        assert sum(time for _, time in session.frame_records) == pytest.approx(70.0)
        assert session.sample_count == len(session.frame_records) == 50
        assert (session.min_interval, session.max_interval) == (1.0, 1.0)
        assert session.duration == 2.0

    @pytest.mark.parametrize("interval", [0, -1, float("nan"), float("inf"), 1e300])
    def test_intervals_that_are_none(self, interval):
        with pytest.raises(ValueError):
            make_session().resample(interval)


class TestPaths:
    def test_shortest(self):
        session = make_session()
        assert session.shorten_path("/app/pkg/main.py") == "pkg/main.py"
        assert session.shorten_path("/usr/lib/python3/json/decoder.py") == "json/decoder.py"
        assert session.shorten_path("<string>") == "<string>"
        assert session.shorten_path("") == ""
        assert session.shorten_path("/app/\udcff.py") == "/app/\udcff.py"


class TestCopies:
    def test_pickles_and_copies(self):
        session = make_session()
        again = pickle.loads(pickle.dumps(session))
        assert again.frame_records == RECORDS
        assert again.to_json() == session.to_json()
        assert copy.deepcopy(session) is copy.copy(session) is session


class TestRecordedSessions:
    def test_what_was_recorded_comes_back(self, tmp_path):
        with Profiler() as profiler:
            sorted(range(100_000), key=str)
        session = profiler.last_session
        session.save(tmp_path / "r.spinetail")
        loaded = Session.load(tmp_path / "r.spinetail")
        assert loaded.engine == session.engine
        assert loaded.engine_reason == session.engine_reason
        assert loaded.python_version == session.python_version
        assert loaded.statistics == session.statistics
        assert loaded.to_json(False) == session.to_json(False)
        pairs = list(zip(loaded.frame_records, session.frame_records))
        assert [a[0] for a, _ in pairs] == [b[0] for _, b in pairs]
        # A 64th of the interval is the unit.
        assert all(abs(a[1] - b[1]) <= 0.001 / 64 for a, b in pairs)
        for a, b in zip(loaded.threads, session.threads):
            assert (a.name, a.identifier, a.sample_count) == (b.name, b.identifier, b.sample_count)
            assert a.wall_time == pytest.approx(b.wall_time, abs=0.001 / 64)
            assert a.cpu_time == pytest.approx(b.cpu_time, abs=0.001 / 64)

    def test_cpu_times_of_threads(self):
        with Profiler() as profiler:
            end = time.thread_time() + 0.05
            while time.thread_time() < end:
                pass
        ((key, seconds),) = profiler.last_session.thread_cpu_times.items()
        assert key == ("MainThread", threading.get_ident())
        assert 0.04 <= seconds <= profiler.last_session.cpu_time + 0.01


class TestPyinstrumentsJSON:
    def test_a_recorded_file(self, tmp_path):
        file = json.loads(RECORDED.read_text())
        session = Session.load(RECORDED)
        assert_same(session, file)
        session.save(tmp_path / "again.pyisession")
        assert_same(Session.load(tmp_path / "again.pyisession"), file)
        again = json.loads((tmp_path / "again.pyisession").read_text(encoding="ascii"))
        assert list(again) == list(file)
        assert_same(Session.from_json(again), file)
        session.save(tmp_path / "s.spinetail")
        assert_same(Session.load(tmp_path / "s.spinetail"), file)

    def test_dicts(self):
        session = make_session()
        values = session.to_json()
        assert json.loads(json.dumps(values))["frame_records"] == [list(r) for r in RECORDS]
        assert "frame_records" not in session.to_json(include_frame_records=False)
        assert Session.from_json(values).to_json() == values
        for name in ("min_interval", "max_interval", "sys_path", "sys_prefixes"):
            del values[name]
        values["cpu_time"] = None
        session = Session.from_json(values)
        assert (session.min_interval, session.max_interval, session.cpu_time) == (0.001, 0.001, 0)
        assert session.sys_path == sys.path
        assert session.sys_prefixes == Session.current_sys_prefixes()
        del values["duration"]
        with pytest.raises(KeyError, match="duration"):
            Session.from_json(values)

    def test_as_python_writes_it(self, tmp_path):
        path = tmp_path / "s.pyisession"
        make_session().save(path)
        assert path.read_text(encoding="ascii") == json.dumps(make_session().to_json())

    def test_the_real_one_shows_it(self, tmp_path):
        pytest.importorskip("pyinstrument")
        with Profiler() as profiler:
            sorted(range(200_000), key=str)
        for number, session in enumerate([profiler.last_session, make_session()]):
            path = tmp_path / f"{number}.pyisession"
            session.save(path)
            done = subprocess.run(
                [sys.executable, "-m", "pyinstrument", "--load", str(path), "--show-all"],
                capture_output=True,
                env={"XDG_DATA_HOME": str(tmp_path)},
                encoding="utf-8",
                check=False,
            )
            assert done.returncode == 0, done.stderr
            assert "No samples" not in done.stdout
            expected = "test_the_real_one_shows_it" if number == 0 else "Worker.work"
            assert expected in done.stdout


def assert_same(session, file):
    """A session holds what a file of pyinstrument's says, to the nanosecond."""
    for name in file:
        if name != "frame_records":
            assert getattr(session, name) == file[name], name
    assert len(session.frame_records) == len(file["frame_records"])
    for (stack, seconds), (expected_stack, expected) in zip(
        session.frame_records, file["frame_records"]
    ):
        assert stack == expected_stack
        assert seconds == pytest.approx(expected, abs=1.01e-9)
