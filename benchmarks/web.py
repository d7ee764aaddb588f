"""What the Django middleware costs a site: installed and off, and with every request profiled.

Requests go to Django's handler in this process, without a socket: what a server would add to each
of them would only hide the difference. Short slices with and without run in turn, so that whatever
the machine does meanwhile falls on both.

Off: the microseconds that a request takes more, for the median of many pairs of slices, with the
interval in which 90 % of such medians lie when the pairs are drawn again (bootstrap). "without /
without" is the same with no middleware on either side: how far from 0 its interval reaches is what
this run can't tell.

On: (requests a second with every one profiled) / (requests a second without), for synchronous views
on several threads, with the sampler, and for asynchronous ones on an event loop. Sessions are kept
and not rendered.
"""

import argparse
import asyncio
import gc
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Awaitable, Callable, List, NamedTuple, Sequence, Tuple

from machine import describe_load, describe_machine, say
from tables import Estimate, estimate_median, markdown_table

try:
    import django
    from django.conf import settings
    from django.core.handlers.base import BaseHandler
    from django.http import HttpRequest, HttpResponse
    from django.template import engines
    from django.test import RequestFactory, override_settings
    from django.urls import path
except ImportError:
    sys.exit("The benchmark needs Django: pip install -r requirements/work.txt")

MIDDLEWARE = "spinetail.middleware.ProfilerMiddleware"
ROWS = 60
NAP = 0.005
TEMPLATE = """<table>{% for row in rows %}<tr class="{% cycle 'odd' 'even' %}">
{% for cell in row %}<td>{{ cell|upper|truncatechars:12 }}</td>{% endfor %}</tr>{% endfor %}
</table>"""

Slice = Callable[[], float]
"""Handles so many requests, and gives the seconds that one took."""


def small(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a small page")


def page(request: HttpRequest) -> HttpResponse:
    rows = [[f"cell {row} {column}" for column in range(8)] for row in range(ROWS)]
    return HttpResponse(engines["django"].from_string(TEMPLATE).render({"rows": rows}))


def waiting(request: HttpRequest) -> HttpResponse:
    time.sleep(NAP)
    return HttpResponse("what a database had")


async def small_async(request: HttpRequest) -> HttpResponse:
    return small(request)


async def page_async(request: HttpRequest) -> HttpResponse:
    return page(request)


async def waiting_async(request: HttpRequest) -> HttpResponse:
    await asyncio.sleep(NAP)
    return HttpResponse("what a database had")


VIEWS = [small, page, waiting]
ASYNC_VIEWS = [small_async, page_async, waiting_async]
urlpatterns = [path(view.__name__, view) for view in VIEWS + ASYNC_VIEWS]


class Effort(NamedTuple):
    """How much is measured."""

    pairs: int
    off_requests: int
    on_requests: int
    threads: int


def handler(middleware: Sequence[str], is_async: bool) -> BaseHandler:
    """Django's handler with this middleware."""
    with override_settings(MIDDLEWARE=list(middleware)):
        made = BaseHandler()
        made.load_middleware(is_async=is_async)
    return made


def sync_slice(made: BaseHandler, url: str, count: int, threads: int = 1) -> Slice:
    factory = RequestFactory()

    def handle(request: HttpRequest) -> None:
        response = made.get_response(request)
        assert response.status_code == 200

    def run() -> float:
        requests = [factory.get(url) for _ in range(count)]
        if threads == 1:
            begin = time.perf_counter()
            for request in requests:
                handle(request)
            return (time.perf_counter() - begin) / count
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(time.sleep, [0.001] * threads))  # the threads are there now
            begin = time.perf_counter()
            list(pool.map(handle, requests))
            return (time.perf_counter() - begin) / count

    return run


def async_slice(made: BaseHandler, url: str, count: int, at_once: int = 1) -> Slice:
    factory = RequestFactory()

    async def handle(requests: List[HttpRequest]) -> None:
        for request in requests:
            response = await made.get_response_async(request)
            assert response.status_code == 200

    async def handle_all(requests: List[HttpRequest]) -> float:
        shares: List[Awaitable[None]] = [handle(requests[one::at_once]) for one in range(at_once)]
        begin = time.perf_counter()
        await asyncio.gather(*shares)
        return (time.perf_counter() - begin) / count

    return lambda: asyncio.run(handle_all([factory.get(url) for _ in range(count)]))


