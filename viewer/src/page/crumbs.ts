import { NONE } from "../model/callTree.ts";
import { type Child, fill, h, icon, ICONS } from "./dom.ts";
import { seconds, shortened } from "./format.ts";
import type { Lens } from "./lens.ts";
import type { Store } from "./store.ts";

const FIRST = 1;
const LAST = 4;
const LONGEST = 36;

/** What views are narrowed to: the callers of the focused call, and the filters. Empty without any. */
export class Crumbs {
  readonly element = h("nav", { class: "crumbs", "aria-label": "What is shown" });

  constructor(private readonly store: Store) {}

  update(lens: Lens): void {
    const { state, tree } = lens;
    const parts: Child[] = [];
    const isNarrowed = state.view === "tree" || state.view === "flame";
    if (isNarrowed && state.focus.length && lens.focus !== tree.root) {
      const path: number[] = [];
      for (let node = lens.focus; node !== NONE; node = tree.parent[node]!) path.push(node);
      path.reverse();
      const crumb = (node: number) =>
        h("button", {
          type: "button",
          class: "crumb",
          title: lens.name(node),
          "aria-current": node === lens.focus ? "true" : undefined,
          onclick: () => this.store.set({ focus: node === tree.root ? [] : lens.pathOf(node) }),
        }, node === tree.root ? "All" : shortened(lens.label(node), LONGEST));
      path.forEach((node, i) => {
        const isShown = i < FIRST || i >= path.length - LAST;
        if (!isShown && i === FIRST) {
          parts.push(h("span", { class: "between" }, `› … ${path.length - FIRST - LAST} more`));
        }
        if (!isShown) return;
        if (i > 0) parts.push(h("span", { class: "between", "aria-hidden": "true" }, "›"));
        parts.push(crumb(node));
      });
    }
    if (state.range) {
      const [from, to] = state.range.map((at) => seconds((at * lens.session.timeUnit) / 1e9));
      parts.push(this.chip(`From ${from} to ${to}`, () => this.store.set({ range: undefined })));
    }
    if (state.thread !== undefined) {
      const { name } = lens.session.threads[state.thread]!;
      parts.push(this.chip(`Thread ${name}`, () => this.store.set({ thread: undefined })));
    }
    if (state.clock === "cpu") {
      parts.push(this.chip("Time on a CPU only", () => this.store.set({ clock: "wall" })));
    }
    this.element.hidden = parts.length === 0;
    fill(this.element, ...parts);
  }

  private chip(text: string, remove: () => void): HTMLElement {
    return h(
      "span",
      { class: "chip" },
      text,
      h("button", { type: "button", "aria-label": `Remove: ${text}`, onclick: remove }, icon(ICONS.close)),
    );
  }
}
