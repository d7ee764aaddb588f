"""Libraries that must not be shipped, made with the C compiler."""

import subprocess
from pathlib import Path

import pytest

import check_library
from build_requirements import find_compiler, find_swift
from targets import AARCH64

ENTRY = "void *PyInit__native(void) { return 0; }\n"

# Some linkers export marks of their own where nothing hides them.
VISIBLE = "{ global: *; local: __bss_start; _edata; _end; };\n"


def compiled(folder: Path, source: str, *flags: str) -> Path:
    """A shared library of C source."""
    code, visible, library = folder / "code.c", folder / "visible.map", folder / "code.so"
    code.write_text(source)
    visible.write_text(VISIBLE)
    compiler = find_compiler(find_swift())
    command = [str(compiler), "-shared", "-fPIC", f"-Wl,--version-script={visible}", *flags]
    subprocess.run([*command, "-o", str(library), str(code)], check=True)
    return library


def test_a_library_with_only_its_entry(tmp_path: Path) -> None:
    assert check_library.problems(compiled(tmp_path, ENTRY)) == []


def test_symbols_of_glibc_and_of_python(tmp_path: Path) -> None:
    source = """
    extern void *PyModuleDef_Init(void *); extern char *getenv(const char *);
    void *PyInit__native(void) { return PyModuleDef_Init(getenv("HOME")); }
    """
    assert check_library.problems(compiled(tmp_path, source)) == []


def test_symbols_of_zlib(tmp_path: Path) -> None:
    source = "extern int inflate(void); void *PyInit__native(void) { inflate(); return 0; }"
    linked = compiled(tmp_path, source, "-lz")
    assert check_library.problems(linked) == []
    (problem,) = check_library.problems(compiled(tmp_path, source))
    assert problem == "nothing supplies the symbols it needs: inflate"


def test_no_entry(tmp_path: Path) -> None:
    (problem,) = check_library.problems(compiled(tmp_path, "static int unused;\n"))
    assert problem == "it doesn't export PyInit__native, so Python can't import it"


def test_more_than_the_entry(tmp_path: Path) -> None:
    source = ENTRY + "int helper; void another(void) {}\n"
    (problem,) = check_library.problems(compiled(tmp_path, source))
    assert problem == "it exports more than PyInit__native: another, helper"


def test_a_symbol_that_nothing_supplies(tmp_path: Path) -> None:
    source = (
        "extern void *swift_retain(void); void *PyInit__native(void) { return swift_retain(); }"
    )
    (problem,) = check_library.problems(compiled(tmp_path, source))
    assert problem == "nothing supplies the symbols it needs: swift_retain"


def test_a_library_that_not_every_machine_has(tmp_path: Path) -> None:
    helper = tmp_path / "helper"
    helper.mkdir()
    needed = compiled(helper, "int helper;\n", "-Wl,-soname,libstdc++.so.6")
    library = compiled(tmp_path, ENTRY, "-Wl,--no-as-needed", str(needed))
    (problem,) = check_library.problems(library)
    assert problem.startswith("it needs libstdc++.so.6")


def test_a_folder_of_the_building_machine(tmp_path: Path) -> None:
    library = compiled(tmp_path, ENTRY, "-Wl,-rpath,/some/where")
    (problem,) = check_library.problems(library)
    assert problem.startswith("it looks for libraries in /some/where")


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_library, "SIZE_LIMIT", 1000)
    (problem,) = check_library.problems(compiled(tmp_path, ENTRY))
    assert problem.endswith("more than 1,000; was it stripped?")


def test_no_library_at_all(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a library")
    (problem,) = check_library.problems(text)
    assert problem.startswith("it isn't a shared library")


def test_another_processor(tmp_path: Path) -> None:
    (problem,) = check_library.problems(compiled(tmp_path, ENTRY), AARCH64)
    assert problem == "it is x64 ET_DYN, not a shared library for aarch64"


@pytest.mark.parametrize("version", ["GLIBC_2.18", "GLIBC_3.0", "GLIBC_PRIVATE"])
def test_symbols_newer_than_the_oldest_glibc(version: str, tmp_path: Path) -> None:
    helper = tmp_path / "helper"
    helper.mkdir()
    (helper / "versions.map").write_text(f"{version} {{ global: helper; }};\n")
    needed = compiled(
        helper,
        "void helper(void) {}\n",
        "-Wl,-soname,libm.so.6",
        f"-Wl,--version-script={helper / 'versions.map'}",
    )
    source = "extern void helper(void); void *PyInit__native(void) { helper(); return 0; }"
    library = compiled(tmp_path, source, str(needed))
    assert check_library.problems(library) == []
    (problem,) = check_library.problems(library, glibc="2.17")
    assert problem == f"it needs {version}, which glibc 2.17 doesn't have"
