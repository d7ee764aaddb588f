/** A map from pairs of whole numbers below 2^31 to such a number: open addressing, at most half full. */
export class PairIndex {
  private firsts: Int32Array;
  private seconds: Int32Array;
  private values: Int32Array;
  private mask: number;
  private count = 0;

  /** Makes an empty map that grows once it holds more than `expectedCount` pairs. */
  constructor(expectedCount = 0) {
    let size = 64;
    while (size < expectedCount * 2) size *= 2;
    this.firsts = new Int32Array(size).fill(-1);
    this.seconds = new Int32Array(size);
    this.values = new Int32Array(size);
    this.mask = size - 1;
  }

  /** The number of the pair; `candidate` becomes it if the pair is new. */
  value(first: number, second: number, candidate: number): number {
    const place = this.place(first, second);
    if (this.firsts[place] !== -1) return this.values[place]!;
    this.firsts[place] = first;
    this.seconds[place] = second;
    this.values[place] = candidate;
    if (++this.count * 2 > this.mask + 1) this.grow();
    return candidate;
  }

  private place(first: number, second: number): number {
    // Pairs that differ by little must not cluster: one odd factor a number, then the high bits mixed in.
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    let place = hash & this.mask;
    while (this.firsts[place] !== -1 && (this.firsts[place] !== first || this.seconds[place] !== second)) {
      place = (place + 1) & this.mask;
    }
    return place;
  }

  private grow(): void {
    const { firsts, seconds, values } = this;
    const size = firsts.length * 2;
    this.firsts = new Int32Array(size).fill(-1);
    this.seconds = new Int32Array(size);
    this.values = new Int32Array(size);
    this.mask = size - 1;
    for (let i = 0; i < firsts.length; i++) {
      if (firsts[i] === -1) continue;
      const place = this.place(firsts[i]!, seconds[i]!);
      this.firsts[place] = firsts[i]!;
      this.seconds[place] = seconds[i]!;
      this.values[place] = values[i]!;
    }
  }
}
