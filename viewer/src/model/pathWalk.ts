import { NEVER, type Paths, type PathTimes } from "./pathTimes.ts";

/** In which order the paths below one stand. */
export interface Order {
  /** Below 0 if path `a` comes before its sibling `b`. */
  compare(a: number, b: number): number;
  /** Whether a path's own time comes before what it called as `child`. */
  ownFirst(path: number, child: number): boolean;
}

/** What is done on the way through paths, callers before callees. */
export interface Visitor {
  enter(path: number): void;
  /** A path's own time. */
  own(path: number): void;
  leave(path: number): void;
}

/** So many siblings are sorted by insertion. */
const FEW = 16;

/** The order of the heaviest first, equals in the order in which they were first seen. */
export function heaviestFirst({ own, total, ownPlace, place }: PathTimes): Order {
  return {
    compare: (a, b) => total[b]! - total[a]! || place[a]! - place[b]!,
    ownFirst: (path, child) =>
      own[path]! > total[child]! || (own[path] === total[child] && ownPlace[path]! < place[child]!),
  };
}

/** The order in which paths were first seen. */
export function firstSeen({ ownPlace, place }: PathTimes): Order {
  return {
    compare: (a, b) => place[a]! - place[b]!,
    ownFirst: (path, child) => ownPlace[path]! < place[child]!,
  };
}

/** Goes through all paths that were seen at or below `root`. */
export function walkPaths(
  paths: Paths,
  times: PathTimes,
  root: number,
  order: Order,
  visitor: Visitor,
): void {
  const { starts, children } = childrenInOrder(paths, times, order);
  const { ownPlace } = times;
  const open: number[] = [root];
  const cursors: number[] = [starts[root]!];
  const ownPending: boolean[] = [ownPlace[root] !== NEVER];
  visitor.enter(root);
  while (open.length) {
    const depth = open.length - 1;
    const path = open[depth]!;
    const cursor = cursors[depth]!;
    const hasMore = cursor < starts[path + 1]!;
    if (ownPending[depth] && (!hasMore || order.ownFirst(path, children[cursor]!))) {
      ownPending[depth] = false;
      visitor.own(path);
    } else if (hasMore) {
      const child = children[cursor]!;
      cursors[depth] = cursor + 1;
      open.push(child);
      cursors.push(starts[child]!);
      ownPending.push(ownPlace[child] !== NEVER);
      visitor.enter(child);
    } else {
      visitor.leave(path);
      open.pop();
      cursors.pop();
      ownPending.pop();
    }
  }
}

/** The paths below each path, one path's after the other's; those of path `p` begin at `starts[p]`. */
export function childrenInOrder({ count, parents }: Paths, { place }: PathTimes, order: Order) {
  const starts = new Int32Array(count + 2);
  for (let path = 1; path < count; path++) if (place[path] !== NEVER) starts[parents[path]! + 2]!++;
  for (let path = 2; path < count + 2; path++) starts[path]! += starts[path - 1]!;
  const children = new Int32Array(starts[count + 1]!);
  // Filling moves each beginning on to the next one's.
  for (let path = 1; path < count; path++) {
    if (place[path] !== NEVER) children[starts[parents[path]! + 1]!++] = path;
  }
  for (let path = 0; path < count; path++) {
    const [start, end] = [starts[path]!, starts[path + 1]!];
    if (end - start > FEW) children.subarray(start, end).sort(order.compare);
    else if (end - start > 1) insertionSort(children, start, end, order);
  }
  return { starts, children };
}

function insertionSort(values: Int32Array, start: number, end: number, { compare }: Order): void {
  for (let i = start + 1; i < end; i++) {
    const value = values[i]!;
    let place = i;
    while (place > start && compare(value, values[place - 1]!) < 0) {
      values[place] = values[place - 1]!;
      place--;
    }
    values[place] = value;
  }
}
