"""Pages of the examples and of notebooks as a browser shows them."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from servers import commands, serving

from spinetail import Profiler
from spinetail.renderers import HTMLRenderer

CHROMIUM = shutil.which("chromium")
LONGEST = 30_000
"""Milliseconds to wait for what comes soon."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        # Root can't have the sandbox.
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.mark.parametrize("folder", ["flask", "django", "fastapi"])
def test_a_request_s_page(browser: Browser, folder: str) -> None:
    with serving(commands(folder)[0]) as server:
        page = browser.new_page()
        errors: list[object] = []
        page.on("pageerror", lambda error: errors.append(error))
        answer = page.goto(server.url("/compute?profile"))
        assert answer is not None and answer.status == 200
        page.get_by_text("add_up_prices").first.wait_for(timeout=LONGEST)
        assert "fetch_stock" not in page.locator("body").inner_text()
        assert not errors
        page.close()


def chain(depth: int) -> int:
    """Many rows of a report."""
    if depth:
        return chain(depth - 1)
    total, end = 0, time.thread_time() + 0.05  # its own, however busy the machine is
    while time.thread_time() < end:
        total += sum(range(500))
    return total


@pytest.mark.parametrize("height", [None, 350])
@pytest.mark.parametrize("depth, expected", [(0, (300, 600)), (60, (800, 800))])
def test_a_notebook_s_frame_fits_its_content(
    browser: Browser,
    tmp_path: Path,
    depth: int,
    expected: tuple[int, int],
    height: int | None,
) -> None:
    pytest.importorskip("IPython")
    from spinetail.notebook_report import iframe

    with Profiler() as profiler:
        for _ in range(3):
            chain(depth)
    session = profiler.last_session
    assert session is not None
    frame = iframe(HTMLRenderer().render(session), height)
    (tmp_path / "cell.html").write_text(f"<!doctype html>{frame}", "utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "cell.html").as_uri())
    page.frame_locator("iframe").get_by_text("chain").first.wait_for(timeout=LONGEST)
    lowest = height or expected[0]
    page.wait_for_function(
        f"document.querySelector('iframe').offsetHeight >= {lowest}", timeout=LONGEST
    )
    box = page.locator("iframe").bounding_box()
    assert box is not None
    if height is None:
        assert expected[0] <= box["height"] <= expected[1]
    else:
        assert box["height"] == height
    page.close()
