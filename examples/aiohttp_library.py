"""A library's catalogue as an aiohttp server, and the readers who ask it, in one process.

Run it by itself or under the profiler: `spinetail examples/aiohttp_library.py`.
"""

import asyncio
import hashlib
import random
from collections import Counter
from typing import Dict, List, TypedDict

from aiohttp import ClientSession, web

WORDS = ("autumn", "bird", "clock", "door", "field", "garden", "island", "journey", "letter")
READERS = 8
QUESTIONS = 40


class Book(TypedDict):
    title: str
    year: int
    text: str


BOOKS = web.AppKey("books", List[Book])


def write_books(number: int) -> List[Book]:
    """Books of a hundred words, the same each time."""
    chance = random.Random(7)
    books: List[Book] = []
    for _ in range(number):
        title = " ".join(chance.choices(WORDS, k=3))
        text = " ".join(chance.choices(WORDS, k=100))
        books.append({"title": title, "year": chance.randrange(1900, 2024), "text": text})
    return books


async def search(request: web.Request) -> web.Response:
    """The books whose texts have a word most often."""
    word = request.query["word"]
    return web.json_response(best_books(request.app[BOOKS], word)[:20])


def best_books(books: List[Book], word: str) -> List[Dict[str, object]]:
    found = [(occurrences(book["text"], word), book["title"]) for book in books]
    return [{"title": title, "count": count} for count, title in sorted(found, reverse=True)]


def occurrences(text: str, word: str) -> int:
    return sum(candidate == word for candidate in text.split())


async def decades(request: web.Request) -> web.Response:
    """How many books there are of each decade, and their most common words."""
    words: Dict[int, Counter[str]] = {}
    for book in request.app[BOOKS][::10]:
        words.setdefault(book["year"] // 10 * 10, Counter()).update(book["text"].split())
    return web.json_response({decade: words[decade].most_common(3) for decade in sorted(words)})


def make_server() -> web.Application:
    app = web.Application()
    app[BOOKS] = write_books(800)
    app.add_routes([web.get("/search", search), web.get("/decades", decades)])
    return app


async def read(session: ClientSession, address: str, number: int) -> str:
    """One reader's questions, one after the other; gives a digest of all answers."""
    chance = random.Random(number)
    digest = hashlib.sha256()
    for question in range(QUESTIONS):
        path, query = "/search", {"word": chance.choice(WORDS)}
        if question % 4 == 0:
            path, query = "/decades", {}
        async with session.get(address + path, params=query) as response:
            response.raise_for_status()
            digest.update(await response.read())
    return digest.hexdigest()


async def main() -> None:
    runner = web.AppRunner(make_server())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        async with ClientSession() as session:
            readers = [read(session, f"http://127.0.0.1:{port}", n) for n in range(READERS)]
            digests = await asyncio.gather(*readers)
    finally:
        await runner.cleanup()
    for number, digest in enumerate(digests):
        print(f"reader {number}: {QUESTIONS} answers, {digest[:16]}")


if __name__ == "__main__":
    asyncio.run(main())
