import assert from "node:assert/strict";
import { test } from "node:test";
import { drawList, pixelBoxes, type Viewport } from "../src/layout/drawList.ts";
import { flameLevels } from "../src/layout/flame.ts";
import { boxAt, firstVisible, type Level, makeLevels } from "../src/layout/levels.ts";
import { timelineLanes } from "../src/layout/timeline.ts";
import { StackTimes } from "../src/model/lineTimes.ts";
import { DEFAULT_OPTIONS, Profile } from "../src/model/profile.ts";
import { makeSession, sessionOf } from "./profileBuilder.ts";

const MS = 1_000_000;

function boxes(level: Level, name: (node: number) => string): string[] {
  const row = (i: number) => `${name(level.node[i]!)} ${level.start[i]! / MS}-${level.end[i]! / MS}`;
  return Array.from({ length: level.count }, (_, i) => row(i));
}

function wide(count: number): Level {
  const [level] = makeLevels([count]) as [Level];
  for (let i = 0; i < count; i++) {
    level.start[i] = i;
    level.end[i] = i + 1;
    level.node[i] = i;
  }
  level.count = count;
  return level;
}

const VIEW: Viewport = { from: 0, to: 100, top: 0, width: 1000, height: 100, rowHeight: 20 };

test("a flame graph's boxes stand above their caller, the heaviest first", () => {
  const profile = new Profile(sessionOf([["main;a", 1], ["main;b;c", 5], ["main", 2], ["main;b", 1]]));
  const calls = profile.calls({}, DEFAULT_OPTIONS);
  const levels = flameLevels(calls);
  const rows = levels.map((level) => boxes(level, (node) => calls.tree.name(node)));
  assert.deepEqual(rows, [["MainThread 0-9"], ["main 0-9"], ["b 0-6", "a 6-7"], ["c 0-5"]]);
});

test("a timeline's boxes are in the order of time", () => {
  const samples: [string, number][] = [["main;a;x", 1], ["main;a;y", 1], ["main", 2], ["main;a;x", 3], [
    "",
    1,
  ]];
  const profile = new Profile(sessionOf(samples));
  const calls = profile.calls({}, DEFAULT_OPTIONS);
  const [lane] = timelineLanes(calls, profile.merger.paths);
  const rows = lane!.levels.map((level) => boxes(level, (node) => calls.tree.name(node)));
  assert.deepEqual(rows, [
    ["MainThread 0-8"],
    ["main 0-7"],
    ["a 0-2", "a 4-7"],
    ["x 0-1", "y 1-2", "x 4-7"],
  ]);
  assert.equal(lane!.end, 8 * MS);
});

test("frames that are taken out leave no boxes", () => {
  const files = { find: "<frozen importlib._bootstrap>" };
  const profile = new Profile(
    sessionOf([["main;find;mod", 1], ["main;find", 1], ["main;mod", 1]], { files }),
  );
  const calls = profile.calls({}, DEFAULT_OPTIONS);
  const [lane] = timelineLanes(calls, profile.merger.paths);
  const rows = lane!.levels.map((level) => boxes(level, (node) => calls.tree.name(node)));
  assert.deepEqual(rows, [["MainThread 0-3"], ["main 0-3"], ["mod 0-1", "mod 2-3"]]);
});

test("each thread has a lane, and one that starts later begins later", () => {
  const session = makeSession([[["main;a", 2]], [["work", 3]], []]);
  session.threads[1]!.start = 4 * MS;
  const profile = new Profile(session);
  const calls = profile.calls({}, DEFAULT_OPTIONS);
  const lanes = timelineLanes(calls, profile.merger.paths);
  assert.deepEqual(lanes.map((lane) => lane.end / MS), [2, 7, 0]);
  assert.deepEqual(boxes(lanes[1]!.leaves, (node) => calls.tree.name(node)), ["work 4-7"]);
});

test("below the frame that started the recording there is nothing to see", () => {
  const profile = new Profile(sessionOf([["boot;main;a", 2], ["boot;main", 1]], { startStack: "boot;main" }));
  const calls = profile.calls({}, DEFAULT_OPTIONS);
  const [lane] = timelineLanes(calls, profile.merger.paths);
  const rows = lane!.levels.map((level) => boxes(level, (node) => calls.tree.name(node)));
  assert.deepEqual(rows, [["main 0-3"], ["a 0-2"]]);
});

