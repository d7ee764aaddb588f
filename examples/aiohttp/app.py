"""An aiohttp site whose pages show their own profile at `?profile`, as text at `?profile=text`."""

import asyncio
import sys
import time
from typing import Awaitable, Callable

from aiohttp import web

from spinetail import Profiler

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def profile(request: web.Request, handler: Handler) -> web.StreamResponse:
    if "profile" not in request.query:
        return await handler(request)
    with Profiler() as profiler:
        try:
            await handler(request)
        except Exception as error:  # a page that fails has a profile too
            print(f"{request.path}: {error}")
    if request.query["profile"] == "text":
        return web.Response(text=profiler.output_text(unicode=True))
    return web.Response(text=profiler.output_html(), content_type="text/html")


async def fetch_stock() -> None:
    """Stands for a database that takes its time."""
    await asyncio.sleep(0.2)


def add_up_prices() -> int:
    total = 0
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        total += sum(range(1000))
    return total


async def sleep(request: web.Request) -> web.Response:
    await fetch_stock()
    return web.Response(text="slept\n")


async def compute(request: web.Request) -> web.Response:
    add_up_prices()
    return web.Response(text="computed\n")


async def fail(request: web.Request) -> web.Response:
    await fetch_stock()
    raise RuntimeError("this page always fails")


app = web.Application(middlewares=[profile])
app.add_routes([web.get("/sleep", sleep), web.get("/compute", compute), web.get("/fail", fail)])

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]))
