/** The boxes of one row, sorted and without overlaps. */
export interface Level {
  start: Float64Array;
  end: Float64Array;
  node: Int32Array;
  count: number;
}

/** Empty levels with room for so many boxes each. */
export function makeLevels(counts: ArrayLike<number>): Level[] {
  return Array.from(counts, (count) => ({
    start: new Float64Array(count),
    end: new Float64Array(count),
    node: new Int32Array(count),
    count: 0,
  }));
}

/** The first box from number `from` on that ends after `x`. */
export function firstVisible(level: Level, x: number, from = 0): number {
  let low = from;
  let high = level.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (level.end[middle]! > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The number of the box at `x`, or -1. */
export function boxAt(level: Level | undefined, x: number): number {
  if (!level) return -1;
  const box = firstVisible(level, x);
  return box < level.count && level.start[box]! <= x ? box : -1;
}
