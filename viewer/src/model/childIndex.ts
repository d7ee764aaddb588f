import { PairIndex } from "./pairIndex.ts";

/** Parents with more children than this have them in a hash table. */
const FEW = 16;

/**
 * Finds the child of a parent by a value. Nearly all parents have a few children that were made one after the other,
 * which makes walking through them several times as fast as hashing.
 */
export class ChildIndex {
  private readonly newest: Int32Array;
  private readonly older: Int32Array;
  private readonly values: Int32Array;
  private readonly counts: Int32Array;
  private readonly many = new PairIndex();

  /** Makes an index for children, and parents, numbered below `capacity`. */
  constructor(capacity: number) {
    this.newest = new Int32Array(capacity).fill(-1);
    this.older = new Int32Array(capacity);
    this.values = new Int32Array(capacity);
    this.counts = new Int32Array(capacity);
  }

  /** The child of `parent` with this value; `candidate` becomes it if there is none. */
  child(parent: number, value: number, candidate: number): number {
    const { newest, older, values, counts } = this;
    if (counts[parent]! > FEW) return this.many.value(parent, value, candidate);
    for (let child = newest[parent]!; child !== -1; child = older[child]!) {
      if (values[child] === value) return child;
    }
    values[candidate] = value;
    older[candidate] = newest[parent]!;
    newest[parent] = candidate;
    if (++counts[parent]! > FEW) {
      for (let child = candidate; child !== -1; child = older[child]!) {
        this.many.value(parent, values[child]!, child);
      }
    }
    return candidate;
  }
}
