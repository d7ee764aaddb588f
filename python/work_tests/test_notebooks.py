"""The IPython extension, in a real kernel and in IPython's terminal shell."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any, Iterator

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

SETUP = """
%load_ext spinetail
import asyncio, time

def work(seconds):
    # Its own time: on a busy machine, the sampler too may have to wait for a processor.
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(100))

async def nap(seconds):
    await asyncio.sleep(seconds)

hits = []
"""


class Kernel:
    """A kernel that lives as long as the tests, with the extension loaded."""

    def __init__(self, setup: str = SETUP) -> None:
        self.client = NotebookClient(nbformat.v4.new_notebook(), timeout=60)
        self.client.create_kernel_manager()
        self.client.start_new_kernel()
        self.client.start_new_kernel_client()
        self.run(setup)

    def run(self, source: str, fails: bool = False) -> Outputs:
        cell = nbformat.v4.new_code_cell(textwrap.dedent(source).strip("\n"))
        self.client.nb.cells = [cell]
        try:
            self.client.execute_cell(cell, 0)
        except CellExecutionError:
            assert fails, cell.outputs
        else:
            assert not fails, cell.outputs
        return Outputs(cell.outputs)

    def stop(self) -> None:
        self.client._cleanup_kernel()


class Outputs:
    """What a cell has shown."""

    def __init__(self, outputs: list[Any]) -> None:
        self.outputs = outputs

    @property
    def displayed(self) -> list[Any]:
        return [one.data for one in self.outputs if one.output_type == "display_data"]

    @property
    def text(self) -> str:
        """The one report."""
        (data,) = self.displayed
        return str(data["text/plain"])

    @property
    def value(self) -> str | None:
        values = [one.data for one in self.outputs if one.output_type == "execute_result"]
        return values[0]["text/plain"] if values else None

    def stream(self, name: str) -> str:
        return "".join(one.text for one in self.outputs if one.get("name") == name)

    @property
    def error(self) -> Any:
        return next(one for one in self.outputs if one.output_type == "error")


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    running = Kernel()
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def no_hits_yet(kernel: Kernel) -> None:
    kernel.run("hits.clear()")


def first_frame(text: str) -> str:
    """The outermost frame's line of a report."""
    return text.split("Cell [", 1)[-1].split("cell [", 1)[-1].strip().splitlines()[2]


def test_a_cell(kernel: Kernel) -> None:
    outputs = kernel.run(
        """
        %%spinetail
        work(0.1)
        time.sleep(0.1)
        print("said")
        6 * 7
        """
    )
    assert "work" in outputs.text and "sleep" in outputs.text and "Cell [" in outputs.text
    assert outputs.value == "42" and outputs.stream("stdout") == "said\n"


def test_the_shells_own_frames_are_left_out(kernel: Kernel) -> None:
    for source in ["%%spinetail\nwork(0.1)", "%spinetail work(0.1)"]:
        text = kernel.run(source).text
        assert "IPython" not in text and "ipykernel/" not in text and "asyncio" not in text
        assert "<module>" in first_frame(text)


def test_the_cell_s_number_is_the_notebook_s(kernel: Kernel) -> None:
    number = kernel.run("len(In) - 1").value
    assert number is not None
    assert f"Cell [{int(number) + 1}]" in kernel.run("%%spinetail\nwork(0.01)").text
    assert f"Line in cell [{int(number) + 2}]" in kernel.run("%spinetail work(0.01)").text
    assert f"Cell [{int(number) + 3}]" in kernel.run("%%spinetail\nawait nap(0.01)").text


def test_a_line_and_its_value(kernel: Kernel) -> None:
    outputs = kernel.run("x = %spinetail work(0.05) or '--show-all'\nx")
    assert "work" in outputs.text and outputs.value == "'--show-all'"
    assert kernel.run("%spinetail y = 5;  z = 'two  blanks'").value is None
    assert kernel.run("y, z").value == "(5, 'two  blanks')"
    assert kernel.run("%spinetail").outputs == []


def test_a_semicolon_keeps_the_value_quiet(kernel: Kernel) -> None:
    assert kernel.run("%%spinetail\n6 * 7;").value is None


def test_magics_work_inside(kernel: Kernel) -> None:
    outputs = kernel.run("%%spinetail\n!echo from a shell\n%time work(0.05)")
    assert "from a shell" in outputs.stream("stdout") and "work" in outputs.text
    nested = kernel.run("%%capture kept\n%%spinetail\nprint('hidden')\nwork(0.05)")
    assert nested.outputs == []
    assert kernel.run("kept.stdout").value == "'hidden\\n'"


