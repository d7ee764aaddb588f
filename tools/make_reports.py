"""Profiles five real programs and keeps their reports: `make_reports.py WHEEL`.

Each program runs once by itself and once under Spinetail, on the newest supported CPython of this
machine; `docs/reports` gets the reports. It fails where a program behaves differently under
Spinetail, and where a report doesn't show what it should.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import List

from environments import ROOT, environment_with_wheel
from interpreters import SETTLED, SUPPORTED, find_interpreters
from program_runs import PROGRAMS, RealProgram, problems, run_plain, run_profiled

FOLDER = ROOT / "docs" / "reports"


def make_report(python: Path, program: RealProgram) -> List[str]:
    """Writes the report of one program, and gives what is wrong, in sentences."""
    with tempfile.TemporaryDirectory() as folder:
        plain = run_plain(python, program, Path(folder))
        profiled, report = run_profiled(python, program, Path(folder))
    if plain.status != 0:
        return [f"it doesn't run here: {plain.stderr or plain.stdout}"]
    if profiled != plain:
        return [f"it behaves differently under Spinetail:\n{plain}\n{profiled}"]
    if not program.has_report:
        return []
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{program.name}.txt").write_text(report.text.strip("\n") + "\n", encoding="utf-8")
    return problems(program, report)


def main() -> int:
    if len(sys.argv) != 2:
        sys.exit("usage: make_reports.py WHEEL")
    interpreters = find_interpreters([minor for minor in SUPPORTED if minor <= SETTLED])
    if not interpreters:
        sys.exit("No CPython from 3.11 to 3.13 was found: install one to make the reports.")
    wheel = Path(sys.argv[1]).resolve()
    python = environment_with_wheel(interpreters[-1], wheel, "real-programs")
    status = 0
    for program in PROGRAMS:
        wrong = make_report(python, program)
        print(f"{program.name}: {'; '.join(wrong) or 'fine'}", flush=True)
        status = status or int(bool(wrong))
    return status


if __name__ == "__main__":
    sys.exit(main())
