"""The machines that a wheel can be built for, and what their files are called."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A processor with Linux and glibc."""

    machine: str
    """As the module platform names it, and wheels."""
    elf: str
    """As pyelftools names it."""
    loader: str
    """The dynamic linker's file name."""

    @property
    def swift_triple(self) -> str:
        return f"{self.machine}-unknown-linux-gnu"

    @property
    def zig_triple(self) -> str:
        """With the oldest glibc that the library has to load on."""
        return f"{self.machine}-linux-gnu.{OLDEST_GLIBC}"

    @property
    def portable_tag(self) -> str:
        """The wheel's platform, also by the name that older pips know it by (PEP 599, PEP 600)."""
        manylinux = f"manylinux_{OLDEST_GLIBC.replace('.', '_')}_{self.machine}"
        return f"manylinux2014_{self.machine}.{manylinux}"

    @property
    def local_tag(self) -> str:
        """The platform of a wheel for machines like the building one."""
        return f"linux_{self.machine}"


# Symbols of 2.17 are in every glibc for both processors since; manylinux2014 is the same.
OLDEST_GLIBC = "2.17"

X86_64 = Target("x86_64", elf="x64", loader="ld-linux-x86-64.so.2")
AARCH64 = Target("aarch64", elf="AArch64", loader="ld-linux-aarch64.so.1")
