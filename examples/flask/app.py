"""A Flask site whose pages show their own profile at `?profile`, as text at `?profile=text`."""

import time

from flask import Flask, Response, g, request

from spinetail import Profiler

app = Flask(__name__)


@app.before_request
def start_profiler() -> None:
    if "profile" in request.args:
        g.profiler = Profiler()
        g.profiler.start()


@app.after_request
def show_profile(response: Response) -> Response:
    profiler = g.pop("profiler", None)
    if profiler is None:
        return response
    profiler.stop()
    if request.args["profile"] == "text":
        return Response(profiler.output_text(unicode=True), mimetype="text/plain")
    return Response(profiler.output_html())


@app.teardown_request
def stop_profiler(error: object) -> None:
    """For requests that never got a response."""
    profiler = g.pop("profiler", None)
    if profiler is not None:
        profiler.stop()


def fetch_stock() -> None:
    """Stands for a database that takes its time."""
    time.sleep(0.2)


def add_up_prices() -> int:
    total = 0
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        total += sum(range(1000))
    return total


@app.get("/sleep")
def sleep() -> str:
    fetch_stock()
    return "slept\n"


@app.get("/compute")
def compute() -> str:
    add_up_prices()
    return "computed\n"


@app.get("/fail")
def fail() -> str:
    fetch_stock()
    raise RuntimeError("this page always fails")
