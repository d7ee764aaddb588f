"""A Swift SDK for aarch64: where its parts lie, and how SwiftPM is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import List

from targets import AARCH64

NAME = "debian-aarch64"


@dataclass(frozen=True)
class SDK:
    """The folder that tools/make_aarch64_sdk.py makes."""

    folder: Path

    @property
    def bundle(self) -> Path:
        """What SwiftPM calls an artifact bundle."""
        return self.folder / "sdks" / f"{NAME}.artifactbundle"

    @property
    def sysroot(self) -> Path:
        return self.bundle / "linux" / "sysroot"

    @property
    def resources(self) -> Path:
        """Swift's modules and static libraries, with clang's headers."""
        return self.bundle / "linux" / "swift_static"

    @property
    def runtime(self) -> Path:
        """The folder of the static libraries."""
        return self.resources / "linux"

    @property
    def libstdcxx(self) -> Path:
        return self.sysroot / "usr" / "lib" / "gcc" / "aarch64-linux-gnu" / "12" / "libstdc++.a"

    @property
    def swift_options(self) -> List[str]:
        """SwiftPM's options to compile with it; the modules that it compiles first stay in it."""
        options = ["--swift-sdks-path", str(self.folder / "sdks"), "--swift-sdk", NAME]
        modules = ["-module-cache-path", str(self.folder / "modules")]
        for option in modules:
            options += ["-Xswiftc", option]
        return options

    def descriptions(self) -> dict[Path, dict[str, object]]:
        """The files by which SwiftPM knows an SDK, as their JSON (SE-0387)."""
        variant = {"path": "linux", "supportedTriples": ["x86_64-unknown-linux-gnu"]}
        artifact = {"type": "swiftSDK", "version": "1", "variants": [variant]}
        parts = {
            "sdkRootPath": "sysroot",
            "swiftResourcesPath": "swift_static",
            "swiftStaticResourcesPath": "swift_static",
        }
        return {
            self.bundle / "info.json": {"schemaVersion": "1.0", "artifacts": {NAME: artifact}},
            self.bundle / "linux" / "swift-sdk.json": {
                "schemaVersion": "4.0",
                "targetTriples": {AARCH64.swift_triple: parts},
            },
        }
