"""Records the real programs that the page's tests show, in an environment that has them installed.

    PYTHONPATH=python .venvs/3.13.0-real-programs/bin/python viewer/tools/record_programs.py

Run it again only where the programs or the file format change: the tests hold the page to what is
in these files, not to this machine. They know no path of it.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Dict

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from program_runs import PROGRAMS, RealProgram, prepare_folder  # noqa: E402

SESSIONS = ROOT / "viewer" / "tests" / "sessions"
NAMES = {"django": "django", "sympy": "sympy", "aiohttp": "asyncio"}


def record(program: RealProgram, folder: Path) -> bytes:
    """The session of a run of the program, as its page holds it."""
    work, variables = prepare_folder(program, folder)
    page = folder / "page.html"
    command = [sys.executable, "-m", "spinetail", "-o", str(page)]
    variables["PYTHONPATH"] = str(ROOT / "python")
    subprocess.run([*command, *program.arguments], cwd=work, env=variables, check=True)
    match = re.search(r'<script id="session" type="text/plain">([^<]*)<', page.read_text())
    if match is None:
        raise SystemExit(f"the page of {program.name} holds no session")
    return base64.b64decode(match[1])


def elsewhere(data: bytes, places: Dict[str, str], own: str) -> bytes:
    """The session as it would be with other folders, and only the program's own source files."""
    raw = gzip.decompress(data)
    (length,) = struct.unpack("<I", raw[:4])
    header = json.loads(raw[4 : 4 + length])
    header["sources"] = {p: text for p, text in header["sources"].items() if p.startswith(own)}
    text = json.dumps(header, separators=(",", ":"))
    for place in sorted(places, key=len, reverse=True):
        text = text.replace(json.dumps(place)[1:-1], places[place])
    changed = text.encode()
    return gzip.compress(struct.pack("<I", len(changed)) + changed + raw[4 + length :], 9, mtime=0)


def main() -> None:
    SESSIONS.mkdir(exist_ok=True)
    for program in PROGRAMS:
        name = NAMES.get(program.name)
        if name is None:
            continue
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary).resolve()
            data = record(program, folder)
            own = str(folder / "work")
            places = {
                own: f"/srv/{name}",
                sys.prefix: "/srv/venv",
                sys.base_prefix: "/usr/local",
                str(ROOT): "/srv/spinetail",
            }
            changed = elsewhere(data, places, own)
        (SESSIONS / f"{name}.spinetail").write_bytes(changed)
        print(f"{name}: {len(changed):,} bytes")


if __name__ == "__main__":
    main()
