"""Builds the wheel for machines other than this one, into dist.

`build_wheel.py [--aarch64]`. The wheel for x86-64 is also built where zig can't be fetched, and is
then for machines like this one; one line says so. There is no such way to aarch64's.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from build_requirements import BuildProblem, require_toolchain
from debian_packages import NotToBeHad
from environments import ROOT
from make_aarch64_sdk import aarch64_sdk
from zig import NoZig, zig


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--aarch64", action="store_true", help="cross-compile for aarch64")
    options = parser.parse_args()
    variables = {**os.environ}
    try:
        variables["SPINETAIL_ZIG"] = str(zig())
    except NoZig as reason:
        if options.aarch64:
            sys.exit(f"spinetail: No wheel for aarch64, as zig can't be fetched: {reason}.")
        print(
            f"spinetail: The wheel will be for this machine's glibc and newer ones only, as zig "
            f"can't be fetched: {reason}.",
            file=sys.stderr,
        )
    if options.aarch64:
        try:
            variables["SPINETAIL_AARCH64_SDK"] = str(aarch64_sdk(require_toolchain()).folder)
        except NotToBeHad as reason:
            sys.exit(f"spinetail: No wheel for aarch64, as there is no SDK for it: {reason}.")
        except BuildProblem as problem:
            sys.exit(f"spinetail: {problem}")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(ROOT)]
    return subprocess.run(build, env=variables, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
