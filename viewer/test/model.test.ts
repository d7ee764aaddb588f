import assert from "node:assert/strict";
import { test } from "node:test";
import { CallMerger } from "../src/model/callMerger.ts";
import { functionTimes, neighbours } from "../src/model/functionTimes.ts";
import { StackTimes } from "../src/model/lineTimes.ts";
import { OpenRows } from "../src/model/openRows.ts";
import { PairIndex } from "../src/model/pairIndex.ts";
import { PathClassifier } from "../src/model/pathClassifier.ts";
import { PathShortener } from "../src/model/pathShortener.ts";
import { asPredicate } from "../src/model/patterns.ts";
import { type Calls, DEFAULT_OPTIONS, nodeAt, pathOf, Profile } from "../src/model/profile.ts";
import { search } from "../src/model/search.ts";
import type { Session } from "../src/session/session.ts";
import { outline } from "./outline.ts";
import { makeSession, sessionOf } from "./profileBuilder.ts";

const MS = 1_000_000;
const LIBRARIES = {
  l1: "/usr/lib/python3.11/l1.py",
  l2: "/usr/lib/python3.11/l2.py",
  l3: "/usr/lib/python3.11/l3.py",
};

function callsOf(session: Session, selection = {}): Calls {
  return new Profile(session).calls(selection, DEFAULT_OPTIONS);
}

function nodeNamed(calls: Calls, name: string): number {
  for (let node = 0; node < calls.tree.count; node++) if (calls.tree.name(node) === name) return node;
  return assert.fail(`no node ${name}`);
}

test("files of libraries are told from those of the application", () => {
  const classifier = new PathClassifier(["/usr", "/opt/env/.venv", "C:\\Python311"]);
  const expected: [string, string][] = [
    ["/srv/app.py", "application"],
    ["/usr/src/app/main.py", "application"],
    ["/usr/lib/thing.py", "library"],
    ["/usr/lib.py", "application"],
    ["/opt/env/.venv/anything.py", "library"],
    ["/opt/env/app.py", "application"],
    ["/x/site-packages/numpy/core.py", "library"],
    ["/x/lib/python3.13t/json/__init__.py", "library"],
    ["/x/lib/pythonista/json.py", "application"],
    ["/x/python311.zip/json.py", "library"],
    ["c:\\python311\\Lib\\json.py", "library"],
    ["D:\\work\\app.py", "application"],
    ["<frozen runpy>", "library"],
    ["<string>", "caller"],
    ["<ipython-input-3>", "application"],
    ["", "library"],
  ];
  for (const [path, origin] of expected) assert.equal(classifier.origin(path), origin, path);
});

test("paths are told from the nearest entry of sys.path", () => {
  const shortener = new PathShortener(["/app", "/app/src", "", "/usr/lib/python3.11"]);
  assert.equal(shortener.shorten("/app/src/a/b.py"), "a/b.py");
  assert.equal(shortener.shorten("/usr/lib/python3.11/json/x.py"), "json/x.py");
  assert.equal(shortener.shorten("/app/other.py"), "other.py");
  assert.equal(shortener.shorten("<built-in>"), "<built-in>");
  assert.equal(new PathShortener(["C:\\work"]).shorten("c:\\WORK\\a\\b.py"), "a\\b.py");
});

test("a pair index keeps what it is given while it grows", () => {
  const index = new PairIndex();
  for (let i = 0; i < 5000; i++) assert.equal(index.value(i % 70, i, i), i);
  for (let i = 0; i < 5000; i++) assert.equal(index.value(i % 70, i, -1), i);
});

test("patterns", () => {
  assert.equal(asPredicate("  "), undefined);
  assert.equal(asPredicate("/(/"), undefined);
  assert.ok(asPredicate("PARSE")!("my_parser"));
  assert.ok(asPredicate("*/lib/*.py")!("/usr/lib/x.py"));
  assert.ok(!asPredicate("lib/*.py")!("/usr/lib/x.py"));
  assert.ok(asPredicate("a, b")!("xbx"));
  assert.ok(asPredicate("/^a.c$/")!("ABC"));
  assert.ok(asPredicate("a.c*")!("a.cd"));
  assert.ok(!asPredicate("a.c*")!("abcd"));
});

test("threads join below a root, one alone is chosen by number", () => {
  const session = makeSession([[["main;a", 5]], [["work;b", 3], ["work", 1]], []]);
  assert.equal(
    outline(callsOf(session).tree),
    "[root] 9 (MainThread 5 (main 5 (a 5 ([self] 5))), Thread-1 4 (work 4 (b 3 ([self] 3), [self] 1)))",
  );
  assert.equal(
    outline(callsOf(session, { thread: 1 }).tree),
    "Thread-1 4 (work 4 (b 3 ([self] 3), [self] 1))",
  );
  assert.equal(outline(callsOf(session, { thread: 2 }).tree), "");
});

