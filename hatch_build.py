"""The build hook: builds the native library and puts it into the wheel, beside the Python files."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any, Dict, Tuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The front end runs the hook by its path: our own modules must be found first.
sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))

from aarch64_sdk import SDK  # noqa: E402
from build_requirements import BuildProblem, require_toolchain  # noqa: E402
from native_library import FILE_NAME, build, build_portable  # noqa: E402
from targets import AARCH64, X86_64  # noqa: E402

# The library uses the stable ABI as of 3.7.
INTERPRETERS = "cp37-abi3"

# Set by tools/build_wheel.py: zig's program, and the folder of an SDK. Without the first, as under
# `pip install .`, the library is linked against the building machine's glibc.
ZIG, AARCH64_SDK = "SPINETAIL_ZIG", "SPINETAIL_AARCH64_SDK"


class NativeLibraryHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before hatchling packs a wheel, an editable one (``pip install -e``) included."""

    def initialize(self, version: str, build_data: Dict[str, Any]) -> None:
        """Builds the library and adds it to the wheel, or ends the build with one line."""
        root = Path(self.root)
        try:
            library, platform = self._build(root)
        except BuildProblem as problem:
            # An exception would bury the line under the front end's traceback.
            raise SystemExit(f"spinetail: {problem}") from None

        build_data["pure_python"] = False
        build_data["tag"] = f"{INTERPRETERS}-{platform}"
        if version == "editable":
            _install_beside_sources(library, root / "python" / "spinetail" / FILE_NAME)
        else:
            build_data["force_include"][str(library)] = f"spinetail/{FILE_NAME}"

    def _build(self, root: Path) -> Tuple[Path, str]:
        """The library, and the platform that it is for."""
        toolchain = require_toolchain()
        zig, sdk = os.environ.get(ZIG), os.environ.get(AARCH64_SDK)
        if not zig:
            return build(root, toolchain), X86_64.local_tag
        if not sdk:
            return build_portable(root, toolchain, Path(zig)), X86_64.portable_tag
        library = build_portable(root, toolchain, Path(zig), SDK(Path(sdk)))
        return library, AARCH64.portable_tag


def _install_beside_sources(library: Path, target: Path) -> None:
    """Copies in one step: a process that has the old library mapped keeps it whole."""
    fresh = target.with_name(target.name + ".new")
    shutil.copyfile(library, fresh)
    os.replace(fresh, target)
