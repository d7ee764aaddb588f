import { type CallTree, NONE } from "./callTree.ts";
import type { HiddenFrames } from "./hiddenFrames.ts";
import type { Outline } from "./profile.ts";

/** A line of the call tree: a call, or the fold that stands for some frames of the group that begins at `node`. */
export interface TreeRow {
  node: number;
  depth: number;
  isFold: boolean;
}

/** Calls with at least this part of the time are open at first. */
const OPEN_FROM = 0.1;

/** Which calls of an outline are open, and which folds are unfolded. */
export class OpenRows {
  private readonly open = new Set<number>();
  /** The roots of groups that show all their frames. */
  private readonly unfolded = new Set<number>();

  constructor(private outline: Outline) {}

  /** Goes on with another outline of the same calls. */
  replaceOutline(outline: Outline): void {
    this.outline = outline;
  }

  private get tree(): CallTree {
    return this.outline.tree;
  }

  private get hidden(): HiddenFrames {
    return this.outline.hidden;
  }

  isOpen(node: number): boolean {
    return this.open.has(node);
  }

  isUnfolded(groupRoot: number): boolean {
    return this.unfolded.has(groupRoot);
  }

  setOpen(node: number, isOpen: boolean): void {
    if (isOpen) this.open.add(node);
    else this.open.delete(node);
  }

  setUnfolded(groupRoot: number, isUnfolded: boolean): void {
    if (!isUnfolded) this.unfolded.delete(groupRoot);
    else {
      this.unfolded.add(groupRoot);
      // What was folded is seen at once, not fold by fold.
      for (const node of this.hidden.frames(groupRoot)) this.open.add(node);
    }
  }

  /** Opens the path of the heaviest calls, and all that took a good part of the time. */
  openHeaviest(from: number): void {
    const { tree } = this;
    if (from === NONE) return;
    for (let node = from; node !== NONE; node = tree.firstChild[node]!) this.open.add(node);
    const least = OPEN_FROM * tree.time[from]!;
    this.openWhile(from, (node) => tree.time[node]! >= least);
  }

  /** Opens all below a call, or closes it and all below. */
  setAllBelow(node: number, isOpen: boolean): void {
    if (isOpen) this.openWhile(node, () => true);
    else this.eachBelow(node, () => true, (below) => this.open.delete(below));
  }

  private openWhile(from: number, condition: (node: number) => boolean): void {
    this.eachBelow(from, condition, (node) => this.open.add(node));
  }

  private eachBelow(
    from: number,
    condition: (node: number) => boolean,
    action: (node: number) => void,
  ): void {
    const { tree } = this;
    const end = from === tree.root ? NONE : tree.nextInPreorder(from, true);
    for (let node = from; node !== end && node !== NONE;) {
      const fits = condition(node);
      if (fits) action(node);
      node = tree.nextInPreorder(node, !fits);
    }
  }

  /** Opens and unfolds what hides a node of the outline. */
  reveal(node: number): void {
    const { tree, hidden } = this;
    const group = tree.groupOf[node] ?? -1;
    if (hidden.has(node) && group >= 0) this.setUnfolded(tree.groups[group]!.root, true);
    for (let caller = tree.parent[node]!; caller !== NONE; caller = tree.parent[caller]!) {
      // A folded frame leads on to what it calls: its fold may stay.
      this.open.add(caller);
    }
  }

  /** The lines below, and with, `from`. */
  rows(from: number): TreeRow[] {
    const { tree, hidden } = this;
    const out: TreeRow[] = [];
    if (from === NONE) return out;
    // What is still to be written, the next on top.
    const innerGroup = from === this.groupRoot(from) ? NONE : this.groupRoot(from);
    const stack: TreeRow[] = [{ node: from, depth: 0, isFold: false }];
    while (stack.length) {
      const row = stack.pop()!;
      const { node, depth } = row;
      if (row.isFold) {
        out.push(row);
        continue;
      }
      const group = hidden.has(node) ? this.groupRoot(node) : NONE;
      // A group that `from` is in the midst of has no fold here.
      const isLeftOut = group !== NONE && node !== from && !this.unfolded.has(group) && group !== innerGroup;
      if (!isLeftOut) out.push(row);
      if (!isLeftOut && !this.open.has(node)) continue;
      const below = isLeftOut ? depth : depth + 1;
      for (let child = tree.lastChild[node]!; child !== NONE; child = tree.previous[child]!) {
        stack.push({ node: child, depth: below, isFold: false });
      }
      if (hidden.frames(node).length) stack.push({ node, depth: below, isFold: true });
    }
    return out;
  }

  private groupRoot(node: number): number {
    return this.tree.groups[this.tree.groupOf[node] ?? NONE]?.root ?? NONE;
  }
}
