"""Every name of pyinstrument's that Spinetail keeps is there, takes the same, and does the same."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
from pathlib import Path

import pytest


def beside_this(name):
    path = Path(__file__).with_name(f"{name}.py")
    specification = importlib.util.spec_from_file_location(name, str(path))
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


reference = beside_this("reference_surface")
uses = beside_this("reference_uses")

KEPT = {
    f"{module}:{name.name}": name
    for module, names in reference.SURFACE.items()
    for name in names
    if name.fate in (reference.KEPT, reference.BETTER) and module not in reference.ELSEWHERE
}

DOCUMENT = Path(__file__).parents[2] / "docs" / "from-pyinstrument.md"


@pytest.fixture
def kit(tmp_path):
    return uses.Kit(tmp_path)


@pytest.mark.parametrize("path", KEPT)
def test_kept_name(path, kit):
    name = KEPT[path]
    module, _, attribute_path = path.partition(":")
    found = kit.module(module)
    parts = attribute_path.split(".")
    for part in parts[:-1]:
        found = getattr(found, part)
    # Attributes of objects needn't be there on the class; their use shows them.
    if name.parameters is not None or len(parts) == 1:
        found = getattr(found, parts[-1])
    if name.parameters is not None:
        check_signature(found, name.parameters)
    assert uses.USES[path](kit)


def check_signature(function, parameters):
    """Ours takes what the reference takes; what it takes beyond that is by keyword."""
    function_of_theirs = eval(f"lambda {parameters}: 0", {"CHANGED": reference.CHANGED})
    expected = [*inspect.signature(function_of_theirs).parameters.values()]
    found = [*inspect.signature(function).parameters.values()]
    names = [one.name for one in expected if one.kind is not one.VAR_KEYWORD]
    assert [parameter.name for parameter in found[: len(names)]] == names
    for ours, theirs in zip(found, expected):
        if theirs.kind is theirs.VAR_KEYWORD:
            continue
        assert theirs.default in (ours.default, reference.CHANGED)
        assert ours.kind in (theirs.kind, ours.POSITIONAL_OR_KEYWORD)
    for ours in found[len(names) :]:
        assert ours.kind in (ours.KEYWORD_ONLY, ours.VAR_KEYWORD), ours


def test_each_kept_name_is_used():
    assert set(uses.USES) == set(KEPT)


@pytest.mark.parametrize("module", sorted(reference.SURFACE))
def test_modules_of_kept_names_alone_are_there(module):
    """So that the table tells the truth, and grows with what comes."""
    if module in reference.ELSEWHERE:
        assert importlib.util.find_spec(f"spinetail.{module}") is not None
        return
    fates = {name.fate for name in reference.SURFACE[module]}
    is_kept = not fates.isdisjoint([reference.KEPT, reference.BETTER])
    name = f"spinetail.{module}" if module else "spinetail"
    if is_kept:
        importlib.import_module(name)
    else:
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(name)


def test_document_agrees():
    if not DOCUMENT.exists():
        pytest.skip("not beside the documents")
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| (\w+) \|", text, re.MULTILINE)
    listed = [
        (f"{module}.{name.name}" if module else name.name, name.fate)
        for module, names in reference.SURFACE.items()
        for name in names
    ]
    assert sorted(rows) == sorted(listed)
