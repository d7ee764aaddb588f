"""Indexes the standard library's own sources and searches them: something real to profile.

Run it by itself or under the profiler: `spinetail examples/search_sources.py`. It cuts up to
1200 files into words, keeps compressed copies and an inverted index in SQLite, and asks a few
questions of it. That takes one to three seconds, as many files as the interpreter comes with.
"""

import json
import re
import sqlite3
import sysconfig
import zlib
from collections import Counter
from itertools import combinations, islice
from pathlib import Path
from typing import Dict, FrozenSet, Iterator, List, NamedTuple, Tuple

FILE_LIMIT = 1200
COMMON_WORDS = 20
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,}")
DEFINITION = re.compile(r"^\s*(?:async\s+)?(def|class)\s+(\w+)", re.MULTILINE)
COMMENT_OR_STRING = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|#[^\n]*')


class Document(NamedTuple):
    """What the index keeps of one file."""

    path: str
    text: str
    words: Dict[str, int]
    definitions: List[str]


class SourceIndex:
    """An inverted index of source files in a database in memory."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.executescript(
            """
            CREATE TABLE documents (id INTEGER PRIMARY KEY, path TEXT, body BLOB, facts TEXT);
            CREATE TABLE words (word TEXT, document INTEGER, count INTEGER);
            """
        )

    def add(self, document: Document) -> None:
        """Stores one document and the words it has."""
        cursor = self.database.execute(
            "INSERT INTO documents (path, body, facts) VALUES (?, ?, ?)",
            (document.path, compress(document.text), describe(document)),
        )
        rows = [(word, cursor.lastrowid, count) for word, count in document.words.items()]
        self.database.executemany("INSERT INTO words VALUES (?, ?, ?)", rows)

    def finish(self) -> None:
        """Makes searching quick. Call it once, after the last document."""
        self.database.execute("CREATE INDEX by_word ON words (word, count DESC)")

    def search(self, query: str) -> List[Tuple[str, int]]:
        """The five documents that say the query's words most often, with how often they do."""
        words = tokenize(query)
        marks = ", ".join("?" * len(words))
        return self.database.execute(
            f"""
            SELECT path, SUM(count) AS hits FROM words JOIN documents ON id = document
            WHERE word IN ({marks}) GROUP BY document
            HAVING COUNT(*) = ? ORDER BY hits DESC, path LIMIT 5
            """,
            (*words, len(words)),
        ).fetchall()

    def snippet(self, path: str, word: str) -> str:
        """The first line of a document that has the word."""
        query = "SELECT body FROM documents WHERE path = ?"
        (body,) = self.database.execute(query, (path,)).fetchone()
        lines = zlib.decompress(body).decode().splitlines()
        return next((line.strip() for line in lines if word in line.lower()), "")

    def most_alike(self) -> Tuple[str, str, float]:
        """The two documents that share most of their commonest words, twins apart; the share."""
        words = {}
        for path, facts in self.database.execute("SELECT path, facts FROM documents ORDER BY path"):
            common = frozenset(word for word, _ in json.loads(facts)["common"])
            if len(common) == COMMON_WORDS:
                words[path] = common
        best = ("", "", 0.0)
        for first, second in combinations(words, 2):
            share = similarity(words[first], words[second])
            if best[2] < share < 1:
                best = (first, second, share)
        return best

    def most_defined(self) -> List[Tuple[str, int]]:
        """The names that most files define."""
        names: Counter = Counter()
        for (facts,) in self.database.execute("SELECT facts FROM documents"):
            names.update(set(json.loads(facts)["definitions"]))
        return names.most_common(5)


def source_files(folder: Path) -> Iterator[Path]:
    """The standard library's files, the same ones in the same order on every run."""
    paths = sorted(folder.rglob("*.py"))
    return islice((path for path in paths if "site-packages" not in path.parts), FILE_LIMIT)


def parse(path: Path, folder: Path) -> Document:
    """Reads one file and cuts it into words and definitions."""
    text = path.read_text(encoding="utf-8", errors="replace")
    definitions = [name for _, name in DEFINITION.findall(text)]
    words = Counter(tokenize(without_comments(text)))
    return Document(str(path.relative_to(folder)), text, words, definitions)


def without_comments(text: str) -> str:
    """The text without comments and long strings, roughly."""
    return COMMENT_OR_STRING.sub(" ", text)


def tokenize(text: str) -> List[str]:
    """The text's words in lower case; compound_names also count as their parts."""
    words = []
    for word in WORD.findall(text):
        lowered = word.lower()
        words.append(lowered)
        if "_" in lowered:
            words.extend(part for part in lowered.split("_") if len(part) > 2)
    return words


def similarity(first: FrozenSet[str], second: FrozenSet[str]) -> float:
    """The share of words that both sets have, from 0 to 1."""
    return len(first & second) / len(first | second)


def compress(text: str) -> bytes:
    """The text as it is stored."""
    return zlib.compress(text.encode(), 6)


def describe(document: Document) -> str:
    """The document's facts as JSON."""
    common = Counter(document.words).most_common(COMMON_WORDS)
    return json.dumps({"definitions": document.definitions, "common": common})


def main() -> None:
    folder = Path(sysconfig.get_path("stdlib"))
    index = SourceIndex()
    count = 0
    for path in source_files(folder):
        index.add(parse(path, folder))
        count += 1
    index.finish()
    print(f"{count} files indexed")
    for query in ("socket timeout", "json encoder", "weakref callback", "thread lock acquire"):
        best = index.search(query)
        if best:
            path, hits = best[0]
            print(f"{query!r}: {path} ({hits} times): {index.snippet(path, query.split()[0])}")
    first, second, share = index.most_alike()
    print(f"most alike: {first} and {second}, {share:.0%}")
    print("most defined:", ", ".join(f"{name} ({n})" for name, n in index.most_defined()))


if __name__ == "__main__":
    main()
