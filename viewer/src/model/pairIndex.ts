const STRIDE = 4;

/**
 * A map from pairs of whole numbers below 2^31 to such a number: open addressing, at most half full. The numbers of a
 * slot stand side by side, since waiting for memory is what looking up costs.
 */
export class PairIndex {
  private slots: Int32Array;
  private mask: number;
  private count = 0;

  /** Makes an empty map that grows once it holds more than `expectedCount` pairs. */
  constructor(expectedCount = 0) {
    let size = 64;
    while (size < expectedCount * 2) size *= 2;
    this.slots = new Int32Array(size * STRIDE).fill(-1);
    this.mask = size - 1;
  }

  /** The number of the pair; `candidate` becomes it if the pair is new. */
  value(first: number, second: number, candidate: number): number {
    const place = this.place(first, second);
    if (this.slots[place] !== -1) return this.slots[place + 2]!;
    this.put(place, first, second, candidate);
    if (++this.count * 2 > this.mask + 1) this.grow();
    return candidate;
  }

  private place(first: number, second: number): number {
    const { slots, mask } = this;
    // Pairs that differ by little must not cluster: one odd factor a number, then the high bits mixed in.
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    for (;;) {
      const place = slot * STRIDE;
      if (slots[place] === -1 || (slots[place] === first && slots[place + 1] === second)) return place;
      slot = (slot + 1) & mask;
    }
  }

  private put(place: number, first: number, second: number, value: number): void {
    this.slots[place] = first;
    this.slots[place + 1] = second;
    this.slots[place + 2] = value;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2).fill(-1);
    this.mask = this.mask * 2 + 1;
    for (let i = 0; i < old.length; i += STRIDE) {
      if (old[i] !== -1) this.put(this.place(old[i]!, old[i + 1]!), old[i]!, old[i + 1]!, old[i + 2]!);
    }
  }
}
