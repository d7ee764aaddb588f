"""The pages: synchronous ones, and asynchronous ones for a server that has an event loop."""

import asyncio
import time

from django.http import HttpRequest, HttpResponse
from django.urls import path


def fetch_stock() -> None:
    """Stands for a database that takes its time."""
    time.sleep(0.2)


async def await_stock() -> None:
    await asyncio.sleep(0.2)


def add_up_prices() -> int:
    total = 0
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        total += sum(range(1000))
    return total


def sleep(request: HttpRequest) -> HttpResponse:
    fetch_stock()
    return HttpResponse("slept\n")


def compute(request: HttpRequest) -> HttpResponse:
    add_up_prices()
    return HttpResponse("computed\n")


def fail(request: HttpRequest) -> HttpResponse:
    fetch_stock()
    raise RuntimeError("this page always fails")


async def sleep_async(request: HttpRequest) -> HttpResponse:
    await await_stock()
    return HttpResponse("slept\n")


async def compute_async(request: HttpRequest) -> HttpResponse:
    add_up_prices()
    return HttpResponse("computed\n")


async def fail_async(request: HttpRequest) -> HttpResponse:
    await await_stock()
    raise RuntimeError("this page always fails")


urlpatterns = [
    path("sleep", sleep),
    path("compute", compute),
    path("fail", fail),
    path("async/sleep", sleep_async),
    path("async/compute", compute_async),
    path("async/fail", fail_async),
]
