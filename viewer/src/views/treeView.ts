import { NONE } from "../model/callTree.ts";
import { OpenRows, type TreeRow } from "../model/openRows.ts";
import { Identity } from "../model/identity.ts";
import { append, h, icon, ICONS } from "../page/dom.ts";
import { plural } from "../page/format.ts";
import type { Lens } from "../page/lens.ts";
import { openSource } from "../page/detail.ts";
import type { Store } from "../page/store.ts";
import { librariesOf, pathText, swatch, timeCell } from "./cells.ts";
import type { View } from "./view.ts";
import { VirtualRows } from "./virtualRows.ts";

const ROW_HEIGHT = 24;
/** Indentation a level; deeper levels get less, so that names keep their room. */
const INDENT = 14;
const FULL_INDENTS = 22;
const DEEP_INDENT = 4;
/** From here on all calls stand below each other, and a number says how deep they are. */
const DEEPEST_INDENTED = 60;

/** The call tree: who called what, the heaviest first, frames of libraries folded. */
export class TreeView implements View {
  readonly element: HTMLElement;
  private readonly list: VirtualRows;
  private lens: Lens;
  private open: OpenRows;
  private rows: TreeRow[] = [];
  private rowOfNode = new Map<number, number>();
  private isOwnSelection = false;

  constructor(private readonly store: Store) {
    this.lens = store.lens;
    this.open = new OpenRows(this.lens.outline);
    const head = h(
      "div",
      { role: "rowgroup" },
      h(
        "div",
        { class: "head tree-columns", role: "row", "aria-rowindex": 1 },
        h("span", { role: "columnheader", class: "number" }, "Total"),
        h("span", { role: "columnheader", class: "number" }, "Self"),
        h("span", { role: "columnheader" }, "Function"),
        h("span", { role: "columnheader", class: "place" }, "Location"),
      ),
    );
    this.element = h(
      "div",
      { class: "table tree", role: "treegrid", tabindex: 0, "aria-label": "Call tree" },
      head,
    );
    this.list = new VirtualRows(this.element, {
      render: (element, row) => this.render(element, row),
      select: (row) => this.select(row),
      activate: (row, event) => this.activate(row, event),
      key: (event, row) => this.rowKey(event, row),
    }, ROW_HEIGHT);
  }

  update(lens: Lens, before: Lens | undefined): void {
    const isSame = before !== undefined && this.lens.calls === lens.calls && this.rows.length > 0;
    const sameFocus = isSame && this.lens.focus === lens.focus;
    this.lens = lens;
    if (!isSame) this.open = new OpenRows(lens.outline);
    else this.open.replaceOutline(lens.outline);
    const from = this.from();
    if (!sameFocus) this.open.openHeaviest(from);
    const selected = this.shownNode(lens.selected);
    if (selected !== NONE && !this.isOwnSelection) this.open.reveal(selected);
    this.rebuild(false);
    const row = this.rowOfNode.get(selected) ?? -1;
    const keepsFold = this.isOwnSelection && this.rows[this.list.current]?.isFold;
    this.list.setCurrent(keepsFold ? this.list.current : row, !this.isOwnSelection);
    this.isOwnSelection = false;
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
    if (this.list.current < 0 && this.rows.length) this.list.setCurrent(0);
  }

  key(event: KeyboardEvent): boolean {
    const row = this.rows[this.list.current];
    if (event.key === "*" && row) {
      this.open.setAllBelow(row.node, true);
      this.rebuild();
      return true;
    }
    return false;
  }

  asText(markdown: boolean): string {
    const { times } = this.lens;
    const lines = this.rows.map((row) => {
      const indent = "  ".repeat(row.depth);
      if (row.isFold) return `${indent}[${this.foldText(row.node)}]`;
      const place = this.lens.place(row.node);
      return `${indent}${times.text(this.lens.tree.time[row.node]!)} ${this.lens.name(row.node)}  ${place}`
        .trimEnd();
    });
    return markdown ? `\`\`\`\n${lines.join("\n")}\n\`\`\`\n` : `${lines.join("\n")}\n`;
  }

  /** The outermost call that is shown. */
  private from(): number {
    return this.shownNode(this.lens.focus);
  }

  /** The innermost caller of a node, or the node itself, that the outline has. */
  private shownNode(node: number): number {
    if (node === NONE) return NONE;
    const { tree } = this.lens.outline;
    let shown = node;
    for (
      let current = node;
      current !== NONE && current !== tree.root;
      current = this.lens.tree.parent[current]!
    ) {
      if (tree.parent[current] === NONE) shown = this.lens.tree.parent[current]!;
    }
    return shown === NONE ? tree.root : shown;
  }

  private rebuild(isPainted = true): void {
    this.rows = this.open.rows(this.from());
    this.rowOfNode = new Map(this.rows.flatMap((row, i) => (row.isFold ? [] : [[row.node, i] as const])));
    this.list.setCount(this.rows.length, isPainted);
  }

