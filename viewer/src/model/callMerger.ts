import type { Session } from "../session/session.ts";
import { type CallPaths, callPaths, withoutFunctions } from "./callPaths.ts";
import { CallTree, NONE } from "./callTree.ts";
import { FunctionClasses, FunctionPaths } from "./functionPaths.ts";
import { Identity } from "./identity.ts";
import { addUp, NEVER, noTimes, type PathTimes, type SeenPaths, seenPaths, timesOf } from "./pathTimes.ts";
import { addPaths, nodeCount } from "./pathTree.ts";
import { walkNumbers } from "./pathWalk.ts";
import type { Selection } from "./selection.ts";
import { SourceFiles } from "./sourceFiles.ts";

/** What is left of all paths without the functions that are taken out. */
type ReducedPaths = ReturnType<typeof withoutFunctions>;

/** The calls of one thread, before they are nodes. */
interface ThreadCalls {
  number: number;
  seen: SeenPaths;
  paths: CallPaths;
  times: PathTimes;
  /** The path that becomes the part's root: 0 for the thread's pseudo frame. */
  root: number;
}

/**
 * Makes trees in which all calls of one function from one node are a single node: what the command gets by building a
 * tree and taking it through `remove_importlib`, `remove_tracebackhide`, `merge_consecutive_self_time` and
 * `aggregate_repeated_calls`. To add up paths first takes a fraction of the time that reshaping a tree of a million
 * nodes does; Tests/Fixtures/processors hold both to the same trees.
 */
export class CallMerger {
  readonly classes: FunctionClasses;
  readonly files: SourceFiles;
  readonly paths: FunctionPaths;
  private readonly all: CallPaths;

  constructor(readonly session: Session) {
    this.classes = new FunctionClasses(session);
    this.files = new SourceFiles(session);
    this.paths = new FunctionPaths(session, this.classes);
    this.all = callPaths(this.paths);
  }

  /**
   * The calls of the selected threads, joined under `[root]` where there are several. Nodes are numbered in preorder,
   * the heaviest child first, equals in the order in which they were first seen.
   *
   * @param removed 1 for functions that are taken out, by row; all are kept without it.
   */
  merge(selection: Selection = {}, removed?: Uint8Array): CallTree {
    const tree = new CallTree(this.session, this.classes, this.files);
    const seen = this.session.threads.flatMap((thread, number) => {
      if (selection.thread !== undefined && selection.thread !== number) return [];
      const paths = seenPaths(thread, selection, this.paths.ofStack, this.paths.count);
      return paths ? [{ number, paths }] : [];
    });
    if (seen.length === 0) return tree;
    const isAlone = seen.length === 1;
    // By the path that becomes the root: nearly all threads have the same.
    const reduced = new Map<number, ReducedPaths>();
    const without = (root: number): ReducedPaths | undefined => {
      if (!removed?.includes(1)) return undefined;
      if (!reduced.has(root)) reduced.set(root, withoutFunctions(this.all, removed, root));
      return reduced.get(root);
    };
    const parts = seen.map(({ number, paths }) => this.threadCalls(number, paths, isAlone, without));
    // Threads of equal time stay in their order.
    parts.sort((a, b) => b.times.total[0]! - a.times.total[0]!);
    tree.reserve(parts.reduce((sum, { times }) => sum + nodeCount(times), isAlone ? 0 : 1));
    tree.root = 0;
    if (!isAlone) {
      tree.time[tree.append(Identity.root, NONE)] = parts.reduce(
        (sum, { times }) => sum + times.total[0]!,
        0,
      );
    }
    for (const part of parts) this.write(tree, part, isAlone ? NONE : 0);
    return tree;
  }

