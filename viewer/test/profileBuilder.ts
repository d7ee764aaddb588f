import type { Contents } from "../src/session/container.ts";
import { FrameFlag, readSession, type Session } from "../src/session/session.ts";
import type { Column } from "../src/session/varint.ts";

/** What a test's session is made from beside its samples. */
export interface Setting {
  files?: Record<string, string>;
  startStack?: string;
  sysPath?: string[];
  sysPrefixes?: string[];
  metadata?: Record<string, unknown>;
  sources?: Record<string, string>;
}

const MS = 1_000_000;

/**
 * Makes a session from samples written as text: `main;load;Parser.parse@/lib/parser.py:7*12!`, as the Swift tests'
 * `ProfileBuilder` reads it. Times are in milliseconds. Several threads are several lists of samples.
 */
export function makeSession(threads: [string, number, number?][][], setting: Setting = {}): Session {
  return readSession(makeContents(threads, setting));
}

/** The samples of one thread as a session. */
export function sessionOf(samples: [string, number, number?][], setting: Setting = {}): Session {
  return makeSession([samples], setting);
}

function makeContents(threads: [string, number, number?][][], setting: Setting): Contents {
  const strings = interner<string>([""], (text) => text);
  const functions = interner<number[]>([], String);
  const frames = interner<number[]>([], String);
  // Row 0, the empty stack: the third number keeps it apart from the first real one.
  const stacks = interner<number[]>([[0, 0, 0]], String);
  const internFrame = (text: string): number => {
    if (text === "[await]" || text === "[out-of-context]") {
      const name = strings.add(text);
      const flag = text === "[await]" ? FrameFlag.await : FrameFlag.outOfContext;
      return frames.add([functions.add([name, name, 0, 0]), 0, 0, flag]);
    }
    let rest = text.replace(/!$/, "");
    const isHidden = rest !== text;
    const line = cut(rest, "*");
    rest = line.head;
    const at = cut(rest, "@");
    const lineFrom = at.tail === undefined ? cut(at.head, ":") : cut(at.tail, ":");
    const givenFile = at.tail === undefined ? undefined : lineFrom.head;
    const inC = givenFile === "<built-in>";
    const firstLine = Number(lineFrom.tail ?? (inC ? 0 : 1));
    let name = at.tail === undefined ? lineFrom.head : at.head;
    let className = "";
    if (!inC && !name.startsWith("<") && name.includes(".")) {
      className = name.slice(0, name.lastIndexOf("."));
      name = name.slice(name.lastIndexOf(".") + 1);
    }
    const file = givenFile ?? setting.files?.[name] ?? "/app/program.py";
    const id = strings.add(name);
    const fn = functions.add([id, id, strings.add(file), firstLine]);
    return frames.add([fn, Number(line.tail ?? firstLine), strings.add(className), Number(isHidden)]);
  };
  const internStack = (text: string): number =>
    text === "" ? 0 : text.split(";").reduce((parent, frame) => stacks.add([parent, internFrame(frame)]), 0);
  const columns = new Map<string, Column>();
  threads.forEach((samples, number) => {
    const put = (name: string, values: number[]) =>
      columns.set(`samples/${number}/${name}`, Float64Array.from(values));
    put("stack", samples.map(([stack]) => internStack(stack)));
    put("wall", samples.map(([, wall]) => wall * MS));
    put("wait", samples.map(([, wall, cpu]) => (wall - (cpu ?? 0)) * MS));
  });
  const startStack = internStack(setting.startStack ?? "");
  const threadNames = threads.map((_, i) => strings.add(i === 0 ? "MainThread" : `Thread-${i}`));
  columns.set("threads/name", Int32Array.from(threadNames));
  columns.set("threads/identifier", Int32Array.from(threads, (_, i) => i + 1));
  const put = (table: string, names: string[], rows: number[][]) =>
    names.forEach((name, i) => columns.set(`${table}/${name}`, Int32Array.from(rows, (row) => row[i]!)));
  put("functions", ["name", "qualname", "file", "firstLine"], functions.rows);
  put("frames", ["function", "line", "className", "flags"], frames.rows);
  put("stacks", ["parent", "frame"], stacks.rows);
  const { sysPath = [], sysPrefixes = [] } = setting;
  return {
    header: {
      format: "spinetail",
      version: 1,
      timeUnit: 1,
      sysPath,
      sysPrefixes,
      startStack,
      ...setting.metadata,
      strings: strings.rows,
      ...(setting.sources ? { sources: setting.sources } : {}),
      columns: [],
    },
    columns,
  };
}

function interner<Row>(rows: Row[], key: (row: Row) => string) {
  const known = new Map(rows.map((row, i) => [key(row), i]));
  const add = (row: Row): number => {
    const found = known.get(key(row));
    if (found !== undefined) return found;
    known.set(key(row), rows.length);
    return rows.push(row) - 1;
  };
  return { rows, add };
}

function cut(text: string, mark: string): { head: string; tail: string | undefined } {
  const place = text.lastIndexOf(mark);
  return place < 0
    ? { head: text, tail: undefined }
    : { head: text.slice(0, place), tail: text.slice(place + 1) };
}
