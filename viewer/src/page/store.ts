import type { Profile } from "../model/profile.ts";
import { Lens } from "./lens.ts";
import { loadSettings, saveSettings } from "./settings.ts";
import { fromHash, INITIAL, type State, STEPS, toHash } from "./state.ts";

export type Listener = (lens: Lens, before: Lens | undefined) => void;

/** The page's one state: views read it through the lens, and change it here only. */
export class Store {
  lens: Lens;
  private readonly listeners: Listener[] = [];
  private pendingHash = 0;

  constructor(private readonly profile: Profile) {
    const start = fromHash(location.hash, { ...INITIAL, ...loadSettings() });
    this.lens = new Lens(profile, validated(start, profile));
    addEventListener("popstate", () => this.show(fromHash(location.hash, this.state)));
    addEventListener("hashchange", () => this.show(fromHash(location.hash, this.state)));
  }

  get state(): State {
    return this.lens.state;
  }

  /** Calls `listener` now and after each change. */
  watch(listener: Listener): void {
    this.listeners.push(listener);
    listener(this.lens, undefined);
  }

  /** Changes the state. Some changes are steps in the browser's history. */
  set(patch: Partial<State>): void {
    const before = this.state;
    const next = { ...before, ...patch };
    this.show(next);
    if (patch.options || patch.theme || "inPercent" in patch || "upwards" in patch) saveSettings(next);
    const isStep = STEPS.some((key) => JSON.stringify(before[key]) !== JSON.stringify(next[key]));
    clearTimeout(this.pendingHash);
    if (isStep) this.writeHash(true);
    else this.pendingHash = setTimeout(() => this.writeHash(false), 250);
  }

  private show(state: State): void {
    const before = this.lens;
    if (toHash(before.state) === toHash(state) && isSame(before.state, state)) return;
    this.lens = new Lens(this.profile, validated(state, this.profile), before);
    for (const listener of this.listeners) listener(this.lens, before);
  }

  private writeHash(asStep: boolean): void {
    const hash = toHash(this.state);
    if (location.hash.replace(/^#/, "") === hash) return;
    try {
      if (asStep) history.pushState(null, "", `#${hash}`);
      else history.replaceState(null, "", `#${hash}`);
    } catch {
      // Not where a browser thinks little of pages from files.
    }
  }
}

/** Whether states are the same in what a link may not say. */
function isSame(a: State, b: State): boolean {
  const settings = ["options", "inPercent", "theme", "upwards"] as const;
  const calls = ["focus", "selected"] as const;
  return settings.every((key) => a[key] === b[key]) &&
    calls.every((key) => String(a[key]) === String(b[key]));
}

/** A state without threads and files that the session doesn't have: links may come from another report. */
function validated(state: State, { session }: Profile): State {
  const thread = state.thread !== undefined && state.thread < session.threads.length
    ? state.thread
    : undefined;
  return { ...state, thread, file: state.file < session.strings.length ? state.file : 0 };
}
