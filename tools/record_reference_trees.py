"""Records what pyinstrument's processors make of some samples, for the tests of ours.

`record_reference_trees.py` writes python/tests/reference_trees.json. It needs pyinstrument 5.1.3
(requirements/bench.txt) in the environment that runs it.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, Dict, List, Tuple

from pyinstrument import frame_ops, processors

Record = Tuple[List[str], float]

OUTFILE = Path(__file__).parent.parent / "python" / "tests" / "reference_trees.json"
SYS_PREFIXES = ["/usr/lib/python3.12", "/srv/env"]
PACKAGES = "/srv/env/lib/python3.12/site-packages"
COMMAND = [
    "<module>\0/srv/env/bin/pyinstrument\x001",
    f"main\0{PACKAGES}/pyinstrument/__main__.py\x0029",
    "<module>\0<string>\x001",
    "run_path\0<frozen runpy>\x00262",
]
SCRIPT = ["_run_module_code\0<frozen runpy>\x0091", "_run_code\0<frozen runpy>\x0065"]
# Function, file, first line, class.
FUNCTIONS = [
    ("main", "/app/main.py", 1, ""),
    ("run", "/app/tasks.py", 3, "Task"),
    ("run", "/app/tasks.py", 3, "Retry"),
    ("hidden", "/app/hidden.py", 5, ""),
    ("_find_and_load", "<frozen importlib._bootstrap>", 10, ""),
    ("exec_module", "<frozen importlib._bootstrap_external>", 11, ""),
    ("get", f"{PACKAGES}/requests/api.py", 7, ""),
    ("send", f"{PACKAGES}/requests/adapters.py", 8, "Adapter"),
    ("dumps", "/usr/lib/python3.12/json/__init__.py", 8, ""),
    ("len", "<built-in>", 0, ""),
    ("<module>", "<string>", 1, ""),
    ("__init__", "<attrs generated init>", 1, ""),
    ("größe", "/app/größe.py", 1, ""),
]
ORDERS = [
    "importlib tracebackhide self repeated irrelevant unnecessary first group",
    "self repeated unnecessary first",
    "importlib tracebackhide self irrelevant unnecessary first group",
    "self unnecessary irrelevant tracebackhide repeated importlib group",
]
PROCESSORS = {
    "importlib": processors.remove_importlib,
    "tracebackhide": processors.remove_tracebackhide,
    "self": processors.merge_consecutive_self_time,
    "repeated": processors.aggregate_repeated_calls,
    "irrelevant": processors.remove_irrelevant_nodes,
    "unnecessary": processors.remove_unnecessary_self_time_nodes,
    "first": processors.remove_first_pyinstrument_frames_processor,
    "group": processors.group_library_frames_processor,
}
OPTIONS: List[Dict[str, Any]] = [
    {},
    {"filter_threshold": 0.1},
    {"hide_regex": ".*/tasks"},
    {"show_regex": ".*requests/"},
    {"hide_regex": ".*", "show_regex": ".*main.*"},
    {"show_regex": ".*"},
]


class Context:
    """What pyinstrument asks about paths."""

    sys_prefixes = SYS_PREFIXES

    def shorten_path(self, path: str) -> str:
        return path


def frame_info(chance: random.Random) -> str:
    name, file, line, class_name = chance.choice(FUNCTIONS)
    info = f"{name}\0{file}\0{line}"
    if class_name:
        info += f"\x01c{class_name}"
    info += f"\x01l{chance.randrange(line + 1, line + 4)}"
    return info + "\x01h1" if name == "hidden" else info


def random_records(seed: int) -> List[Record]:
    chance = random.Random(seed)
    records: List[Record] = []
    stack: List[str] = []
    for _ in range(chance.randrange(12, 25)):
        stack = stack[: max(0, len(stack) - chance.randrange(4))]
        stack = stack + [frame_info(chance) for _ in range(chance.randrange(4)) if len(stack) < 8]
        leaf = chance.choice([[]] * 8 + [["[await]"], ["[out-of-context]"]])
        records.append((["MainThread\0<thread>\x0042", *stack, *leaf], time(chance)))
    return records


def command_records(seed: int) -> List[Record]:
    """A script under pyinstrument's command, most of whose time is the program's."""
    chance = random.Random(seed)
    module = [*COMMAND, *SCRIPT, "<module>\0/app/main.py\x001"]
    records: List[Record] = [
        ([*COMMAND[1:], "_find_spec\0<frozen importlib._bootstrap>\x001"], 0.02)
    ]
    records += [
        ([*module[1:], frame_info(chance), frame_info(chance)], time(chance)) for _ in range(9)
    ]
    return records


def time(chance: random.Random) -> float:
    return chance.randrange(100, 300000) / 1e5


def as_list(frame: Any, groups: Dict[int, int]) -> List[Any]:
    """Identifier, time, class, short facts, number of the group, and children."""
    group = None
    if frame.group is not None:
        group = groups.setdefault(id(frame.group), len(groups))
    return [
        frame.identifier,
        round(frame.time, 6),
        frame.class_name,
        frame.is_application_code,
        round(frame.total_self_time, 6),
        round(frame.await_time(), 6),
        group,
        [as_list(child, groups) for child in frame.children],
    ]


def case(number: int) -> Dict[str, Any]:
    records = command_records(number) if number % 4 == 3 else random_records(number)
    names = ORDERS[number % len(ORDERS) if number % 4 != 3 else 0].split()
    options = OPTIONS[number % len(OPTIONS)]
    frame = frame_ops.build_frame_tree(records, Context())
    for name in names:
        frame = PROCESSORS[name](frame, options=options)
    assert frame is not None
    return {
        "records": records,
        "sys_prefixes": SYS_PREFIXES,
        "processors": [PROCESSORS[name].__name__ for name in names],
        "options": options,
        "tree": as_list(frame, {}),
    }


def main() -> None:
    cases = ",\n".join(json.dumps(case(number), ensure_ascii=False) for number in range(8))
    OUTFILE.write_text(f"[{cases}]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