  private threadCalls(
    number: number,
    seen: SeenPaths,
    isAlone: boolean,
    without: (root: number) => ReducedPaths | undefined,
  ): ThreadCalls {
    const { all } = this;
    const times = timesOf(all, seen, (path) => all.ofPath[path]!);
    const root = isAlone && number === 0 ? this.stemEnd(times) : 0;
    const reduced = without(root);
    if (!reduced) return { number, seen, paths: all, times, root };
    const { paths, keptOf } = reduced;
    const kept = noTimes(paths.count);
    for (let path = 0; path < all.count; path++) {
      // The place only tells for now that there is something.
      if (times.ownPlace[path] === NEVER && times.place[path] === NEVER) continue;
      const isLeaf = Identity.isSyntheticLeaf(all.identities[path]!);
      if (!isLeaf && times.ownPlace[path] === NEVER) continue;
      kept.own[keptOf[path]!]! += times.own[path]!;
      kept.ownPlace[keptOf[path]!] = 0;
    }
    addUp(paths, kept);
    // Children of functions that were taken out stand in their place: as a walk through all comes by.
    const numbers = walkNumbers(all, times);
    const takeOver = (places: Int32Array, walked: Int32Array) => {
      for (let path = 0; path < paths.count; path++) if (places[path] !== NEVER) places[path] = NEVER - 1;
      for (let path = 0; path < all.count; path++) {
        const left = keptOf[path]!;
        if (places[left] !== NEVER && walked[path]! < places[left]!) places[left] = walked[path]!;
      }
    };
    takeOver(kept.place, numbers.place);
    takeOver(kept.ownPlace, numbers.ownPlace);
    return { number, seen, paths, times: kept, root: keptOf[root]! };
  }

  /**
   * The path from the thread's bottom to the frame where the recording was started, as far as nothing else happened
   * on the way: no self time, and a single callee.
   */
  private stemEnd({ place, ownPlace }: PathTimes): number {
    const { all } = this;
    const { stacks, metadata } = this.session;
    if (!(metadata.startStack > 0 && metadata.startStack < stacks.count)) return 0;
    const stem: number[] = [];
    for (
      let path = all.ofPath[this.paths.ofStack[metadata.startStack]!]!;
      path !== 0;
      path = all.parents[path]!
    ) {
      stem.push(path);
    }
    stem.reverse();
    const callees = new Int32Array(all.count);
    for (let child = 1; child < all.count; child++) {
      if (place[child] !== NEVER) callees[all.parents[child]!]!++;
    }
    let end = 0;
    for (const next of stem) {
      const isOnly = callees[end] === 1 && place[next] !== NEVER && ownPlace[end] === NEVER;
      if (!isOnly || all.identities[next]! < 0) break;
      end = next;
    }
    return end;
  }

  /** Adds a thread's calls below `parent`. */
  private write(tree: CallTree, { number, seen, paths, times, root }: ThreadCalls, parent: number): void {
    const nodes = this.classes.hasMixed ? new Int32Array(paths.count).fill(NONE) : undefined;
    const rootIdentity = root === 0 ? Identity.thread(number) : paths.identities[root]!;
    addPaths(tree, paths, times, root, rootIdentity, parent, nodes);
    if (nodes) this.observe(tree, seen, paths, nodes);
  }

  /** Tells the nodes of functions with several classes how long they were seen with which. */
  private observe(tree: CallTree, seen: SeenPaths, calls: CallPaths, nodes: Int32Array): void {
    const { count, identities, isMixed, classNames } = this.paths;
    const times = timesOf(this.paths, seen, (path) => path);
    const order = Array.from({ length: count }, (_, path) => path).filter((path) =>
      isMixed[path] === 1 && times.place[path] !== NEVER
    );
    order.sort((a, b) => times.place[a]! - times.place[b]!);
    for (const path of order) {
      const call = calls.ofPath[path]!;
      const node = nodes[call]!;
      if (node === NONE || calls.identities[call] !== identities[path]) continue;
      tree.observations.record(classNames[path]!, node, times.total[path]!);
    }
  }
}
