import { NONE } from "../model/callTree.ts";
import { Identity } from "../model/identity.ts";
import { type Child, fill, h } from "./dom.ts";
import type { Lens } from "./lens.ts";
import { CATEGORY_NAMES } from "../drawing/palette.ts";
import type { Store } from "./store.ts";

/** The line at the bottom: the selected call in words, which is read out when it changes, and what can be done with it. */
export class Detail {
  readonly element: HTMLElement;
  private readonly text = h("p", { class: "detail-text", role: "status" });
  private readonly actions = h("div", { class: "detail-actions" });

  constructor(store: Store) {
    const button = (label: string, title: string, action: () => void) =>
      h("button", { type: "button", class: "small", title, onclick: action }, label);
    fill(
      this.actions,
      button(
        "Focus",
        "Narrow the call tree and the flame graph to this call (f)",
        () => focusSelected(store),
      ),
      button(
        "Callers",
        "Who calls this function, and what it calls (c)",
        () => store.set({ view: "functions" }),
      ),
      button("Source", "The lines of this function (v)", () => openSource(store)),
    );
    this.element = h("footer", { class: "detail" }, this.text, this.actions);
  }

  update(lens: Lens): void {
    const node = lens.selected;
    this.actions.hidden = node === NONE;
    if (node === NONE) {
      fill(
        this.text,
        h("span", { class: "hint" }, "Select a call to learn more about it. Press ? for all keys."),
      );
      return;
    }
    const { times, tree } = lens;
    const caller = tree.parent[node]!;
    const category = lens.categories()[node]!;
    const isSynthetic = Identity.isSynthetic(tree.identity[node]!);
    const parts: Child[] = [
      h("span", { class: `swatch category-${category}`, title: CATEGORY_NAMES[category] }),
      h("strong", {}, lens.name(node)),
      h("span", {}, `${times.seconds(tree.time[node]!)} total (${times.percent(tree.time[node]!)})`),
      !isSynthetic && h("span", {}, `${times.seconds(lens.tree.selfTime(node))} self`),
      lens.place(node) !== "" && h("span", { class: "place" }, lens.place(node)),
      caller !== NONE && h("span", { class: "hint" }, `called by ${lens.label(caller)}`),
    ];
    fill(this.text, ...parts.flatMap((part) => (part ? [part, " "] : [])));
  }
}

/** Narrows views to the selected call. */
export function focusSelected(store: Store): void {
  const { lens } = store;
  if (lens.selected === NONE) return;
  store.set({ focus: lens.selected === lens.tree.root ? [] : lens.pathOf(lens.selected) });
}

/** Shows the lines of the selected call's function. */
export function openSource(store: Store): void {
  const { lens } = store;
  let node = lens.selected;
  while (node !== NONE && lens.tree.functionOf(node) < 0) node = lens.tree.parent[node]!;
  if (node === NONE) return store.set({ view: "source", file: 0, line: 0 });
  const { functions } = lens.session;
  const fn = lens.tree.functionOf(node);
  const file = functions.file[fn]!;
  const [slowest] = lens.stackTimes.linesOfFunction(fn).sort((a, b) => b.total - a.total || b.self - a.self);
  store.set({ view: "source", file, line: slowest?.line ?? functions.firstLine[fn]! });
}
