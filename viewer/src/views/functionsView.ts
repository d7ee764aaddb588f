import { type FunctionTime, functionTimes, type Neighbour, neighbours } from "../model/functionTimes.ts";
import { type Calls } from "../model/profile.ts";
import { append, fill, h } from "../page/dom.ts";
import { count } from "../page/format.ts";
import type { Lens } from "../page/lens.ts";
import type { Store } from "../page/store.ts";
import { pathText, swatch, timeCell } from "./cells.ts";
import type { View } from "./view.ts";
import { VirtualRows } from "./virtualRows.ts";

const ROW_HEIGHT = 24;
const MOST_NEIGHBOURS = 200;
type Column = "self" | "total" | "name";

/** All functions with their times; beside them, who calls the selected one and what it calls. */
export class FunctionsView implements View {
  readonly element: HTMLElement;
  private readonly table: HTMLElement;
  private readonly list: VirtualRows;
  private readonly beside: HTMLElement;
  private readonly heads: Record<Column, HTMLElement>;
  private lens: Lens;
  private functions: FunctionTime[] = [];
  private madeFor: Calls | undefined;
  private order: { column: Column; isDown: boolean } = { column: "self", isDown: true };
  private shownFor: unknown[] = [];

  constructor(private readonly store: Store) {
    this.lens = store.lens;
    const headOf = (column: Column, text: string) =>
      h(
        "span",
        { role: "columnheader", class: column === "name" ? "" : "number" },
        h("button", { type: "button", class: "sort", onclick: () => this.sort(column) }, text),
      );
    this.heads = {
      self: headOf("self", "Self"),
      total: headOf("total", "Total"),
      name: headOf("name", "Function"),
    };
    this.table = h(
      "div",
      { class: "table functions", role: "grid", tabindex: 0, "aria-label": "Functions" },
      h(
        "div",
        { role: "rowgroup" },
        h(
          "div",
          { class: "head function-columns", role: "row", "aria-rowindex": 1 },
          this.heads.self,
          this.heads.total,
          this.heads.name,
          h("span", { role: "columnheader", class: "place" }, "Location"),
        ),
      ),
    );
    this.list = new VirtualRows(this.table, {
      render: (element, row) => this.render(element, row),
      select: (row) => this.select(row),
      activate: (row, event) => {
        if (!(event instanceof MouseEvent) || event.detail === 2) this.openInTree(this.functions[row]!.node);
      },
    }, ROW_HEIGHT);
    this.beside = h("section", { class: "beside", "aria-label": "Callers and callees" });
    this.element = h("div", { class: "split" }, this.table, this.beside);
  }

  update(lens: Lens, before: Lens | undefined): void {
    const isNew = this.madeFor !== lens.calls;
    const oldQuery = this.lens.state.query;
    this.lens = lens;
    const lookChanged = !before || before.times.inPercent !== lens.times.inPercent ||
      oldQuery !== lens.state.query;
    if (isNew || lookChanged) {
      this.madeFor = lens.calls;
      this.functions = functionTimes(lens.calls).filter(({ function: fn }) =>
        !lens.matches || lens.matches.functions[fn] === 1
      );
      this.applyOrder();
    }
    const fn = this.selectedFunction();
    const row = this.functions.findIndex((item) => item.function === fn);
    if (row !== this.list.current) this.list.setCurrent(row);
    this.showNeighbours(fn);
  }

  focus(): void {
    this.table.focus({ preventScroll: true });
  }

  asText(markdown: boolean): string {
    const { times } = this.lens;
    const rows = this.functions.slice(0, 50).map((item) => [
      times.text(item.self),
      times.text(item.total),
      this.lens.functionName(item.function),
      this.lens.functionPlace(item.function),
    ]);
    if (!markdown) return rows.map((row) => row.join("\t")).join("\n") + "\n";
    const escaped = rows.map((row) => `| ${row.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`);
    return ["| Self | Total | Function | Location |", "| ---: | ---: | --- | --- |", ...escaped].join("\n") +
      "\n";
  }

  private selectedFunction(): number {
    return this.lens.selected < 0 ? -1 : this.lens.tree.functionOf(this.lens.selected);
  }

