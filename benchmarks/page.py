"""Measures the report page in Chromium, beside pyinstrument's page of the same samples.

    python benchmarks/page.py [--loads 5] [--small]

Times are medians. "CPU" is the page's own thread, which a busy machine changes less than the wall
clock. Of frames, the 95th percentile while zooming and panning through everything.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "viewer" / "tools"))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from pack import TEMPLATE, pack  # noqa: E402
from page_data import INTERVAL_NS, Program, session_bytes  # noqa: E402

SIZES = [(100_000, 57_000), (1_000_000, 142_000), (1_000_000, 1_100_000)]
SMALL = [(10_000, 5_000), (100_000, 57_000)]
# Beyond this pyinstrument resamples, and its page takes minutes to write.
PYINSTRUMENT_MOST = 100_000
FRAMES = 150

DRIVE = """async ([view, frames]) => {
  spinetail.app.store.set({ view });
  const { chart } = spinetail.app.views.get(view);
  const [low, high] = chart.source.span;
  const cost = [];
  let boxes = 0;
  for (let i = 0; i < frames; i++) {
    await new Promise(requestAnimationFrame);
    const part = i / frames;
    const width = Math.pow(0.001, Math.abs(Math.sin(part * Math.PI)));
    const middle = 0.5 + 0.4 * Math.sin(part * 4 * Math.PI);
    chart.from = low + (high - low) * Math.max(0, middle - width / 2);
    chart.to = low + (high - low) * Math.min(1, middle + width / 2);
    chart.element.scrollTop = part * 400;
    chart.paintNow();
    cost.push(chart.last.ms);
    boxes = Math.max(boxes, chart.last.boxes);
  }
  cost.sort((a, b) => a - b);
  return [cost[Math.floor(frames * 0.95)], boxes];
}"""

SEARCH = """() => {
  const { store } = spinetail.app;
  store.set({ view: "tree" });
  const began = performance.now();
  store.set({ query: "mu" });
  const ms = performance.now() - began;
  store.set({ query: "" });
  return ms;
}"""

GAPS = """async (frames) => {
  const canvas = document.querySelector("canvas");
  const gaps = [];
  let before = 0;
  for (let i = 0; i < frames; i++) {
    const now = await new Promise(requestAnimationFrame);
    if (before) gaps.push(now - before);
    before = now;
    const event = { deltaX: 30, deltaY: i < frames / 2 ? -40 : 40, clientX: 600, clientY: 300 };
    canvas.dispatchEvent(new WheelEvent("wheel", { ...event, bubbles: true, cancelable: true }));
  }
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.95)];
}"""


def open_page(browser: Browser, path: Path) -> Tuple[Page, Any]:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.as_uri(), timeout=180_000)
    return page, devtools


def thread_seconds(devtools: Any) -> float:
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(item["value"] for item in metrics if item["name"] == "TaskDuration"))


def measure_ours(browser: Browser, path: Path, loads: int) -> Dict[str, float]:
    runs: List[Dict[str, float]] = []
    for _ in range(loads):
        page, devtools = open_page(browser, path)
        page.wait_for_selector("html[data-ready]", timeout=180_000)
        run = {
            "interactive ms": float(page.evaluate("spinetail.timing.interactive")),
            "CPU until then ms": 1000 * thread_seconds(devtools),
            "nodes": float(page.evaluate("spinetail.app.store.lens.tree.count")),
        }
        for view in ("flame", "timeline"):
            run[f"{view} frame ms"], run[f"{view} boxes"] = page.evaluate(DRIVE, [view, FRAMES])
        run["search ms"] = page.evaluate(SEARCH)
        run["heap MB"] = page.evaluate("performance.memory.usedJSHeapSize / 1e6")
        runs.append(run)
        page.context.close()
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def measure_pyinstrument(browser: Browser, path: Path, loads: int) -> Dict[str, float]:
    runs: List[Dict[str, float]] = []
    for _ in range(loads):
        page, devtools = open_page(browser, path)
        page.wait_for_selector(".call-stack-view, .frame, main", timeout=180_000)
        page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        run = {
            "interactive ms": float(page.evaluate("performance.now()")),
            "CPU until then ms": 1000 * thread_seconds(devtools),
            "heap MB": float(page.evaluate("performance.memory.usedJSHeapSize / 1e6")),
        }
        page.get_by_text("Timeline").first.click()
        page.wait_for_selector("canvas", timeout=180_000)
        run["timeline frame ms"] = page.evaluate(GAPS, 30)
        runs.append(run)
        page.context.close()
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def pyinstrument_page(program: Program, stacks: List[int]) -> Tuple[str, float]:
    """The same samples as pyinstrument writes them, and the seconds that it takes."""
    from pyinstrument.renderers import HTMLRenderer
    from pyinstrument.session import Session

    strings = program.file.strings
    frames = []
    for function, line in program.frame_keys:
        name, _, file, first = program.functions[function]
        frames.append(f"{strings[name]}\0{strings[file]}\0{first}\x01l{line}")
    known: Dict[int, List[str]] = {0: []}

    def stack(row: int) -> List[str]:
        if row not in known:
            known[row] = [*stack(program.parents[row]), frames[program.tops[row]]]
        return known[row]

    interval = INTERVAL_NS / 1e9
    session = Session(
        frame_records=[(stack(row), interval) for row in stacks],
        start_time=1_750_000_000.0,
        duration=interval * len(stacks),
        min_interval=interval,
        max_interval=interval,
        sample_count=len(stacks),
        # Its trimming needs one, even if nothing fits it.
        start_call_stack=["none"],
        target_description="Program: shop.py",
        cpu_time=interval * len(stacks),
        sys_path=["/srv/shop"],
        sys_prefixes=["/usr", "/srv/.venv"],
    )
    began = time.perf_counter()
    return HTMLRenderer().render(session), time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loads", type=int, default=5, help="how often each page is opened")
    parser.add_argument("--small", action="store_true", help="only sizes that take seconds")
    options = parser.parse_args()
    template = TEMPLATE.read_text()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        path = Path(folder) / "page.html"
        for samples, nodes in SMALL if options.small else SIZES:
            program = Program(samples, nodes)
            stacks = program.walk()
            path.write_text(pack(session_bytes(program, stacks), template))
            size = path.stat().st_size
            print(f"\n{samples:,} samples, {nodes:,} calls")
            print_row("spinetail", {"MB": size / 1e6, **measure_ours(browser, path, options.loads)})
            if samples > PYINSTRUMENT_MOST:
                print("  pyinstrument  throws samples away beyond 100,000")
                continue
            page, seconds = pyinstrument_page(program, stacks)
            path.write_text(page)
            facts = {"MB": len(page.encode()) / 1e6, "written in s": seconds}
            print_row(
                "pyinstrument", {**facts, **measure_pyinstrument(browser, path, options.loads)}
            )
        browser.close()


def print_row(name: str, values: Dict[str, float]) -> None:
    shown = [
        f"{key} {value:,.2f}" if value < 10 else f"{key} {value:,.0f}"
        for key, value in values.items()
    ]
    print(f"  {name:<13} " + " · ".join(shown))


if __name__ == "__main__":
    main()
