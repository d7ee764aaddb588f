import { type CallTree, NONE } from "./callTree.ts";
import { FrameFlag, type Session } from "../session/session.ts";
import { Identity } from "./identity.ts";

// Each step does what the command's step of the same name does; Tests/Fixtures/processors holds them together.

/** Which functions a tree is made without. */
export interface Removal {
  /** Those of the import machinery: modules appear as called by what imports them. */
  removeImportlib: boolean;
  /** Those with a local `__tracebackhide__`: they ask not to be shown. */
  removeHidden: boolean;
}

/** 1 for functions that are taken out, by row. */
export function removedFunctions({ functions, frames, strings }: Session, removal: Removal): Uint8Array {
  const removed = new Uint8Array(functions.count);
  const isMachinery = new Map<number, number>();
  for (let row = 0; row < functions.count && removal.removeImportlib; row++) {
    const file = functions.file[row]!;
    let answer = isMachinery.get(file);
    if (answer === undefined) {
      answer = Number(strings[file]!.includes("<frozen importlib._bootstrap"));
      isMachinery.set(file, answer);
    }
    removed[row] = answer;
  }
  for (let row = 0; row < frames.count && removal.removeHidden; row++) {
    if (frames.flags[row]! & FrameFlag.hidden) removed[frames.function[row]!] = 1;
  }
  return removed;
}

/** Takes out nodes with less than a part `threshold` of the root's time. Their callers absorb the time. */
export function removeIrrelevantNodes(tree: CallTree, threshold = 0.01): void {
  if (tree.root === NONE) return;
  const total = Math.max(tree.time[tree.root]!, 0);
  let node = tree.nextInPreorder(tree.root);
  while (node !== NONE) {
    // Without any time, all is irrelevant, unless everything is wanted.
    const isIrrelevant = total > 0 ? tree.time[node]! / total < threshold : threshold > 0;
    const next = tree.nextInPreorder(node, isIrrelevant);
    if (isIrrelevant) tree.delete(node);
    node = next;
  }
}

/** Takes out `[self]` nodes that are an only child: they say no more than their parent. */
export function removeUnnecessarySelfTimeNodes(tree: CallTree): void {
  for (let node = tree.root; node !== NONE; node = tree.nextInPreorder(node)) {
    const child = tree.firstChild[node]!;
    const isOnly = child !== NONE && child === tree.lastChild[node];
    if (isOnly && tree.identity[child] === Identity.selfTime) tree.delete(child);
  }
}

/** Which files' frames belong into groups; what neither says is as the code is the application's or not. */
export interface GroupPatterns {
  hide?: ((path: string) => boolean) | undefined;
  show?: ((path: string) => boolean) | undefined;
}

/**
 * Groups connected frames of library code, so that a group can be shown as one line. A group begins at a frame that
 * has another one, or a synthetic frame, below it. The root is never in a group. This comes last.
 */
export function groupLibraryFrames(tree: CallTree, patterns: GroupPatterns = {}): void {
  tree.groups = [];
  tree.groupOf = new Int32Array(tree.count).fill(-1);
  if (tree.root === NONE) return;
  const shown = shownFrames(tree, patterns);
  for (let node = tree.nextInPreorder(tree.root); node !== NONE; node = tree.nextInPreorder(node)) {
    if (shown[node]) continue;
    const group = tree.groupOf[tree.parent[node]!]!;
    if (group >= 0) {
      tree.groups[group]!.members.push(node);
      tree.groupOf[node] = group;
    } else if (tree.hasChild(node, (child) => !shown[child])) {
      tree.groupOf[node] = tree.groups.length;
      tree.groups.push({ root: node, members: [node] });
    }
  }
}

function shownFrames(tree: CallTree, { hide, show }: GroupPatterns): Uint8Array {
  const shown = tree.applicationCode();
  if (!hide && !show) return shown;
  const { functions, strings } = tree.session;
  const answers = new Map<number, number>();
  const ofFunction = Array.from(functions.file, (file) => {
    let answer = answers.get(file);
    if (answer === undefined) {
      const path = strings[file]!;
      answer = show?.(path) ? 1 : hide?.(path) ? 0 : -1;
      answers.set(file, answer);
    }
    return answer;
  });
  for (let node = tree.root; node !== NONE; node = tree.nextInPreorder(node)) {
    const answer = ofFunction[tree.identity[node]!] ?? -1;
    if (answer >= 0) shown[node] = answer;
  }
  return shown;
}
