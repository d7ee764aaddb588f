"""What processors that are given to the report page's renderer change in the page."""

from __future__ import annotations

import base64
import gzip
import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest

from spinetail import Profiler, processors
from spinetail.frame_ops import delete_frame_from_tree
from spinetail.renderers import HTMLRenderer
from spinetail.session import Session

MAIN = "MainThread\0<thread>\x001"
WORKER = "worker\0<thread>\x002"
APP = "/srv/app.py"


def call(name: str, line: int, owner: str = "") -> str:
    return f"{name}\0{APP}\x001{owner}\x01l{line}"


RECORDS = [
    ([MAIN, call("main", 2), call("secret", 5), call("read", 7)], 0.25),
    ([MAIN, call("main", 2), call("secret", 6)], 0.125),
    ([MAIN, call("main", 3), call("read", 7)], 0.5),
    ([MAIN, call("main", 3)], 0.0625),
    ([MAIN, call("main", 4), call("wait", 8), "[await]"], 1.0),
    ([WORKER, call("run", 9, "\x01cJob")], 0.75),
    ([WORKER, call("run", 9, "\x01cJob"), call("read", 7)], 0.125),
]


def session_of(records: list[tuple[list[str], float]]) -> Session:
    total = sum(time for _, time in records)
    return Session(
        frame_records=records,
        start_time=1_750_000_000.0,
        duration=total,
        min_interval=0.001,
        max_interval=0.002,
        sample_count=4711,
        start_call_stack=[MAIN],
        target_description="Program: app.py",
        cpu_time=0.5,
        sys_path=["/srv"],
        sys_prefixes=["/usr"],
    )


def processed(session: Session, *steps: Any, **options: Any) -> str:
    renderer = HTMLRenderer(source=False)
    renderer.preprocessors = list(steps)
    renderer.preprocessor_options = options
    return renderer.render(session)


def data_in(page: str) -> bytes:
    match = re.search(r'<script id="session" type="text/plain">([^<]*)</script>', page)
    assert match
    return base64.b64decode(match[1])


def header_in(page: str) -> dict[str, Any]:
    raw = gzip.decompress(data_in(page))
    header: dict[str, Any] = json.loads(raw[4 : 4 + int.from_bytes(raw[:4], "little")])
    return header


def records_in(page: str, folder: Path) -> list[tuple[list[str], float]]:
    path = folder / "page.spinetail"
    path.write_bytes(data_in(page))
    return [(list(stack), time) for stack, time in Session.load(path).frame_records]


def unchanged(frame: Any, options: Any) -> Any:
    return frame


def without_secret(frame: Any, options: Any) -> Any:
    for child in frame.children:
        without_secret(child, options)
    if frame.function == "secret":
        delete_frame_from_tree(frame, replace_with=options["instead"])
    return frame


def test_calls_that_nothing_changes_stay_as_they_were(tmp_path: Path) -> None:
    assert records_in(processed(session_of(RECORDS), unchanged), tmp_path) == RECORDS


def test_without_processors_the_page_holds_the_session_itself() -> None:
    page = processed(session_of(RECORDS))
    assert page == HTMLRenderer(source=False).render(session_of(RECORDS))
    assert header_in(page).get("notes", []) == []


def test_a_frame_that_is_taken_out_is_nowhere_in_the_page(tmp_path: Path) -> None:
    page = processed(session_of(RECORDS), without_secret, instead="children")
    assert "secret" not in header_in(page)["strings"]
    assert records_in(page, tmp_path)[:2] == [
        ([MAIN, call("main", 2), call("read", 7)], 0.25),
        ([MAIN, call("main", 2)], 0.125),
    ]


def test_time_of_what_is_taken_away_stays_with_the_caller(tmp_path: Path) -> None:
    page = processed(session_of(RECORDS), without_secret, instead="nothing")
    records = records_in(page, tmp_path)
    assert sum(time for _, time in records) == sum(time for _, time in RECORDS)
    own = sum(time for stack, time in records if stack[1:] and "main" in stack[-1])
    assert own == 0.25 + 0.125 + 0.0625


