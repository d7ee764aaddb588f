import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { TreeMaker } from "../src/model/callTreeBuilder.ts";
import { HiddenFrames } from "../src/model/hiddenFrames.ts";
import { groupLibraryFrames, PROCESSORS, removeUnnecessarySelfTimeNodes } from "../src/model/processors.ts";
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

for (const file of files) {
  test(`processors: ${file}`, () => {
    const fixture = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Fixture;
    const tree = new TreeMaker(sessionOf(fixture.samples, fixture)).make(fixture.merging);
    tree.trimStem();
    assert.equal(outline(tree), fixture.start);
    for (const step of fixture.steps) {
      PROCESSORS[step.processor]!(tree);
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
  });
  const tree = new TreeMaker(session).make("repeated");
  tree.trimStem();
  removeUnnecessarySelfTimeNodes(tree);
  groupLibraryFrames(tree, {
    hide: (path) => path.startsWith("/app/"),
    show: (path) => path === "/app/a.py",
  });
  assert.deepEqual(tree.groups.map((group) => group.members.map((node) => tree.name(node))), [["b", "c"]]);
});

test("a compacted tree is the same tree, numbered in preorder", () => {
  const session = sessionOf([["main;a;x", 1], ["main;b", 2], ["main;A.r", 1], ["main;B.r", 2], [
    "main;b;y",
    9,
  ]]);
  const tree = new TreeMaker(session).make("repeated");
  PROCESSORS.aggregate_repeated_calls!(tree);
  const compact = tree.compacted();
  assert.equal(outline(compact), outline(tree));
  let expected = 0;
  for (let node = compact.root; node !== -1; node = compact.nextInPreorder(node)) {
    assert.equal(node, expected++);
  }
  assert.equal(expected, compact.count);
});
