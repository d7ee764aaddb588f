"""What happens to recordings when the process forks."""

from __future__ import annotations

import os

from spinetail._library import native

are_forks_watched = False


def watch_forks() -> None:
    """Lets no thread of ours be about when the process forks; the child records nothing."""
    global are_forks_watched
    if not are_forks_watched:
        are_forks_watched = True
        os.register_at_fork(
            before=native.pause_sampling,
            after_in_parent=native.resume_sampling,
            after_in_child=native.resume_sampling,
        )
