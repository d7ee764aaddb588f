import type { Contents } from "./container.ts";
import type { Column } from "./varint.ts";

/** What frames ask of their readers: bits of `frames.flags`. */
export const FrameFlag = { hidden: 1, await: 2, outOfContext: 4 } as const;

/** How well the sampler could look. All are 0 where another engine recorded. */
export interface Statistics {
  beats: number;
  followed: number;
  nobody: number;
  unfollowed: number;
  truncated: number;
  retried: number;
  late: number;
}

/** What a session says of itself. Times are in seconds, `startTime` since the Unix epoch. */
export interface Metadata {
  startTime: number;
  duration: number;
  cpuTime: number;
  minInterval: number;
  maxInterval: number;
  targetDescription: string;
  engine: string;
  engineReason: string;
  /** What was unusual about how the engine worked, as a clause about it. */
  engineDetail: string;
  /** What else a reader has to know, a sentence or a clause each. */
  notes: string[];
  pythonVersion: string;
  commandLine: string[];
  startStack: number;
  /** Other interpreters in the process that went unseen. */
  subinterpreters: number;
  /** Where it isn't the number of rows; else undefined. */
  sampleCount: number | undefined;
  sysPath: string[];
  sysPrefixes: string[];
  statistics: Statistics;
}

export interface FunctionTable {
  count: number;
  name: Column;
  qualname: Column;
  file: Column;
  firstLine: Column;
}

export interface FrameTable {
  count: number;
  function: Column;
  line: Column;
  className: Column;
  flags: Column;
}

/** Stacks as a tree: a row is a frame on top of a parent's stack. Row 0 is the empty stack. */
export interface StackTable {
  count: number;
  parent: Column;
  frame: Column;
}

/** A thread and its samples in time order. `wall` and `cpu` are in units of `Session.timeUnit`. */
export interface Thread {
  name: string;
  identifier: number;
  /** From the session's start to the thread's first sample, in units. */
  start: number;
  count: number;
  stack: Column;
  wall: Column;
  cpu: Column;
}

/** A recorded profile. */
export interface Session {
  /** Nanoseconds in a unit of time. */
  timeUnit: number;
  metadata: Metadata;
  strings: string[];
  functions: FunctionTable;
  frames: FrameTable;
  stacks: StackTable;
  threads: Thread[];
  /** The text of source files by their full path. */
  sources: Record<string, string>;
}

/** Puts the columns of a file into their tables. Missing columns are zeros; references that lead nowhere become 0. */
export function readSession({ header, columns }: Contents): Session {
  const strings = header.strings.length ? header.strings : [""];
  const table = <Name extends string>(name: string, fields: readonly Name[]) => {
    const found = fields.map((field) => columns.get(`${name}/${field}`));
    const count = Math.max(0, ...found.map((column) => column?.length ?? 0));
    const entries = fields.map((field, i) => [field, padded(found[i], count)] as const);
    return { count, ...(Object.fromEntries(entries) as Record<Name, Column>) };
  };
  const functions = table("functions", ["name", "qualname", "file", "firstLine"] as const);
  const frames = table("frames", ["function", "line", "className", "flags"] as const);
  const stacks = table("stacks", ["parent", "frame"] as const);
  if (stacks.count === 0) {
    Object.assign(stacks, { count: 1, parent: new Int32Array(1), frame: new Int32Array(1) });
  }
  for (const column of [functions.name, functions.qualname, functions.file, frames.className]) {
    limit(column, strings.length);
  }
  limit(frames.function, functions.count);
  limit(stacks.frame, frames.count);
  for (let row = 1; row < stacks.count; row++) {
    if (!(stacks.parent[row]! >= 0 && stacks.parent[row]! < row)) stacks.parent[row] = 0;
  }
  const names = columns.get("threads/name") ?? new Int32Array(0);
  const identifiers = columns.get("threads/identifier");
  const starts = columns.get("threads/start");
  const threads = Array.from(names, (name, i): Thread => {
    const samples = table(`samples/${i}`, ["stack", "wall", "wait"] as const);
    limit(samples.stack, stacks.count);
    const { count, stack, wall, wait } = samples;
    const cpu = columns.has(`samples/${i}/wait`) ? difference(wall, wait) : new Int32Array(count);
    const start = starts?.[i] ?? 0;
    return {
      name: strings[name] ?? "",
      identifier: identifiers?.[i] ?? 0,
      start,
      count,
      stack,
      wall,
      cpu,
    };
  });
  return {
    timeUnit: header.timeUnit > 0 ? header.timeUnit : 1,
    metadata: readMetadata(header),
    strings,
    functions,
    frames,
    stacks,
    threads,
    sources: header.sources ?? {},
  };
}

function padded(column: Column | undefined, count: number): Column {
  if (!column) return new Int32Array(count);
  if (column.length === count) return column;
  const longer = new Float64Array(count);
  longer.set(column);
  return longer;
}

/** Makes references that lead nowhere 0. */
function limit(column: Column, count: number): void {
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!;
    if (!(value >= 0 && value < count)) column[row] = 0;
  }
}

function difference(a: Column, b: Column): Column {
  const out = a.slice() as Column;
  for (let row = 0; row < out.length; row++) out[row] = a[row]! - b[row]!;
  return out;
}

function readMetadata(raw: Record<string, unknown>): Metadata {
  const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : 0);
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const texts = (value: unknown) =>
    Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
  const counts = (raw.statistics ?? {}) as Record<string, unknown>;
  return {
    startTime: number(raw.startTime),
    duration: number(raw.duration),
    cpuTime: number(raw.cpuTime),
    minInterval: number(raw.minInterval),
    maxInterval: number(raw.maxInterval),
    targetDescription: text(raw.targetDescription),
    engine: text(raw.engine),
    engineReason: text(raw.engineReason),
    engineDetail: text(raw.engineDetail),
    notes: texts(raw.notes),
    pythonVersion: text(raw.pythonVersion),
    commandLine: texts(raw.commandLine),
    startStack: number(raw.startStack),
    subinterpreters: number(raw.subinterpreters),
    sampleCount: typeof raw.sampleCount === "number" ? raw.sampleCount : undefined,
    sysPath: texts(raw.sysPath),
    sysPrefixes: texts(raw.sysPrefixes),
    statistics: {
      beats: number(counts.beats),
      followed: number(counts.followed),
      nobody: number(counts.nobody),
      unfollowed: number(counts.unfollowed),
      truncated: number(counts.truncated),
      retried: number(counts.retried),
      late: number(counts.late),
    },
  };
}
