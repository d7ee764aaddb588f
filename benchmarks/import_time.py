"""What `import spinetail` costs beyond a bare Python, and how large the native library is.

Each figure is the median over many rounds of new processes, the statements in turn, of what a
statement takes beyond a bare interpreter in the same round. `from spinetail import Profiler` also
loads the native library, as the first use does.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, List, Optional

from machine import describe_load, describe_machine
from tables import estimate_median, markdown_table

BARE = "pass"
STATEMENTS = {
    "spinetail": ("import spinetail", "from spinetail import Profiler"),
    "pyinstrument": ("import pyinstrument",),
    "cProfile": ("import cProfile",),
}


def run(statement: str) -> float:
    """The milliseconds that a new interpreter takes for a statement, from start to end."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True, stdin=subprocess.DEVNULL)
    return 1000 * (time.perf_counter() - begin)


def measure(statements: List[str], runs: int) -> Dict[str, List[float]]:
    """All times; who comes first changes with each run."""
    for statement in statements:  # fills the caches: of files, and of byte code
        run(statement)
    times: Dict[str, List[float]] = {statement: [] for statement in statements}
    for number in range(runs):
        for position in range(len(statements)):
            statement = statements[(number + position) % len(statements)]
            times[statement].append(run(statement))
    return times


def library_size() -> Optional[str]:
    """The native library's size, as a sentence."""
    found = importlib.util.find_spec("spinetail")
    if found is None or not found.submodule_search_locations:
        return None
    for folder in found.submodule_search_locations:
        for library in Path(folder).glob("_native*.so"):
            return f"{library.name}: {os.path.getsize(library) / 1e6:.2f} MB."
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the import of profilers.")
    parser.add_argument("--runs", type=int, default=20, help="processes for each statement (20)")
    options = parser.parse_args()
    statements = [BARE]
    missing = []
    for package, lines in STATEMENTS.items():
        if importlib.util.find_spec(package) is None:
            missing.append(f"{package} isn't installed, so it isn't measured.")
        else:
            statements.extend(lines)
    load = describe_load()
    times = measure(statements, options.runs)
    bare = estimate_median(times[BARE])
    rows = [["(bare)", f"{bare.median:.1f} ms", f"[{bare.low:.1f}, {bare.high:.1f}]"]]
    for statement in statements[1:]:
        beyond = estimate_median([a - b for a, b in zip(times[statement], times[BARE])])
        rows.append(
            [statement, f"{beyond.median:+.1f} ms", f"[{beyond.low:+.1f}, {beyond.high:+.1f}]"]
        )
    print(f"Median of {options.runs} new processes [5 %, 95 %]; below the first line, beyond it.\n")
    print(markdown_table(["statement", "time", "interval"], rows))
    print(f"\n{describe_machine()}. {load}")
    for line in [library_size(), *missing]:
        if line:
            print(line)


if __name__ == "__main__":
    main()
