"""Programs for `parity.py` to record: each with what sets it apart from the others."""

from typing import Dict, List, NamedTuple


class Program(NamedTuple):
    """Sources by file name, and the words after pyinstrument's own options."""

    files: Dict[str, str]
    words: List[str]


BUSY = """
import time
def busy(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        sum(range(50))
"""


def script(source: str) -> Program:
    return Program({"main.py": BUSY + source}, ["main.py"])


PROGRAMS: Dict[str, Program] = {
    "calls": script("""
def first(): busy(0.1)
def second(): first(); busy(0.05)
def third():
    for _ in range(3): second()
third(); first()
"""),
    "recursion": script("""
def down(depth):
    busy(0.01)
    if depth: down(depth - 1)
    busy(0.005)
def tree(depth):
    busy(0.004)
    if depth: tree(depth - 1); tree(depth - 1)
down(12); tree(4)
"""),
    "classes": script("""
class Base:
    def run(self): self.step(); busy(0.02)
    def step(self): busy(0.03)
    @classmethod
    def make(cls): busy(0.02); return cls()
    @staticmethod
    def help(): busy(0.02)
class One(Base): pass
class Two(Base):
    def step(self): super().step(); self.help()
for kind in (One, Two, One): kind.make().run()
"""),
    "generators": script("""
def numbers(count):
    for number in range(count): busy(0.01); yield number
def pairs(count):
    for number in numbers(count): busy(0.005); yield (number, number)
total = sum(max(pair) for pair in pairs(15))
[busy(0.01) for _ in range(4)]; (lambda: busy(0.04))()
"""),
    "standard library": script("""
import json, re, textwrap
data = {str(number): list(range(20)) for number in range(300)}
def encode(): return json.dumps(data, indent=1)
def decode(text): return json.loads(text)
def search(text): return re.findall(r"(\\d+),\\s+(\\d+)", text)
def wrap(text): return textwrap.fill(text[:3000], 40)
for _ in range(12):
    text = encode(); decode(text); search(text); wrap(text)
"""),
    "library calls back": script("""
import functools
from concurrent.futures import Future
def key(number): busy(0.002); return -number
@functools.lru_cache(maxsize=None)
def cached(number): busy(0.01); return number
def done(future): busy(0.05)
sorted(range(30), key=key); [cached(number % 5) for number in range(20)]
future = Future(); future.add_done_callback(done); future.set_result(1)
"""),
    "exceptions": script("""
import contextlib
@contextlib.contextmanager
def scope():
    busy(0.02)
    try: yield
    finally: busy(0.03)
def fail(): busy(0.02); raise ValueError
for _ in range(3):
    with contextlib.suppress(ValueError), scope(): fail()
"""),
    "hidden frames": script("""
def outer():
    __tracebackhide__ = True
    busy(0.05); inner()
def inner(): busy(0.1)
outer(); inner()
"""),
    "coroutines": script("""
import asyncio
async def leaf(seconds): await asyncio.sleep(seconds); busy(0.02)
async def branch(): await leaf(0.05); await leaf(0.03)
async def main(): await branch(); await asyncio.gather(branch(), leaf(0.04))
asyncio.run(main())
"""),
    "waiting": script("""
import queue, threading
box = queue.Queue()
def produce():
    for number in range(5): time.sleep(0.03); box.put(number)
def consume():
    for _ in range(5): box.get(); busy(0.01)
thread = threading.Thread(target=produce); thread.start(); consume(); thread.join()
"""),
    "many functions": script("""
exec("".join(f"def function_{n}(): busy({0.001 + n % 7 / 500})\\n" for n in range(60)))
for n in range(60): globals()[f"function_{n}"]()
"""),
    "package": Program(
        {
            "shop/__init__.py": "",
            "shop/__main__.py": "from shop.cart import total\ntotal(4)\n",
            "shop/cart.py": BUSY + "from shop import tax\n"
            "def total(items):\n    for _ in range(items): busy(0.03); tax.add()\n",
            "shop/tax.py": "def add():\n    from shop.cart import busy\n    busy(0.02)\n",
        },
        ["-m", "shop"],
    ),
    "deep": script("""
def deep(level):
    if level: return deep(level - 1)
    busy(0.3)
deep(150)
"""),
}
