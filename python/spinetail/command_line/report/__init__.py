"""The report of a run: rendering it, and where it goes."""

from __future__ import annotations

from spinetail.command_line.report.report import Report

__all__ = ["Report"]
