import { type CallTree, NONE } from "./callTree.ts";
import { Identity } from "./identity.ts";

/** Facts about a tree whose nodes are numbered in preorder. */
export class PreorderFacts {
  /** How many callers each node has. */
  readonly depth: Int32Array;
  /** One more than the highest number below each node. */
  readonly end: Int32Array;
  /** The time in each node itself, what synthetic frames below it have included. */
  readonly self: Float64Array;
  readonly maxDepth: number;

  constructor(tree: CallTree) {
    const { count, parent, time, identity } = tree;
    this.depth = new Int32Array(count);
    this.end = new Int32Array(count);
    this.self = time.slice(0, count);
    let maxDepth = 0;
    for (let node = 1; node < count; node++) {
      const depth = this.depth[parent[node]!]! + 1;
      this.depth[node] = depth;
      if (depth > maxDepth) maxDepth = depth;
    }
    for (let node = count - 1; node >= 0; node--) {
      if (this.end[node] === 0) this.end[node] = node + 1;
      const caller = parent[node]!;
      if (caller === NONE) continue;
      if (this.end[caller] === 0) this.end[caller] = this.end[node]!;
      if (!Identity.isSynthetic(identity[node]!)) this.self[caller] = this.self[caller]! - time[node]!;
    }
    this.maxDepth = maxDepth;
  }
}
