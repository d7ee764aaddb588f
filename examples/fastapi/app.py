"""A FastAPI site whose pages show their own profile at `?profile`, as text at `?profile=text`.

What `@app.middleware("http")` decorates would run in a task of its own, and be in the profile with
its own wait. This middleware calls the page in the same task.
"""

import asyncio
import time
from urllib.parse import parse_qs

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from spinetail import Profiler


class ProfilerMiddleware:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = scope.get("query_string", b"").decode()
        arguments = parse_qs(query, keep_blank_values=True)
        if scope["type"] != "http" or "profile" not in arguments:
            await self.app(scope, receive, send)
            return

        async def swallow(message: Message) -> None:
            """The page itself isn't shown."""

        with Profiler() as profiler:
            try:
                await self.app(scope, receive, swallow)
            except Exception as error:  # a page that fails has a profile too
                print(f"{scope['path']}: {error}")
        if arguments["profile"] == ["text"]:
            response = PlainTextResponse(profiler.output_text(unicode=True))
        else:
            response = HTMLResponse(profiler.output_html())
        await response(scope, receive, send)


app = FastAPI()
app.add_middleware(ProfilerMiddleware)


async def fetch_stock() -> None:
    """Stands for a database that takes its time."""
    await asyncio.sleep(0.2)


def add_up_prices() -> int:
    total = 0
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        total += sum(range(1000))
    return total


@app.get("/sleep")
async def sleep() -> PlainTextResponse:
    await fetch_stock()
    return PlainTextResponse("slept\n")


@app.get("/compute")
async def compute() -> PlainTextResponse:
    add_up_prices()
    return PlainTextResponse("computed\n")


@app.get("/fail")
async def fail() -> PlainTextResponse:
    await fetch_stock()
    raise RuntimeError("this page always fails")
