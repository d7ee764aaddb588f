import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { CallMerger } from "../src/model/callMerger.ts";
import { type CallTree, NONE } from "../src/model/callTree.ts";
import { HiddenFrames } from "../src/model/hiddenFrames.ts";
import {
  groupLibraryFrames,
  removedFunctions,
  removeIrrelevantNodes,
  removeUnnecessarySelfTimeNodes,
} from "../src/model/processors.ts";
import { outline, selfCheck } from "./outline.ts";
import { sessionOf } from "./profileBuilder.ts";

interface Fixture {
  samples: [string, number][];
  files?: Record<string, string>;
  startStack?: string;
  sysPath?: string[];
  sysPrefixes?: string[];
  merging: "consecutive" | "repeated";
  start: string;
  steps: { processor: string; tree: string; groups?: string[][]; folded?: string[][] }[];
}

const folder = new URL("../../Tests/Fixtures/processors/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json")).sort();

test("there are fixtures", () => assert.ok(files.length >= 10));

/** The steps that a merged tree has behind it. */
const MERGED = [
  "remove_importlib",
  "remove_tracebackhide",
  "merge_consecutive_self_time",
  "aggregate_repeated_calls",
];

const STEPS: Record<string, (tree: CallTree) => void> = {
  remove_irrelevant_nodes: (tree) => removeIrrelevantNodes(tree),
  remove_unnecessary_self_time_nodes: removeUnnecessarySelfTimeNodes,
  group_library_frames_processor: (tree) => groupLibraryFrames(tree),
};

for (const file of files) {
  const fixture = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Fixture;
  // Other orders of steps are not the page's.
  if (!MERGED.every((name, i) => fixture.steps[i]?.processor === name)) continue;
  test(`processors: ${file}`, () => {
    const session = sessionOf(fixture.samples, fixture);
    const removed = removedFunctions(session, { removeImportlib: true, removeHidden: true });
    const tree = new CallMerger(session).merge({}, removed);
    assert.equal(selfCheck(tree), undefined);
    assert.equal(outline(tree), fixture.steps[MERGED.length - 1]!.tree);
    for (const step of fixture.steps.slice(MERGED.length)) {
      STEPS[step.processor]!(tree);
      assert.equal(selfCheck(tree), undefined, step.processor);
      assert.equal(outline(tree), step.tree, step.processor);
      const names = (nodes: number[]) => nodes.map((node) => tree.name(node));
      if (step.groups) assert.deepEqual(tree.groups.map((group) => names(group.members)), step.groups);
      if (step.folded) {
        const hidden = new HiddenFrames(tree);
        const folded = tree.groups.map((group) => names(hidden.frames(group.root)));
        assert.deepEqual(folded.filter((members) => members.length), step.folded);
      }
    }
  });
}

test("patterns decide about groups before origins do, and show wins", () => {
  const session = sessionOf([["main;a;b;c", 1]], {
    files: { a: "/app/a.py", b: "/app/b.py", c: "/app/c.py" },
    startStack: "main",
  });
  const tree = new CallMerger(session).merge();
  removeUnnecessarySelfTimeNodes(tree);
  groupLibraryFrames(tree, {
    hide: (path) => path.startsWith("/app/"),
    show: (path) => path === "/app/a.py",
  });
  assert.deepEqual(tree.groups.map((group) => group.members.map((node) => tree.name(node))), [["b", "c"]]);
});

test("nodes are numbered in preorder", () => {
  const session = sessionOf([["main;a;x", 1], ["main;b", 2], ["main;A.r", 1], ["main;B.r", 2], [
    "main;b;y",
    9,
  ]]);
  const tree = new CallMerger(session).merge();
  let expected = 0;
  for (let node = tree.root; node !== NONE; node = tree.nextInPreorder(node)) assert.equal(node, expected++);
  assert.equal(expected, tree.count);
});
