import { type CallTree, NONE } from "../model/callTree.ts";
import { Identity } from "../model/identity.ts";
import { type Calls, nodeAt, type Outline, pathOf, type Profile } from "../model/profile.ts";
import { type Matches, search } from "../model/search.ts";
import { Category } from "../model/sourceFiles.ts";
import { StackTimes } from "../model/lineTimes.ts";
import { TimeFormat } from "./format.ts";
import type { State } from "./state.ts";

const CATEGORIES = new WeakMap<Calls, Uint8Array>();

/** A session as a state of the page shows it: everything that views read, each worked out once. */
export class Lens {
  readonly calls: Calls;
  readonly tree: CallTree;
  readonly times: TimeFormat;
  /** The node that views are narrowed to: the root, if nothing else. */
  readonly focus: number;
  /** The selected node, or `NONE`. */
  readonly selected: number;
  readonly matches: Matches | undefined;

  private kept: { outline?: Outline; stackTimes?: StackTimes };

  constructor(readonly profile: Profile, readonly state: State, before?: Lens) {
    const { thread, clock, range, options, inPercent } = state;
    this.calls = profile.calls({ thread, clock, range }, options);
    this.tree = this.calls.tree;
    const isSame = before !== undefined && before.calls === this.calls;
    const sameOptions = isSame && before.state.options === options;
    this.kept = sameOptions ? before.kept : isSame ? { ...before.kept } : {};
    if (!sameOptions) delete this.kept.outline;
    const whole = this.tree.root === NONE ? 0 : this.tree.time[this.tree.root]!;
    this.times = new TimeFormat(profile.session.timeUnit, whole, inPercent);
    this.focus = state.focus.length ? nodeAt(this.tree, state.focus) : this.tree.root;
    this.selected = state.selected.length ? nodeAt(this.tree, state.selected) : NONE;
    this.matches = isSame && before.state.query === state.query
      ? before.matches
      : search(this.calls, state.query);
  }

  get session() {
    return this.profile.session;
  }

  /** The calls of all threads over the whole time: what the timeline shows. */
  get wholeCalls(): Calls {
    return this.profile.calls({ clock: "wall" }, this.state.options);
  }

  /** The call tree as a report shows it. */
  get outline(): Outline {
    return this.kept.outline ??= this.profile.outline(this.calls, this.state.options);
  }

  /** The times of files and lines. */
  get stackTimes(): StackTimes {
    const { thread, clock, range } = this.state;
    return this.kept.stackTimes ??= new StackTimes(this.session, { thread, clock, range });
  }

  /** The path of a node of the current tree, or of another one. */
  pathOf(node: number, tree = this.tree): number[] {
    return node === NONE ? [] : pathOf(tree, node);
  }

  /** What a frame is called: `Class.method`. */
  name(node: number, tree = this.tree): string {
    if (tree.identity[node] === Identity.root) return "All threads";
    const className = tree.className(node);
    return className ? `${className}.${tree.name(node)}` : tree.name(node);
  }

  /** A name that says enough without a path beside it: a module's has its file. */
  label(node: number, tree = this.tree): string {
    const name = this.name(node, tree);
    if (name !== "<module>") return name;
    const path = this.shortPath(node, tree);
    return path ? `${path.slice(path.lastIndexOf("/") + 1)} <module>` : name;
  }

  /** The name of a function apart from any call of it. */
  functionName(fn: number): string {
    const { strings, functions } = this.session;
    const { classes } = this.profile.merger;
    // A method of many classes is best known by the one that defines it.
    const name = strings[functions.name[fn]!]!;
    if (classes.mixed[fn]) return strings[functions.qualname[fn]!]!.replace(/^.*<locals>\./, "") || name;
    const className = classes.sole[fn]!;
    return className ? `${strings[className]}.${name}` : name;
  }

  /** The path relative to `sys.path`; synthetic frames have their callers'. */
  shortPath(node: number, tree = this.tree): string {
    let current = node;
    while (current !== NONE && Identity.isSynthetic(tree.identity[current]!)) current = tree.parent[current]!;
    const fn = current === NONE ? -1 : tree.functionOf(current);
    return fn < 0 ? "" : tree.files.of(this.session.functions.file[fn]!)?.shortPath ?? "";
  }

  /** The place of a function: `work.py:12`. */
  functionPlace(fn: number): string {
    const { functions } = this.session;
    const path = this.tree.files.of(functions.file[fn]!)?.shortPath ?? "";
    return path && functions.firstLine[fn] ? `${path}:${functions.firstLine[fn]}` : path;
  }

  /** The place of a node's function; for a thread, its identifier. */
  place(node: number, tree = this.tree): string {
    const fn = tree.functionOf(node);
    if (fn >= 0) return this.functionPlace(fn);
    const identity = tree.identity[node]!;
    if (!Identity.isThread(identity)) return "";
    const thread = this.session.threads[Identity.threadNumber(identity)];
    return thread?.identifier ? `thread ${thread.identifier}` : "thread";
  }

  /** Whose code each node is. */
  categories(calls = this.calls): Uint8Array {
    let known = CATEGORIES.get(calls);
    if (!known) CATEGORIES.set(calls, known = this.findCategories(calls));
    return known;
  }

  private findCategories({ tree, application }: Calls): Uint8Array {
    const { functions } = this.session;
    const ofFunction = Uint8Array.from(functions.file, (file) => {
      const category = tree.files.of(file)?.category ?? Category.library;
      return category === Category.application ? Category.library : category;
    });
    const out = new Uint8Array(tree.count);
    for (let node = 0; node < tree.count; node++) {
      const fn = tree.identity[node]!;
      out[node] = application[node] ? Category.application : fn < 0 ? Category.idle : ofFunction[fn]!;
    }
    return out;
  }

  /** Whose code a function is. */
  functionCategory(fn: number): Category {
    const facts = this.tree.files.of(this.session.functions.file[fn]!);
    return facts?.isInstalledProgram ? Category.application : facts?.category ?? Category.library;
  }
}
