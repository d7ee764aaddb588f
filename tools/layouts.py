"""Regenerates and verifies the tables of offsets from the interpreters' own headers.

`layouts.py verify [INCLUDE …]` compares the Swift tables with every interpreter whose headers are
found, and with those in the folders given (such as /usr/include/python3.14). `layouts.py print
INCLUDE` prints a folder's table as Swift writes it.

CPython 3.13 and newer tell most offsets themselves; what their tables said once stands in the
tests, as numbers, and that is compared.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Dict, Iterable, List, Optional

from environments import ROOT
from interpreters import SUPPORTED, find_interpreters

TABLES = (
    ROOT / "Sources/Sampling/InterpreterMemory/Layout+Versions.swift",
    ROOT / "Tests/SamplingTests/Layout+Made.swift",
)

# A field of Swift's Layout in order, and what it is in C, by the first minor version in which it is
# that; nothing stands for nil.
FIELDS: Dict[str, Dict[int, str]] = {
    "runtimeInterpretersHead": {11: "_PyRuntimeState, interpreters.head"},
    "interpreterNext": {11: "PyInterpreterState, next"},
    "interpreterThreadsHead": {11: "PyInterpreterState, threads.head"},
    "interpreterCodeGeneration": {11: "", 14: "PyInterpreterState, _code_object_generation"},
    "interpreterNextCodeVersion": {
        11: "",
        13: "PyInterpreterState, func_state.next_version",
        14: "",
    },
    "threadNext": {11: "PyThreadState, next"},
    "threadInterpreter": {11: "PyThreadState, interp"},
    "threadIdentifier": {11: "PyThreadState, thread_id"},
    "threadNativeIdentifier": {11: "PyThreadState, native_thread_id"},
    "threadFrame": {11: "PyThreadState, cframe", 13: "PyThreadState, current_frame"},
    "cFrameCurrent": {11: "_PyCFrame, current_frame", 13: ""},
    "threadDataStackChunk": {11: "PyThreadState, datastack_chunk"},
    "threadBaseFrame": {11: "", 15: "PyThreadState, base_frame"},
    "threadTraceFunction": {11: "PyThreadState, c_tracefunc", 12: ""},
    "framePrevious": {11: "_PyInterpreterFrame, previous"},
    "frameCode": {11: "_PyInterpreterFrame, f_code", 13: "_PyInterpreterFrame, f_executable"},
    "frameInstruction": {
        11: "_PyInterpreterFrame, prev_instr",
        13: "_PyInterpreterFrame, instr_ptr",
    },
    "frameOwner": {11: "_PyInterpreterFrame, owner"},
    "frameLocals": {11: "_PyInterpreterFrame, localsplus"},
    "codeFile": {11: "PyCodeObject, co_filename"},
    "codeName": {11: "PyCodeObject, co_name"},
    "codeQualifiedName": {11: "PyCodeObject, co_qualname"},
    "codeLineTable": {11: "PyCodeObject, co_linetable"},
    "codeFirstLine": {11: "PyCodeObject, co_firstlineno"},
    "codeInstructions": {11: "PyCodeObject, co_code_adaptive"},
    "codeFirstTraceable": {11: "PyCodeObject, _co_firsttraceable"},
    "codeLocalCount": {11: "PyCodeObject, co_nlocals"},
    "codeVariableCount": {11: "PyCodeObject, co_nlocalsplus"},
    "codeVariableNames": {11: "PyCodeObject, co_localsplusnames"},
    "codeVersion": {11: "", 12: "PyCodeObject, co_version"},
    "codeExceptionTable": {11: "PyCodeObject, co_exceptiontable"},
    "tupleItems": {11: "PyTupleObject, ob_item"},
    "typeQualifiedName": {11: "PyHeapTypeObject, ht_qualname"},
    # Arguments of `gil:`.
    "offset": {11: "_PyRuntimeState, ceval.gil", 12: "PyInterpreterState, ceval.gil"},
    "currentThread": {11: "_PyRuntimeState, gilstate.tstate_current", 12: ""},
}
SIZES = {"asciiHeader": "PyASCIIObject", "compactHeader": "PyCompactUnicodeObject"}

# What Swift takes for the same everywhere (CPythonConstants).
CONSTANTS = {
    "PyTypeObject, tp_name": 24,
    "PyTypeObject, tp_flags": 168,
    "PyASCIIObject, length": 16,
    "PyASCIIObject, state": 32,
    "PyBytesObject, ob_sval": 32,
    "PyCellObject, ob_ref": 16,
    "PyCFunctionObject, m_ml": 16,
    "PyCFunctionObject, m_self": 24,
    "PyMethodDescrObject, d_common.d_type": 16,
    "PyMethodDescrObject, d_method": 40,
    "struct _gil_runtime_state, last_holder": 8,
    "struct _gil_runtime_state, locked": 16,
    "struct _gil_runtime_state, switch_number": 24,
    "_PyStackChunk, top": 16,
    "_PyStackChunk, data": 24,
}

PROGRAM = """
#define Py_BUILD_CORE 1
#include <Python.h>
#include <stddef.h>
#include <internal/pycore_interp.h>
#include <internal/pycore_runtime.h>
#include <internal/pycore_frame.h>
#if PY_VERSION_HEX >= 0x030e0000
#include <internal/pycore_interpframe.h>
#endif
int main(void) {{
  printf("minor=%d\\n", PY_MINOR_VERSION);
{lines}
}}
"""


class Unreadable(Exception):
    """Why headers can't be compiled, in one line."""


