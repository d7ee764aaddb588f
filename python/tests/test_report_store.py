"""The latest runs, kept for ``--load-prev``."""

from __future__ import annotations

import os
import stat
import threading
import time

import pytest

from spinetail.command_line.report import report_store
from spinetail.command_line.report.report_store import ReportStore

pytestmark = pytest.mark.any_version


class Saved:
    """A session, as far as the store is concerned."""

    def __init__(self, start_time=1_700_000_000.25, size=10):
        self.start_time = start_time
        self.size = size

    def save(self, path):
        with open(path, "wb") as file:
            file.write(b"x" * self.size)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return ReportStore()


def ages(store, identifiers):
    """Makes the first one the oldest."""
    for age, identifier in enumerate(identifiers):
        os.utime(store.path(identifier), (1_700_000_000 + age, 1_700_000_000 + age))


def test_kept_session(store, tmp_path):
    identifier = store.keep(Saved())
    assert identifier == time.strftime("%Y-%m-%dT%H-%M-%S", time.localtime(1_700_000_000))
    path = store.find(identifier)
    assert path is not None
    assert os.path.dirname(path) == str(tmp_path / "spinetail" / "reports")
    assert os.path.getsize(path) == 10
    assert stat.S_IMODE(os.stat(path).st_mode) & 0o077 == 0
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700


def test_runs_of_one_second_are_kept_apart(store):
    identifiers = []

    def keep():
        for _ in range(3):
            identifiers.append(store.keep(Saved()))

    threads = [threading.Thread(target=keep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(identifiers)) == 12
    assert set(store.identifiers()) == set(identifiers)


def test_only_so_many_are_kept(store, monkeypatch):
    monkeypatch.setattr(report_store, "KEPT", 3)
    kept = []
    for _ in range(5):
        kept.append(store.keep(Saved()))
        ages(store, [one for one in kept if store.find(one)])
    assert store.identifiers() == kept[:1:-1]


def test_only_so_much_is_kept(store, monkeypatch):
    monkeypatch.setattr(report_store, "KEPT_BYTES", 100)
    kept = [store.keep(Saved(size=40)) for _ in range(2)]
    ages(store, kept)
    kept.append(store.keep(Saved(size=50)))
    assert store.identifiers() == [kept[2], kept[1]]
    # The latest one stays, whatever its size.
    latest = store.keep(Saved(size=1000))
    assert store.identifiers() == [latest]


def test_identifiers_stay_in_the_folder(store, tmp_path):
    store.keep(Saved())
    (tmp_path / "spinetail" / "outside.spinetail").write_bytes(b"")
    (tmp_path / "spinetail" / "reports" / "other.txt").write_bytes(b"")
    (tmp_path / "spinetail" / "reports" / ".hidden.spinetail").write_bytes(b"")
    for identifier in ["../outside", "", ".", "..", ".hidden", "other", "other.txt", "a\0b"]:
        assert store.find(identifier) is None


def test_failed_saving_leaves_nothing(store):
    class Failing(Saved):
        def save(self, path):
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        store.keep(Failing())
    assert os.listdir(store.folder) == []


def test_debris_goes_once_it_is_old(store):
    store.keep(Saved())
    old, new = (os.path.join(store.folder, name) for name in (".old.tmp", ".new.tmp"))
    for path in (old, new):
        open(path, "w").close()
    os.utime(old, (0, 0))
    store.keep(Saved())
    assert not os.path.exists(old) and os.path.exists(new)


def test_folder_of_the_data(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in [None, "", "relative/path"]:
        if value is None:
            monkeypatch.delenv("XDG_DATA_HOME", raising=False)
        else:
            monkeypatch.setenv("XDG_DATA_HOME", value)
        assert ReportStore().folder == str(tmp_path / ".local/share/spinetail/reports")
    assert ReportStore().identifiers() == []
