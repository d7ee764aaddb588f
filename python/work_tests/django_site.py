"""A Django site in one module, for tests."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from django.conf import settings

if not settings.configured:
    settings.configure(
        DEBUG=True,
        SECRET_KEY="only tests use this",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=["spinetail.middleware.ProfilerMiddleware"],
    )

import django  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

django.setup()

profilers: list[Any] = []
"""Those of the latest requests, which the views left here."""


def work(seconds: float) -> int:
    end = time.thread_time() + seconds
    count = 0
    while time.thread_time() < end:
        count += sum(range(100))
    return count


def slumber(seconds: float) -> None:
    time.sleep(seconds)


async def nap(seconds: float) -> None:
    await asyncio.sleep(seconds)


def keep(request: HttpRequest) -> float:
    profilers.append(getattr(request, "profiler", None))
    return float(request.GET.get("seconds", 0.05))


def compute(request: HttpRequest) -> HttpResponse:
    work(keep(request))
    return HttpResponse("computed")


def sleep(request: HttpRequest, rest: str = "") -> HttpResponse:
    slumber(keep(request))
    return HttpResponse("slept")


def fail(request: HttpRequest) -> HttpResponse:
    slumber(keep(request))
    raise ValueError("a view that fails")


def stops(request: HttpRequest) -> HttpResponse:
    slumber(keep(request))
    request.profiler.stop()
    return HttpResponse("stopped")


async def wait(request: HttpRequest) -> HttpResponse:
    await nap(keep(request))
    return HttpResponse("waited")


async def compute_async(request: HttpRequest) -> HttpResponse:
    seconds = keep(request)
    for _ in range(5):
        work(seconds / 5)
        await asyncio.sleep(0)
    return HttpResponse("computed")


async def fail_async(request: HttpRequest) -> HttpResponse:
    await nap(keep(request))
    raise ValueError("a view that fails")


urlpatterns = [
    path("compute/", compute),
    path("sleep/", sleep),
    path("fail/", fail),
    path("stops/", stops),
    path("wait/", wait),
    path("compute-async/", compute_async),
    path("fail-async/", fail_async),
    path("deep/<path:rest>", sleep),
]