def offsets(include: Path) -> Dict[str, int]:
    """The fields that headers have: Layout's by name, and what is taken for constant by C's."""
    minor = minor_of(include)
    wanted = {name: by_minor(forms, minor) for name, forms in FIELDS.items()}
    wanted.update({name: name for name in CONSTANTS})
    lines = [
        f'  printf("{name}=%zu\\n", offsetof({place}));' for name, place in wanted.items() if place
    ]
    lines += [f'  printf("{name}=%zu\\n", sizeof({kind}));' for name, kind in SIZES.items()]
    found = {}
    for line in compile_and_run(PROGRAM.format(lines="\n".join(lines)), include).splitlines():
        name, _, value = line.rpartition("=")
        found[name] = int(value)
    return found


def by_minor(forms: Dict[int, str], minor: int) -> str:
    """What a field is in a minor version."""
    return forms[max(first for first in forms if first <= minor)]


def minor_of(include: Path) -> int:
    """The minor version that headers are of."""
    try:
        text = (include / "patchlevel.h").read_text()
    except OSError as error:
        raise Unreadable(str(error)) from None
    match = re.search(r"#define PY_MINOR_VERSION\s+(\d+)", text)
    if not match:
        raise Unreadable(f"{include} tells no version")
    return int(match.group(1))


def compile_and_run(source: str, include: Path) -> str:
    """What a C program prints that is compiled against the headers."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "offsets")
        # Debian keeps pyconfig.h apart, in a folder for the processor beside the others.
        folders = [include, include / "internal", include.parent]
        flags = [f"-I{folder}" for folder in folders]
        flags += [f"-I{place}" for place in sorted(include.parent.glob(f"*/{include.name}"))]
        command = ["cc", "-w", *flags, "-x", "c", "-o", str(program), "-"]
        try:
            subprocess.run(command, input=source, text=True, capture_output=True, check=True)
            done = subprocess.run([str(program)], text=True, capture_output=True, check=True)
        except FileNotFoundError:
            raise Unreadable("there is no C compiler here") from None
        except subprocess.CalledProcessError as error:
            first = (error.stderr or "").strip().splitlines()[:1]
            raise Unreadable(" ".join(first) or "the program failed") from None
        return done.stdout


def swift_tables(sources: Iterable[Path] = TABLES) -> Dict[int, Dict[str, int]]:
    """The tables that stand in Swift, by minor version; fields that are nil are left out."""
    tables = {}
    for source in sources:
        for literal in re.findall(
            r"= Layout\((.*?)\n\n|= Layout\((.*?)\Z", source.read_text(), re.S
        ):
            fields = {
                name: int(value) for name, value in re.findall(r"(\w+): (\d+)", "".join(literal))
            }
            tables[fields["minor"]] = fields
    return tables


def differences(include: Path, tables: Dict[int, Dict[str, int]]) -> List[str]:
    """In a line each where the headers say something else than Swift."""
    found = offsets(include)
    table = tables.get(found["minor"])
    if table is None:
        return [f"there is no table for 3.{found['minor']}"]
    lines = []
    for name in (*FIELDS, *SIZES):
        if found.get(name) != table.get(name):
            lines.append(f"{name}: {found.get(name)} in the headers, {table.get(name)} in Swift")
    for name, value in CONSTANTS.items():
        if found[name] != value:
            lines.append(f"{name}: {found[name]} in the headers, {value} in Swift")
    return lines


def swift(include: Path) -> str:
    """A table as Swift writes it."""
    found = offsets(include)
    fields = [f"minor: {found['minor']}"]
    for name in [*FIELDS, *SIZES]:
        if name not in ("offset", "currentThread"):
            fields.append(f"{name}: {found.get(name, 'nil')}")
    lock = f"offset: {found['offset']}"
    if "currentThread" in found:
        lock = f".runtime({lock}, currentThread: {found['currentThread']})"
    else:
        lock = f".interpreter({lock})"
    return "Layout(\n  " + ",\n  ".join([*fields, f"gil: {lock}"]) + ")"


def include_folders() -> List[Path]:
    """Folders with the headers of the interpreters that can be profiled."""
    folders = []
    script = "import sysconfig; print(sysconfig.get_path('include'))"
    for interpreter in find_interpreters(SUPPORTED):
        words = [str(interpreter.executable), "-I", "-c", script]
        place = Path(
            subprocess.run(words, text=True, capture_output=True, check=True).stdout.strip()
        )
        if (place / "internal").is_dir():
            folders.append(place)
    return folders


def main(arguments: Optional[List[str]] = None) -> int:
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] not in ("verify", "print"):
        print(__doc__)
        return 2
    folders = [Path(word) for word in words[1:]]
    if words[0] == "print":
        print("\n".join(swift(folder) for folder in folders))
        return 0
    tables = swift_tables()
    failed = False
    for folder in [*include_folders(), *folders]:
        try:
            lines = differences(folder, tables)
        except Unreadable as reason:
            lines = [f"not compared: {reason}"]
        print(f"{folder.name}: {'as in Swift' if not lines else 'NOT as in Swift'}")
        for line in lines:
            print(f"  {line}")
        failed = failed or bool(lines)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
