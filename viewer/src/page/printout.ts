import { NONE } from "../model/callTree.ts";
import { Identity } from "../model/identity.ts";
import { fill, h } from "./dom.ts";
import type { Store } from "./store.ts";
import { swatch } from "../views/cells.ts";

const LEAST = 0.01;
const MOST_ROWS = 1500;

/** Puts the call tree on paper: all calls with at least a hundredth of the time, whatever the page shows. */
export function preparePrinting(store: Store): HTMLElement {
  const place = h("section", { class: "printout", "aria-hidden": "true" });
  addEventListener("beforeprint", () => {
    const { lens } = store;
    const { tree, hidden } = lens.outline;
    const rows: HTMLElement[] = [];
    const depths = lens.calls.facts.depth;
    const whole = tree.root === NONE ? 0 : tree.time[tree.root]!;
    const base = lens.focus === NONE ? 0 : depths[lens.focus]!;
    const end = lens.focus === NONE ? 0 : lens.calls.facts.end[lens.focus]!;
    for (let node = lens.focus; node !== NONE && node < end && rows.length < MOST_ROWS;) {
      const isShown = tree.time[node]! >= LEAST * whole;
      if (isShown && !hidden.has(node)) {
        const name = h("td", {}, swatch(lens.categories()[node]!), lens.name(node));
        name.style.paddingLeft = `${Math.min(depths[node]! - base, 40) * 8}px`;
        const self = Identity.isSynthetic(tree.identity[node]!)
          ? ""
          : lens.times.text(lens.calls.facts.self[node]!);
        rows.push(h(
          "tr",
          { class: lens.calls.application[node] ? "own" : "" },
          h("td", { class: "number" }, lens.times.text(tree.time[node]!)),
          h("td", { class: "number" }, self),
          name,
          h("td", { class: "place" }, lens.place(node)),
        ));
      }
      const next = tree.nextInPreorder(node, !isShown);
      if (next === NONE) break;
      node = next;
    }
    const head = ["Total", "Self", "Function", "Location"].map((text) => h("th", { scope: "col" }, text));
    fill(place, h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)));
  });
  addEventListener("afterprint", () => fill(place));
  return place;
}
