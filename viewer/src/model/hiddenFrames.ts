import { type CallTree, NONE } from "./callTree.ts";

/**
 * Which members of a tree's groups are folded into one line.
 *
 * A group shows its root, frames that call something outside of it, and frames with more than a fifth of the whole
 * time in themselves. A group that would fold fewer than two frames isn't worth a line: it shows all.
 */
export class HiddenFrames {
  private readonly isHidden: Uint8Array;
  private readonly below = new Map<number, number[]>();

  constructor(tree: CallTree) {
    this.isHidden = new Uint8Array(tree.count);
    if (tree.root === NONE) return;
    const significant = 0.2 * tree.time[tree.root]!;
    for (const group of tree.groups) {
      const own = tree.groupOf[group.root]!;
      const left = group.members.filter((node) =>
        node !== group.root && tree.selfTime(node) <= significant &&
        !tree.hasChild(node, (child) => tree.groupOf[child] !== own)
      );
      if (left.length < 2) continue;
      this.below.set(group.root, left);
      for (const node of left) this.isHidden[node] = 1;
    }
  }

  /** True if `node` has no line of its own. */
  has(node: number): boolean {
    return this.isHidden[node] === 1;
  }

  /** The frames folded in the group with this root; empty for all other nodes. */
  frames(groupRoot: number): number[] {
    return this.below.get(groupRoot) ?? [];
  }
}
