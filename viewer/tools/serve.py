"""Serves the report page with a sample profile, and builds it again whenever its sources change.

    python viewer/tools/serve.py SCRIPT.py|SESSION.spinetail [PORT]

Profiles the script, unless a session is given. The open page loads itself anew after each build.
"""

from __future__ import annotations

import contextlib
import http.server
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

from build import VIEWER, BuildError, build
from pack import pack

FOLDER = VIEWER / "build"
PAUSE = 0.5


class Pages:
    """The page as it is now, and how often it was built."""

    def __init__(self, session: bytes) -> None:
        self.session = session
        self.version = 0
        self.page = ""

    def rebuild(self) -> None:
        began = time.perf_counter()
        try:
            page = build()
        except BuildError as problem:
            print(problem, file=sys.stderr)
            return
        self.version += 1
        self.page = unpacked(pack(self.session, page), self.version)
        print(f"built in {time.perf_counter() - began:.2f} s")

    def watch(self) -> None:
        known = 0.0
        while True:
            newest = max(
                path.stat().st_mtime for path in (VIEWER / "src").rglob("*") if path.is_file()
            )
            if newest > known:
                known = newest
                self.rebuild()
            time.sleep(PAUSE)


def unpacked(page: str, version: int) -> str:
    """The page with its program in the clear, for debuggers, and a look-out for new versions.

    Without the policy, which allows neither: only the tests have that.
    """
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    head, _, rest = page.partition('<script id="program" type="text/plain">')
    program = rest.partition("</script>")[0]
    look_out = (
        f"setInterval(async () => {{ const now = await (await fetch('/version')).text();"
        f" if (now !== '{version}') location.reload() }}, 700)"
    )
    return f"{head}<script>{program}</script><script>{look_out}</script></body></html>"


def make_handler(pages: Pages) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            body = str(pages.version) if self.path == "/version" else pages.page
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def main() -> None:
    source = Path(sys.argv[1])
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 8765
    if source.suffix != ".spinetail":
        FOLDER.mkdir(exist_ok=True)
        session = FOLDER / "sample.spinetail"
        subprocess.run(
            [sys.executable, VIEWER / "tools" / "record.py", session, source], check=True
        )
        source = session
    pages = Pages(source.read_bytes())
    threading.Thread(target=pages.watch, daemon=True).start()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), make_handler(pages))
    print(f"http://127.0.0.1:{server.server_port}/ - Ctrl-C ends it")
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
