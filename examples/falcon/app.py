"""A Falcon site whose pages show their own profile at `?profile`, as text at `?profile=text`."""

import sys
import time
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import falcon

from spinetail import Profiler


class ProfilerMiddleware:
    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        if "profile" in req.params:
            req.context.profiler = Profiler()
            req.context.profiler.start()

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, resource: object, succeeded: bool
    ) -> None:
        profiler = getattr(req.context, "profiler", None)
        if profiler is None:
            return
        profiler.stop()
        if req.params["profile"] == "text":
            resp.content_type = "text/plain; charset=utf-8"
            resp.text = profiler.output_text(unicode=True)
        else:
            resp.content_type = falcon.MEDIA_HTML
            resp.text = profiler.output_html()


def fetch_stock() -> None:
    """Stands for a database that takes its time."""
    time.sleep(0.2)


def add_up_prices() -> int:
    total = 0
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        total += sum(range(1000))
    return total


class Sleep:
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        fetch_stock()
        resp.text = "slept\n"


class Compute:
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        add_up_prices()
        resp.text = "computed\n"


class Fail:
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        fetch_stock()
        raise RuntimeError("this page always fails")


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


app = falcon.App(middleware=[ProfilerMiddleware()])
app.req_options.keep_blank_qs_values = True  # so that `?profile` is enough
app.add_route("/sleep", Sleep())
app.add_route("/compute", Compute())
app.add_route("/fail", Fail())

if __name__ == "__main__":
    with make_server("127.0.0.1", int(sys.argv[1]), app, ThreadingServer) as server:
        server.serve_forever()