def pairs_of(first: Slice, second: Slice, count: int) -> List[Tuple[float, float]]:
    """The seconds a request of both, which take turns at being first."""
    found = []
    first(), second()
    for number in range(count):
        gc.collect()
        if number % 2:
            late = second()
            found.append((first(), late))
        else:
            early = first()
            found.append((early, second()))
    return found


def microseconds(pairs: Sequence[Tuple[float, float]]) -> Estimate:
    return estimate_median([1e6 * (second - first) for first, second in pairs])


def ratio(pairs: Sequence[Tuple[float, float]]) -> Estimate:
    return estimate_median([first / second for first, second in pairs])


def measure_off(effort: Effort) -> str:
    rows = []
    for kind, make, is_async, url in [
        ("sync view", sync_slice, False, "/small"),
        ("sync view, URL with arguments", sync_slice, False, "/small?page=2&order=name"),
        ("async view", async_slice, True, "/small_async"),
    ]:
        say(f"off: {kind}")
        bare = make(handler([], is_async), url, effort.off_requests)
        same = make(handler([], is_async), url, effort.off_requests)
        off = make(handler([MIDDLEWARE], is_async), url, effort.off_requests)
        control = pairs_of(bare, same, effort.pairs)
        measured = pairs_of(bare, off, effort.pairs)
        request = estimate_median([1e6 * first for first, _ in measured]).median
        rows.append(
            [kind, f"{request:.1f}", str(microseconds(control)), str(microseconds(measured))]
        )
    header = ["µs a request", "without", "without / without", "installed, off"]
    return markdown_table(header, rows)


def measure_on(effort: Effort) -> str:
    """Profiles every request by the middleware itself, whose sessions stay in memory."""
    from spinetail import middleware

    kept: List[Any] = []
    middleware.Action.save = lambda self, request, session: kept.append(session)  # type: ignore[method-assign]
    rows = []
    for is_async, views in [(False, VIEWS), (True, ASYNC_VIEWS)]:
        make: Callable[..., Slice] = async_slice if is_async else sync_slice
        bare, on = handler([], is_async), handler([MIDDLEWARE], is_async)
        for view in views:
            say(f"on: {view.__name__}")
            url = f"/{view.__name__}"
            without = make(bare, url, effort.on_requests, effort.threads)
            profiled = make(on, url, effort.on_requests, effort.threads)
            kept.clear()
            measured = pairs_of(without, profiled, effort.pairs)
            expected = (effort.pairs + 1) * effort.on_requests
            assert len(kept) == expected, (len(kept), expected)
            request = estimate_median([1e3 * first for first, _ in measured]).median
            engines_used = "/".join(sorted({session.engine for session in kept}))
            samples = sum(session.sample_count for session in kept) / len(kept)
            rows.append(
                [
                    view.__name__,
                    engines_used,
                    f"{request:.3f}",
                    f"{samples:.1f}",
                    str(ratio(measured)),
                ]
            )
    header = [
        "view",
        "engine",
        "ms a request without",
        "samples a request",
        "throughput with / without",
    ]
    return markdown_table(header, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="What the Django middleware costs.")
    parser.add_argument("--pairs", type=int, default=60, help="pairs of slices (60)")
    parser.add_argument("--threads", type=int, default=2, help="requests at a time (2)")
    parser.add_argument("--quick", action="store_true", help="seconds, to see that it runs")
    options = parser.parse_args()
    settings.configure(
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    )
    django.setup()
    effort = Effort(options.pairs, 500, 100, options.threads)
    if options.quick:
        effort = Effort(5, 100, 20, options.threads)
    before = describe_load()
    print(measure_off(effort), end="\n\n")
    with override_settings(SPINETAIL_PROFILE_DIR="kept in memory"):
        print(measure_on(effort), end="\n\n")
    print(f"Django {django.get_version()}, {options.threads} requests at a time where profiled.")
    print(describe_machine(), before, sep="\n")


if __name__ == "__main__":
    main()
