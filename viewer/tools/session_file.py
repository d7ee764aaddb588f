"""Writes session files (docs/session-format.md), for data that no profiler recorded."""

from __future__ import annotations

import gzip
import json
import struct
from typing import Dict, Iterable, List, Mapping, Sequence, Tuple

_SMALL = [bytes([value]) for value in range(128)]


def varints(values: Iterable[int]) -> bytes:
    """The numbers, none negative, in groups of seven bits."""
    parts: List[bytes] = []
    for value in values:
        if value < 128:
            parts.append(_SMALL[value])
            continue
        group = bytearray()
        while value > 127:
            group.append(value & 127 | 128)
            value >>= 7
        group.append(value)
        parts.append(bytes(group))
    return b"".join(parts)


def zigzag_deltas(values: Iterable[int]) -> bytes:
    """The numbers as differences from one to the next."""
    last = 0
    folded: List[int] = []
    for value in values:
        difference = value - last
        last = value
        folded.append(-2 * difference - 1 if difference < 0 else 2 * difference)
    return varints(folded)


class SessionFile:
    """A session that is put together table by table."""

    def __init__(self, **header: object) -> None:
        self.header: Dict[str, object] = {"format": "spinetail", "version": 1, "timeUnit": 1}
        self.header.update(header)
        self.strings: List[str] = [""]
        self._string_rows: Dict[str, int] = {"": 0}
        self._columns: List[Tuple[str, str, str, int, bytes]] = []

    def string(self, text: str) -> int:
        """The row of a string."""
        row = self._string_rows.get(text)
        if row is None:
            row = self._string_rows[text] = len(self.strings)
            self.strings.append(text)
        return row

    def add(
        self, table: str, columns: Mapping[str, Sequence[int]], deltas: Sequence[str] = ()
    ) -> None:
        """Adds a table. The columns named by `deltas` are written as differences."""
        for name, values in columns.items():
            encoding = "zigzag-delta" if name in deltas else "varint"
            data = zigzag_deltas(values) if name in deltas else varints(values)
            self._columns.append((table, name, encoding, len(values), data))

    def pack(self, level: int = 6) -> bytes:
        """The bytes of the file."""
        entries = []
        offset = 0
        for table, name, encoding, count, data in self._columns:
            entry = {"table": table, "name": name, "encoding": encoding, "count": count}
            entries.append({**entry, "offset": offset, "length": len(data)})
            offset += len(data)
        header = json.dumps({**self.header, "strings": self.strings, "columns": entries}).encode()
        body = b"".join(data for *_, data in self._columns)
        return gzip.compress(struct.pack("<I", len(header)) + header + body, level, mtime=0)
