import { ChildIndex } from "./childIndex.ts";
import type { FunctionPaths } from "./functionPaths.ts";

/**
 * The paths of calls that a tree has a node for: paths of functions, whatever their classes, without the functions
 * that are taken out. A path's parent has a lower number than the path, and path 0 is the empty one.
 */
export interface CallPaths {
  count: number;
  parents: Int32Array;
  identities: Int32Array;
  /** The path of calls for each of `FunctionPaths`; a function that is taken out gives way to its caller. */
  ofPath: Int32Array;
}

/** All paths of calls. */
export function callPaths({ count, parents, identities, merged, mergedCount }: FunctionPaths): CallPaths {
  if (mergedCount === count) return { count, parents, identities, ofPath: merged };
  const out = {
    count: mergedCount,
    parents: new Int32Array(mergedCount),
    identities: new Int32Array(mergedCount),
  };
  // All variants of a path have the same functions: the last one written says what each of them would.
  for (let path = 0; path < count; path++) {
    out.parents[merged[path]!] = merged[parents[path]!]!;
    out.identities[merged[path]!] = identities[path]!;
  }
  return { ...out, ofPath: merged };
}

/**
 * The paths without the functions that are taken out.
 *
 * @param removed 1 for such functions, by row.
 * @param root A path whose function stays all the same: the root is never taken out.
 * @returns The paths, and for each of `all` the one that is left of it.
 */
export function withoutFunctions(
  all: CallPaths,
  removed: Uint8Array,
  root: number,
): { paths: CallPaths; keptOf: Int32Array } {
  const index = new ChildIndex(all.count);
  const keptOf = new Int32Array(all.count);
  const parents = new Int32Array(all.count);
  const identities = new Int32Array(all.count);
  identities[0] = all.identities[0]!;
  let count = 1;
  for (let path = 1; path < all.count; path++) {
    const identity = all.identities[path]!;
    const parent = keptOf[all.parents[path]!]!;
    if (identity >= 0 && removed[identity] === 1 && path !== root) {
      keptOf[path] = parent;
      continue;
    }
    // Leaves have negative identities, which an index can't have for values.
    const number = index.child(parent, identity + 4, count);
    keptOf[path] = number;
    if (number !== count) continue;
    parents[count] = parent;
    identities[count++] = identity;
  }
  const paths = { count, parents, identities, ofPath: all.ofPath.map((path) => keptOf[path]!) };
  return { paths, keptOf };
}
