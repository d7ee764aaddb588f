"""Checks and tests the report page, the quick things first. Installs Chromium where it may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List, Union

VIEWER = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
STEPS: List[List[Union[str, Path]]] = [
    [BIN / "deno", "fmt", "--check", "--quiet"],
    # Apart: what tests use of Node has other types than a browser's own.
    [BIN / "deno", "check", "--quiet", "src"],
    [BIN / "deno", "check", "--quiet", "test"],
    [BIN / "oxlint", "--deny-warnings", "--silent", "src", "test"],
    [BIN / "deno", "test", "--quiet", "--no-check", "--allow-read=..", "test"],
    [sys.executable, "tools/build.py", "--check"],
]


def install_chromium() -> bool:
    """True if there is a Chromium, perhaps now."""
    if shutil.which("chromium"):
        return True
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    subprocess.run(["apt-get", "update", "-qq"], check=False)
    install = [
        "apt-get",
        "install",
        "-y",
        "-qq",
        "--no-install-recommends",
        "chromium",
        "fonts-dejavu-core",
    ]
    return subprocess.run(install, check=False, stdout=subprocess.DEVNULL).returncode == 0


def main() -> int:
    for step in STEPS:
        if subprocess.run(step, cwd=VIEWER, env=ENVIRONMENT, check=False).returncode != 0:
            print("failed:", *(Path(str(part)).name for part in step), file=sys.stderr)
            return 1
    has_browser = install_chromium()
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", *sys.argv[1:]]
    code = subprocess.run(tests, cwd=VIEWER, env=ENVIRONMENT, check=False).returncode
    if not has_browser:
        print("The page's tests in a browser were skipped: there is no Chromium.")
    return code


if __name__ == "__main__":
    sys.exit(main())
