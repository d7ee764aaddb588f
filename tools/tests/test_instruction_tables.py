"""The tables of instructions, against the interpreter that runs this."""

from __future__ import annotations

import dis
import subprocess
import sys
import types
from typing import Dict, Iterator, Optional

import pytest

import instruction_tables as tables
from environments import ROOT
from interpreters import SUPPORTED, Interpreter, find_interpreters

FOLDER = ROOT / "Sources" / "Sampling" / "InterpreterMemory" / "Instructions"


@pytest.mark.parametrize("interpreter", find_interpreters(SUPPORTED), ids=lambda found: found.name)
def test_the_table_in_swift_is_current(interpreter: Interpreter) -> None:
    script = str(ROOT / "tools" / "instruction_tables.py")
    command = [str(interpreter.executable), "-I", script]
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()
    kept = (FOLDER / f"InstructionRow+3{interpreter.minor[1]}.swift").read_text()
    # Laid out differently: in lines, and with commas at their ends.
    assert without_layout(printed) == without_layout(kept)


def without_layout(text: str) -> str:
    return "".join(text.split()).replace(",]", "]").replace(",)", ")")


def code_objects(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from code_objects(constant)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="there is no table for this version")
def test_depths_agree_wherever_paths_meet() -> None:
    """Followed along all paths, the value stack's depth is one number everywhere, and fits."""
    checked = 0
    for module in (dis, types, pytest, tables):
        with open(module.__file__ or "", encoding="utf-8") as file:
            whole = compile(file.read(), "module.py", "exec", dont_inherit=True)
        for code in code_objects(whole):
            follow(code)
            checked += 1
    assert checked > 20


def follow(code: types.CodeType) -> None:
    functions = dict(tables.SHAPES)
    depths: Dict[int, Optional[int]] = {0: 0}
    prefix = 0
    unit = 0
    units = len(code.co_code) // 2
    for entry in dis._parse_exception_table(code):  # type: ignore[attr-defined]
        depths[entry.target // 2] = entry.depth + int(entry.lasti) + 1
    while unit < units:
        name = dis.opname[code.co_code[unit * 2]]
        argument = prefix << 8 | code.co_code[unit * 2 + 1]
        prefix = argument if name == "EXTENDED_ARG" else 0
        following = unit + 1 + tables.cache_size(name)
        depth = depths.get(unit)
        if depth is not None and name != "EXTENDED_ARG":
            kind, base, factor = tables.shape(name, False)
            after = depth + base + factor * functions[kind](argument)
            assert 0 <= after <= code.co_stacksize, (code, unit, name)
            jump = tables.jump_kind(name)
            if jump != "none":
                target = following + argument if jump == "forward" else following - argument
                landed = depth + tables.shape(name, True)[1]
                assert depths.setdefault(target, landed) == landed, (code, unit, name)
            if name not in tables.BLOCK_ENDS:
                assert depths.setdefault(following, after) == after, (code, unit, name)
        elif depth is not None:
            depths.setdefault(following, depth)
        unit = following
