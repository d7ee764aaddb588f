"""Prints the Swift table of the instructions of the interpreter that runs this.

`python3.N tools/instruction_tables.py` prints InstructionRow+3N.swift, which stands in
Sources/Sampling/InterpreterMemory/Instructions; `make format` lays it out.
What an instruction does to the value stack comes from `dis.stack_effect`, its specialised forms and
its cache from `opcode`, so that no number is written by hand.
"""

from __future__ import annotations

import dis
import importlib
import opcode
import sys
from typing import Callable, Dict, Iterator, List, Optional, Tuple

MINOR = sys.version_info[1]

# Shapes of a stack effect, in the order in which they are tried: a number that the argument gives.
SHAPES: List[Tuple[str, Callable[[int], int]]] = [
    ("constant", lambda argument: 0),
    ("argument", lambda argument: argument),
    ("lowBit", lambda argument: argument & 1),
    ("thirdBit", lambda argument: argument >> 2 & 1),
    ("isThree", lambda argument: int(argument == 3)),
    ("bitCount", lambda argument: bin(argument & 15).count("1")),
    ("bothBytes", lambda argument: (argument & 255) + (argument >> 8)),
]
SAMPLES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 15]

# What can't run Python code, whatever the values are: no reference is given up, nothing is
# allocated and nothing is looked up. Anything else might.
WITHOUT_CALLEE = frozenset(
    [
        "COPY",
        "JUMP_BACKWARD_NO_INTERRUPT",
        "JUMP_FORWARD",
        "KW_NAMES",
        "LOAD_COMMON_CONSTANT",
        "LOAD_CONST",
        "LOAD_FAST",
        "LOAD_FAST_BORROW",
        "LOAD_FAST_BORROW_LOAD_FAST_BORROW",
        "LOAD_FAST_LOAD_FAST",
        "LOAD_SMALL_INT",
        "NOP",
        "NOT_TAKEN",
        "PUSH_NULL",
        "SWAP",
    ]
)
BLOCK_ENDS = frozenset(
    [
        "INTERPRETER_EXIT",
        "JUMP_BACKWARD",
        "JUMP_BACKWARD_NO_INTERRUPT",
        "JUMP_FORWARD",
        "RAISE_VARARGS",
        "RERAISE",
        "RETURN_CONST",
        "RETURN_VALUE",
    ]
)
ROLES = {
    **dict.fromkeys(WITHOUT_CALLEE, "withoutCallee"),
    "EXTENDED_ARG": "prefix",
    "CALL": "call",
    "PRECALL": "call",
    "CALL_KW": "callWithNames",
    "CALL_FUNCTION_EX": "callUnpacked",
}
# Their originals stand elsewhere, so nothing is known of what they replace.
OPAQUE = frozenset(
    [
        "CACHE",
        "RESERVED",
        "ENTER_EXECUTOR",
        "TRACE_RECORD",
        "INSTRUMENTED_INSTRUCTION",
        "INSTRUMENTED_LINE",
    ]
)


def names() -> Dict[str, int]:
    """All base instructions that stand in code, by name."""
    return {
        name: number
        for name, number in dis.opmap.items()
        if number < 256 and name not in OPAQUE and not name.startswith("INSTRUMENTED_")
    }


def forms() -> Dict[str, List[int]]:
    """The numbers of each instruction's specialised and instrumented forms."""
    found: Dict[str, List[int]] = {}
    if MINOR >= 13:
        metadata = importlib.import_module("_opcode_metadata")

        groups = {base: list(family) for base, family in metadata._specializations.items()}
        numbers = dict(metadata._specialized_opmap)
    else:
        groups = opcode._specializations  # type: ignore[attr-defined]
        # Numbered in order wherever no other instruction is (Tools/build/generate_opcode_h.py).
        free = (number for number in range(1, 256) if number not in dis.opmap.values())
        special = opcode._specialized_instructions  # type: ignore[attr-defined]
        numbers = dict(zip(special, free))
    for base, family in groups.items():
        found[base] = sorted(numbers[name] for name in family)
    if MINOR >= 13:
        in_no_family = set(numbers) - {name for family in groups.values() for name in family}
        for name in in_no_family:
            base = max((base for base in names() if name.startswith(base)), key=len)
            found.setdefault(base, []).append(numbers[name])
    for name, number in dis.opmap.items():
        if name.startswith("INSTRUMENTED_") and name not in OPAQUE:
            found.setdefault(name[len("INSTRUMENTED_") :], []).append(number)
    return {base: sorted(family) for base, family in found.items()}


