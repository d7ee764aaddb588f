"""A FastAPI site whose pages show their own profile at `?profile`, as text at `?profile=text`.

Routes are `async def`: FastAPI runs others on threads of their own, of which the event loop's
profile shows the wait.
"""

import asyncio
import time
from typing import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from spinetail import Profiler

app = FastAPI()


@app.middleware("http")
async def profile(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    if "profile" not in request.query_params:
        return await call_next(request)
    with Profiler() as profiler:
        try:
            await call_next(request)
        except Exception as error:  # a page that fails has a profile too
            print(f"{request.url.path}: {error}")
    if request.query_params["profile"] == "text":
        return PlainTextResponse(profiler.output_text(unicode=True))
    return HTMLResponse(profiler.output_html())


async def fetch_stock() -> None:
    """Stands for a database that takes its time."""
    await asyncio.sleep(0.2)


def add_up_prices() -> int:
    total = 0
    end = time.perf_counter() + 0.2
    while time.perf_counter() < end:
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
