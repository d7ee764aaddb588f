import { type CallTree, NONE } from "./callTree.ts";
import { FrameFlag } from "../session/session.ts";
import { Identity } from "./identity.ts";

// Each step does what the command's step of the same name does; Tests/Fixtures/processors holds them together.

/** Takes out the frames of the import machinery: modules appear as called by what imports them. */
export function removeImportlib(tree: CallTree): void {
  const { functions, strings } = tree.session;
  const isMachinery = new Map<number, boolean>();
  const chosen = Uint8Array.from(functions.file, (file) => {
    let answer = isMachinery.get(file);
    if (answer === undefined) {
      answer = strings[file]!.includes("<frozen importlib._bootstrap");
      isMachinery.set(file, answer);
    }
    return Number(answer);
  });
  replaceWithChildren(tree, chosen);
}

/** Takes out the frames of functions with a local `__tracebackhide__`: they ask not to be shown. */
export function removeTracebackHide(tree: CallTree): void {
  const { functions, frames } = tree.session;
  const chosen = new Uint8Array(functions.count);
  for (let row = 0; row < frames.count; row++) {
    if (frames.flags[row]! & FrameFlag.hidden) chosen[frames.function[row]!] = 1;
  }
  replaceWithChildren(tree, chosen);
}

/** Puts the children of each node below the root whose function is chosen in the node's place. */
function replaceWithChildren(tree: CallTree, chosen: Uint8Array): void {
  if (!chosen.includes(1)) return;
  let node = tree.root;
  while (node !== NONE) {
    const next = tree.nextInPreorder(node);
    const identity = tree.identity[node]!;
    if (identity >= 0 && chosen[identity]) tree.delete(node, true);
    node = next;
  }
}

/** Joins `[self]` nodes that stand side by side. */
export function mergeConsecutiveSelfTime(tree: CallTree): void {
  for (let node = tree.root; node !== NONE; node = tree.nextInPreorder(node)) {
    let child = tree.firstChild[node]!;
    while (child !== NONE) {
      const next = tree.next[child]!;
      const areBoth = next !== NONE && tree.identity[child] === Identity.selfTime &&
        tree.identity[next] === Identity.selfTime;
      if (areBoth) tree.merge(next, child);
      else child = next;
    }
  }
}

/** Makes all calls of one function from one node a single node, the most expensive first, equals in their order. */
export function aggregateRepeatedCalls(tree: CallTree): void {
  const lowest = Identity.thread(tree.session.threads.length);
  const size = tree.session.functions.count - lowest;
  // Which node's child has an identity, and which child that is: no table to clear from node to node.
  const seenBelow = new Int32Array(size).fill(NONE);
  const first = new Int32Array(size);
  const children: number[] = [];
  const { time } = tree;
  for (let node = tree.root; node !== NONE; node = tree.nextInPreorder(node)) {
    if (tree.firstChild[node] === tree.lastChild[node]) continue;
    children.length = 0;
    let isOrdered = true;
    let child = tree.firstChild[node]!;
    while (child !== NONE) {
      const next = tree.next[child]!;
      const row = tree.identity[child]! - lowest;
      if (seenBelow[row] === node) {
        tree.merge(child, first[row]!);
        isOrdered = false;
      } else {
        seenBelow[row] = node;
        first[row] = child;
        if (isOrdered && children.length && time[children[children.length - 1]!]! < time[child]!) {
          isOrdered = false;
        }
        children.push(child);
      }
      child = next;
    }
    if (!isOrdered) tree.reorderChildren(node, children.sort((a, b) => time[b]! - time[a]!));
  }
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
    if (isIrrelevant) tree.delete(node, false);
    node = next;
  }
}

/** Takes out `[self]` nodes that are an only child: they say no more than their parent. */
export function removeUnnecessarySelfTimeNodes(tree: CallTree): void {
  for (let node = tree.root; node !== NONE; node = tree.nextInPreorder(node)) {
    const child = tree.firstChild[node]!;
    const isOnly = child !== NONE && child === tree.lastChild[node];
    if (isOnly && tree.identity[child] === Identity.selfTime) tree.delete(child, false);
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

/** The steps by the names that the command has for them. */
export const PROCESSORS: Record<string, (tree: CallTree) => void> = {
  remove_importlib: removeImportlib,
  remove_tracebackhide: removeTracebackHide,
  merge_consecutive_self_time: mergeConsecutiveSelfTime,
  aggregate_repeated_calls: aggregateRepeatedCalls,
  remove_irrelevant_nodes: (tree) => removeIrrelevantNodes(tree),
  remove_unnecessary_self_time_nodes: removeUnnecessarySelfTimeNodes,
  group_library_frames_processor: (tree) => groupLibraryFrames(tree),
};