test("recursion may be deep", () => {
  const depth = 20_000;
  const names = ["f@/app/a.py:1*2", "g@/app/b.py:1*2"];
  const stack = Array.from({ length: depth }, (_, i) => names[i % 40 === 39 ? 1 : 0]).join(";");
  const session = sessionOf([[stack, 2], [`${stack};h@/app/c.py:1*1`, 1]]);
  const profile = new Profile(session);
  const calls = profile.calls({}, DEFAULT_OPTIONS);
  assert.equal(flameLevels(calls).length, depth + 2);
  assert.equal(timelineLanes(calls, profile.merger.paths)[0]!.levels.length, depth + 2);
  const { tree } = profile.outline(calls, DEFAULT_OPTIONS);
  assert.equal(tree.time[tree.root], 3 * MS);
  const times = new StackTimes(session, {});
  assert.deepEqual(times.files().map((item) => item.total / MS), [3, 1, 3]);
  assert.deepEqual(times.lines(session.strings.indexOf("/app/a.py")).map((item) => item.total / MS), [3]);
});

test("boxes are found by place", () => {
  const level = wide(10);
  assert.equal(firstVisible(level, 3.5), 3);
  assert.equal(firstVisible(level, 4), 4);
  assert.equal(boxAt(level, 9.9), 9);
  assert.equal(boxAt(level, 10), -1);
  assert.equal(boxAt(undefined, 1), -1);
});

test("only what is visible is drawn", () => {
  const list = drawList([wide(1000), undefined, wide(1000)], { ...VIEW, from: 100, to: 110 }, () => 0, 1);
  assert.equal(list.boxCount, 20);
  assert.deepEqual(list.boxes[0]!.slice(0, 4), [0, 0, 100, 100]);
  assert.deepEqual(list.boxes[0]!.slice(40, 44), [0, 40, 100, 100]);
});

test("narrow boxes are pixels, whatever their number", () => {
  const list = drawList([wide(1_000_000)], { ...VIEW, to: 1_000_000 }, () => 4, 5);
  assert.equal(list.boxCount, 0);
  assert.ok(list.probes <= 2 * VIEW.width, `${list.probes} probes`);
  assert.ok(list.pixels.every((pixel) => pixel === 5));
  assert.deepEqual(pixelBoxes(list, VIEW)[4], [0, 0, 1000, -1]);
});

test("where nothing ran, nothing is drawn", () => {
  const [level] = makeLevels([2]) as [Level];
  level.start.set([0, 50]);
  level.end.set([0.01, 50.01]);
  level.count = 2;
  const { pixels } = drawList([level], VIEW, () => 0, 1);
  assert.deepEqual([...pixels.keys()].filter((x) => pixels[x] !== 0), [0, 500]);
});

test("a pixel has the colour of the widest box in it", () => {
  const [level] = makeLevels([4]) as [Level];
  level.start.set([0, 0.01, 0.1, 0.12]);
  level.end.set([0.01, 0.09, 0.12, 0.19]);
  level.node.set([0, 1, 0, 2]);
  level.count = 4;
  const { pixels } = drawList([level], VIEW, (node) => node, 3);
  assert.deepEqual([...pixels.subarray(0, 3)], [2, 3, 0]);
});

test("rows of pixels go with the rows that are seen", () => {
  const view = { ...VIEW, to: 500, top: 30, height: 30 };
  const list = drawList([wide(100), undefined, wide(50)], view, () => 0, 1);
  assert.deepEqual(list.tops, [-10, 10]);
  assert.deepEqual(pixelBoxes(list, view)[0], [0, 10, 100, -1]);
});

test("the boxes of a marked node are listed, however narrow", () => {
  const list = drawList([wide(500)], { ...VIEW, to: 500 }, () => 0, 1, 7);
  assert.deepEqual(list.marked, [14, 0, 2, 7]);
});

test("wide boxes are labelled", () => {
  const list = drawList([wide(100)], VIEW, () => 0, 1);
  assert.equal(list.labelled.length, 0);
  assert.equal(drawList([wide(100)], { ...VIEW, to: 10 }, () => 0, 1).labelled.length / 4, 10);
});