def cache_size(name: str) -> int:
    """How many code units of cache follow an instruction."""
    entries = opcode._inline_cache_entries  # type: ignore[attr-defined]
    size = entries.get(name, 0) if hasattr(entries, "get") else entries[dis.opmap[name]]
    return int(size)


def effect(name: str, argument: int, jump: bool) -> Optional[int]:
    """What an instruction does to the depth of the value stack; None if it has no such argument."""
    number = dis.opmap[name]
    if MINOR == 11 and name == "PRECALL":
        return 0  # dis counts the arguments off here already; they go with the call
    if MINOR == 11 and name == "CALL":
        return -1 - argument
    if name == "RETURN_GENERATOR":
        return 1  # what is sent in first
    try:
        return dis.stack_effect(
            number, argument if number >= dis.HAVE_ARGUMENT else None, jump=jump
        )
    except ValueError:
        return None


def shape(name: str, jump: bool) -> Tuple[str, int, int]:
    """A stack effect as (shape, base, factor): base + factor * shape(argument)."""
    samples = SAMPLES + ([256, 257, 515] if name == "UNPACK_EX" else [])
    known = {}
    for argument in samples:
        value = effect(name, argument, jump)
        if value is not None:
            known[argument] = value
    if 0 not in known:
        return "constant", next(iter(known.values()), 0), 0
    base = known[0]
    for kind, function in SHAPES:
        steps = [argument for argument in known if function(argument)]
        first = steps[0] if steps else 0
        factor = (known[first] - base) // function(first) if steps else 0
        if all(known[argument] == base + factor * function(argument) for argument in known):
            return kind, base, factor
    raise SystemExit(f"{name}: no shape for {known}")


def jump_kind(name: str) -> str:
    """Where an instruction may jump to."""
    numbers = set(dis.hasjrel) | set(getattr(dis, "hasjump", ()))
    # 3.14 gives END_ASYNC_FOR an argument that tells where its loop begins.
    if dis.opmap[name] not in numbers or name == "END_ASYNC_FOR":
        return "none"
    return "backward" if "BACKWARD" in name else "forward"


def rows() -> Iterator[str]:
    """The lines of the table."""
    family = forms()
    for name, number in sorted(names().items(), key=lambda item: item[1]):
        kind, base, factor = shape(name, False)
        jump = jump_kind(name)
        words = [f"cache: {cache_size(name)}", f"depth: {base}"]
        if kind != "constant":
            words.append(f"times: {factor}, of: .{kind}")
        if jump != "none":
            words.append(f"jumps: .{jump}, depthAfterJump: {shape(name, True)[1]}")
        if name in ROLES:
            words.append(f"role: .{ROLES[name]}")
        if name in BLOCK_ENDS:
            words.append("endsBlock: true")
        yield f"    // {name}"
        codes = [str(code) for code in [number, *family.get(name, [])]]
        yield f"    .init([{', '.join(codes)}], {', '.join(words)}),"


def main() -> None:
    print(f"/// The instructions of CPython 3.{MINOR}, as tools/instruction_tables.py prints them.")
    print("extension InstructionRow {")
    print(f"  static let cpython3{MINOR}: [InstructionRow] = [")
    print("\n".join(rows()))
    print("  ]")
    print("}")


if __name__ == "__main__":
    main()
