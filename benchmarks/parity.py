"""Compares the reports of sessions that pyinstrument has recorded: its own, and Spinetail's.

Records programs of many kinds with the installed pyinstrument and renders each session by both, as
text, as JSON and as flat lists. Names, order and shape have to be the same, and times to differ by
no more than one unit of the last digit. Prints each difference that isn't one of pyinstrument's
known bugs; the status is 1 if there is any.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

from machine import describe_machine
from parity_programs import PROGRAMS, Program
from tables import markdown_table

LEFT_OUT = """\
Left out, as they are pyinstrument's known bugs:
- "bug": a report that drops the program for an early import, or begins with pyinstrument's frames;
- the row [self] of flat lists by self time, which counts time again that other rows have;
- functions that occur more than once in flat lists by total time, where one occurrence is shown;
- the class in flat lists, which is that of the last occurrence.
Left out, as Spinetail means it:
- the indentation below level 100, where frames say their level instead."""

DEEPEST_INDENT = 100


class Row(NamedTuple):
    """A line of a report: how deep it stands or where, its time, and what it says beside that."""

    place: str
    time: float
    text: str


View = Callable[[Any, Any], List[Row]]
"""The rows of a session, by the renderers module of one of the two."""


def text_rows(renderers: Any, session: Any, **options: Any) -> List[Row]:
    report = renderers.ConsoleRenderer(unicode=True, **options).render(session)
    return list(parse_text(report, session.target_description))


def parse_text(report: str, description: str) -> Iterator[Row]:
    body = report[report.index(description) + len(description) :]
    for line in body.splitlines():
        match = re.match(r"^([ │├└─]*)(?:\[level (\d+)\] )?(?:([0-9.]+) )?(\S.*)$", line)
        if match:
            indent, level, time, text = match.groups()
            depth = int(level or len(indent) // 3)
            place = indent if depth <= DEEPEST_INDENT else f"level {depth} "
            yield Row(place, float(time or 0), text.rstrip())


def json_rows(renderers: Any, session: Any, **options: Any) -> List[Row]:
    report = json.loads(renderers.JSONRenderer(**options).render(session))
    rows = [Row(key, 0, repr(report[key])) for key in ("target_description", "sample_count")]
    rows += [Row(key, report[key], "") for key in ("start_time", "duration", "cpu_time")]
    waiting = [("root_frame", report["root_frame"])]
    while waiting:
        place, frame = waiting.pop()
        if frame is None:
            continue
        facts = {key: value for key, value in frame.items() if key not in NO_FACTS}
        rows.append(Row(place, frame["time"], repr(sorted(facts.items()))))
        rows.append(Row(place + " waits", frame["await_time"], ""))
        children = [(f"{place}.{index}", one) for index, one in enumerate(frame["children"])]
        waiting.extend(reversed(children))
    return rows


# Group identifiers are random.
NO_FACTS = ("children", "time", "await_time", "group_id")


def flat_rows(renderers: Any, session: Any, flat_time: str) -> List[Row]:
    return text_rows(renderers, session, flat=True, flat_time=flat_time, show_all=True)


def occurrences(session: Any) -> Dict[str, int]:
    """How often each function occurs in the tree, by the text that stands for it in a flat list."""
    counts: Dict[str, int] = {}
    waiting = [session.root_frame()]
    while waiting:
        frame = waiting.pop()
        if frame is not None:
            name = f"{frame.function}:{frame.line_no}"
            counts[name] = counts.get(name, 0) + 1
            waiting.extend(frame.children)
    return counts


def without_known_bugs(rows: List[Row], session: Any, by_total: bool) -> List[Row]:
    counts = occurrences(session)

    def is_compared(row: Row) -> bool:
        match = re.match(r"(?:.*\.)?(\S+)  .*?(?::(\d+))?$", row.text)
        name = f"{match.group(1)}:{match.group(2) or 0}" if match else ""
        if row.text.startswith("[self]"):
            return False
        return not by_total or counts.get(name, 0) == 1

    kept = [row._replace(text=without_class(row.text)) for row in rows if is_compared(row)]
    # Rows of like times may stand in either order.
    return sorted(kept, key=lambda row: (row.text, row.time))


def without_class(text: str) -> str:
    name, gap, place = text.partition("  ")
    return text if place == "<built-in>" else name.rpartition(".")[2] + gap + place


def is_badly_trimmed(theirs: List[Row], ours: List[Row]) -> bool:
    """Whether pyinstrument has cut off the program instead of its own frames, or nothing."""
    if not theirs or not ours:
        return False
    return theirs[0].time < ours[0].time / 2 or "pyinstrument/__main__.py" in theirs[0].text


class Format(NamedTuple):
    """A kind of report, and the unit of its last digit."""

    name: str
    unit: float
    rows: Callable[[Any, Any, Any], List[Row]]
    """From the renderers, the session, and pyinstrument's own session beside it."""


