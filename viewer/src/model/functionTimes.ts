import { NONE } from "./callTree.ts";
import type { Calls } from "./profile.ts";

/** A function with the time in itself and, counted once where it calls itself, in it and below it. */
export interface FunctionTime {
  function: number;
  self: number;
  total: number;
  /** The heaviest node of the function. */
  node: number;
}

/** A function that calls, or is called by, another one, and the time of those calls. */
export interface Neighbour {
  /** The function's row, or -1 where a thread calls. */
  function: number;
  time: number;
  /** The heaviest of the nodes. */
  node: number;
}

/** The times of all functions that have any. */
export function functionTimes({ tree, facts }: Calls): FunctionTime[] {
  const size = tree.session.functions.count;
  const self = new Float64Array(size);
  const total = new Float64Array(size);
  const heaviest = new Int32Array(size).fill(NONE);
  // Where the outermost call of each function that is on the stack ends.
  const end = new Int32Array(size);
  for (let node = 0; node < tree.count; node++) {
    const fn = tree.identity[node]!;
    if (fn < 0) continue;
    self[fn] = self[fn]! + tree.time[node]!;
    const caller = tree.parent[node]!;
    const callerFunction = caller === NONE ? -1 : tree.identity[caller]!;
    if (callerFunction >= 0) self[callerFunction] = self[callerFunction]! - tree.time[node]!;
    if (node < end[fn]!) continue;
    end[fn] = facts.end[node]!;
    total[fn] = total[fn]! + tree.time[node]!;
    const best = heaviest[fn]!;
    if (best === NONE || tree.time[node]! > tree.time[best]!) heaviest[fn] = node;
  }
  const out: FunctionTime[] = [];
  for (let fn = 0; fn < size; fn++) {
    if (heaviest[fn] !== NONE) {
      out.push({ function: fn, self: self[fn]!, total: total[fn]!, node: heaviest[fn]! });
    }
  }
  return out;
}

/** Who calls a function and what it calls, the heaviest first. Calls from itself are counted once, as the outermost. */
export function neighbours(
  { tree, facts }: Calls,
  fn: number,
): { callers: Neighbour[]; callees: Neighbour[] } {
  const callers = new Map<number, Neighbour>();
  const callees = new Map<number, Neighbour>();
  const add = (map: Map<number, Neighbour>, other: number, time: number, node: number) => {
    const known = map.get(other);
    if (!known) map.set(other, { function: other, time, node });
    else {
      if (time > tree.time[known.node]!) known.node = node;
      known.time += time;
    }
  };
  let end = 0;
  // Where the outermost call of each callee ends within the current call of `fn`.
  const calleeEnds = new Map<number, number>();
  for (let node = 0; node < tree.count; node++) {
    if (tree.identity[node] !== fn) continue;
    if (node >= end) {
      end = facts.end[node]!;
      const caller = tree.parent[node]!;
      const other = caller === NONE ? -1 : Math.max(tree.identity[caller]!, -1);
      add(callers, other, tree.time[node]!, caller === NONE ? node : caller);
    }
    for (let child = tree.firstChild[node]!; child !== NONE; child = tree.next[child]!) {
      const callee = tree.identity[child]!;
      if (callee < 0 || child < (calleeEnds.get(callee) ?? 0)) continue;
      calleeEnds.set(callee, facts.end[child]!);
      add(callees, callee, tree.time[child]!, child);
    }
  }
  const sorted = (map: Map<number, Neighbour>) => [...map.values()].sort((a, b) => b.time - a.time);
  return { callers: sorted(callers), callees: sorted(callees) };
}
