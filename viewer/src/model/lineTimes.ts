import type { Session } from "../session/session.ts";
import { selectedTimes, type Selection } from "./selection.ts";

/** The time at one line: while it ran itself, and while it or what it called ran, counted once where it recurs. */
export interface LineTime {
  line: number;
  self: number;
  total: number;
}

/** A file with the time of samples that are in its code at all, and whose innermost frame is. */
export interface FileTime {
  file: number;
  self: number;
  total: number;
}

/** The times of stacks in a selection: what files and lines are summed from. */
export class StackTimes {
  /** The time of samples of just this stack. */
  readonly self: Float64Array;
  /** That of the stacks on top of it too. */
  readonly total: Float64Array;
  /** The file of each stack's top frame, as a string's row. */
  private readonly file: Int32Array;

  constructor(private readonly session: Session, selection: Selection) {
    const { stacks, frames, functions, threads } = session;
    this.self = new Float64Array(stacks.count);
    threads.forEach((thread, number) => {
      if (selection.thread !== undefined && selection.thread !== number) return;
      const times = selectedTimes(thread, selection);
      for (let row = 0; row < thread.count; row++) {
        const stack = thread.stack[row]!;
        this.self[stack] = this.self[stack]! + times[row]!;
      }
    });
    this.total = this.self.slice();
    for (let row = stacks.count - 1; row > 0; row--) {
      const parent = stacks.parent[row]!;
      this.total[parent] = this.total[parent]! + this.total[row]!;
    }
    this.file = new Int32Array(stacks.count);
    if (functions.count === 0) return;
    for (let row = 1; row < stacks.count; row++) {
      this.file[row] = functions.file[frames.function[stacks.frame[row]!]!]!;
    }
  }

  /** The files with any time, the one with the most in itself first. */
  files(): FileTime[] {
    const found = new Map<number, FileTime>();
    const { stacks } = this.session;
    const isWithin = this.isWithinSameFile();
    for (let row = 1; row < stacks.count; row++) {
      if (this.total[row] === 0) continue;
      const file = this.file[row]!;
      let known = found.get(file);
      if (!known) found.set(file, known = { file, self: 0, total: 0 });
      known.self += this.self[row]!;
      // A file's time counts at its outermost frame.
      if (isWithin[row] === 0) known.total += this.total[row]!;
    }
    return [...found.values()].sort((a, b) => b.self - a.self || b.total - a.total);
  }

  /** The times of a file's lines, in the order of lines. */
  lines(file: number): LineTime[] {
    return this.linesWhere((row) => this.file[row] === file);
  }

  /** The times of a function's own lines: not those of functions inside of it, such as generator expressions. */
  linesOfFunction(fn: number): LineTime[] {
    const { stacks, frames } = this.session;
    return this.linesWhere((row) => frames.function[stacks.frame[row]!] === fn);
  }

  private linesWhere(isIn: (row: number) => boolean): LineTime[] {
    const { stacks, frames } = this.session;
    const found = new Map<number, LineTime>();
    // For each stack: the nearest one at or below it that counts, and the nearest of those that is at another line.
    const nearest = new Int32Array(stacks.count);
    const otherLine = new Int32Array(stacks.count);
    const lineOf = (row: number) => frames.line[stacks.frame[row]!]!;
    for (let row = 1; row < stacks.count; row++) {
      const below = nearest[stacks.parent[row]!]!;
      if (!isIn(row)) {
        nearest[row] = below;
        continue;
      }
      const line = lineOf(row);
      nearest[row] = row;
      otherLine[row] = below !== 0 && lineOf(below) === line ? otherLine[below]! : below;
      if (this.total[row] === 0) continue;
      let known = found.get(line);
      if (!known) found.set(line, known = { line, self: 0, total: 0 });
      known.self += this.self[row]!;
      let other = below;
      while (other !== 0 && lineOf(other) !== line) other = otherLine[other]!;
      // A line's time counts at its outermost frame.
      if (other === 0) known.total += this.total[row]!;
    }
    return [...found.values()].sort((a, b) => a.line - b.line);
  }

  /** For each stack, 1 if a frame below its top one is in the same file. */
  private isWithinSameFile(): Uint8Array {
    const { stacks } = this.session;
    const answers = new Uint8Array(stacks.count);
    // The nearest stack below each whose top frame is in another file: recursion is passed in one step.
    const otherFile = new Int32Array(stacks.count);
    for (let row = 1; row < stacks.count; row++) {
      const file = this.file[row]!;
      const parent = stacks.parent[row]!;
      otherFile[row] = parent !== 0 && this.file[parent] === file ? otherFile[parent]! : parent;
      let other = parent;
      while (other !== 0 && this.file[other] !== file) other = otherFile[other]!;
      answers[row] = other === 0 ? 0 : 1;
    }
    return answers;
  }
}
