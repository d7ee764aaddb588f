"""What pyinstrument's users write for their frameworks works after the import alone has changed.

Each recipe is a program that imports pyinstrument. It runs twice: with ``spinetail`` in that name's
place in the source, and as it is, where ``install_as_pyinstrument`` has been called before.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

PARTS = """
import asyncio, time

def work():
    end = time.thread_time() + 0.1
    while time.thread_time() < end:
        sum(range(100))

async def nap():
    await asyncio.sleep(0.1)
"""

SCRIPT = """
from pyinstrument import Profiler

profiler = Profiler()
profiler.start()
work()
profiler.stop()
profiler.print()
"""

BLOCK = """
import pyinstrument

with pyinstrument.profile():
    work()
"""

DECORATOR = """
import pyinstrument

@pyinstrument.profile()
def main():
    work()

main()
"""

FLASK = """
from flask import Flask, g, make_response, request
from pyinstrument import Profiler

app = Flask(__name__)

@app.before_request
def before():
    if "profile" in request.args:
        g.profiler = Profiler()
        g.profiler.start()

@app.after_request
def after(response):
    if not hasattr(g, "profiler"):
        return response
    g.profiler.stop()
    return make_response(g.profiler.output_text())

@app.get("/")
def page():
    work()
    return "page"

assert app.test_client().get("/").data == b"page"
print(app.test_client().get("/?profile=1").data.decode())
"""

FASTAPI = """
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from httpx import ASGITransport, AsyncClient
from pyinstrument import Profiler

app = FastAPI()

@app.middleware("http")
async def profile(request: Request, call_next):
    if request.query_params.get("profile", False):
        profiler = Profiler(interval=0.001, async_mode="enabled")
        profiler.start()
        await call_next(request)
        profiler.stop()
        return PlainTextResponse(profiler.output_text())
    return await call_next(request)

@app.get("/")
async def page():
    work()
    return "page"

async def main():
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://site") as client:
        assert (await client.get("/")).json() == "page"
        print((await client.get("/?profile=1")).text)

asyncio.run(main())
"""

FALCON = """
import falcon
from falcon.testing import TestClient
from pyinstrument import Profiler

class Middleware:
    def __init__(self, interval=0.01):
        self.profiler = Profiler(interval=interval)

    def process_request(self, req, resp):
        self.profiler.start()

    def process_response(self, req, resp, resource, req_succeeded):
        self.profiler.stop()
        print(self.profiler.output_text())

class Page:
    def on_get(self, req, resp):
        work()
        resp.text = "page"

app = falcon.App(middleware=[Middleware(interval=0.001)])
app.add_route("/", Page())
assert TestClient(app).simulate_get("/").text == "page"
assert TestClient(app).simulate_get("/").text == "page"
"""

LITESTAR = """
from litestar import Litestar, get
from litestar.middleware import ASGIMiddleware
from litestar.testing import TestClient
from pyinstrument import Profiler

class Middleware(ASGIMiddleware):
    async def handle(self, scope, receive, send, next_app):
        profiler = Profiler(interval=0.001, async_mode="enabled")
        profiler.start()
        body = b""

        async def replace(message):
            if message["type"] == "http.response.start":
                message["headers"] = [(b"content-type", b"text/plain")]
            elif message["type"] == "http.response.body":
                profiler.stop()
                message["body"] = profiler.output_text().encode()
            await send(message)

        await next_app(scope, receive, replace)

@get("/")
async def page() -> str:
    work()
    await nap()
    return "page"

with TestClient(Litestar([page], middleware=[Middleware()])) as client:
    print(client.get("/").text)
"""

AIOHTTP = """
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pyinstrument import Profiler

@web.middleware
async def profile(request, handler):
    with Profiler() as profiler:
        await handler(request)
    return web.Response(text=profiler.output_text())

async def page(request):
    work()
    await nap()
    return web.Response(text="page")