def test_each_line_keeps_its_time(tmp_path: Path) -> None:
    lines = [2, 3, 2, 4, 3]
    times = [0.25, 0.5, 0.125, 1.0, 0.0625]
    records = [([MAIN, call("main", n), call("read", 7)], t) for n, t in zip(lines, times)]
    seen: dict[str, float] = {}
    for stack, time in records_in(processed(session_of(records), unchanged), tmp_path):
        seen[stack[1]] = seen.get(stack[1], 0) + time
    assert seen == {call("main", 2): 0.375, call("main", 3): 0.5625, call("main", 4): 1.0}


def test_the_processors_of_reports_do_as_well(tmp_path: Path) -> None:
    steps = [processors.aggregate_repeated_calls, processors.remove_irrelevant_nodes]
    records = records_in(processed(session_of(RECORDS), *steps, filter_threshold=0.2), tmp_path)
    assert sum(time for _, time in records) == sum(time for _, time in RECORDS)
    names = [[info.split("\0")[0] for info in stack] for stack, _ in records]
    assert ["MainThread", "main", "secret", "read"] not in names
    assert names.count(["MainThread", "main", "read"]) == 1


def test_a_thread_can_be_left_out(tmp_path: Path) -> None:
    def main_only(frame: Any, options: Any) -> Any:
        return frame if frame.function == "MainThread" else None

    assert records_in(processed(session_of(RECORDS), main_only), tmp_path) == RECORDS[:5]
    page = processed(session_of(RECORDS), lambda frame, options: None)
    assert records_in(page, tmp_path) == []


def test_the_page_says_what_the_recording_was(tmp_path: Path) -> None:
    profiler = Profiler(threads="all")
    with profiler:
        thread = threading.Thread(target=sum, args=(range(2_000_000),), name="adder")
        thread.start()
        thread.join()
    session = profiler.last_session
    assert session is not None
    plain = header_in(HTMLRenderer(source=False).render(session))
    page = processed(session, unchanged)
    header = header_in(page)
    for key in ("engine", "pythonVersion", "statistics", "commandLine", "duration", "cpuTime"):
        assert header[key] == plain[key]
    assert header["notes"] == [
        *plain["notes"],
        "Processors changed the calls before this report was made",
    ]
    path = tmp_path / "page.spinetail"
    path.write_bytes(data_in(page))
    again, seen = Session.load(path).threads, [t for t in session.threads if t.wall_time > 0]
    assert [(t.name, t.identifier) for t in again] == [(t.name, t.identifier) for t in seen]
    for thread_again, thread_seen in zip(again, seen):
        assert thread_again.wall_time == pytest.approx(thread_seen.wall_time)
        assert thread_again.start == pytest.approx(thread_seen.start, abs=1e-6)


def test_a_thread_keeps_its_start_without_the_one_that_started_it(tmp_path: Path) -> None:
    def work() -> None:
        for _ in range(200):
            sum(range(10_000))

    with Profiler(threads="all") as profiler:
        sum(range(1_000_000))
        thread = threading.Thread(target=work, name="late")
        thread.start()
        thread.join()
    session = profiler.last_session
    assert session is not None
    if session.engine != "sampler":
        pytest.skip("events record one thread")
    (before,) = [thread.start for thread in session.threads if thread.name == "late"]
    assert before > 0
    page = processed(session, lambda frame, options: None if "Main" in frame.function else frame)
    path = tmp_path / "page.spinetail"
    path.write_bytes(data_in(page))
    (after,) = [thread.start for thread in Session.load(path).threads if thread.name == "late"]
    assert after == pytest.approx(before, abs=1e-6)


def test_a_processor_that_fails_is_heard_of() -> None:
    def broken(frame: Any, options: Any) -> Any:
        raise LookupError("no such frame")

    with pytest.raises(LookupError, match="no such frame"):
        processed(session_of(RECORDS), broken)


def test_very_deep_calls(tmp_path: Path) -> None:
    stack = [MAIN, *(call(f"step{depth}", depth + 1) for depth in range(3000))]
    assert records_in(processed(session_of([(stack, 1.0)]), unchanged), tmp_path) == [(stack, 1.0)]