test("the clock chooses the times", () => {
  const session = sessionOf([["main;sleep", 10, 1], ["main;spin", 5, 5]]);
  assert.equal(
    outline(callsOf(session, { clock: "cpu" }).tree),
    "MainThread 6 (main 6 (spin 5 ([self] 5), sleep 1 ([self] 1)))",
  );
});

test("a range counts the part of a sample that is in it", () => {
  const session = sessionOf([["main;a", 10, 5], ["main;b", 10], ["main;c", 10]]);
  const range = [5 * MS, 22 * MS] as const;
  assert.equal(
    outline(callsOf(session, { range }).tree),
    "MainThread 17 (main 17 (b 10 ([self] 10), a 5 ([self] 5), c 2 ([self] 2)))",
  );
  assert.equal(outline(callsOf(session, { range: [40 * MS, 50 * MS] }).tree), "");
});

test("a thread's samples begin at its start", () => {
  const session = makeSession([[["main", 10]], [["work", 10]]]);
  session.threads[1]!.start = 20 * MS;
  assert.equal(
    outline(callsOf(session, { range: [0, 15 * MS] }).tree),
    "MainThread 10 (main 10 ([self] 10))",
  );
});

test("a call is found again in another tree", () => {
  const session = makeSession([[["main;a;b", 5], ["main;c", 3]], [["work;b", 3]]]);
  const all = callsOf(session).tree;
  const path = pathOf(all, nodeNamed(callsOf(session), "c"));
  assert.equal(all.name(nodeAt(all, path)), "c");
  const one = callsOf(session, { thread: 0 }).tree;
  assert.equal(one.name(nodeAt(one, path)), "c");
  const other = callsOf(session, { thread: 1 }).tree;
  assert.equal(nodeAt(other, path), other.root);
  const early = callsOf(session, { thread: 0, range: [0, 2 * MS] }).tree;
  // There is no c this early: its caller is the nearest.
  assert.equal(early.name(nodeAt(early, path)), "main");
});

test("a search counts each moment once", () => {
  const calls = callsOf(sessionOf([["main;load;parse", 4], ["main;load;parse;load", 2], ["main;x", 4]]));
  const found = search(calls, "load")!;
  assert.equal(found.functionCount, 1);
  assert.equal(found.nodeCount, 2);
  assert.equal(found.time, 6 * MS);
  assert.equal(search(calls, ""), undefined);
  assert.equal(search(calls, "nowhere")!.time, 0);
});

test("a search looks at classes, paths and threads", () => {
  const calls = callsOf(makeSession([[["main;Parser.run@/app/deep/tool.py:3", 4]], [["work", 1]]]));
  assert.equal(search(calls, "parser.r")!.nodeCount, 1);
  assert.equal(search(calls, "tool.py")!.nodeCount, 1);
  assert.equal(search(calls, "thread-1")!.time, MS);
});

test("a function that calls itself counts once", () => {
  const calls = callsOf(sessionOf([["main;f;f;g", 3], ["main;f", 2], ["main;g;f", 1]]));
  const session = calls.tree.session;
  const times = new Map(
    functionTimes(calls).map((item) => [session.strings[session.functions.name[item.function]!], item]),
  );
  const inMs = (name: string) => [times.get(name)!.self / MS, times.get(name)!.total / MS];
  assert.deepEqual(inMs("main"), [0, 6]);
  assert.deepEqual(inMs("f"), [3, 6]);
  assert.deepEqual(inMs("g"), [3, 4]);
  const f = times.get("f")!.function;
  const { callers, callees } = neighbours(calls, f);
  const named = (items: typeof callers) =>
    items.map((item) => [session.strings[session.functions.name[item.function]!], item.time / MS]);
  assert.deepEqual(named(callers), [["main", 5], ["g", 1]]);
  assert.deepEqual(named(callees), [["f", 3], ["g", 3]]);
});

test("a function's lines are its own, also those after a function inside of it", () => {
  const session = sessionOf([
    ["main:1*2;count:10*11;<genexpr>:11*11", 30],
    ["main:1*2;count:10*11", 20],
    ["main:1*2;count:10*12;count:10*12", 5],
  ]);
  const fn = [...session.functions.name].findIndex((name) => session.strings[name] === "count");
  const rows = new StackTimes(session, {}).linesOfFunction(fn).map(({ line, total }) => [line, total / MS]);
  assert.deepEqual(rows, [[11, 50], [12, 5]]);
});

