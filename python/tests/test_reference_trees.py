"""Our processors give the trees that pyinstrument's give."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from spinetail import frame_ops, processors

# Recorded by tools/record_reference_trees.py with pyinstrument 5.1.3.
CASES = json.loads(Path(__file__).with_name("reference_trees.json").read_text(encoding="utf-8"))


class Context:
    def __init__(self, sys_prefixes):
        self.sys_prefixes = sys_prefixes

    def shorten_path(self, path):
        return path


def processed(records, context, names, options, frame_ops=frame_ops, processors=processors):
    frame = frame_ops.build_frame_tree(records, context)
    for name in names:
        frame = getattr(processors, name)(frame, options=options)
    return frame


def as_list(frame, groups):
    group = None
    if frame.group is not None:
        group = groups.setdefault(id(frame.group), len(groups))
    return [
        frame.identifier,
        round(frame.time, 6),
        frame.class_name,
        frame.is_application_code,
        round(frame.total_self_time, 6),
        round(frame.await_time(), 6),
        group,
        [as_list(child, groups) for child in frame.children],
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: ",".join(case["options"]) or "plain")
def test_recorded_trees(case):
    frame = processed(
        case["records"], Context(case["sys_prefixes"]), case["processors"], case["options"]
    )
    frame.self_check()
    assert as_list(frame, {}) == case["tree"]


def test_side_by_side():
    # Where pyinstrument is installed, with the samples of the recorded cases in other orders.
    reason = "pyinstrument isn't installed: only its recorded trees are compared"
    theirs = pytest.importorskip("pyinstrument.processors", reason=reason)
    their_ops = pytest.importorskip("pyinstrument.frame_ops")
    for seed in range(40):
        chance = random.Random(seed)
        case = chance.choice(CASES)
        records = chance.sample(case["records"], len(case["records"]))
        # After samples that follow each other have become one, as ours are from the beginning.
        # Theirs loses time of the command's programs where that is cut into pieces.
        names = ["merge_consecutive_self_time"]
        names += [name for name in case["processors"] if "first" not in name]
        context = Context(case["sys_prefixes"])
        ours = processed(records, context, names, case["options"])
        expected = processed(records, context, names, case["options"], their_ops, theirs)
        assert as_list(ours, {}) == as_list(expected, {}), f"seed {seed}"