def test_options_are_parsed_and_never_executed(kernel: Kernel) -> None:
    for line in [
        "--interval=0.01",
        "--interval 0.01 --async_mode disabled",
        "--timeline --height 500",
        "--timeline=True -h 500",
        "--timeline False",
        "-p time=percent_of_total --render-option flat",
        "--show '*/asyncio/*' --hide-regex '.*\\.pyx'",
        "--show-all --hide=*x*",
    ]:
        text = kernel.run(f"%spinetail {line} hits.append(len(hits)) or work(0.1)").text
        assert "Duration" in text
        assert "Duration" in kernel.run(f"%%spinetail {line}\nhits.append(0)\nwork(0.1)").text
    assert kernel.run("len(hits)").value == "16"


def test_options_do_what_they_say(kernel: Kernel) -> None:
    text = kernel.run("%spinetail -p time=percent_of_total --interval 0.02 work(0.2)").text
    samples = int(text.split("Samples:")[1].split()[0])
    seconds = float(text.split("Duration:")[1].split()[0])
    # At the default interval there would be hundreds, on a busy machine dozens.
    assert "100.0%" in text and samples <= 2 * seconds / 0.02 + 4
    calls = "[work(0.05), time.sleep(0.05), work(0.05)]"
    assert kernel.run(f"%spinetail --timeline {calls}").text.count(" work ") == 2
    assert kernel.run(f"%spinetail --timeline=False {calls}").text.count(" work ") == 1


@pytest.mark.parametrize(
    "line, word",
    [
        ("--nope f()", "--nope"),
        ("--interval=soon f()", "soon"),
        ("--interval=-1 f()", "interval"),
        ("--async_mode=some f()", "async_mode"),
        ("--height 3 f()", "--height"),
        ("--timeline=perhaps f()", "timeline"),
        ("-p nope=1 f()", "nope"),
        ("--show a --show-all f()", "--show"),
        ("--hide-regex ( f()", "--hide-regex"),
    ],
)
def test_wrong_options_run_nothing_and_say_why(kernel: Kernel, line: str, word: str) -> None:
    outputs = kernel.run(f"%spinetail {line.replace('f()', 'hits.append(1)')}", fails=True)
    assert outputs.displayed == []
    assert "UsageError" in outputs.stream("stderr") and word in outputs.stream("stderr")
    assert kernel.run("hits").value == "[]"


def test_code_beside_a_cell_magic(kernel: Kernel) -> None:
    outputs = kernel.run("%%spinetail work(1)\nhits.append(1)", fails=True)
    assert "lines below" in outputs.stream("stderr")
    assert kernel.run("hits").value == "[]"


def test_a_cell_that_awaits_runs_on_the_kernel_s_loop(kernel: Kernel) -> None:
    kernel.run("queue = asyncio.Queue(); loop = asyncio.get_running_loop()")
    outputs = kernel.run(
        """
        %%spinetail
        async def put():
            await nap(0.1)
            await queue.put("put")
        task = asyncio.ensure_future(put())
        await nap(0.1)
        assert asyncio.get_running_loop() is loop
        await queue.get()
        """
    )
    assert outputs.value == "'put'"
    assert "nap" in outputs.text and "[await]" in outputs.text
    assert "interactiveshell" not in outputs.text and "ipykernel/" not in outputs.text


def test_awaits_one_after_the_other(kernel: Kernel) -> None:
    text = kernel.run("%%spinetail\nawait nap(0.1)\nwork(0.1)\nawait nap(0.1)").text
    assert "<module>" in first_frame(text)
    assert "[await]" in text and "work" in text


def test_an_async_cell_that_fails(kernel: Kernel) -> None:
    outputs = kernel.run("%%spinetail\nawait nap(0.1)\n1 / 0", fails=True)
    assert outputs.error.ename == "ZeroDivisionError" and "nap" in outputs.text
    assert "work" in kernel.run("%%spinetail\nawait nap(0.01)\nwork(0.1)").text


def test_the_traceback_that_the_shell_shows_is_no_part_of_an_async_cell(kernel: Kernel) -> None:
    text = kernel.run("%%spinetail --show-all\nwork(0.05)\nawait nap(0)\n1 / 0", fails=True).text
    assert "work" in text and "stack_data" not in text


def test_wrong_options_of_an_async_cell(kernel: Kernel) -> None:
    outputs = kernel.run("%%spinetail --nope\nhits.append(await nap(0))", fails=True)
    assert "--nope" in outputs.stream("stderr")
    assert kernel.run("hits").value == "[]"


