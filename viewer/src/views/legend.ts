import { h } from "../page/dom.ts";
import { CATEGORY_NAMES } from "../drawing/palette.ts";

/** Says what the colours mean. */
export function legend(): HTMLElement {
  const items = CATEGORY_NAMES.map((name, category) =>
    h("li", {}, h("span", { class: `swatch category-${category}` }), name)
  );
  return h("ul", { class: "legend", "aria-label": "Colours" }, ...items);
}
