"""Opens report pages in Chromium. A page that complains, or asks anything of a network, fails."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Callable, Iterator, List

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

TESTS = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTS), str(TESTS.parent / "tools"), str(TESTS.parents[1] / "benchmarks")]

from pack import TEMPLATE, pack  # noqa: E402
from sample import session_file  # noqa: E402

CHROMIUM = shutil.which("chromium")
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def template() -> str:
    return TEMPLATE.read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        # Root can't have the sandbox.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, template: str) -> Path:
    """The page of the sample session."""
    path = tmp_path_factory.mktemp("shop") / "shop.html"
    path.write_text(pack(session_file().pack(), template))
    return path


def changes(page: Page, probe: str, before: object) -> bool:
    """Whether an expression soon has another value. Playwright's own waiting needs `eval`, which
    the page's policy refuses.
    """
    for _ in range(100):
        if page.evaluate(probe) != before:
            return True
        page.wait_for_timeout(50)
    return False


def listen(page: Page, complaints: List[str]) -> None:
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))

    def request(request: Request) -> None:
        if not request.url.startswith(("file:", "blob:", "data:")):
            complaints.append(f"request: {request.url}")

    page.on("request", request)


@pytest.fixture
def open_page(browser: Browser, shop: Path) -> Iterator[OpenPage]:
    """Opens a page and waits until it is ready; `hash` is the part of the address after #."""
    complaints: List[str] = []
    contexts = []

    def open_page(
        path: Path = shop,
        hash: str = "",
        theme: str = "light",
        ready: bool = True,
        may_complain: bool = False,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": 1280, "height": 800},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        if not may_complain:
            listen(page, complaints)
        page.goto(f"{path.as_uri()}{'#' + hash if hash else ''}")
        if ready:
            page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
