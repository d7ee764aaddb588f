"""The latest runs, kept for ``--load-prev``."""

from __future__ import annotations

import os
import time

from spinetail.util import user_data_dir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

    from spinetail.session import Session

SUFFIX = ".spinetail"

KEPT = 20
"""So many runs are kept, the latest ones,"""
KEPT_BYTES = 256 << 20
"""and no more of them than fit into so many bytes."""

STALE_SECONDS = 86400
"""What is half written is somebody's work, until it is as old as this."""


class ReportStore:
    """A folder of sessions, named after the local time that they began at.

    Several processes may use it at once.
    """

    def __init__(self) -> None:
        """Only finds out where it is: the program may change the environment."""
        self.folder = os.path.join(user_data_dir(), "reports")

    def keep(self, session: Session) -> str:
        """Saves a session, gives its identifier, and drops what has become too much.

        Raises OSError.
        """
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        identifier = self.reserve(session.start_time)
        path = self.path(identifier)
        try:
            session.save(path)
        except BaseException:
            os.unlink(path)
            raise
        self.prune(identifier)
        return identifier

    def find(self, identifier: str) -> str | None:
        """The path of a kept session. No other file's: the identifier must be one of those here."""
        return self.path(identifier) if identifier in self.identifiers() else None

    def identifiers(self) -> list[str]:
        """Those of all kept sessions, the latest first."""
        files = sorted(self.files(), key=lambda entry: (entry[1].st_mtime, entry[0]), reverse=True)
        return [name[: -len(SUFFIX)] for name, _ in files]

    def path(self, identifier: str) -> str:
        return os.path.join(self.folder, identifier + SUFFIX)

    def reserve(self, start_time: float) -> str:
        """Makes an empty file of a name that no other process gets."""
        first = time.strftime("%Y-%m-%dT%H-%M-%S", time.localtime(start_time))
        identifier, count = first, 1
        while True:
            try:
                os.close(os.open(self.path(identifier), os.O_CREAT | os.O_EXCL, 0o600))
                return identifier
            except FileExistsError:
                count += 1
                identifier = f"{first}-{count}"

    def prune(self, latest: str) -> None:
        """Removes the oldest sessions, but not the one that was just saved, and old debris."""
        room = KEPT_BYTES - os.path.getsize(self.path(latest))
        places = KEPT - 1
        sizes = {name[: -len(SUFFIX)]: status.st_size for name, status in self.files()}
        for identifier in self.identifiers():
            if identifier == latest:
                continue
            room -= sizes.get(identifier, 0)
            places -= 1
            if room < 0 or places < 0:
                remove(self.path(identifier))
        for name, status in self.debris():
            if time.time() - status.st_mtime > STALE_SECONDS:
                remove(os.path.join(self.folder, name))

    def files(self) -> list[tuple[str, os.stat_result]]:
        return [
            entry
            for entry in self.entries()
            if entry[0].endswith(SUFFIX) and not entry[0].startswith(".")
        ]

    def debris(self) -> list[tuple[str, os.stat_result]]:
        return [entry for entry in self.entries() if entry[0].startswith(".")]

    def entries(self) -> Iterator[tuple[str, os.stat_result]]:
        """What is in the folder, as long as it is there."""
        try:
            names = os.listdir(self.folder)
        except OSError:
            return
        for name in names:
            try:
                yield name, os.lstat(os.path.join(self.folder, name))
            except OSError:
                continue


def remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:  # another process was quicker, or the folder isn't ours to tidy up
        return
