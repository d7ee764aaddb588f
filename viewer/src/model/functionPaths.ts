import { FrameFlag, type Session } from "../session/session.ts";
import { ChildIndex } from "./childIndex.ts";
import { Identity } from "./identity.ts";
import { PairIndex } from "./pairIndex.ts";

/** Which classes each function was seen with: nearly every one has a single class, or none. */
export class FunctionClasses {
  /** The only class of each function, as a string's row; meaningless for mixed ones. */
  readonly sole: Int32Array;
  /** 1 for functions that were seen with several classes, or with and without one. */
  readonly mixed: Uint8Array;
  readonly hasMixed: boolean;

  constructor({ functions, frames }: Session) {
    this.sole = new Int32Array(functions.count);
    this.mixed = new Uint8Array(functions.count);
    const seen = new Uint8Array(functions.count);
    let hasMixed = false;
    for (let row = 0; row < frames.count; row++) {
      const fn = frames.function[row]!;
      if (!seen[fn]) {
        seen[fn] = 1;
        this.sole[fn] = frames.className[row]!;
      } else if (this.sole[fn] !== frames.className[row]) {
        this.mixed[fn] = 1;
        hasMixed = true;
      }
    }
    this.hasMixed = hasMixed;
  }
}

/**
 * The stacks of a session without what a call tree ignores: line numbers, and classes that say nothing.
 *
 * A path's parent has a lower number than the path, which finds the common ancestor of two without knowing depths.
 * Path 0 is the empty one.
 */
export class FunctionPaths {
  /** The path of each stack. */
  readonly ofStack: Int32Array;
  /** The path without its top function; path 0 is its own parent. */
  readonly parents: Int32Array;
  /** What the top frame stands for. */
  readonly identities: Int32Array;
  /** The class of the top frame where its function is mixed, else 0. */
  readonly classNames: Int32Array;
  /** 1 where the top function was seen with several classes; without rows, like the names, if none was. */
  readonly isMixed: Uint8Array;
  /** The number of the path's functions, whatever their classes: equal for paths of the same functions. */
  readonly merged: Int32Array;
  readonly mergedCount: number;
  readonly count: number;

  constructor(session: Session, classes: FunctionClasses) {
    const { stacks, frames } = session;
    const capacity = stacks.count;
    this.ofStack = new Int32Array(capacity);
    this.parents = new Int32Array(capacity);
    this.identities = new Int32Array(capacity).fill(Identity.root, 0, 1);
    this.classNames = new Int32Array(classes.hasMixed ? capacity : 0);
    this.isMixed = new Uint8Array(classes.hasMixed ? capacity : 0);
    this.merged = new Int32Array(capacity);
    const { variants, identities } = frameNumbers(session, classes);
    const index = new ChildIndex(capacity);
    const mergedIndex = new ChildIndex(classes.hasMixed ? capacity : 0);
    let count = 1;
    let mergedCount = 1;
    for (let row = 1; row < capacity; row++) {
      const parent = this.ofStack[stacks.parent[row]!]!;
      // What stands on a synthetic leaf, in a broken file, counts as the leaf. So does a frame that isn't there.
      if (Identity.isSyntheticLeaf(this.identities[parent]!) || frames.count === 0) {
        this.ofStack[row] = parent;
        continue;
      }
      const frame = stacks.frame[row]!;
      const path = index.child(parent, variants[frame]!, count);
      this.ofStack[row] = path;
      if (path !== count) continue;
      const identity = identities[frame]!;
      this.parents[path] = parent;
      this.identities[path] = identity;
      if (identity >= 0 && classes.mixed[identity] === 1) {
        this.classNames[path] = frames.className[frame]!;
        this.isMixed[path] = 1;
      }
      // Without classes to tell apart, paths are already as few as they can be.
      const merged = classes.hasMixed
        ? mergedIndex.child(this.merged[parent]!, identity - Identity.lowestLeaf, mergedCount)
        : mergedCount;
      this.merged[path] = merged;
      if (merged === mergedCount) mergedCount++;
      count++;
    }
    this.count = count;
    this.mergedCount = mergedCount;
  }
}

/** A number for each frame that is the same for frames which differ only in what is ignored, and their identities. */
function frameNumbers({ frames, functions }: Session, classes: FunctionClasses) {
  const variants = new Int32Array(frames.count);
  const identities = new Int32Array(frames.count);
  const index = new PairIndex();
  let next = functions.count + 2;
  for (let row = 0; row < frames.count; row++) {
    const flags = frames.flags[row]!;
    const fn = frames.function[row]!;
    if (flags & FrameFlag.await) {
      identities[row] = Identity.await;
      variants[row] = functions.count;
    } else if (flags & FrameFlag.outOfContext) {
      identities[row] = Identity.outOfContext;
      variants[row] = functions.count + 1;
    } else {
      identities[row] = fn;
      variants[row] = fn;
      if (classes.mixed[fn]) {
        const variant = index.value(fn, frames.className[row]!, next);
        if (variant === next) next++;
        variants[row] = variant;
      }
    }
  }
  return { variants, identities };
}
