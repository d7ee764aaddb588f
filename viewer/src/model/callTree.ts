import type { Session } from "../session/session.ts";
import { ClassObservations } from "./classObservations.ts";
import { FunctionClasses } from "./functionPaths.ts";
import { Identity } from "./identity.ts";
import { SourceFiles } from "./sourceFiles.ts";

/** No node: the parent of the root, the child of a leaf. */
export const NONE = -1;

/** Connected frames of library code that are shown as one line. */
export interface FrameGroup {
  /** The member that all others are below. */
  root: number;
  /** All members, callers before callees. */
  members: number[];
}

/**
 * The calls of a session with the time spent in them: a tree of arrays, a node being a row number.
 *
 * Children of a node form a list in both directions. A node's time is exactly the time of its children plus the time
 * that it absorbed from children that were taken away; the time of synthetic leaves such as `[self]` comes from
 * samples. Times are in the session's units. Processors reshape a tree; they never change the root's time.
 */
export class CallTree {
  /** The node that all others are below; `NONE` if there are no samples. */
  root = NONE;
  /** One more than the highest node number. Nodes that were taken away keep their numbers. */
  count = 0;
  /** The groups that `groupLibraryFrames` made, and the group of each node or -1. */
  groups: FrameGroup[] = [];
  groupOf = new Int32Array(0);

  identity = new Int32Array(0);
  time = new Float64Array(0);
  parent = new Int32Array(0);
  firstChild = new Int32Array(0);
  lastChild = new Int32Array(0);
  next = new Int32Array(0);
  previous = new Int32Array(0);

  constructor(
    readonly session: Session,
    readonly classes: FunctionClasses = new FunctionClasses(session),
    readonly files: SourceFiles = new SourceFiles(session),
    readonly observations: ClassObservations = new ClassObservations(),
  ) {}

  /** Makes room for nodes up to, and without, `capacity`. */
  reserve(capacity: number): void {
    if (capacity <= this.identity.length) return;
    const grown = <A extends Int32Array | Float64Array>(larger: A, old: A): A => (larger.set(old), larger);
    this.identity = grown(new Int32Array(capacity), this.identity);
    this.time = grown(new Float64Array(capacity), this.time);
    this.parent = grown(new Int32Array(capacity), this.parent);
    this.firstChild = grown(new Int32Array(capacity), this.firstChild);
    this.lastChild = grown(new Int32Array(capacity), this.lastChild);
    this.next = grown(new Int32Array(capacity), this.next);
    this.previous = grown(new Int32Array(capacity), this.previous);
  }

  /** Adds a node without time as the last child of `parent`, or as an unattached one if that is `NONE`. */
  append(identity: number, parent: number): number {
    const node = this.count++;
    if (node === this.identity.length) this.reserve(Math.max(1024, node * 2));
    this.identity[node] = identity;
    this.parent[node] = parent;
    this.firstChild[node] = NONE;
    this.lastChild[node] = NONE;
    this.next[node] = NONE;
    const previous = parent === NONE ? NONE : this.lastChild[parent]!;
    this.previous[node] = previous;
    if (parent !== NONE) {
      this.lastChild[parent] = node;
      if (previous === NONE) this.firstChild[parent] = node;
      else this.next[previous] = node;
    }
    return node;
  }

  /** The node that follows when callers come before callees, or `NONE`; with `skip`, not one below `node`. */
  nextInPreorder(node: number, skip = false): number {
    if (!skip && this.firstChild[node] !== NONE) return this.firstChild[node]!;
    let current = node;
    while (current !== NONE && current !== this.root) {
      if (this.next[current] !== NONE) return this.next[current]!;
      current = this.parent[current]!;
    }
    return NONE;
  }

  /** The children in order. */
  children(node: number): number[] {
    const children: number[] = [];
    for (let child = this.firstChild[node]!; child !== NONE; child = this.next[child]!) children.push(child);
    return children;
  }

  /** True if a child of `node` is as `condition` says. */
  hasChild(node: number, condition: (child: number) => boolean): boolean {
    for (let child = this.firstChild[node]!; child !== NONE; child = this.next[child]!) {
      if (condition(child)) return true;
    }
    return false;
  }

  /** The function's row, or -1. */
  functionOf(node: number): number {
    return Math.max(this.identity[node]!, -1);
  }

