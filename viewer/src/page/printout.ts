import { NONE } from "../model/callTree.ts";
import { Identity } from "../model/identity.ts";
import { librariesOf, swatch } from "../views/cells.ts";
import { fill, h } from "./dom.ts";
import { plural } from "./format.ts";
import type { Lens } from "./lens.ts";
import type { Store } from "./store.ts";
import { setTheme, showLight } from "./theme.ts";

const LEAST = 0.01;
const MOST_ROWS = 1500;
const INDENT = 8;
const MOST_INDENTS = 40;

/** Puts the call tree on paper: all calls with at least a hundredth of the time, whatever the page shows. */
export function preparePrinting(store: Store): HTMLElement {
  const place = h("section", { class: "printout", "aria-hidden": "true" });
  addEventListener("beforeprint", () => {
    showLight();
    const head = ["Total", "Self", "Function", "Location"].map((text) => h("th", { scope: "col" }, text));
    fill(
      place,
      h("table", {}, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...printedRows(store.lens))),
    );
  });
  addEventListener("afterprint", () => {
    setTheme(store.state.theme);
    fill(place);
  });
  return place;
}

function printedRows(lens: Lens): HTMLElement[] {
  const { tree, hidden } = lens.outline;
  const { facts } = lens.calls;
  const rows: HTMLElement[] = [];
  const least = LEAST * (tree.root === NONE ? 0 : tree.time[tree.root]!);
  const end = lens.focus === NONE ? 0 : facts.end[lens.focus]!;
  // How far in the calls below a call stand: folded frames take no room.
  const depths = new Map<number, number>();
  let node = Math.max(lens.focus, tree.root);
  while (node !== NONE && node < end && rows.length < MOST_ROWS) {
    const isShown = tree.time[node]! >= least;
    const depth = depths.get(tree.parent[node]!) ?? 0;
    depths.set(node, hidden.has(node) ? depth : depth + 1);
    if (isShown && !hidden.has(node)) {
      rows.push(callRow(lens, node, depth));
      const folded = hidden.frames(node);
      if (folded.length) {
        rows.push(
          foldRow(`${plural(folded.length, "frame")} hidden  ${librariesOf(lens, folded)}`, depth + 1),
        );
      }
    }
    node = tree.nextInPreorder(node, !isShown);
  }
  return rows;
}

function callRow(lens: Lens, node: number, depth: number): HTMLElement {
  const { tree, times, calls } = lens;
  const self = Identity.isSynthetic(tree.identity[node]!) ? 0 : calls.tree.selfTime(node);
  const name = h("td", {}, swatch(lens.categories()[node]!), lens.name(node));
  name.style.paddingLeft = indentation(depth);
  return h(
    "tr",
    { class: calls.application[node] ? "own" : "" },
    h("td", { class: "number" }, times.text(tree.time[node]!)),
    h("td", { class: "number" }, self > 0 && times.text(self)),
    name,
    h("td", { class: "place" }, lens.place(node)),
  );
}

function foldRow(text: string, depth: number): HTMLElement {
  const name = h("td", { class: "hint" }, text);
  name.style.paddingLeft = indentation(depth);
  return h("tr", {}, h("td"), h("td"), name, h("td"));
}

function indentation(depth: number): string {
  return `${Math.min(depth, MOST_INDENTS) * INDENT}px`;
}
