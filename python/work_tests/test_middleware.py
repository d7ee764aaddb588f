"""The Django middleware, within one process; test_examples.py has it in real servers."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Iterator

import django_site
import pytest
from django.test import AsyncClient, Client, RequestFactory, override_settings

from spinetail.middleware import ProfilerMiddleware
from spinetail.renderers import ConsoleRenderer, Renderer

TEXT = "spinetail.renderers.ConsoleRenderer"


class ShortRenderer(Renderer):
    """The number of samples, with something that no encoding has."""

    output_file_extension = "count"

    def render(self, session: Any) -> str:
        return f"{session.sample_count} \udcff"


def says_yes(request: Any) -> bool:
    return "no" not in request.GET


async def says_yes_later(request: Any) -> bool:
    await asyncio.sleep(0)
    return says_yes(request)


@pytest.fixture(autouse=True)
def no_profilers_yet() -> Iterator[None]:
    django_site.profilers.clear()
    yield
    left = [one for one in django_site.profilers if one is not None and one.is_running]
    assert not left
    assert threading.active_count() < 20


@pytest.fixture
def saving(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "a" / "profiles"
    with override_settings(SPINETAIL_PROFILE_DIR=folder, SPINETAIL_PROFILE_DIR_RENDERER=TEXT):
        yield folder


def reports(folder: Path) -> list[str]:
    return [path.read_text() for path in sorted(folder.iterdir())] if folder.exists() else []


def text_of(profiler: Any) -> str:
    return profiler.output_text(show_all=True)


def test_requests_without_the_argument_are_left_alone() -> None:
    for query in ["", "?x=1", "?profil=1", "?x=profile", "?x=%70rofile"]:
        response = Client().get("/sleep/" + query)
        assert response.content == b"slept"
    assert django_site.profilers == [None] * 5


@pytest.mark.parametrize("query", ["?profile", "?x=1&profile=1", "?prof%69le", "?profile="])
def test_the_argument_gives_the_page(query: str) -> None:
    response = Client().get("/sleep/" + query)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    assert response["Cache-Control"] == "no-store"
    assert response.content != b"slept" and b"<html" in response.content.lower()
    assert "slumber" in text_of(django_site.profilers[0])


@pytest.mark.parametrize("query", ["?profile", "?x=1&profile=1", "?prof%69le", "?profile="])
def test_the_argument_is_recognised(query: str) -> None:
    from spinetail.middleware import has_argument

    assert has_argument(RequestFactory().get("/sleep/" + query), "profile")
    assert not has_argument(RequestFactory().get("/sleep/" + query), "other")
    assert not has_argument(RequestFactory().get("/sleep/" + query), None)


def test_arguments_beyond_ascii_and_with_blanks() -> None:
    from spinetail.middleware import has_argument

    for name, query in [("ünd", "?%C3%BCnd=1"), ("a b", "?a+b"), ("a b", "?a%20b")]:
        assert has_argument(RequestFactory().get("/" + query), name)
    raw = RequestFactory().get("/", QUERY_STRING="ünd=1".encode().decode("latin-1"))
    assert has_argument(raw, "ünd")


def test_a_view_that_wants_no_arguments_may_have_too_many() -> None:
    query = "&".join(f"a{number}=%20" for number in range(1001))
    request = RequestFactory().get("/?" + query)
    middleware = ProfilerMiddleware(lambda request: "answered")
    assert middleware(request) == "answered"


def test_all_requests_are_saved(saving: Path) -> None:
    assert Client().get("/compute/").content == b"computed"
    assert Client().get("/sleep/").content == b"slept"
    texts = reports(saving)
    assert len(texts) == 2
    assert sum("work" in text and "/compute/" in text for text in texts) == 1
    assert sum("slumber" in text and "/sleep/" in text for text in texts) == 1


def test_saved_without_debug_since_nobody_is_shown_it(saving: Path) -> None:
    with override_settings(DEBUG=False):
        assert Client().get("/sleep/?profile").content == b"slept"
    assert len(reports(saving)) == 1


def test_nobody_is_shown_a_profile_without_debug() -> None:
    with override_settings(DEBUG=False):
        assert Client().get("/sleep/?profile").content == b"slept"
    assert django_site.profilers == [None]


@pytest.mark.parametrize("callback", [says_yes, "test_middleware.says_yes", says_yes_later])
@pytest.mark.parametrize("debug", [True, False])
def test_the_callback_decides(callback: Any, debug: bool) -> None:
    with override_settings(DEBUG=debug, SPINETAIL_SHOW_CALLBACK=callback):
        assert Client().get("/sleep/?profile&no").content == b"slept"
        assert Client().get("/sleep/?profile").content != b"slept"


@pytest.mark.parametrize("callback", [says_yes, "test_middleware.says_yes", says_yes_later])
def test_the_callback_decides_what_is_saved(saving: Path, callback: Any) -> None:
    with override_settings(DEBUG=False, SPINETAIL_SHOW_CALLBACK=callback):
        Client().get("/sleep/?no")
        assert reports(saving) == []
        Client().get("/sleep/")
        asyncio.run(get_async("/wait/"))
        asyncio.run(get_async("/wait/?no"))
    assert len(reports(saving)) == 2


async def get_async(*paths: str) -> list[Any]:
    client = AsyncClient()
    return list(await asyncio.gather(*(client.get(path) for path in paths)))


def test_reference_settings_are_a_fallback(tmp_path: Path) -> None:
    theirs = {
        "PYINSTRUMENT_PROFILE_DIR": str(tmp_path / "theirs"),
        "PYINSTRUMENT_PROFILE_DIR_RENDERER": "pyinstrument.renderers.ConsoleRenderer",
        "PYINSTRUMENT_FILENAME": "{timestamp:.0f}-{path}.{ext}",
        "PYINSTRUMENT_INTERVAL": 0.005,
        "PYINSTRUMENT_URL_ARGUMENT": "prof",
    }
    with override_settings(**theirs):
        Client().get("/sleep/")
        assert django_site.profilers[-1].interval == 0.005
        name = os.listdir(tmp_path / "theirs")[0]
        assert name.endswith("-_sleep_.txt") and name.split("-")[0].isdigit()
        with override_settings(
            SPINETAIL_PROFILE_DIR=str(tmp_path / "ours"), SPINETAIL_INTERVAL=0.002
        ):
            Client().get("/sleep/")
    assert django_site.profilers[-1].interval == 0.002
    assert len(os.listdir(tmp_path / "theirs")) == len(os.listdir(tmp_path / "ours")) == 1


def test_names_are_told_by_the_usual_fields(saving: Path) -> None:
    Client().get("/deep/a/b:c?x=*|<1>")
    name = os.listdir(saving)[0]
    assert name.startswith("0.0") or name.startswith("0.1")
    assert "s _deep_a_b" in name and "_qs_x=" in name and name.endswith(".txt")
    assert not set(name) & set('<>:"/\\|?*')


@pytest.mark.parametrize(
    "given",
    ["same.txt", "/etc/passwd", "../../up.txt", "CON.txt", "con", "", "..", "x" * 500 + ".txt"]
    + ["a\x00b\n.txt", "trailing. .", "päth \U0001f426.txt", "half \udcff.txt", "ä" * 300],
)
def test_any_name_becomes_a_legal_one_of_its_own(saving: Path, given: str) -> None:
    def name(request: Any, session: Any, renderer: Any) -> str:
        assert session.duration > 0 and isinstance(renderer, ConsoleRenderer)
        return given

    with override_settings(SPINETAIL_FILENAME_CALLBACK=name):
        for _ in range(12):
            Client().get("/sleep/?seconds=0")
    names = os.listdir(saving)
    assert len(names) == 12
    for one in names:
        assert len(one.encode()) <= 255 and not set(one) & set('<>:"/\\|?*')
        assert one == one.strip().rstrip(".") and one.isprintable()
        assert one.split(".")[0].upper() not in ("CON", "PRN", "AUX", "NUL", "COM1", "LPT1")
    if given.endswith(".txt"):
        assert all(one.endswith(".txt") for one in names)
    assert os.listdir(saving.parent) == [saving.name]


def test_concurrent_requests_never_share_a_file(saving: Path) -> None:
    with override_settings(SPINETAIL_FILENAME="same.{ext}"), ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: Client().get("/sleep/?seconds=0.002"), range(40)))
    assert len(os.listdir(saving)) == 40


def test_wrong_settings_say_what_is_wrong(saving: Path) -> None:
    client = Client(raise_request_exception=True)
    for name, value, error in [
        ("SPINETAIL_PROFILE_DIR_RENDERER", "nowhere.Renderer", ImportError),
        ("SPINETAIL_PROFILE_DIR_RENDERER", "builtins.int", ValueError),
        ("SPINETAIL_SHOW_CALLBACK", "test_middleware.nothing", ImportError),
        ("SPINETAIL_SHOW_CALLBACK", 5, ValueError),
        ("SPINETAIL_FILENAME_CALLBACK", lambda *_: 5, ValueError),
        ("SPINETAIL_INTERVAL", -1, ValueError),
    ]:
        with override_settings(**{name: value}), pytest.raises(error):
            client.get("/sleep/")


def test_other_renderers_bytes_and_surrogates(saving: Path) -> None:
    for renderer, ending in [
        (ShortRenderer, b"\xff"),
        ("spinetail.renderers.SpinetailRenderer", b""),
        ("spinetail.renderers.PstatsRenderer", b""),
        ("spinetail.renderers.SpeedscopeRenderer", b"}"),
    ]:
        with override_settings(SPINETAIL_PROFILE_DIR_RENDERER=renderer):
            Client().get("/sleep/")
        newest = max(saving.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        assert newest.read_bytes().rstrip().endswith(ending)
    from spinetail.session import Session

    loaded = Session.load(next(saving.glob("*.spinetail")))
    assert loaded.target_description == "Request: GET /sleep/"
    assert next(saving.glob("*.speedscope.json"))


def test_a_full_disk_fails_no_request(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with override_settings(
        SPINETAIL_PROFILE_DIR=blocked, SPINETAIL_PROFILE_DIR_RENDERER=TEXT
    ), caplog.at_level(logging.ERROR, "spinetail.middleware"):
        assert Client().get("/sleep/").content == b"slept"
    assert "can't be saved" in caplog.text and "/sleep/" in caplog.text


def test_another_profiler_in_the_way_fails_no_request(
    saving: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def with_a_profile_function() -> list[Any]:
        sys.setprofile(lambda *event: None)
        try:
            return await get_async("/wait/")
        finally:
            sys.setprofile(None)

    with caplog.at_level(logging.ERROR, "spinetail.middleware"):
        assert asyncio.run(with_a_profile_function())[0].content == b"waited"
    assert "/wait/ can't be profiled" in caplog.text and reports(saving) == []


@pytest.mark.parametrize("propagate", [True, False])
def test_views_that_fail(saving: Path, propagate: bool) -> None:
    with override_settings(DEBUG_PROPAGATE_EXCEPTIONS=propagate):
        client = Client(raise_request_exception=False)
        if propagate:
            with pytest.raises(ValueError, match="fails"):
                client.get("/fail/")
        else:
            assert client.get("/fail/").status_code == 500
            assert "slumber" in reports(saving)[0]
    assert not django_site.profilers[0].is_running
    assert "slumber" in text_of(django_site.profilers[0])


def test_async_views_that_fail(saving: Path) -> None:
    async def fails() -> None:
        await AsyncClient().get("/fail-async/")

    with pytest.raises(ValueError, match="fails"):
        asyncio.run(fails())
    assert not django_site.profilers[0].is_running
    assert "nap" in text_of(django_site.profilers[0])


def test_a_cancelled_request_leaves_nothing_running(saving: Path) -> None:
    async def cancels() -> None:
        task = asyncio.ensure_future(AsyncClient().get("/wait/?seconds=30"))
        while not django_site.profilers:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancels())
    assert not django_site.profilers[0].is_running


def test_a_view_may_stop_the_profiler(saving: Path) -> None:
    assert Client().get("/stops/").content == b"stopped"
    assert "slumber" in reports(saving)[0]


def test_concurrent_threads_are_told_apart(saving: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda path: Client().get(path), ["/compute/", "/sleep/"] * 4))
    texts = reports(saving)
    assert len(texts) == 8
    for text in texts:
        assert ("work" in text) == ("Request: GET /compute/" in text)
        assert ("slumber" in text) == ("Request: GET /sleep/" in text)


def test_async_views_are_profiled_and_told_apart(saving: Path) -> None:
    paths = ["/wait/?seconds=0.2", "/compute-async/?seconds=0.1"] * 2
    answers = asyncio.run(get_async(*paths))
    assert [answer.content for answer in answers] == [b"waited", b"computed"] * 2
    texts = reports(saving)
    assert len(texts) == 4
    for text in texts:
        if "GET /wait/" in text:
            assert "[await]" in text and "nap" in text and "work" not in text
        else:
            assert "work" in text and "nap" not in text


def test_async_mode_is_enabled_there(saving: Path) -> None:
    asyncio.run(get_async("/wait/"))
    assert django_site.profilers[0].async_mode == "enabled"


def test_settings_are_read_again_when_tests_change_them(tmp_path: Path) -> None:
    client = Client()
    client.get("/sleep/")
    with override_settings(SPINETAIL_PROFILE_DIR=tmp_path, SPINETAIL_PROFILE_DIR_RENDERER=TEXT):
        client.get("/sleep/")
    client.get("/sleep/")
    assert len(os.listdir(tmp_path)) == 1
    assert [profiler is None for profiler in django_site.profilers] == [True, False, True]


def test_middleware_can_go() -> None:
    import weakref

    gone = weakref.ref(ProfilerMiddleware(lambda request: None))
    gc.collect()
    assert gone() is None
