"""Makes the Swift SDK that the library is cross-compiled with for aarch64, in .sdk, once.

Swift's standard library for aarch64 comes from Debian's package of Swift, headers and libstdc++
from Debian 12. What has binary modules of another compiler is left out: the compiler builds them
from their text interfaces. Several hundred megabytes are fetched and about 80 kept.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import List, NamedTuple

from aarch64_sdk import SDK
from build_requirements import BuildProblem, Toolchain, require_toolchain
from debian_packages import NotToBeHad, download, unpack
from environments import ROOT

FOLDER = ROOT / ".sdk"


class SwiftPackage(NamedTuple):
    """Debian's swiftlang in a suite, and its SHA-256."""

    suite: str
    version: str
    digest: str


# The newest first; sid's goes with its next version, trixie's stays. Another version may not fit
# the compiler, so it is tried before its hash goes in here.
SWIFT_PACKAGES = (
    SwiftPackage(
        "sid",
        "6.2.3-1+b1",
        "bda5df23d26eec0cc7058924611b42bb27667252a0280fb490e4969dbbd975df",
    ),
    SwiftPackage(
        "trixie",
        "6.0.3-2",
        "b8a132deb2f3d57be211be9ccbdbbfd091b28167502ec934d6826e61a9a7d7c1",
    ),
)

# Any point release will do, so apt's own check against Debian's signature is enough.
SYSROOT_SUITE = "bookworm"
SYSROOT_PACKAGES = ("libc6-dev", "linux-libc-dev", "libstdc++-12-dev", "zlib1g-dev")

RESOURCES = "./usr/libexec/swift/lib/swift_static"
UNUSED = (
    "*/linux/*oundation*",
    "*/embedded",
    *(
        f"{RESOURCES}/{name}"
        for name in ("clang", "CoreFoundation", "_FoundationCShims", "_foundation_unicode")
    ),
)


def aarch64_sdk(toolchain: Toolchain, folder: Path = FOLDER, suite: str | None = None) -> SDK:
    """The SDK in the folder; makes it unless it is there. ``suite`` allows for one suite only.

    Raises NotToBeHad.
    """
    sdk = SDK(folder)
    clang = toolchain.clang_resources
    contents = json.dumps([SWIFT_PACKAGES, SYSROOT_PACKAGES, UNUSED, str(clang), suite])
    stamp = folder / "contents.json"
    if stamp.is_file() and stamp.read_text() == contents:
        return sdk
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=str(folder)) as work:
        for package in download(
            SYSROOT_PACKAGES, Path(work, "headers"), SYSROOT_SUITE, "arm64", alone=True
        ):
            unpack(package, sdk.sysroot)
        _take_resources(_fetch_swift(Path(work), suite), Path(work, "swift"), sdk)
    for module in sdk.runtime.rglob("*.swiftmodule"):
        if module.is_file():
            module.unlink()
    (sdk.resources / "clang").symlink_to(clang)
    for path, description in sdk.descriptions().items():
        path.write_text(json.dumps(description))
    stamp.write_text(contents)
    return sdk


def _fetch_swift(work: Path, suite: str | None) -> Path:
    """The first of the packages that is still to be had, with the hash that it must have."""
    reasons: List[str] = []
    for package in SWIFT_PACKAGES:
        if suite not in (None, package.suite):
            continue
        name = f"swiftlang={package.version}"
        try:
            (file,) = download([name], work / package.suite, package.suite, "arm64", alone=True)
        except NotToBeHad as reason:
            reasons.append(f"{package.suite}: {reason}")
            continue
        if _digest(file) == package.digest:
            return file
        reasons.append(f"{package.suite}: {file.name} isn't the one whose hash is known")
    raise NotToBeHad("; ".join(reasons) or f"no package is known for {suite}")


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _take_resources(package: Path, work: Path, sdk: SDK) -> None:
    """Unpacks the static libraries and modules alone: the whole package has gigabytes."""
    work.mkdir()
    tar = ["tar", "-x", "-C", str(work), "--wildcards"]
    tar += [f"--exclude={pattern}" for pattern in UNUSED]
    try:
        files = subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE
        )
        unpacked = subprocess.run([*tar, RESOURCES], stdin=files.stdout, check=False)
    except OSError as error:
        raise NotToBeHad(" ".join(str(error).split())) from None
    if files.stdout:
        files.stdout.close()
    if files.wait() != 0 or unpacked.returncode != 0:
        raise NotToBeHad(f"{package.name} can't be unpacked")
    shutil.move(str(work / RESOURCES), str(sdk.resources))


def main() -> None:
    try:
        print(aarch64_sdk(require_toolchain()).folder)
    except NotToBeHad as reason:
        sys.exit(f"No Swift SDK for aarch64: {reason}.")
    except BuildProblem as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
