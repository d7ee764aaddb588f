"""A Litestar site whose pages show their own profile at `?profile`, as text at `?profile=text`."""

import asyncio
import time
from urllib.parse import parse_qs

from litestar import Litestar, MediaType, get
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from spinetail import Profiler


def profiled(app: ASGIApp) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        arguments = parse_qs(scope.get("query_string", b"").decode(), keep_blank_values=True)
        if scope["type"] != "http" or "profile" not in arguments:
            await app(scope, receive, send)
            return

        async def swallow(message: Message) -> None:
            """The page itself isn't shown."""

        with Profiler() as profiler:
            await app(scope, receive, swallow)
        if arguments["profile"] == ["text"]:
            text, media_type = profiler.output_text(unicode=True), MediaType.TEXT
        else:
            text, media_type = profiler.output_html(), MediaType.HTML
        await ASGIResponse(body=text, media_type=media_type)(scope, receive, send)

    return answer


async def fetch_stock() -> None:
    """Stands for a database that takes its time."""
    await asyncio.sleep(0.2)


def add_up_prices() -> int:
    total = 0
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        total += sum(range(1000))
    return total


@get("/sleep", media_type=MediaType.TEXT)
async def sleep() -> str:
    await fetch_stock()
    return "slept\n"


@get("/compute", media_type=MediaType.TEXT)
async def compute() -> str:
    add_up_prices()
    return "computed\n"


@get("/fail", media_type=MediaType.TEXT)
async def fail() -> str:
    await fetch_stock()
    raise RuntimeError("this page always fails")


app = Litestar([sleep, compute, fail], middleware=[profiled])
