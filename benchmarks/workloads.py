"""What the overhead is measured on. Each workload is a function without arguments, of a few ms."""

import json
import re
import threading
from typing import Any, Callable, Dict, List

Workload = Callable[[], object]


class Missing(Exception):
    """A workload needs a package that isn't installed."""


def fibonacci(n: int) -> int:
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def make_calls() -> Workload:
    """Nothing but calls: the worst case for profilers that hook each of them."""
    return lambda: fibonacci(21)


TEMPLATES = {
    "page.html": """<!doctype html><title>{% block title %}Shop{% endblock %}</title>
{% block body %}{% endblock %}""",
    "row.html": """<tr class="{% cycle 'odd' 'even' %}"><td>{{ item.name|title }}</td>
<td>{{ item.price|floatformat:2 }}</td><td>{{ item.tags|join:", " }}</td></tr>""",
    "list.html": """{% extends "page.html" %}{% block title %}{{ shop|upper }}{% endblock %}
{% block body %}<h1>{{ shop }}: {{ items|length }}</h1><table>{% for item in items %}
{% if item.price > 2 %}{% include "row.html" %}{% else %}<tr><td>{{ forloop.counter }}</td></tr>
{% endif %}{% endfor %}</table>{% endblock %}""",
}


def make_templates() -> Workload:
    """A page rendered by Django: inheritance, a loop, an include and filters."""
    try:
        import django
        from django.conf import settings
        from django.template.loader import get_template
    except ImportError as problem:
        raise Missing("Django isn't installed") from problem
    if not settings.configured:
        loaders = [("django.template.loaders.locmem.Loader", TEMPLATES)]
        backend = "django.template.backends.django.DjangoTemplates"
        settings.configure(TEMPLATES=[{"BACKEND": backend, "OPTIONS": {"loaders": loaders}}])
        django.setup()
    template = get_template("list.html")
    items: List[Dict[str, object]] = [
        {"name": f"thing number {n}", "price": n * 0.7, "tags": [f"tag{n % 7}", "new", "blue"]}
        for n in range(40)
    ]
    return lambda: template.render({"shop": "corner shop", "items": items})


RECORD = re.compile(r'"name": "(?P<name>\w+)", "tags": \[(?P<tags>[^\]]*)\]')


def read_record(record: Dict[str, Any]) -> Dict[str, Any]:
    record["size"] = record["size"] / 2 if record["on"] else 0.0
    return record


def blank_tags(match: "re.Match[str]") -> str:
    return match["name"].upper() if "tag3" in match["tags"] else match[0]


def convert_records() -> int:
    """Builds records, writes and reads them as JSON, and changes them by a pattern."""
    records = [
        {"name": f"name_{n}", "tags": [f"tag{n % 7}", "new"], "size": n * 1.5, "on": n % 2 == 0}
        for n in range(600)
    ]
    text = json.dumps(records)
    total = sum(record["size"] for record in json.loads(text, object_hook=read_record))
    return len(RECORD.sub(blank_tags, text)) + int(total)


def make_conversions() -> Workload:
    """json and re: much of the time is spent in C, which calls back."""
    return convert_records


def descend(depth: int) -> int:
    if depth > 0:
        return descend(depth - 1) + 1
    total = 0
    for number in range(30_000):
        total += number & 3
    return total


def make_recursion() -> Workload:
    """A loop under a stack of 600 frames: dear for whoever looks at the whole stack."""
    return lambda: [descend(600) for _ in range(2)]


def make_workers() -> Workload:
    """Three threads that do nothing but call, and so fight for the GIL."""

    def work() -> None:
        threads = [threading.Thread(target=fibonacci, args=(24,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return work


def make_idle() -> Workload:
    """Calls beside fifty threads that wait, as in a server that has little to do."""
    never = threading.Event()
    for _ in range(50):
        threading.Thread(target=never.wait, daemon=True).start()
    return lambda: fibonacci(21)


# The last one leaves its threads behind.
WORKLOADS: Dict[str, Callable[[], Workload]] = {
    "calls": make_calls,
    "templates": make_templates,
    "json": make_conversions,
    "recursion": make_recursion,
    "workers": make_workers,
    "idle": make_idle,
}
