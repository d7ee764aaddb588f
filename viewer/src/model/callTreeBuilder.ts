import type { Session, Thread } from "../session/session.ts";
import type { Column } from "../session/varint.ts";
import { CallTree, NONE } from "./callTree.ts";
import { FunctionClasses, FunctionPaths } from "./functionPaths.ts";
import { Identity } from "./identity.ts";
import { SourceFiles } from "./sourceFiles.ts";

/** Which part of a session a tree shows. */
export interface Selection {
  /** The number of a thread; all threads without it. */
  thread?: number | undefined;
  /** By which time: as it passes, or on a CPU. */
  clock?: "wall" | "cpu";
  /** From and to when, in units since the start of the session. */
  range?: readonly [number, number] | undefined;
}

/** What many trees of one session share. */
export class TreeMaker {
  readonly classes: FunctionClasses;
  readonly files: SourceFiles;
  readonly paths: FunctionPaths;

  constructor(readonly session: Session) {
    this.classes = new FunctionClasses(session);
    this.files = new SourceFiles(session);
    this.paths = new FunctionPaths(session, this.classes);
  }

  /**
   * The calls of the selected threads, joined under `[root]` where there are several.
   *
   * @param merging Which calls become one node: those of one function from one node that follow each other, so that
   * the tree shows the order in time, or all of them.
   */
  make(merging: "consecutive" | "repeated", selection: Selection = {}): CallTree {
    const builder = new Builder(this, merging);
    this.session.threads.forEach((thread, number) => {
      if (selection.thread === undefined || selection.thread === number) {
        builder.add(thread, number, selection);
      }
    });
    return builder.finish();
  }
}

/**
 * Builds a call tree from samples in time order. A sample adds its time to one synthetic leaf only; the leaves' times
 * are added up from the callees to the callers at the end.
 */
class Builder {
  private readonly paths: FunctionPaths;
  private readonly tree: CallTree;
  private readonly root: number;
  private current = 0;
  private leaf = NONE;
  private clock = 0;
  /** The node of each path. Up to date for the current path and the ones below it. */
  private readonly nodes: Int32Array;
  /** The nodes of the current thread and their `[self]` children, by number of the path's functions. */
  private nodesOfFunctions = new Int32Array(0);
  private selfNodesOfFunctions = new Int32Array(0);
  private readonly enteredAt: Float64Array;
  /** Scratch: the paths that are left and entered, innermost first. */
  private readonly left: number[] = [];
  private readonly entered: number[] = [];

  constructor(maker: TreeMaker, private readonly merging: "consecutive" | "repeated") {
    this.paths = maker.paths;
    this.tree = new CallTree(maker.session, maker.classes, maker.files);
    if (merging === "repeated") this.tree.reserve(this.paths.mergedCount + 16);
    this.root = this.tree.append(Identity.root, NONE);
    this.nodes = new Int32Array(this.paths.count).fill(NONE);
    this.enteredAt = new Float64Array(this.paths.count);
  }

  /**
   * Adds the samples of a thread. Samples without time, such as the one that is taken at the start, are left out:
   * they say nothing about where time went. Where no sample has time, all are kept, so that the stacks can be seen.
   */
  add(thread: Thread, number: number, selection: Selection): void {
    const times = selectedTimes(thread, selection);
    if (thread.count === 0) return;
    let keepsAll = true;
    for (let row = 0; row < times.length && keepsAll; row++) keepsAll = times[row] === 0;
    if (keepsAll && selection.range) return;
    this.begin(number);
    const { ofStack } = this.paths;
    if (this.merging === "consecutive") {
      for (let row = 0; row < thread.count; row++) {
        if (times[row] !== 0 || keepsAll) this.spend(times[row]!, ofStack[thread.stack[row]!]!);
      }
    } else {
      // Where calls are merged anyhow, each distinct path is walked once, in the order of its first sample.
      const totals = new Float64Array(this.paths.count);
      const seen = new Int32Array(Math.min(this.paths.count, thread.count));
      const isSeen = new Uint8Array(this.paths.count);
      let count = 0;
      for (let row = 0; row < thread.count; row++) {
        if (times[row] === 0 && !keepsAll) continue;
        const path = ofStack[thread.stack[row]!]!;
        totals[path] = totals[path]! + times[row]!;
        if (isSeen[path] === 0) {
          isSeen[path] = 1;
          seen[count++] = path;
        }
      }
      for (let i = 0; i < count; i++) this.spend(totals[seen[i]!]!, seen[i]!);
    }
    this.move(0);
  }