FORMATS = [
    Format("text", 1e-3, lambda ours, session, _: text_rows(ours, session)),
    Format("all frames", 1e-3, lambda ours, session, _: text_rows(ours, session, show_all=True)),
    Format("timeline", 1e-3, lambda ours, session, _: text_rows(ours, session, timeline=True)),
    Format("share", 0.1, lambda ours, session, _: percent_rows(ours, session)),
    Format("JSON", 1e-6, lambda ours, session, _: json_rows(ours, session)),
    Format("JSON, all", 1e-6, lambda ours, session, _: json_rows(ours, session, show_all=True)),
    Format(
        "flat, self",
        1e-3,
        lambda ours, session, theirs: without_known_bugs(
            flat_rows(ours, session, "self"), theirs, False
        ),
    ),
    Format(
        "flat, total",
        1e-3,
        lambda ours, session, theirs: without_known_bugs(
            flat_rows(ours, session, "total"), theirs, True
        ),
    ),
]


def percent_rows(renderers: Any, session: Any) -> List[Row]:
    report = renderers.ConsoleRenderer(unicode=True, time="percent_of_total").render(session)
    return list(parse_text(report.replace("% ", " "), session.target_description))


def differences(theirs: List[Row], ours: List[Row], unit: float) -> List[str]:
    """Each place where the rows differ."""
    found = []
    for index in range(max(len(theirs), len(ours))):
        one = theirs[index] if index < len(theirs) else None
        other = ours[index] if index < len(ours) else None
        if one is None or other is None or not is_same(one, other, unit):
            found.append(f"row {index + 1}: {shown(one)} | {shown(other)}")
    return found


def is_same(one: Row, other: Row, unit: float) -> bool:
    # Sums in another order differ in the last bits, which may round the other way.
    near = abs(one.time - other.time) <= unit * 1.001
    return one.place == other.place and one.text == other.text and near


def shown(row: Any) -> str:
    return "nothing" if row is None else f"{row.place}{row.time:g} {row.text}"


def record(program: Program, folder: Path) -> Path:
    for name, source in program.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    session = folder / "session.pyisession"
    command = [sys.executable, "-m", "pyinstrument", "-r", "pyisession", "-o", str(session)]
    subprocess.run([*command, *program.words], cwd=str(folder), check=True)
    return session


def compare(path: Path) -> Tuple[List[str], Dict[str, Optional[List[str]]]]:
    """Facts of the session, and the differences in each format; None where pyinstrument has
    left nothing to compare.
    """
    import pyinstrument.renderers
    import pyinstrument.session

    import spinetail.renderers
    import spinetail.session

    theirs = pyinstrument.session.Session.load(str(path))
    found: Dict[str, Optional[List[str]]] = {}
    rows = 0
    for format in FORMATS:
        own = spinetail.session.Session.load(str(path))
        expected = format.rows(pyinstrument.renderers, theirs, theirs)
        given = format.rows(spinetail.renderers, own, theirs)
        if is_badly_trimmed(expected, given):
            found[format.name] = None
            continue
        rows += len(expected)
        found[format.name] = differences(expected, given, format.unit)
    return [str(theirs.sample_count), f"{theirs.duration:.2f}", str(rows)], found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", help="only these, separated by commas")
    parser.add_argument("--keep", type=Path, help="a folder to leave programs and sessions in")
    parser.add_argument("--limit", type=int, default=10, help="differences to print a report (10)")
    arguments = parser.parse_args()
    chosen = arguments.programs.split(",") if arguments.programs else list(PROGRAMS)
    lines: List[List[str]] = []
    details: List[str] = []
    for name in chosen:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (arguments.keep or Path(temporary)) / name.replace(" ", "-")
            facts, found = compare(record(PROGRAMS[name], folder))
        cells = ["bug" if one is None else str(len(one)) for one in found.values()]
        lines.append([name, *facts, *cells])
        for format, differing in found.items():
            if differing is None:
                continue
            details += [f"{name}, {format}: {one}" for one in differing[: arguments.limit]]
            if len(differing) > arguments.limit:
                details.append(f"{name}, {format}: and {len(differing) - arguments.limit} more")
    print("Differing rows of reports on sessions that pyinstrument has recorded.\n")
    header = ["program", "samples", "seconds", "rows", *[one.name for one in FORMATS]]
    print(markdown_table(header, lines))
    print(f"\n{describe_machine()}.\n\n{LEFT_OUT}")
    if details:
        print("\nDifferences, as pyinstrument | Spinetail has it:\n")
        print("\n".join(f"- {line}" for line in details))
    return int(bool(details))


if __name__ == "__main__":
    sys.exit(main())
