import { NEVER, type Paths, type PathTimes } from "./pathTimes.ts";

/** Below 0 if path `a` comes before its sibling `b`. */
export type Compare = (a: number, b: number) => number;

/** So many siblings are sorted by insertion. */
const FEW = 16;

/**
 * Numbers all that a walk through the paths comes by: callers before callees, siblings in the order in which they were
 * first seen, and a path's own time among its callees. `NEVER` for what was never seen.
 */
export function walkNumbers(
  paths: Paths,
  times: PathTimes,
): { place: Int32Array; ownPlace: Int32Array } {
  const { place, ownPlace } = times;
  const { starts, children } = childrenInOrder(paths, times, (a, b) => place[a]! - place[b]!);
  const cursors = starts.slice();
  const numbers = new Int32Array(paths.count).fill(NEVER);
  const ownNumbers = new Int32Array(paths.count).fill(NEVER);
  let path = 0;
  let count = 0;
  numbers[0] = ++count;
  for (;;) {
    const cursor = cursors[path]!;
    const child = cursor < starts[path + 1]! ? children[cursor]! : -1;
    const isOwnNext = ownPlace[path] !== NEVER && ownNumbers[path] === NEVER &&
      (child === -1 || ownPlace[path]! < place[child]!);
    if (isOwnNext) ownNumbers[path] = ++count;
    else if (child !== -1) {
      cursors[path] = cursor + 1;
      path = child;
      numbers[path] = ++count;
    } else if (path === 0) return { place: numbers, ownPlace: ownNumbers };
    else path = paths.parents[path]!;
  }
}

/** The paths below each path, one path's after the other's; those of path `p` begin at `starts[p]`. */
export function childrenInOrder(
  { count, parents }: Paths,
  { place }: PathTimes,
  compare: Compare,
): { starts: Int32Array; children: Int32Array } {
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
    if (end - start > FEW) children.subarray(start, end).sort(compare);
    else if (end - start > 1) insertionSort(children, start, end, compare);
  }
  return { starts, children };
}

function insertionSort(values: Int32Array, start: number, end: number, compare: Compare): void {
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
