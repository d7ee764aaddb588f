import { type CallTree, NONE } from "./callTree.ts";
import { Identity } from "./identity.ts";
import { NEVER, type Paths, type PathTimes } from "./pathTimes.ts";
import { childrenInOrder } from "./pathWalk.ts";

/**
 * Adds all paths that were seen at or below `root` to a tree, as calls below `parent`: in preorder, the heaviest
 * first, equals in the order in which they were first seen. A tree of a million nodes is made in a loop of its own, since a call for each node would take most of the time.
 *
 * @param nodes Where to note the node of each path, if that is asked for.
 */
export function addPaths(
  tree: CallTree,
  paths: Paths,
  times: PathTimes,
  root: number,
  rootIdentity: number,
  parent: number,
  nodes?: Int32Array,
): void {
  const { own, total, ownPlace, place } = times;
  const { starts, children } = childrenInOrder(
    paths,
    times,
    (a, b) => total[b]! - total[a]! || place[a]! - place[b]!,
  );
  tree.reserve(tree.count + nodeCount(times));
  // Not read anew for each node.
  const { identity, time, firstChild, lastChild, next, previous } = tree;
  const parents = tree.parent;
  let count = tree.count;
  const add = (what: number, caller: number, spent: number): number => {
    const node = count++;
    identity[node] = what;
    time[node] = spent;
    parents[node] = caller;
    firstChild[node] = lastChild[node] = next[node] = NONE;
    const before = caller === NONE ? NONE : lastChild[caller]!;
    previous[node] = before;
    if (caller !== NONE) {
      lastChild[caller] = node;
      if (before === NONE) firstChild[caller] = node;
      else next[before] = node;
    }
    return node;
  };
  // What is on the way, and of each the next child and whether its own time is still to come.
  const open = [root];
  const cursors = [starts[root]!];
  const pending = [ownPlace[root] !== NEVER];
  let node = add(rootIdentity, parent, total[root]!);
  if (nodes) nodes[root] = node;
  for (let depth = 0; depth >= 0;) {
    const path = open[depth]!;
    const cursor = cursors[depth]!;
    const child = cursor < starts[path + 1]! ? children[cursor]! : NONE;
    if (
      pending[depth] && (child === NONE || own[path]! > total[child]! ||
        (own[path] === total[child] && ownPlace[path]! < place[child]!))
    ) {
      pending[depth] = false;
      add(Identity.selfTime, node, own[path]!);
    } else if (child !== NONE) {
      cursors[depth] = cursor + 1;
      depth++;
      open[depth] = child;
      cursors[depth] = starts[child]!;
      pending[depth] = ownPlace[child] !== NEVER;
      node = add(paths.identities[child]!, node, total[child]!);
      if (nodes) nodes[child] = node;
    } else {
      depth--;
      node = parents[node]!;
    }
  }
  tree.count = count;
}

/** How many nodes the paths of some times become. */
export function nodeCount({ place, ownPlace }: PathTimes): number {
  let count = 0;
  for (let path = 0; path < place.length; path++) {
    if (place[path] !== NEVER) count++;
    if (ownPlace[path] !== NEVER) count++;
  }
  return count;
}
