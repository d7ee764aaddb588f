import { type CallTree, NONE } from "./callTree.ts";

/** Facts about a tree whose nodes are numbered in preorder. */
export class PreorderFacts {
  /** How many callers each node has. */
  readonly depth: Int32Array;
  /** One more than the highest number below each node. */
  readonly end: Int32Array;
  readonly maxDepth: number;

  constructor(tree: CallTree) {
    const { count, parent } = tree;
    this.depth = new Int32Array(count);
    this.end = new Int32Array(count);
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
    }
    this.maxDepth = maxDepth;
  }
}
