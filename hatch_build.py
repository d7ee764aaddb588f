"""The build hook: builds the native library and puts it into the wheel, beside the Python files."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any, Dict

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The front end runs the hook by its path: our own modules must be found first.
sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))

from build_requirements import BuildProblem, require_toolchain  # noqa: E402
from native_library import FILE_NAME, build  # noqa: E402

# The library uses the stable ABI as of 3.7 and is linked against the building machine's glibc.
WHEEL_TAG = "cp37-abi3-linux_x86_64"


class NativeLibraryHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before hatchling packs a wheel, an editable one (``pip install -e``) included."""

    def initialize(self, version: str, build_data: Dict[str, Any]) -> None:
        """Builds the library and adds it to the wheel, or ends the build with one line."""
        root = Path(self.root)
        try:
            library = build(root, require_toolchain())
        except BuildProblem as problem:
            # An exception would bury the line under the front end's traceback.
            raise SystemExit(f"spinetail: {problem}") from None

        build_data["pure_python"] = False
        build_data["tag"] = WHEEL_TAG
        if version == "editable":
            _install_beside_sources(library, root / "python" / "spinetail" / FILE_NAME)
        else:
            build_data["force_include"][str(library)] = f"spinetail/{FILE_NAME}"


def _install_beside_sources(library: Path, target: Path) -> None:
    """Copies in one step: a process that has the old library mapped keeps it whole."""
    fresh = target.with_name(target.name + ".new")
    shutil.copyfile(library, fresh)
    os.replace(fresh, target)
