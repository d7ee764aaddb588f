import type { CallTree } from "../model/callTree.ts";
import { Identity } from "../model/identity.ts";
import { fill, h } from "../page/dom.ts";
import type { Lens } from "../page/lens.ts";
import { CATEGORY_NAMES } from "../drawing/palette.ts";

/** Says what is under the pointer. `length` is that of the box: of one call, where a chart is in time order. */
export function describe(tip: HTMLElement, lens: Lens, tree: CallTree, node: number, length: number): void {
  const { times } = lens;
  const calls = tree === lens.tree ? lens.calls : lens.wholeCalls;
  const total = tree.time[node]!;
  const isWhole = Math.abs(length - total) < 0.5;
  const category = lens.categories(calls)[node]!;
  const isSynthetic = Identity.isSynthetic(tree.identity[node]!);
  fill(
    tip,
    h("strong", {}, lens.name(node, tree)),
    h("span", { class: "tip-place" }, lens.place(node, tree) || lens.shortPath(node, tree)),
    !isWhole && h("span", {}, `this call ${times.seconds(length)}`),
    h("span", {}, `total ${times.seconds(total)} · ${times.percent(total)}`),
    !isSynthetic && h("span", {}, `self ${times.seconds(calls.tree.selfTime(node))}`),
    h(
      "span",
      { class: "tip-kind" },
      h("i", { class: `swatch category-${category}` }),
      CATEGORY_NAMES[category],
    ),
  );
}