  private render(element: HTMLElement, index: number): void {
    const row = this.rows[index]!;
    const { node, depth } = row;
    const { lens } = this;
    element.classList.add("tree-columns");
    element.setAttribute("aria-level", String(depth + 1));
    if (row.isFold) {
      const isUnfolded = this.open.isUnfolded(node);
      element.classList.add("fold");
      element.setAttribute("aria-expanded", String(isUnfolded));
      const members = lens.outline.hidden.frames(node);
      append(element, [
        h("span", { role: "gridcell", class: "number" }),
        h("span", { role: "gridcell", class: "number" }),
        this.nameCell(
          depth,
          twisty(isUnfolded, true),
          h(
            "span",
            { class: "fold-name" },
            isUnfolded ? `Fold ${plural(members.length, "frame")}` : this.foldText(node),
          ),
        ),
        h("span", { role: "gridcell", class: "place" }),
      ]);
      return;
    }
    const { tree } = lens.outline;
    const hasChildren = tree.firstChild[node] !== NONE;
    const isOpen = this.open.isOpen(node);
    if (hasChildren) element.setAttribute("aria-expanded", String(isOpen));
    const category = lens.categories()[node]!;
    if (category === 0) element.classList.add("own");
    if (lens.matches) element.classList.add(lens.matches.nodes[node] ? "match" : "no-match");
    const isSynthetic = Identity.isSynthetic(lens.tree.identity[node]!);
    append(element, [
      timeCell(lens, lens.tree.time[node]!, "total"),
      isSynthetic
        ? h("span", { role: "gridcell", class: "number" })
        : timeCell(lens, lens.tree.selfTime(node), "self"),
      this.nameCell(
        depth,
        twisty(isOpen, hasChildren),
        swatch(category),
        h("span", { class: isSynthetic ? "name synthetic" : "name" }, lens.name(node)),
      ),
      this.placeCell(node),
    ]);
  }

  /** Where the function is, which leads to its source. */
  private placeCell(node: number): HTMLElement {
    const { lens } = this;
    const isFunction = lens.tree.functionOf(node) >= 0;
    const text = lens.place(node);
    const link = isFunction && h("a", { title: "Show the lines (v)" }, pathText(text));
    return h("span", { role: "gridcell", class: "place" }, link || text);
  }

  private nameCell(depth: number, ...children: Node[]): HTMLElement {
    const indented = Math.min(depth, DEEPEST_INDENTED);
    const indent = Math.min(indented, FULL_INDENTS) * INDENT +
      Math.max(0, indented - FULL_INDENTS) * DEEP_INDENT;
    const guides = h("span", { class: "guides", role: "presentation" });
    guides.style.width = `${indent}px`;
    const level = depth > DEEPEST_INDENTED && h("span", { class: "level", title: "How deep it is" }, depth);
    return h("span", { role: "gridcell", class: "name-cell" }, guides, level, ...children);
  }

  /** What a fold says: how many frames, and of which libraries. */
  private foldText(groupRoot: number): string {
    const members = this.lens.outline.hidden.frames(groupRoot);
    return `${plural(members.length, "frame")} hidden  ${librariesOf(this.lens, members)}`;
  }

  private select(row: number): void {
    const { node } = this.rows[row]!;
    this.isOwnSelection = true;
    this.list.paint();
    this.store.set({ selected: this.lens.pathOf(node) });
    this.isOwnSelection = false;
  }

  private activate(index: number, event: MouseEvent | KeyboardEvent): void {
    const row = this.rows[index]!;
    const isClick = event instanceof MouseEvent;
    const onTwisty = (event.target as Element).closest(".twisty") !== null;
    if (isClick && (event.target as Element).closest(".place a")) return openSource(this.store);
    // A click only selects, unless it is on the triangle or a fold, or the second of two.
    if (isClick && !onTwisty && !row.isFold && event.detail !== 2) return;
    const isOpen = row.isFold ? !this.open.isUnfolded(row.node) : !this.open.isOpen(row.node);
    this.toggle(row, isOpen, event.altKey);
  }

  private toggle(row: TreeRow, isOpen: boolean, all: boolean): void {
    if (row.isFold) this.open.setUnfolded(row.node, isOpen);
    else if (all) this.open.setAllBelow(row.node, isOpen);
    else this.open.setOpen(row.node, isOpen);
    const { current } = this.list;
    this.rebuild(false);
    this.list.setCurrent(Math.min(current, this.rows.length - 1));
  }

  private rowKey(event: KeyboardEvent, index: number): boolean {
    const row = this.rows[index];
    if (!row || (event.key !== "ArrowRight" && event.key !== "ArrowLeft")) return false;
    const hasChildren = this.lens.outline.tree.firstChild[row.node] !== NONE;
    const isOpen = row.isFold ? this.open.isUnfolded(row.node) : this.open.isOpen(row.node);
    if (event.key === "ArrowRight") {
      if (!isOpen && (hasChildren || row.isFold)) this.toggle(row, true, event.altKey);
      else if (hasChildren && index + 1 < this.rows.length) this.go(index + 1);
    } else if (isOpen && (hasChildren || row.isFold)) this.toggle(row, false, event.altKey);
    else {
      let caller = index - 1;
      while (caller > 0 && this.rows[caller]!.depth >= row.depth) caller--;
      if (caller >= 0) this.go(caller);
    }
    return true;
  }

  private go(row: number): void {
    this.list.setCurrent(row);
    this.select(row);
  }
}

function twisty(isOpen: boolean, isShown: boolean): HTMLElement {
  return h(
    "span",
    { class: "twisty", "aria-hidden": "true" },
    isShown && icon(isOpen ? ICONS.open : ICONS.closed),
  );
}