async def main():
    app = web.Application(middlewares=[profile])
    app.add_routes([web.get("/", page)])
    async with TestClient(TestServer(app)) as client:
        print(await (await client.get("/")).text())

asyncio.run(main())
"""

DJANGO = """
import glob, tempfile
from django.conf import settings

folder = tempfile.mkdtemp()
settings.configure(
    DEBUG=True,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["pyinstrument.middleware.ProfilerMiddleware"],
    PYINSTRUMENT_PROFILE_DIR=folder,
    PYINSTRUMENT_PROFILE_DIR_RENDERER="pyinstrument.renderers.ConsoleRenderer",
    PYINSTRUMENT_SHOW_CALLBACK=lambda request: True,
    PYINSTRUMENT_FILENAME_CALLBACK=lambda request, session, renderer: "profile.txt",
)
import django
django.setup()
from django.http import HttpResponse
from django.test import Client
from django.urls import path

def page(request):
    work()
    return HttpResponse("page")

urlpatterns = [path("", page)]
assert Client().get("/").content == b"page"
print(open(glob.glob(folder + "/profile.txt")[0]).read())
"""

PYTEST = """
import pathlib, sys
import pytest

pathlib.Path("conftest.py").write_text('''
import pytest
from pathlib import Path
from pyinstrument import Profiler
from pyinstrument.renderers import ConsoleRenderer

@pytest.fixture(autouse=True)
def auto_profile(request):
    profiler = Profiler()
    profiler.start()
    yield
    profiler.stop()
    Path(request.node.name + ".txt").write_text(profiler.output(ConsoleRenderer()))
''')
pathlib.Path("test_it.py").write_text("from parts import work\\ndef test_it(): work()\\n")
sys.path.insert(0, "")
assert pytest.main(["-q", "-p", "no:cacheprovider", "test_it.py"]) == 0
print(pathlib.Path("test_it.txt").read_text())
"""

HTML = """
import pathlib
from pyinstrument import Profiler
from pyinstrument.renderers import HTMLRenderer

profiler = Profiler()
with profiler:
    work()
profiler.write_html("page.html")
page = pathlib.Path("page.html").read_text()
assert "<html" in page.lower() and "<html" in profiler.output_html().lower()
assert "<html" in profiler.output(HTMLRenderer()).lower()
print("work")
"""

RECIPES = {
    "script": SCRIPT,
    "block": BLOCK,
    "decorator": DECORATOR,
    "flask": FLASK,
    "fastapi": FASTAPI,
    "falcon": FALCON,
    "litestar": LITESTAR,
    "aiohttp": AIOHTTP,
    "django": DJANGO,
    "pytest": PYTEST,
}


def check(recipe: str, way: str, folder: Path) -> None:
    source = textwrap.dedent(PARTS) + recipe
    if way == "import":
        source = source.replace("import pyinstrument", "import spinetail as pyinstrument")
        source = source.replace("from pyinstrument", "from spinetail")
        source = source.replace('["pyinstrument.', '["spinetail.')
    (folder / "parts.py").write_text(PARTS)
    (folder / "program.py").write_text(source)
    first = "import spinetail; spinetail.install_as_pyinstrument()\n" if way == "name" else ""
    code = f"{first}import runpy; runpy.run_path('program.py', run_name='__main__')"
    if "ROOT_URLCONF" in source:
        code = f"{first}import sys; sys.path.insert(0, ''); import program"
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:spinetail", "-c", code],
        cwd=str(folder),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "work" in done.stdout + done.stderr
    if "await nap()" in recipe:
        assert "nap" in done.stdout and "[await]" in done.stdout


@pytest.mark.parametrize("way", ["import", "name"])
@pytest.mark.parametrize("name", RECIPES)
def test_recipe(name: str, way: str, tmp_path: Path) -> None:
    check(RECIPES[name], way, tmp_path)


@pytest.mark.parametrize("way", ["import", "name"])
def test_pages(way: str, tmp_path: Path) -> None:
    check(HTML, way, tmp_path)
