/** How long nodes of functions that were seen with several classes were seen with which. */
export class ClassObservations {
  /** Classes stand in the order in which they were first seen. */
  private readonly ofNode = new Map<number, Map<number, number>>();

  /** Adds `time` to the time that `node` was seen with `className`. No class is no observation. */
  record(className: number, node: number, time: number): void {
    if (className === 0) return;
    let times = this.ofNode.get(node);
    if (!times) this.ofNode.set(node, times = new Map());
    times.set(className, (times.get(className) ?? 0) + time);
  }

  /** The class that `node` was seen with for the longest time, the first of equals; 0 if none. */
  most(node: number): number {
    let best = 0;
    let longest = -1;
    for (const [className, time] of this.ofNode.get(node) ?? []) {
      if (best === 0 || time > longest) [best, longest] = [className, time];
    }
    return best;
  }
}