  private select(row: number): void {
    const { node } = this.functions[row]!;
    this.list.paint();
    this.store.set({ selected: this.lens.pathOf(node) });
  }

  private openInTree(node: number): void {
    this.store.set({ selected: this.lens.pathOf(node), view: "tree" });
  }

  private sort(column: Column): void {
    const isSame = this.order.column === column;
    this.order = { column, isDown: isSame ? !this.order.isDown : column !== "name" };
    this.applyOrder();
    this.list.setCurrent(this.functions.findIndex((item) => item.function === this.selectedFunction()));
  }

  private applyOrder(): void {
    const { column, isDown } = this.order;
    const sign = isDown ? -1 : 1;
    const names = new Map(this.functions.map((item) => [item, this.lens.functionName(item.function)]));
    this.functions.sort((a, b) => {
      const order = column === "name"
        ? (names.get(a)! < names.get(b)! ? -1 : names.get(a)! > names.get(b)! ? 1 : 0)
        : a[column] - b[column];
      return sign * order || b.total - a.total || a.function - b.function;
    });
    for (const [name, head] of Object.entries(this.heads)) {
      head.setAttribute("aria-sort", name === column ? (isDown ? "descending" : "ascending") : "none");
    }
    this.list.setCount(this.functions.length);
  }

  private render(element: HTMLElement, row: number): void {
    const item = this.functions[row]!;
    const category = this.lens.functionCategory(item.function);
    element.classList.add("function-columns");
    if (category === 0) element.classList.add("own");
    append(element, [
      timeCell(this.lens, item.self, "self"),
      timeCell(this.lens, item.total, "total"),
      h(
        "span",
        { role: "gridcell", class: "name-cell" },
        swatch(category),
        h("span", { class: "name" }, this.lens.functionName(item.function)),
      ),
      h("span", { role: "gridcell", class: "place" }, pathText(this.lens.functionPlace(item.function))),
    ]);
  }

  private showNeighbours(fn: number): void {
    const key = [fn, this.lens.calls, this.lens.times.inPercent];
    if (key.every((value, i) => value === this.shownFor[i])) return;
    this.shownFor = key;
    if (fn < 0) {
      fill(
        this.beside,
        h("p", { class: "hint" }, "Select a function to see who calls it and what it calls."),
      );
      return;
    }
    const { callers, callees } = neighbours(this.lens.calls, fn);
    const item = this.functions.find((known) => known.function === fn);
    fill(
      this.beside,
      this.neighbourList("Called by", callers),
      h(
        "div",
        { class: "beside-self" },
        h("strong", {}, this.lens.functionName(fn)),
        h(
          "span",
          {},
          item ? `self ${this.lens.times.text(item.self)} · total ${this.lens.times.text(item.total)}` : "",
        ),
      ),
      this.neighbourList("Calls", callees),
    );
  }

  private neighbourList(title: string, items: Neighbour[]): HTMLElement {
    const rows = items.slice(0, MOST_NEIGHBOURS).map((item) => {
      const bar = h("span", { class: "bar total", role: "presentation" });
      bar.style.width = `${this.lens.times.part(item.time) * 100}%`;
      const name = item.function < 0 ? this.lens.name(item.node) : this.lens.functionName(item.function);
      return h(
        "li",
        {},
        h(
          "button",
          { type: "button", onclick: () => this.store.set({ selected: this.lens.pathOf(item.node) }) },
          h(
            "span",
            { class: "number" },
            bar,
            h("span", { class: "figure" }, this.lens.times.text(item.time)),
          ),
          swatch(item.function < 0 ? 5 : this.lens.functionCategory(item.function)),
          h("span", { class: "name" }, name),
        ),
      );
    });
    const more = items.length - rows.length;
    return h(
      "div",
      { class: "neighbours" },
      h("h2", {}, `${title} (${count(items.length)})`),
      rows.length ? h("ul", {}, ...rows) : h("p", { class: "hint" }, "Nothing."),
      more > 0 && h("p", { class: "hint" }, `and ${count(more)} more`),
    );
  }
}
