import type { Thread } from "../session/session.ts";
import { Identity } from "./identity.ts";
import { selectedTimes, type Selection } from "./selection.ts";

/** The place of what never was. */
export const NEVER = 2 ** 31 - 1;

/** Paths as a table: a path's parent has a lower number than the path, and path 0 is the empty one. */
export interface Paths {
  count: number;
  parents: Int32Array;
  identities: Int32Array;
}

/** Times by path, and in which order paths were first seen. */
export interface PathTimes {
  /** The time in each path's own code, and with all that it called. */
  own: Float64Array;
  total: Float64Array;
  /** The place of the first sample in the path's own code, and in or below it; `NEVER` where there is none. */
  ownPlace: Int32Array;
  place: Int32Array;
}

/** The paths that a thread was seen with, in the order of their first samples, and the time of each. */
export interface SeenPaths {
  paths: Int32Array;
  times: Float64Array;
}

/**
 * The paths of the samples that count; undefined if there are none.
 *
 * Samples without time, such as the one that is taken at the start, are left out: they say nothing about where time
 * went. Where no sample has time, all are kept, so that the stacks can be seen.
 */
export function seenPaths(
  thread: Thread,
  selection: Selection,
  pathOfStack: Int32Array,
  pathCount: number,
): SeenPaths | undefined {
  const times = selectedTimes(thread, selection);
  let keepsAll = true;
  for (let row = 0; row < times.length && keepsAll; row++) keepsAll = times[row] === 0;
  if (thread.count === 0 || (keepsAll && selection.range)) return undefined;
  const places = new Int32Array(pathCount).fill(-1);
  const paths = new Int32Array(Math.min(pathCount, thread.count));
  const sums = new Float64Array(paths.length);
  let count = 0;
  for (let row = 0; row < thread.count; row++) {
    const time = times[row]!;
    if (time === 0 && !keepsAll) continue;
    const path = pathOfStack[thread.stack[row]!]!;
    let place = places[path]!;
    if (place === -1) {
      place = places[path] = count;
      paths[count++] = path;
    }
    sums[place]! += time;
  }
  return { paths: paths.subarray(0, count), times: sums.subarray(0, count) };
}

/** Times of nothing. */
export function noTimes(count: number): PathTimes {
  return {
    own: new Float64Array(count),
    total: new Float64Array(count),
    ownPlace: new Int32Array(count).fill(NEVER),
    place: new Int32Array(count).fill(NEVER),
  };
}

/** The times of `paths`, of which `numberOf` is the number for each seen path. */
export function timesOf(paths: Paths, seen: SeenPaths, numberOf: (path: number) => number): PathTimes {
  const sums = noTimes(paths.count);
  for (let place = 0; place < seen.paths.length; place++) {
    const path = numberOf(seen.paths[place]!);
    sums.own[path]! += seen.times[place]!;
    if (sums.ownPlace[path] === NEVER) sums.ownPlace[path] = place;
  }
  addUp(paths, sums);
  return sums;
}

/** Adds up times from the callees to the callers. */
export function addUp({ count, parents, identities }: Paths, sums: PathTimes): void {
  const { own, total, ownPlace, place } = sums;
  total.set(own);
  place.set(ownPlace);
  for (let path = count - 1; path > 0; path--) {
    if (place[path] === NEVER) continue;
    const parent = parents[path]!;
    total[parent]! += total[path]!;
    if (place[path]! < place[parent]!) place[parent] = place[path]!;
    // A leaf's time is the leaf: it has no code of its own besides.
    if (Identity.isSyntheticLeaf(identities[path]!)) ownPlace[path] = NEVER;
  }
}
