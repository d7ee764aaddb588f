import { h } from "../page/dom.ts";
import type { Lens } from "../page/lens.ts";
import { CATEGORY_NAMES } from "../drawing/palette.ts";

/** A cell with a time, and a bar that is as long as its part of the whole. */
export function timeCell(lens: Lens, time: number, kind: "total" | "self"): HTMLElement {
  if (time <= 0 && kind === "self") return h("span", { role: "gridcell", class: "number" });
  const bar = h("span", { class: `bar ${kind}`, role: "presentation" });
  bar.style.width = `${lens.times.part(time) * 100}%`;
  return h(
    "span",
    { role: "gridcell", class: "number" },
    bar,
    h("span", { class: "figure" }, lens.times.text(time)),
  );
}

/** A small square in the colour of a category, with the category's name for those who point at it. */
export function swatch(category: number): HTMLElement {
  return h("span", { class: `swatch category-${category}`, title: CATEGORY_NAMES[category] });
}

/** A file with what stands after it, a line's number: its folders give way where room is short. */
export function pathText(path: string): HTMLElement {
  const name = path.lastIndexOf("/") + 1;
  // Apart, so that no character of a folder turns the writing direction of the rest.
  return h(
    "span",
    { class: "path-text" },
    name > 0 && h("bdi", { class: "folders" }, path.slice(0, name)),
    h("bdi", { class: "file-name" }, path.slice(name)),
  );
}

/** The libraries that some nodes belong to, each once, the most frequent first. */
export function librariesOf(lens: Lens, nodes: number[], longest = 60): string {
  const { functions } = lens.session;
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const fn = lens.tree.functionOf(node);
    const name = fn < 0 ? "" : lens.tree.files.of(functions.file[fn]!)?.libraryName ?? "";
    if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const all = names.join(", ");
  return all.length > longest ? `${all.slice(0, longest - 1)}…` : all;
}
