import { NONE } from "../model/callTree.ts";
import { Identity } from "../model/identity.ts";
import type { Calls } from "../model/profile.ts";
import { type Level, makeLevels } from "./levels.ts";

/** The flame graph: a row a depth, a box a node as wide as its time, from its caller's left edge. `[self]` is a gap. */
export function flameLevels({ tree, facts }: Calls): Level[] {
  if (tree.root === NONE) return [];
  const { count, identity, parent, time } = tree;
  const counts = new Int32Array(facts.maxDepth + 1);
  for (let node = 0; node < count; node++) {
    if (identity[node] !== Identity.selfTime) counts[facts.depth[node]!]!++;
  }
  const levels = makeLevels(counts);
  // Where the next child of each node begins.
  const cursor = new Float64Array(count);
  for (let node = 0; node < count; node++) {
    const caller = parent[node]!;
    if (identity[node] === Identity.selfTime) continue;
    const x = caller === NONE ? 0 : cursor[caller]!;
    const end = x + time[node]!;
    if (caller !== NONE) cursor[caller] = end;
    cursor[node] = x;
    const level = levels[facts.depth[node]!]!;
    level.start[level.count] = x;
    level.end[level.count] = end;
    level.node[level.count++] = node;
  }
  while (levels.length && levels[levels.length - 1]!.count === 0) levels.pop();
  return levels;
}
