"""Checks a built library: it must load where the wheel's tag says, and show nothing but its entry.

As a program: `check_library.py LIBRARY`, for one that was built for machines like this one. It
prints what is wrong, a line each, and fails if there is anything.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Iterator, List, NamedTuple, Set, Tuple

from elftools.common.exceptions import ELFError
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection, GNUVerSymSection
from elftools.elf.sections import SymbolTableSection

from targets import X86_64, Target

ENTRY = "PyInit__native"
SIZE_LIMIT = 9_000_000

ZLIB = "libz.so.1"

# Parts of glibc, which is there on each machine that the wheel's tag names; and the system's zlib.
ALLOWED_LIBRARIES = {
    "libc.so.6",
    "libdl.so.2",
    "libm.so.6",
    "libpthread.so.0",
    ZLIB,
}

# What zlib has had since long before it gave versions to its symbols.
ZLIB_SYMBOLS = {"deflate", "deflateEnd", "deflateInit2_", "inflate", "inflateEnd", "inflateInit2_"}

# Weak symbols that the C start-up files mention in every shared object; absent, they do no harm.
START_UP_SYMBOLS = {"__gmon_start__", "_ITM_deregisterTMCloneTable", "_ITM_registerTMCloneTable"}


class DynamicSymbol(NamedTuple):
    """A symbol that the loader sees."""

    name: str
    is_defined: bool
    is_versioned: bool


def problems(library: Path, target: Target = X86_64, glibc: str | None = None) -> List[str]:
    """What is wrong with the library, in one line each; nothing if it is fit to be shipped.

    ``glibc`` is the oldest version that it has to load on; None for this machine's.
    """
    size = library.stat().st_size
    found = []
    if size > SIZE_LIMIT:
        found.append(f"it has {size:,} bytes, more than {SIZE_LIMIT:,}; was it stripped?")
    try:
        with library.open("rb") as stream:
            elf = ELFFile(stream)
            found += _problems_of_machine(elf, target)
            found += _problems_of_dependencies(elf, target)
            found += _problems_of_versions(elf, glibc)
            supplied = ZLIB_SYMBOLS if ZLIB in _needed_libraries(elf) else set()
            found += _problems_of_symbols(list(_dynamic_symbols(elf)), supplied)
    except ELFError as error:
        found.append(f"it isn't a shared library: {error}")
    return found


def _problems_of_machine(elf: ELFFile, target: Target) -> Iterator[str]:
    kind = f"{elf.get_machine_arch()} {elf['e_type']}"
    if kind != f"{target.elf} ET_DYN":
        yield f"it is {kind}, not a shared library for {target.machine}"


def _problems_of_versions(elf: ELFFile, glibc: str | None) -> Iterator[str]:
    if glibc is None:
        return
    limit = _numbers(glibc)
    newer = sorted(
        version
        for version in _needed_versions(elf)
        if version.startswith("GLIBC_") and not (() < _numbers(version[6:]) <= limit)
    )
    if newer:
        yield f"it needs {_some(newer)}, which glibc {glibc} doesn't have"


def _needed_versions(elf: ELFFile) -> Iterator[str]:
    """The versions of other libraries' symbols that the loader looks for."""
    for section in elf.iter_sections():
        if isinstance(section, GNUVerNeedSection):
            for _, versions in section.iter_versions():
                for version in versions:
                    yield str(version.name)


def _numbers(version: str) -> Tuple[int, ...]:
    """A version as numbers; empty if it is none, as GLIBC_PRIVATE's."""
    parts = version.split(".")
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else ()


def _problems_of_dependencies(elf: ELFFile, target: Target) -> Iterator[str]:
    for section in elf.iter_sections():
        if not isinstance(section, DynamicSection):
            continue
        for tag in section.iter_tags():
            kind = tag.entry.d_tag
            if kind == "DT_NEEDED":
                needed = getattr(tag, "needed", "")
                if needed not in ALLOWED_LIBRARIES and needed != target.loader:
                    yield f"it needs {needed}, which not every machine has: link that statically"
            elif kind in ("DT_RPATH", "DT_RUNPATH"):
                searched = getattr(tag, "rpath" if kind == "DT_RPATH" else "runpath", "")
                if searched != "$ORIGIN":
                    yield f"it looks for libraries in {searched}, a folder of the building machine"


def _needed_libraries(elf: ELFFile) -> Set[str]:
    return {
        str(getattr(tag, "needed", ""))
        for section in elf.iter_sections()
        if isinstance(section, DynamicSection)
        for tag in section.iter_tags("DT_NEEDED")
    }


def _problems_of_symbols(symbols: List[DynamicSymbol], supplied: Set[str]) -> Iterator[str]:
    exported = sorted(symbol.name for symbol in symbols if symbol.is_defined)
    if ENTRY not in exported:
        yield f"it doesn't export {ENTRY}, so Python can't import it"
    others = [name for name in exported if name != ENTRY]
    if others:
        yield f"it exports more than {ENTRY}: {_some(others)}"

    # What glibc supplies has a version; what the interpreter supplies is named after Python.
    # Anything else belongs to a library that wasn't linked, and would fail on import.
    unknown = sorted(
        symbol.name
        for symbol in symbols
        if not symbol.is_defined
        and not symbol.is_versioned
        and not symbol.name.startswith(("Py", "_Py"))
        and symbol.name not in START_UP_SYMBOLS
        and symbol.name not in supplied
    )
    if unknown:
        yield f"nothing supplies the symbols it needs: {_some(unknown)}"


def _dynamic_symbols(elf: ELFFile) -> Iterator[DynamicSymbol]:
    """The global and weak symbols of the dynamic symbol table; local ones don't show outside."""
    table = elf.get_section_by_name(".dynsym")
    versions = elf.get_section_by_name(".gnu.version")
    if not isinstance(table, SymbolTableSection):
        return
    for index, symbol in enumerate(table.iter_symbols()):
        if symbol["st_info"]["bind"] == "STB_LOCAL":
            continue
        is_versioned = False
        if isinstance(versions, GNUVerSymSection):
            # Numbers from 2 on name versions; the library reads 0 and 1 as words.
            version = versions.get_symbol(index)["ndx"]
            is_versioned = version not in ("VER_NDX_LOCAL", "VER_NDX_GLOBAL")
        yield DynamicSymbol(symbol.name, symbol["st_shndx"] != "SHN_UNDEF", is_versioned)


def _some(names: List[str]) -> str:
    rest = len(names) - 5
    return ", ".join(names[:5]) + (f" and {rest} more" if rest > 0 else "")


def main() -> int:
    library = Path(sys.argv[1])
    found = problems(library)
    for problem in found:
        print(f"{library.name}: {problem}", file=sys.stderr)
    if not found:
        print(f"{library.name}: fit to be shipped")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
