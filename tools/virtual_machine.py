"""Runs a script on an emulated aarch64 machine: Linux, busybox and some folders, nothing else."""

from __future__ import annotations

import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Sequence

from debian_packages import NotToBeHad
from emulators import linux, machine_emulator
from initramfs import Initramfs

SECONDS = 900
EXECUTABLE = stat.S_IFREG | 0o755

INIT = """#!/busybox sh
/busybox mkdir -p /proc /sys /dev /tmp
/busybox mount -t proc proc /proc
/busybox mount -t sysfs sys /sys
/busybox mount -t devtmpfs dev /dev
export HOME=/tmp
/busybox uname -a
/busybox sh /script 2>&1
echo {end}
/busybox poweroff -f
"""

# Printed when the script is through: without it, the machine has died.
END = "END OF SCRIPT"


def run_in_virtual_machine(contents: Sequence[Path], script: str) -> str:
    """What the script prints on a machine that has the files and folders where they are here.

    Raises NotToBeHad where there is no emulator, or no kernel.
    """
    emulator, system = machine_emulator(), linux()
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "archive")
        with archive.open("wb") as output:
            files = Initramfs(output)
            files.add("busybox", EXECUTABLE, (system / "busybox").read_bytes())
            files.add("init", EXECUTABLE, INIT.format(end=END).encode())
            files.add("script", EXECUTABLE, script.encode())
            files.add_from_disk(contents)
            files.end()
        command = [str(emulator), "-M", "virt", "-cpu", "max", "-smp", "2", "-m", "3072"]
        command += ["-nographic", "-nic", "none", "-no-reboot", "-kernel", str(system / "vmlinuz")]
        command += ["-initrd", str(archive), "-append", "console=ttyAMA0 quiet panic=-1"]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotToBeHad(f"the virtual machine wasn't done in {SECONDS} s") from None
    output_text = done.stdout.decode("utf-8", "replace").replace("\r", "")
    if END not in output_text:
        last = " ".join(output_text.split())[-300:]
        raise NotToBeHad(f"the virtual machine ended early: {last}")
    return output_text.split(END)[0].strip()
