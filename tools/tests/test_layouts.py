"""The tables of offsets, against headers that are on this machine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from layouts import (
    FIELDS,
    SIZES,
    Unreadable,
    differences,
    include_folders,
    main,
    offsets,
    swift,
    swift_tables,
)

needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")


@pytest.fixture(scope="module")
def include() -> Path:
    folders = include_folders()
    if not folders:
        pytest.skip("no interpreter with headers")
    return folders[-1]


def test_every_version_has_a_whole_table() -> None:
    tables = swift_tables()
    assert sorted(tables) == [11, 12, 13, 14, 15]
    for minor, table in tables.items():
        for name, forms in FIELDS.items():
            is_there = bool(forms[max(first for first in forms if first <= minor)])
            assert (name in table) == is_there, (minor, name)
        assert set(SIZES) <= set(table)


@needs_compiler
def test_tables_are_what_the_headers_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0, capsys.readouterr().out


@needs_compiler
def test_a_wrong_number_is_told(include: Path) -> None:
    tables = swift_tables()
    minor = offsets(include)["minor"]
    tables[minor]["threadFrame"] += 8
    [line] = differences(include, tables)
    assert line.startswith("threadFrame: ")


@needs_compiler
def test_a_printed_table_reads_as_what_it_was_made_from(include: Path, tmp_path: Path) -> None:
    source = tmp_path / "Layout.swift"
    source.write_text("static let made = " + swift(include) + "\n\n")
    assert differences(include, swift_tables([source])) == []


def test_a_folder_without_headers_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        differences(tmp_path, swift_tables())
