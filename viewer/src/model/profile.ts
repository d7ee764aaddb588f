import type { Session } from "../session/session.ts";
import { type CallTree, NONE } from "./callTree.ts";
import { CallMerger } from "./callMerger.ts";
import { HiddenFrames } from "./hiddenFrames.ts";
import { PreorderFacts } from "./preorderFacts.ts";
import { asPredicate } from "./patterns.ts";
import {
  groupLibraryFrames,
  type Removal,
  removedFunctions,
  removeIrrelevantNodes,
  removeUnnecessarySelfTimeNodes,
} from "./processors.ts";
import type { Selection } from "./selection.ts";

/** What decides which frames are shown, and where their time is counted. */
export interface TreeOptions extends Removal {
  /** Frames with less than this part of the time are left out of the call tree. */
  threshold: number;
  /** Which frames are folded: those of libraries, those that `hide` and `show` say, or none. */
  fold: "library" | "patterns" | "none";
  hide: string;
  show: string;
}

export const DEFAULT_OPTIONS: TreeOptions = {
  removeImportlib: true,
  removeHidden: true,
  threshold: 0.001,
  fold: "library",
  hide: "",
  show: "",
};

/** All calls of a selection, merged: nodes are numbered in preorder, the heaviest child first. */
export interface Calls {
  tree: CallTree;
  facts: PreorderFacts;
  /** 1 for the application's own code. */
  application: Uint8Array;
}

/** The calls as a report for people shows them: a part of the nodes of `Calls`, by the same numbers. */
export interface Outline {
  tree: CallTree;
  hidden: HiddenFrames;
}

const MOST_KEPT = 3;
/** The part of the time that a thread may spend outside of its program, as in the command's reports. */
const STEM_SHARE = 0.02;

/** A session and the trees that are made of it, each made when it is first asked for. */
export class Profile {
  readonly merger: CallMerger;
  /** The last few, the newest last. */
  private readonly kept = new Map<string, Calls>();

  constructor(readonly session: Session) {
    this.merger = new CallMerger(session);
  }

  /** The calls of a selection. */
  calls(selection: Selection, options: TreeOptions): Calls {
    const { thread, clock = "wall", range } = selection;
    const key = JSON.stringify([thread, clock, range, options.removeImportlib, options.removeHidden]);
    const calls = this.kept.get(key) ?? this.makeCalls(selection, options);
    this.kept.delete(key);
    this.kept.set(key, calls);
    if (this.kept.size > MOST_KEPT) this.kept.delete(this.kept.keys().next().value!);
    return calls;
  }

  /** What a report shows of `calls`. */
  outline({ tree: all }: Calls, options: TreeOptions): Outline {
    const tree = all.clone();
    removeIrrelevantNodes(tree, options.threshold);
    removeUnnecessarySelfTimeNodes(tree);
    // Before frames are grouped, since the root never is.
    if (this.session.threads.length === 1) tree.trimThreadFrame(STEM_SHARE);
    if (options.fold === "library") groupLibraryFrames(tree);
    if (options.fold === "patterns") {
      groupLibraryFrames(tree, { hide: asPredicate(options.hide), show: asPredicate(options.show) });
    }
    return { tree, hidden: new HiddenFrames(tree) };
  }

  private makeCalls(selection: Selection, options: TreeOptions): Calls {
    const tree = this.merger.merge(selection, removedFunctions(this.session, options));
    return { tree, facts: new PreorderFacts(tree), application: tree.applicationCode() };
  }
}

/** The node's callers from the root down to the node itself, as identities: what is the same in other trees. */
export function pathOf(tree: CallTree, node: number): number[] {
  const path: number[] = [];
  for (let current = node; current !== NONE; current = tree.parent[current]!) {
    path.push(tree.identity[current]!);
  }
  return path.reverse();
}

/**
 * The node of a path, or of as much of it as `tree` has. The trees of narrower selections may begin further in, and
 * have no node for a thread.
 */
export function nodeAt(tree: CallTree, path: readonly number[]): number {
  if (tree.root === NONE) return NONE;
  const rootPlace = path.indexOf(tree.identity[tree.root]!);
  let node = tree.root;
  for (const identity of path.slice(rootPlace + 1)) {
    let child = tree.firstChild[node]!;
    while (child !== NONE && tree.identity[child] !== identity) child = tree.next[child]!;
    if (child === NONE) {
      if (node === tree.root) continue;
      break;
    }
    node = child;
  }
  return node;
}