  /** Adds up the times and gives the tree. */
  finish(): CallTree {
    const { tree } = this;
    // A child always has a higher number than its parent.
    for (let row = tree.count - 1; row > 0; row--) {
      const parent = tree.parent[row]!;
      tree.time[parent] = tree.time[parent]! + tree.time[row]!;
    }
    const first = tree.firstChild[this.root]!;
    if (first === NONE) tree.root = NONE;
    else if (first === tree.lastChild[this.root]) tree.makeRoot(first);
    else tree.root = this.root;
    return tree;
  }

  private begin(number: number): void {
    this.current = 0;
    this.leaf = NONE;
    this.nodes[0] = this.tree.append(Identity.thread(number), this.root);
    if (this.merging !== "repeated") return;
    this.nodesOfFunctions = new Int32Array(this.paths.mergedCount).fill(NONE);
    this.selfNodesOfFunctions = new Int32Array(this.paths.mergedCount).fill(NONE);
    this.nodesOfFunctions[0] = this.nodes[0]!;
  }

  private spend(time: number, path: number): void {
    if (path !== this.current || this.leaf === NONE) {
      this.move(path);
      this.leaf = this.findLeaf();
    }
    this.tree.time[this.leaf] = this.tree.time[this.leaf]! + time;
    this.clock += time;
  }

  /** Makes `path` the current one: leaves the frames that it doesn't have and enters those that are new. */
  private move(path: number): void {
    const { parents, isMixed, classNames } = this.paths;
    const { left, entered } = this;
    left.length = 0;
    entered.length = 0;
    let from = this.current;
    let to = path;
    while (from !== to) {
      if (from > to) {
        left.push(from);
        from = parents[from]!;
      } else {
        entered.push(to);
        to = parents[to]!;
      }
    }
    for (let i = left.length - 1; i >= 0; i--) {
      const row = left[i]!;
      if (isMixed[row]) {
        this.tree.observations.record(classNames[row]!, this.nodes[row]!, this.clock - this.enteredAt[row]!);
      }
    }
    this.enter(from);
    this.current = path;
  }

  /** Finds or adds the nodes of the entered paths, the outermost of which is called from `base`. */
  private enter(base: number): void {
    const { merged, identities, isMixed, classNames } = this.paths;
    const { left, entered, tree } = this;
    let node = this.nodes[base]!;
    let leftRow = left.length - 1;
    for (let i = entered.length - 1; i >= 0; i--) {
      const row = entered[i]!;
      const functions = merged[row]!;
      if (leftRow >= 0 && merged[left[leftRow]!] === functions) {
        // The same functions: only a class changed, here or further out.
        node = this.nodes[left[leftRow]!]!;
        leftRow--;
      } else if (this.merging === "repeated" && this.nodesOfFunctions[functions] !== NONE) {
        node = this.nodesOfFunctions[functions]!;
      } else {
        node = tree.append(identities[row]!, node);
        if (this.merging === "repeated") this.nodesOfFunctions[functions] = node;
      }
      this.nodes[row] = node;
      if (isMixed[row]) {
        this.enteredAt[row] = this.clock;
        // Known from now on, so that the first class seen wins if times are equal.
        tree.observations.record(classNames[row]!, node, 0);
      }
    }
  }

  /** The leaf that takes the time of samples: the current node itself if it is one, else its `[self]` child. */
  private findLeaf(): number {
    const { tree } = this;
    const node = this.nodes[this.current]!;
    if (Identity.isSyntheticLeaf(tree.identity[node]!)) return node;
    if (this.merging === "consecutive") {
      const last = tree.lastChild[node]!;
      return last !== NONE && tree.identity[last] === Identity.selfTime
        ? last
        : tree.append(Identity.selfTime, node);
    }
    const functions = this.paths.merged[this.current]!;
    if (this.selfNodesOfFunctions[functions] === NONE) {
      this.selfNodesOfFunctions[functions] = tree.append(Identity.selfTime, node);
    }
    return this.selfNodesOfFunctions[functions]!;
  }
}

/** The time that each sample of a thread has by the selected clock in the selected range, in units. */
export function selectedTimes(thread: Thread, { clock = "wall", range }: Selection): Column {
  const times = clock === "cpu" ? thread.cpu : thread.wall;
  if (!range) return times;
  const [from, to] = range;
  const out = new Float64Array(thread.count);
  let end = thread.start;
  for (let row = 0; row < thread.count; row++) {
    const start = end;
    const wall = thread.wall[row]!;
    end = start + wall;
    if (start >= to) break;
    if (end <= from) continue;
    const part = Math.min(end, to) - Math.max(start, from);
    out[row] = part === wall ? times[row]! : wall > 0 ? (times[row]! * part) / wall : 0;
  }
  return out;
}