test("lines have the time of their samples, each once", () => {
  const session = sessionOf([
    ["main@/app/a.py:1*2;f@/app/a.py:5*6;f@/app/a.py:5*6;g@/app/b.py:1*1", 3],
    ["main@/app/a.py:1*2;f@/app/a.py:5*7", 2],
    ["main@/app/a.py:1*3", 1],
  ]);
  const times = new StackTimes(session, {});
  const file = session.strings.indexOf("/app/a.py");
  const rows = times.lines(file).map(({ line, self, total }) => [line, self / MS, total / MS]);
  assert.deepEqual(rows, [[2, 0, 5], [3, 1, 1], [6, 0, 3], [7, 2, 2]]);
  const files = times.files().map((item) => [session.strings[item.file], item.self / MS, item.total / MS]);
  assert.deepEqual(files, [["/app/a.py", 3, 6], ["/app/b.py", 3, 3]]);
});

test("the heaviest path is open at first, and what is light is closed", () => {
  const session = sessionOf([["main;a;b;c", 90], ["main;d;e", 4], ["main;f;g", 30]]);
  const profile = new Profile(session);
  const calls = profile.calls({}, DEFAULT_OPTIONS);
  const open = new OpenRows(profile.outline(calls, DEFAULT_OPTIONS));
  open.openHeaviest(calls.tree.root);
  const rows = open.rows(calls.tree.root).map(({ node, depth }) => `${depth} ${calls.tree.name(node)}`);
  assert.deepEqual(rows, ["0 MainThread", "1 main", "2 a", "3 b", "4 c", "2 f", "3 g", "2 d"]);
  open.setAllBelow(nodeNamed(calls, "main"), false);
  assert.equal(open.rows(calls.tree.root).length, 2);
  open.reveal(nodeNamed(calls, "e"));
  assert.ok(open.rows(calls.tree.root).some(({ node }) => calls.tree.name(node) === "e"));
});

test("folded frames give way to what they call, and come back unfolded", () => {
  const session = sessionOf([["main;l1;l2;l3;app;l2;l1;l3", 100]], { files: LIBRARIES });
  const profile = new Profile(session);
  const calls = profile.calls({}, DEFAULT_OPTIONS);
  const open = new OpenRows(profile.outline(calls, DEFAULT_OPTIONS));
  const from = nodeNamed(calls, "main");
  open.openHeaviest(from);
  const rows = () =>
    open.rows(from).map(({ node, depth, isFold }) =>
      `${depth} ${calls.tree.name(node)}${isFold ? " …" : ""}`
    );
  // Of the first group l3 stays, since it calls the application; a lone l2 between isn't worth a fold.
  assert.deepEqual(rows(), ["0 main", "1 l1", "2 l2", "3 l3", "4 app", "5 l2", "6 l1", "7 l3"]);
});

test("a fold stands for several frames", () => {
  const session = sessionOf([["main;l1;l2;l1;l3;app", 100]], { files: LIBRARIES });
  const profile = new Profile(session);
  const calls = profile.calls({}, DEFAULT_OPTIONS);
  const open = new OpenRows(profile.outline(calls, DEFAULT_OPTIONS));
  const from = nodeNamed(calls, "main");
  open.openHeaviest(from);
  const rows = () =>
    open.rows(from).map(({ node, depth, isFold }) =>
      `${depth} ${calls.tree.name(node)}${isFold ? " …" : ""}`
    );
  assert.deepEqual(rows(), ["0 main", "1 l1", "2 l1 …", "2 l3", "3 app"]);
  open.setUnfolded(nodeNamed(calls, "l1"), true);
  assert.deepEqual(rows(), ["0 main", "1 l1", "2 l1 …", "2 l2", "3 l1", "4 l3", "5 app"]);
  open.setUnfolded(nodeNamed(calls, "l1"), false);
  // From within a group there is no fold to come back by.
  const inside = nodeNamed(calls, "l2");
  assert.deepEqual(open.rows(inside).map(({ node }) => calls.tree.name(node)), ["l2", "l1", "l3", "app"]);
});

test("one thread's pseudo frame is left out where nothing happened in it", () => {
  const profile = new Profile(sessionOf([["main;a", 99], ["", 1]]));
  const calls = profile.calls({}, DEFAULT_OPTIONS);
  const { tree } = profile.outline(calls, DEFAULT_OPTIONS);
  assert.equal(tree.name(tree.root), "main");
  const many = new Profile(makeSession([[["main;a", 99]], []]));
  const kept = many.outline(many.calls({}, DEFAULT_OPTIONS), DEFAULT_OPTIONS).tree;
  assert.equal(kept.name(kept.root), "MainThread");
});

test("stacks with broken references stay harmless", () => {
  const session = sessionOf([["main;a", 1]]);
  session.stacks.parent.fill(0);
  assert.doesNotThrow(() => new CallMerger(session).merge());
});