  /** The class that the frames were mostly seen with; "" if none. */
  className(node: number): string {
    const fn = this.identity[node]!;
    if (fn < 0) return "";
    return this.session
      .strings[this.classes.mixed[fn] ? this.observations.most(node) : this.classes.sole[fn]!]!;
  }

  /** The name of the function or thread, or of the synthetic frame. */
  name(node: number): string {
    const identity = this.identity[node]!;
    const { strings, functions, threads } = this.session;
    if (identity >= 0) return strings[functions.name[identity]!]!;
    if (Identity.isThread(identity)) return threads[Identity.threadNumber(identity)]?.name ?? "";
    if (identity === Identity.root) return "[root]";
    if (identity === Identity.selfTime) return "[self]";
    return identity === Identity.await ? "[await]" : "[out-of-context]";
  }

  /** The time spent in the function itself, what synthetic frames below it have included. */
  selfTime(node: number): number {
    let time = this.time[node]!;
    for (let child = this.firstChild[node]!; child !== NONE; child = this.next[child]!) {
      if (!Identity.isSynthetic(this.identity[child]!)) time -= this.time[child]!;
    }
    return time;
  }

  /**
   * For each node, 1 if it is code of the application rather than of a library.
   *
   * Code without a file of its own is what its caller is. Of a program that is itself installed as a library, the
   * part that took at least a third of the time counts as the application.
   */
  applicationCode(): Uint8Array {
    const answers = new Uint8Array(this.count);
    const { functions } = this.session;
    const rootTime = this.root === NONE ? 0 : this.time[this.root]!;
    const facts = Array.from(functions.file, (file) => this.files.of(file));
    for (let node = this.root; node !== NONE; node = this.nextInPreorder(node)) {
      const fn = this.identity[node]!;
      if (fn < 0) continue;
      const file = facts[fn];
      if (file?.origin === "application") answers[node] = 1;
      else if (file?.origin === "caller") {
        const caller = this.parent[node]!;
        const isAtBottom = caller === NONE || this.identity[caller]! < 0;
        answers[node] = isAtBottom ? 1 : answers[caller]!;
      } else if (file?.isInstalledProgram && this.time[node]! >= Math.trunc(rootTime / 3)) answers[node] = 1;
    }
    return answers;
  }

  /** Takes `node` out of the tree with all below. Its parent absorbs the time. */
  delete(node: number): void {
    const parent = this.parent[node]!;
    if (node === this.root || parent === NONE) return;
    const previous = this.previous[node]!;
    const next = this.next[node]!;
    if (previous === NONE) this.firstChild[parent] = next;
    else this.next[previous] = next;
    if (next === NONE) this.lastChild[parent] = previous;
    else this.previous[next] = previous;
    this.parent[node] = NONE;
    this.previous[node] = NONE;
    this.next[node] = NONE;
  }

  /** Makes `node` the root. What isn't below it is no longer part of the tree. */
  makeRoot(node: number): void {
    this.parent[node] = NONE;
    this.previous[node] = NONE;
    this.next[node] = NONE;
    this.root = node;
  }

  /**
   * Goes down from a thread's pseudo frame to its only callee if all but a part `threshold` of the time was spent
   * there: what is left is the time before the program's first frame and after its last.
   */
  trimThreadFrame(threshold: number): void {
    if (this.root === NONE || !Identity.isThread(this.identity[this.root]!)) return;
    const callees = this.children(this.root).filter((child) => !Identity.isSynthetic(this.identity[child]!));
    const [callee] = callees;
    const time = this.time[this.root]!;
    if (callees.length !== 1 || callee === undefined || time - this.time[callee]! > threshold * time) return;
    this.makeRoot(callee);
  }

  /** The same tree, to be changed apart from this one. Classes stay shared: they may no longer be merged. */
  clone(): CallTree {
    const copy = new CallTree(this.session, this.classes, this.files, this.observations);
    copy.root = this.root;
    copy.count = this.count;
    copy.identity = this.identity;
    copy.time = this.time;
    copy.parent = this.parent.slice();
    copy.firstChild = this.firstChild.slice();
    copy.lastChild = this.lastChild.slice();
    copy.next = this.next.slice();
    copy.previous = this.previous.slice();
    return copy;
  }
}
