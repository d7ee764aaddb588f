"""The examples run by the command in their READMEs, and profile what they say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Iterator, NamedTuple

import pytest
from servers import EXAMPLES, ROOT, Server, commands, serving, variables, words_of

from spinetail.session import Session


class Site(NamedTuple):
    """A framework's example, and the function that waits in it."""

    folder: str
    sleeper: str


SITES = [
    Site("flask", "fetch_stock"),
    Site("fastapi", "fetch_stock"),
    Site("falcon", "fetch_stock"),
    Site("litestar", "fetch_stock"),
    Site("aiohttp", "fetch_stock"),
]


@pytest.fixture(scope="module", params=SITES, ids=lambda site: site.folder)
def site(request: pytest.FixtureRequest) -> Iterator[tuple[Site, Server]]:
    with serving(commands(request.param.folder)[0]) as server:
        yield request.param, server


def time_of(text: str, name: str) -> float:
    found = re.search(rf"([0-9]+\.[0-9]+) +{name}\b", text)
    assert found, f"no {name} in {text}"
    return float(found.group(1))


def test_pages_are_as_they_were(site: tuple[Site, Server]) -> None:
    _, server = site
    assert server.get("/sleep")[::2] == (200, "slept\n")
    assert server.get("/compute")[::2] == (200, "computed\n")
    assert server.get("/fail").status == 500


def test_profiles_show_what_took_the_time(site: tuple[Site, Server]) -> None:
    example, server = site
    for path, function in [
        ("/sleep", example.sleeper),
        ("/compute", "add_up_prices"),
        ("/fail", example.sleeper),
    ]:
        answer = server.get(f"{path}?profile=text")
        assert answer.status in (200, 500) and answer.type.startswith("text/plain")
        assert time_of(answer.text, function) > 0.05


def test_concurrent_requests_are_told_apart(site: tuple[Site, Server]) -> None:
    example, server = site
    paths = ["/sleep?profile=text", "/compute?profile=text"] * 3
    for path, answer in zip(paths, server.get_at_once(*paths)):
        is_sleeping = path.startswith("/sleep")
        assert (example.sleeper in answer.text) == is_sleeping, answer.text
        assert ("add_up_prices" in answer.text) == (not is_sleeping), answer.text


def test_requests_beside_a_profiled_one_are_as_they_were(site: tuple[Site, Server]) -> None:
    _, server = site
    profiled, plain = server.get_at_once("/sleep?profile=text", "/compute")
    assert plain.text == "computed\n" and "add_up_prices" not in profiled.text


def test_the_page(site: tuple[Site, Server]) -> None:
    _, server = site
    for path in ["/sleep?profile", "/fail?profile=1"]:
        answer = server.get(path)
        assert answer.type.startswith("text/html") and "<html" in answer.text.lower()


class TestDjango:
    """Both of its servers, with a file for each request."""

    FUNCTIONS = {
        "/sleep": "fetch_stock",
        "/compute": "add_up_prices",
        "/fail": "fetch_stock",
        "/async/sleep": "await_stock",
        "/async/compute": "add_up_prices",
        "/async/fail": "await_stock",
    }

    @pytest.mark.parametrize("number, first", [(0, 0), (1, 3)], ids=["wsgi", "asgi"])
    def test_requests_and_their_profiles(self, number: int, first: int, tmp_path: Path) -> None:
        paths = list(self.FUNCTIONS)[first : first + 3] * 2
        with serving(commands("django")[number], PROFILES=str(tmp_path)) as server:
            answers = server.get_at_once(*paths)
        assert [answer.status for answer in answers] == [200, 200, 500] * 2
        assert answers[0].text == "slept\n" and answers[1].text == "computed\n"
        sessions = [Session.load(path) for path in tmp_path.iterdir()]
        assert len(sessions) == 6
        for session in sessions:
            path = session.target_description.split()[-1]
            assert path in self.FUNCTIONS and session.duration > 0.15
            names = {frame.split("\0")[0] for stack, _ in session.frame_records for frame in stack}
            assert self.FUNCTIONS[path] in names
            assert not names & (set(self.FUNCTIONS.values()) - {self.FUNCTIONS[path]}), path
            assert ("[await]" in names) == (path in ("/async/sleep", "/async/fail"))

    @pytest.mark.parametrize("number, folder", [(0, ""), (1, "/async")], ids=["wsgi", "asgi"])
    def test_the_page(self, number: int, folder: str) -> None:
        with serving(commands("django")[number]) as server:
            for name in ["sleep", "compute", "fail"]:
                answer = server.get(f"{folder}/{name}?profile")
                assert answer.status == 200 and answer.type.startswith("text/html")
            assert server.get(f"{folder}/sleep").text == "slept\n"


def run(command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words_of(command),
        cwd=str(folder),
        env=variables(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the examples, for what leaves files behind."""
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    return tmp_path


def test_script() -> None:
    whole, block = commands("script")
    done = run(whole)
    assert done.returncode == 0 and "different words" in done.stdout
    for function in ["fetch", "make_text", "count"]:
        assert f" {function} " in done.stdout
    done = run(block)
    assert done.returncode == 0 and "make_text" not in done.stderr
    assert " count " in done.stderr and "Samples" not in done.stdout


def test_whole_pytest_session(project: Path) -> None:
    done = run(commands("pytest/whole_session")[0], project)
    assert done.returncode == 0 and "2 passed" in done.stdout
    for function in ["test_prices_are_added_up", "add_up", "fetch_stock"]:
        assert f" {function} " in done.stdout


def test_file_for_each_test(project: Path) -> None:
    done = run(commands("pytest/file_per_test")[0], project)
    assert done.returncode == 0 and "2 passed" in done.stdout
    found = sorted(path.name for path in (project / "profiles").iterdir())
    assert len(found) == 2
    for name, own, other in zip(found, ["add_up", "fetch_stock"], ["fetch_stock", "add_up"]):
        shown = run(f"spinetail --load profiles/{name}", project)
        assert shown.returncode == 0
        assert f" {own} " in shown.stdout and f" {other} " not in shown.stdout


def test_notebook(project: Path) -> None:
    done = run(commands("notebook")[0], project)
    assert done.returncode == 0, done.stderr
    notebook = json.loads((project / "examples" / "notebook" / "primes.ipynb").read_text())
    shown = [
        "".join(output["data"]["text/plain"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "display_data"
    ]
    assert len(shown) == 3
    assert all("count_primes" in text for text in shown)
    assert "[await]" in shown[2] and "fetch" in shown[2]


def test_each_example_has_one_command_and_a_test() -> None:
    folders = {path.parent.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("README.md")}
    tested = {site.folder for site in SITES}
    tested |= {"script", "django", "notebook", "pytest/whole_session", "pytest/file_per_test"}
    assert folders == tested
