"""Takes the pictures of the report page that the documentation shows, from a recorded Django run.

python viewer/tools/pictures.py docs/images

They come out larger than they need to be: reduce them to 128 colours before they are committed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Callable, Dict, Tuple

from playwright.sync_api import Page, sync_playwright

from pack import TEMPLATE, pack

SESSION = Path(__file__).resolve().parents[1] / "tests" / "sessions" / "django.spinetail"
SLOW = "Customer.statement"
Steps = Callable[[Page], None]


def as_opened(page: Page) -> None:
    """Nothing is done."""


def to_the_line(page: Page) -> None:
    row = page.locator(".tree .row.own", has=page.get_by_text(SLOW, exact=True)).first
    row.locator(".place a").click()


def to_the_callers(page: Page) -> None:
    to_the_line(page)
    page.keyboard.press("c")


def flame_graph(page: Page) -> None:
    page.keyboard.press("2")


def timeline(page: Page) -> None:
    page.keyboard.press("3")
    axis = page.locator(".overview-axis").bounding_box()
    if axis is None:
        raise SystemExit("the timeline has no axis")
    left, width, y = axis["x"], axis["width"], axis["y"] + axis["height"] / 2
    page.mouse.move(left + 0.25 * width, y)
    page.mouse.down()
    page.mouse.move(left + 0.55 * width, y, steps=5)
    page.mouse.up()


PICTURES: Dict[str, Tuple[int, Steps]] = {
    "report": (1200, as_opened),
    "walk-1-open": (1120, as_opened),
    "walk-2-line": (1120, to_the_line),
    "walk-3-callers": (1120, to_the_callers),
    "walk-flame": (1120, flame_graph),
    "walk-timeline": (1120, timeline),
}


def main() -> None:
    output = Path(sys.argv[1])
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.html"
        report.write_text(pack(SESSION.read_bytes(), TEMPLATE.read_text()))
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for name, (width, steps) in PICTURES.items():
            page = browser.new_context(
                viewport={"width": width, "height": 640}, reduced_motion="reduce"
            ).new_page()
            page.goto(report.as_uri())
            page.wait_for_selector("html[data-ready]")
            steps(page)
            # What is painted in the next frame is in the picture.
            page.wait_for_timeout(200)
            page.screenshot(path=output / f"{name}.png")
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
