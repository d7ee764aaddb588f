import { DEFAULT_OPTIONS, type TreeOptions } from "../model/profile.ts";

export const VIEWS = ["tree", "flame", "timeline", "functions", "source"] as const;
export type ViewName = (typeof VIEWS)[number];
export type Theme = "system" | "light" | "dark";

/** Everything that decides what the page shows. Calls are paths of identities from the outermost in. */
export interface State {
  view: ViewName;
  query: string;
  thread: number | undefined;
  clock: "wall" | "cpu";
  /** The part of the time that counts, in units since the start. */
  range: readonly [number, number] | undefined;
  /** The call that the tree and the flame graph are narrowed to; empty for all. */
  focus: readonly number[];
  selected: readonly number[];
  /** The part of the timeline that is seen, in units. */
  window: readonly [number, number] | undefined;
  /** The shown source file: a string's row, or 0; and a line in it. */
  file: number;
  line: number;
  options: TreeOptions;
  inPercent: boolean;
  /** Whether the flame graph grows upwards. */
  upwards: boolean;
  theme: Theme;
}

export const INITIAL: State = {
  view: "tree",
  query: "",
  thread: undefined,
  clock: "wall",
  range: undefined,
  focus: [],
  selected: [],
  window: undefined,
  file: 0,
  line: 0,
  options: DEFAULT_OPTIONS,
  inPercent: false,
  upwards: false,
  theme: "system",
};

/** A link doesn't say calls that are deeper. */
const DEEPEST = 1000;

/** Changes of these are steps that the browser's back button takes back. */
export const STEPS = ["view", "thread", "clock", "range", "focus", "file"] as const;

/** What of the state a link to it has to say, as the part of an address after `#`. */
export function toHash(state: State): string {
  const out = new URLSearchParams();
  if (state.view !== "tree") out.set("view", state.view);
  if (state.query) out.set("q", state.query);
  if (state.thread !== undefined) out.set("thread", String(state.thread));
  if (state.clock !== "wall") out.set("clock", state.clock);
  if (state.range) out.set("range", span(state.range));
  if (state.window) out.set("window", span(state.window));
  if (state.focus.length && state.focus.length <= DEEPEST) out.set("focus", numbers(state.focus));
  if (state.selected.length && state.selected.length <= DEEPEST) out.set("selected", numbers(state.selected));
  if (state.file) out.set("file", String(state.file));
  if (state.line) out.set("line", String(state.line));
  return out.toString();
}

/** The part of the state that `hash` says; everything else as it is in `state`. Nonsense is ignored. */
export function fromHash(hash: string, state: State): State {
  const values = new URLSearchParams(hash.replace(/^#/, ""));
  const view = VIEWS.find((name) => name === values.get("view")) ?? "tree";
  const thread = wholeNumber(values.get("thread"));
  return {
    ...state,
    view,
    query: values.get("q") ?? "",
    thread,
    clock: values.get("clock") === "cpu" ? "cpu" : "wall",
    range: readSpan(values.get("range")),
    window: readSpan(values.get("window")),
    focus: readNumbers(values.get("focus")),
    selected: readNumbers(values.get("selected")),
    file: wholeNumber(values.get("file")) ?? 0,
    line: wholeNumber(values.get("line")) ?? 0,
  };
}

function span([from, to]: readonly [number, number]): string {
  return `${Math.round(from)}-${Math.round(to)}`;
}

function readSpan(text: string | null): readonly [number, number] | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? "");
  return match && Number(match[1]) < Number(match[2]) ? [Number(match[1]), Number(match[2])] : undefined;
}

function numbers(path: readonly number[]): string {
  return path.map((value) => value.toString(36)).join(".");
}

function readNumbers(text: string | null): number[] {
  const path = (text ?? "").split(".").filter((part) => part !== "").map((part) => parseInt(part, 36));
  return path.every(Number.isSafeInteger) ? path : [];
}

function wholeNumber(text: string | null): number | undefined {
  return /^\d{1,9}$/.test(text ?? "") ? Number(text) : undefined;
}
