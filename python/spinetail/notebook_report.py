"""Shows a report where IPython shows a cell's output."""

from __future__ import annotations

import html
import re

from spinetail import streams
from spinetail.frame import SELF_TIME_FRAME_IDENTIFIER
from spinetail.frame_ops import delete_frame_from_tree
from spinetail.renderers import ConsoleRenderer, HTMLRenderer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from spinetail.frame import Frame
    from spinetail.magic_options import MagicOptions
    from spinetail.session import Session

SHELL_FILES = re.compile(
    r"[/\\](IPython|ipykernel|ipykernel_launcher\.py|asyncio|tornado|traitlets|uvloop)\b"
    r"|^<thread>$|^<frozen runpy>$"
)

HIGHEST = 800
LOWEST = 300

FIT = f"""
const frame = this;
const fit = () => {{
  const style = (part) => page.defaultView.getComputedStyle(part);
  let hidden = 0;
  for (const part of page.querySelectorAll("body *"))
    if (/auto|scroll/.test(style(part).overflowY))
      hidden = Math.max(hidden, part.scrollHeight - part.clientHeight);
  const height = page.documentElement.scrollHeight + hidden;
  frame.style.height = Math.min(Math.max(height, {LOWEST}), {HIGHEST}) + "px";
}};
const page = frame.contentDocument;
const observer = new MutationObserver(fit);
const end = () => observer.disconnect();
observer.observe(page.documentElement, {{ childList: true, subtree: true }});
for (const event of ["pointerdown", "keydown"]) page.addEventListener(event, end, {{ once: true }});
setTimeout(end, 30000);
fit();
"""
"""Gives an iframe the height of its content, within bounds: a report may have thousands of lines.

The page fills the height that it has, and scrolls inside: what is out of sight there is content,
too. Once its reader does something there, the height stays.
"""


def show_report(shell: Any, session: Session, options: MagicOptions) -> None:
    """Displays the report page in an iframe, and the text for what can't show that."""
    from IPython.display import display

    renderer = ConsoleRenderer(**{"unicode": True, **terminal_options(), **options.text_options})
    renderer.processors = [remove_shell_frames, *renderer.processors, begin_with_user]
    data = {"text/plain": renderer.render(session)}
    if "text/html" in shell.display_formatter.active_types:
        data["text/html"] = iframe(HTMLRenderer().render(session), options.height)
    display(data, raw=True)


def terminal_options() -> dict[str, bool]:
    """What the terminal can show, if standard output is one."""
    import sys

    if not streams.supports_color(sys.stdout):
        return {}
    return {"unicode": streams.supports_unicode(sys.stdout), "color": True}


def remove_shell_frames(frame: Frame | None, options: dict[str, Any]) -> Frame | None:
    """A processor that takes out the shell's frames and its event loop's around the user's, but for
    the outermost one.
    """
    if frame is not None and is_shells(frame):
        remove_below(frame)
    return frame


def begin_with_user(frame: Frame | None, options: dict[str, Any]) -> Frame | None:
    """A processor that takes out the outermost frame, if it is the shell's and holds just one of
    the user's together.
    """
    if frame is None or not is_shells(frame) or len(frame.children) != 1:
        return frame
    (root,) = frame.children
    if root.is_synthetic:
        return frame
    root.remove_from_parent()
    return root


def remove_below(frame: Frame) -> None:
    for child in frame.children:
        if child.identifier == SELF_TIME_FRAME_IDENTIFIER:
            delete_frame_from_tree(child, replace_with="nothing")
        elif is_shells(child):
            remove_below(child)
            delete_frame_from_tree(child, replace_with="children")


def is_shells(frame: Frame) -> bool:
    path = frame.file_path
    return path is not None and SHELL_FILES.search(path) is not None


def iframe(page: str, height: int | None) -> str:
    """The page in a frame of its own, which keeps its style and scripts from the notebook's."""
    fit = "" if height is not None else f' onload="{html.escape(" ".join(FIT.split()))}"'
    return (
        f'<iframe srcdoc="{html.escape(page)}"{fit} frameborder="0" allowfullscreen '
        f'style="width: 100%; height: {height or LOWEST}px; resize: vertical"></iframe>'
    )
