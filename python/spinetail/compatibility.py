"""Lets code that was written for pyinstrument run with Spinetail."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

REFERENCE = "pyinstrument"
OWN = "spinetail"

DROPPED = {
    "low_level": "Spinetail samples in another way; get_stack_sampler() is in stack_sampler",
    "vendor": "Spinetail needs no other packages; import them by their own names",
}
"""Modules that there are none of, and why."""


def install_as_pyinstrument() -> None:
    """Makes ``import pyinstrument``, and imports of its modules, give Spinetail in this process.

    To be called before anything imports pyinstrument, which needn't be installed. A second call
    changes nothing. Modules are imported when they are asked for.

    Raises RuntimeError if the real one has been imported already.
    """
    present = sys.modules.get(REFERENCE)
    own = sys.modules[OWN]
    if present is not None and present is not own:
        raise RuntimeError(
            "pyinstrument has been imported already: call install_as_pyinstrument() before that."
        )
    if not any(isinstance(finder, AliasFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, AliasFinder())
    sys.modules[REFERENCE] = own


class AliasFinder:
    """Finds the reference's modules among ours."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Raises ModuleNotFoundError, with the reason, for what Spinetail doesn't have."""
        package, _, rest = name.partition(".")
        if package != REFERENCE:
            return None
        if not rest:
            return make_spec(name, OWN)
        reason = DROPPED.get(rest.partition(".")[0])
        if reason is not None:
            raise ModuleNotFoundError(f"There is no {OWN}.{rest}: {reason}.", name=name)
        return make_spec(name, f"{OWN}.{rest}")


def make_spec(name: str, own_name: str) -> ModuleSpec:
    # importlib.abc.Loader, which it could inherit from, takes long to import.
    return ModuleSpec(name, AliasLoader(own_name))  # type: ignore[arg-type]


class AliasLoader:
    """Gives a module of ours under another name; it stays the same one, and knows its own name."""

    def __init__(self, own_name: str) -> None:
        self.own_name = own_name
        self.own_attributes: dict[str, Any] = {}

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module. Raises ModuleNotFoundError in the words of who asked."""
        try:
            module = import_module(self.own_name)
        except ModuleNotFoundError as error:
            if error.name == self.own_name:
                raise ModuleNotFoundError(
                    f"No module named {spec.name!r}", name=spec.name
                ) from None
            raise
        self.own_attributes = {name: getattr(module, name) for name in ("__spec__", "__loader__")}
        return module

    def exec_module(self, module: ModuleType) -> None:
        """It has run already; takes back what the import system has written into it."""
        for name, value in self.own_attributes.items():
            setattr(module, name, value)
