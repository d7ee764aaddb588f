import { NONE } from "../model/callTree.ts";
import { fill, h, icon, ICONS } from "./dom.ts";
import { count, plural } from "./format.ts";
import type { Lens } from "./lens.ts";
import type { ViewName } from "./state.ts";
import type { Store } from "./store.ts";

export const VIEW_TITLES: Record<ViewName, string> = {
  tree: "Call tree",
  flame: "Flame graph",
  timeline: "Timeline",
  functions: "Functions",
  source: "Source",
};

const TYPING_PAUSE_MS = 120;

/** The tabs, the choice of thread and clock, and the search. */
export class Toolbar {
  readonly element: HTMLElement;
  private readonly tabs = new Map<ViewName, HTMLButtonElement>();
  private readonly thread: HTMLSelectElement;
  private readonly clock: HTMLSelectElement;
  private readonly input: HTMLInputElement;
  private readonly found: HTMLElement;
  private typing = 0;
  /** The matches, the heaviest first, made when they are walked through. */
  private ordered: { matches: unknown; nodes: number[] } = { matches: undefined, nodes: [] };

  constructor(private readonly store: Store) {
    const names = Object.keys(VIEW_TITLES) as ViewName[];
    const tabs = names.map((name, i) => {
      const tab = h("button", {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "aria-controls": "view",
        title: `${VIEW_TITLES[name]} (${i + 1})`,
        "data-title": VIEW_TITLES[name],
        onclick: () => store.set({ view: name }),
      }, VIEW_TITLES[name]);
      this.tabs.set(name, tab);
      return tab;
    });
    const list = h("div", { class: "tabs", role: "tablist", "aria-label": "Views" }, ...tabs);
    list.addEventListener("keydown", (event) => this.tabKey(event, names));
    const { threads } = store.lens.session;
    this.thread = h(
      "select",
      { "aria-label": "Thread", title: "Thread (t)", onchange: () => this.chooseThread() },
      h("option", { value: "" }, `All ${plural(threads.length, "thread")}`),
      ...threads.map((thread, i) => h("option", { value: i }, thread.name || `Thread ${i}`)),
    );
    this.thread.hidden = threads.length < 2;
    this.clock = h(
      "select",
      {
        "aria-label": "Clock",
        title: "Count time as it passes, or time on a CPU",
        onchange: () => store.set({ clock: this.clock.value === "cpu" ? "cpu" : "wall" }),
      },
      h("option", { value: "wall" }, "Wall time"),
      h("option", { value: "cpu" }, "CPU time"),
    );
    this.clock.hidden = !threads.some((thread) => thread.cpu.some((time) => time > 0));
    this.input = h("input", {
      type: "search",
      "aria-label": "Search functions and files",
      placeholder: "Search functions and files",
      title: "Search (/): a part of the name, * and ?, or /a regular expression/",
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => this.type(),
      onkeydown: (event: KeyboardEvent) => this.searchKey(event),
    });
    this.found = h("span", { class: "found", role: "status" });
    const search = h(
      "div",
      { class: "search", role: "search" },
      icon(ICONS.search),
      this.input,
    );
    this.element = h("div", { class: "toolbar" }, list, this.found, this.thread, this.clock, search);
  }

  update(lens: Lens): void {
    const { state } = lens;
    for (const [name, tab] of this.tabs) {
      const isOpen = name === state.view;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
    }
    this.thread.value = state.thread === undefined ? "" : String(state.thread);
    this.clock.value = state.clock;
    if (document.activeElement !== this.input) this.input.value = state.query;
    const { matches } = lens;
    const text = matches
      ? matches.functionCount || matches.nodeCount
        ? `${plural(matches.functionCount, "function")}, ${plural(matches.nodeCount, "call")} · ` +
          `${lens.times.percent(matches.time)} · ${lens.times.seconds(matches.time)}`
        : "nothing found"
      : state.query
      ? "no such pattern"
      : "";
    fill(this.found, text);
  }

  focusSearch(): void {
    this.input.focus();
    this.input.select();
  }

  /** Goes to the next match, or back: from the one with the most time to those with less. */
  nextMatch(step: number): void {
    const { lens } = this.store;
    const { matches } = lens;
    if (!matches) return;
    if (this.ordered.matches !== matches) {
      const nodes: number[] = [];
      for (let node = 0; node < matches.nodes.length; node++) if (matches.nodes[node]) nodes.push(node);
      const { time } = lens.tree;
      this.ordered = { matches, nodes: nodes.sort((a, b) => time[b]! - time[a]!) };
    }
    const { nodes } = this.ordered;
    if (nodes.length === 0) return;
    const at = lens.selected === NONE ? -1 : nodes.indexOf(lens.selected);
    const next = at < 0 ? (step > 0 ? 0 : nodes.length - 1) : (at + step + nodes.length) % nodes.length;
    this.store.set({ selected: lens.pathOf(nodes[next]!) });
    fill(
      this.found,
      `call ${count(next + 1)} of ${count(nodes.length)} · ${lens.times.percent(matches.time)}`,
    );
  }

  private chooseThread(): void {
    this.store.set({ thread: this.thread.value === "" ? undefined : Number(this.thread.value) });
  }

  private type(): void {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.store.set({ query: this.input.value }), TYPING_PAUSE_MS);
  }

  private searchKey(event: KeyboardEvent): void {
    if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(this.typing);
      if (this.store.state.query !== this.input.value) this.store.set({ query: this.input.value });
      this.nextMatch(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      clearTimeout(this.typing);
      this.input.value = "";
      this.store.set({ query: "" });
      this.input.blur();
      document.dispatchEvent(new CustomEvent("focusview"));
    }
  }

  private tabKey(event: KeyboardEvent, names: ViewName[]): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = names.indexOf(this.store.state.view);
    const name = names[(at + step + names.length) % names.length]!;
    this.store.set({ view: name });
    this.tabs.get(name)!.focus();
  }
}
