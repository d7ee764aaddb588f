"""Renderers turn a session into a report."""

from __future__ import annotations

from spinetail.renderers.base import Renderer
from spinetail.renderers.console import ConsoleRenderer

__all__ = ["ConsoleRenderer", "Renderer"]
