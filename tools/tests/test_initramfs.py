"""Archives as Linux unpacks them first."""

import io
import stat
from pathlib import Path
from typing import Dict, Tuple

from initramfs import TRAILER, Initramfs


def entries(data: bytes) -> Dict[str, Tuple[int, bytes]]:
    """Modes and data by name, read by the format's rules."""
    found = {}
    place = 0
    while place < len(data):
        assert data[place : place + 6] == b"070701"
        fields = [int(data[place + 6 + 8 * n : place + 14 + 8 * n], 16) for n in range(13)]
        name_start = place + 110
        name = data[name_start : name_start + fields[11] - 1].decode()
        start = name_start + fields[11]
        start += -start % 4
        found[name] = (fields[1], data[start : start + fields[6]])
        place = start + fields[6]
        place += -place % 4
    return found


def test_what_is_added_is_there(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "program").write_bytes(b"12345")
    (tmp_path / "folder" / "program").chmod(0o750)
    (tmp_path / "folder" / "link").symlink_to("program")
    output = io.BytesIO()
    archive = Initramfs(output)
    archive.add("init", stat.S_IFREG | 0o755, b"start")
    archive.add_from_disk([tmp_path / "folder"])
    archive.end()
    found = entries(output.getvalue())
    where = str(tmp_path / "folder")[1:]
    assert list(found)[-1] == TRAILER and list(found)[0] == "init"
    assert found["init"] == (stat.S_IFREG | 0o755, b"start")
    assert found[where + "/program"] == (stat.S_IFREG | 0o750, b"12345")
    assert found[where + "/link"][1] == b"program"
    # What is above comes before what is in it.
    names = list(found)
    above = [str(parent)[1:] for parent in tmp_path.parents if parent != Path("/")]
    assert all(names.index(parent) < names.index(where) for parent in above)
    assert stat.S_ISDIR(found[above[0]][0])
