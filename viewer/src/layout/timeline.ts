import type { FunctionPaths } from "../model/functionPaths.ts";
import { type CallTree, NONE } from "../model/callTree.ts";
import { Identity } from "../model/identity.ts";
import type { Calls } from "../model/profile.ts";
import type { Thread } from "../session/session.ts";
import { type Level, makeLevels } from "./levels.ts";

/** A thread's calls in time order. */
export interface Lane {
  thread: number;
  /** Rows from the outermost calls in. */
  levels: Level[];
  /** The nodes of samples that differ from the one before, and when they begin: what the overview shows. */
  leaves: Level;
  end: number;
}

/** The lanes of a session's threads; `calls` must be those of all threads and of the whole time. */
export function timelineLanes({ tree, facts }: Calls, paths: FunctionPaths): Lane[] {
  const nodes = new Int32Array(paths.count);
  return tree.session.threads.map((thread, number) => {
    const leaves = leafNodes(tree, paths, thread, number, nodes);
    const runs = runsOf(thread, leaves);
    return { thread: number, levels: layOut(tree, facts.depth, facts.maxDepth, runs), ...runs };
  });
}

/** The node of each sample of a thread; `NONE` for those outside of the tree. */
function leafNodes(
  tree: CallTree,
  paths: FunctionPaths,
  thread: Thread,
  number: number,
  nodes: Int32Array,
): Int32Array {
  nodes.fill(-2);
  nodes[0] = threadNode(tree, number);
  const out = new Int32Array(thread.count);
  const pending: number[] = [];
  for (let row = 0; row < thread.count; row++) {
    let path = paths.ofStack[thread.stack[row]!]!;
    const wanted = path;
    while (nodes[path] === -2) {
      pending.push(path);
      path = paths.parents[path]!;
    }
    while (pending.length) {
      const inner = pending.pop()!;
      nodes[inner] = nodeBelow(tree, nodes[paths.parents[inner]!]!, paths.identities[inner]!);
    }
    out[row] = nodes[wanted]!;
  }
  return out;
}

/** Stands for the frames below a tree's root: what is found on top of it may be the root itself. */
const STEM = -3;

function threadNode(tree: CallTree, number: number): number {
  if (tree.root === NONE) return NONE;
  const wanted = Identity.thread(number);
  if (tree.identity[tree.root] === wanted) return tree.root;
  if (tree.identity[tree.root] === Identity.root) {
    return tree.children(tree.root).find((child) => tree.identity[child] === wanted) ?? NONE;
  }
  return STEM;
}

/** The node of a function called from `parent`; that of `parent` itself where such frames are taken out. */
function nodeBelow(tree: CallTree, parent: number, identity: number): number {
  if (parent === STEM) return tree.identity[tree.root] === identity ? tree.root : STEM;
  if (parent === NONE) return NONE;
  let child = tree.firstChild[parent]!;
  while (child !== NONE && tree.identity[child] !== identity) child = tree.next[child]!;
  return child === NONE ? parent : child;
}

/** Samples in a row with the same node as one box. */
function runsOf(thread: Thread, nodes: Int32Array): { leaves: Level; end: number } {
  const [leaves] = makeLevels([thread.count]) as [Level];
  let now = thread.start;
  for (let row = 0; row < thread.count; row++) {
    const wall = thread.wall[row]!;
    if (wall <= 0) continue;
    const node = nodes[row]! < 0 ? NONE : nodes[row]!;
    const last = leaves.count - 1;
    if (last >= 0 && leaves.node[last] === node) leaves.end[last] = now + wall;
    else {
      leaves.start[leaves.count] = now;
      leaves.end[leaves.count] = now + wall;
      leaves.node[leaves.count++] = node;
    }
    now += wall;
  }
  return { leaves, end: now };
}

/** Boxes of calls: neighbours that share their callers share the callers' boxes. */
function layOut(
  tree: CallTree,
  depths: Int32Array,
  maxDepth: number,
  { leaves }: { leaves: Level },
): Level[] {
  const counts = new Int32Array(maxDepth + 1);
  const path = new Int32Array(maxDepth + 1).fill(NONE);
  const { parent } = tree;
  const depthOf = (node: number) => (node === NONE ? -1 : depths[node]!);
  /** The depth of the innermost call that `node` shares with the current path; -1 for none. */
  const shared = (node: number, depth: number): number => {
    let d = depthOf(node);
    let current = node;
    while (d > depth) {
      current = parent[current]!;
      d--;
    }
    while (d >= 0 && path[d] !== current) {
      current = parent[current]!;
      d--;
    }
    return d;
  };
  const walk = (
    enter: (node: number, depth: number, at: number) => void,
    leave: (depth: number, at: number) => void,
  ) => {
    path.fill(NONE);
    let depth = -1;
    let at = 0;
    for (let i = 0; i < leaves.count; i++) {
      const node = leaves.node[i]!;
      const common = shared(node, depth);
      for (let d = depth; d > common; d--) leave(d, leaves.start[i]!);
      for (let d = depthOf(node), current = node; d > common; d--, current = parent[current]!) {
        path[d] = current;
        enter(current, d, leaves.start[i]!);
      }
      depth = depthOf(node);
      at = leaves.end[i]!;
    }
    for (let d = depth; d >= 0; d--) leave(d, at);
  };
  walk((_, depth) => counts[depth]!++, () => {});
  let used = counts.length;
  while (used > 0 && counts[used - 1] === 0) used--;
  const levels = makeLevels(counts.subarray(0, used));
  walk(
    (node, depth, at) => {
      const level = levels[depth]!;
      level.start[level.count] = at;
      level.node[level.count++] = node;
    },
    (depth, at) => {
      const level = levels[depth]!;
      level.end[level.count - 1] = at;
    },
  );
  return levels;
}