def test_await_where_the_shell_can_t(kernel: Kernel) -> None:
    outputs = kernel.run("%spinetail await nap(0.1)", fails=True)
    assert "begins with %%spinetail" in outputs.stream("stderr")


def test_a_cell_that_fails_is_reported_and_fails(kernel: Kernel) -> None:
    outputs = kernel.run(
        """
        %%spinetail
        work(0.1)
        {}["no such key"]
        """,
        fails=True,
    )
    assert outputs.error.ename == "KeyError" and "work" in outputs.text
    assert "magic.py" not in "\n".join(outputs.error.traceback)
    assert kernel.run("%%spinetail\nf(", fails=True).error.ename.endswith("Error")
    assert "work" in kernel.run("%spinetail work(0.3)").text


@pytest.mark.parametrize("source", ["time.sleep(60)", "while True: await nap(0.1)"])
def test_an_interrupt_ends_the_cell_and_shows_the_report(
    kernel: Kernel, source: str, tmp_path: Path
) -> None:
    manager = kernel.client.km
    assert isinstance(manager, KernelManager)
    begun = tmp_path / "begun"

    def interrupt() -> None:
        # The kernel ignores interrupts until it runs the cell.
        deadline = time.monotonic() + 40
        while not begun.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        manager.provisioner.process.send_signal(signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    begin = time.monotonic()
    thread.start()
    outputs = kernel.run(
        f"%%spinetail\nwork(0.1)\nopen({str(begun)!r}, 'w').close()\n{source}", fails=True
    )
    thread.join()
    assert time.monotonic() - begin < 50
    assert outputs.error.ename in ("KeyboardInterrupt", "CancelledError")
    assert "work" in outputs.text
    assert "work" in kernel.run("%spinetail work(0.3)").text


def test_profilers_of_their_own_work_beside(kernel: Kernel) -> None:
    outputs = kernel.run(
        """
        %%spinetail
        import spinetail
        with spinetail.Profiler() as profiler:
            work(0.05)
        profiler.last_session.sample_count > 0
        """
    )
    assert outputs.value == "True" and "work" in outputs.text


def test_the_page_is_in_an_iframe_beside_the_text(kernel: Kernel) -> None:
    for source in ["%%spinetail\nwork(0.05)", "%%spinetail\nawait nap(0.05)"]:
        (data,) = kernel.run(source).displayed
        assert data["text/html"].startswith("<iframe srcdoc=") and "onload" in data["text/html"]
        assert "Samples" in data["text/plain"]
    (data,) = kernel.run("%spinetail --height 345 work(0.05)").displayed
    assert "height: 345px" in data["text/html"] and "onload" not in data["text/html"]


def test_the_extension_can_go_and_come_again(kernel: Kernel) -> None:
    kernel.run("%unload_ext spinetail")
    assert "not found" in kernel.run("%spinetail work(0.01)", fails=True).stream("stderr")
    kernel.run("%load_ext spinetail")
    kernel.run("%reload_ext spinetail")
    assert "nap" in kernel.run("%%spinetail\nawait nap(0.1)").text


def test_under_the_reference_s_name() -> None:
    kernel = Kernel("import spinetail; spinetail.install_as_pyinstrument()\n" + SETUP)
    try:
        kernel.run("%load_ext pyinstrument")
        assert "work" in kernel.run("%%pyinstrument --interval=0.001\nwork(0.1)").text
        assert "work" in kernel.run("%pyinstrument work(0.1)").text
        assert "nap" in kernel.run("%%pyinstrument\nawait nap(0.1)").text
        assert "work" in kernel.run("%%spinetail\nwork(0.1)").text
    finally:
        kernel.stop()


def in_terminal(*lines: str) -> str:
    code = "\n".join(lines)
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--no-banner", "--simple-prompt", "--colors=nocolor"]
        + ["--no-confirm-exit", "--InteractiveShell.autocall=0", "--profile-dir=/nonexistent"][:2],
        input=code + "\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout


def test_text_in_a_terminal() -> None:
    output = in_terminal(
        "%load_ext spinetail",
        "import time, asyncio",
        "%spinetail time.sleep(0.1)",
        "%spinetail await asyncio.sleep(0.1)",
    )
    assert output.count("Samples:") == 2, output
    assert "iframe" not in output and "IPython/core" not in output
    assert "sleep" in output


def test_without_ipython_the_package_is_whole() -> None:
    code = "import sys; sys.modules['IPython'] = None; from spinetail import *; print('whole')"
    assert subprocess.check_output([sys.executable, "-c", code]).split() == [b"whole"]
