import { flameLevels } from "../layout/flame.ts";
import type { Level } from "../layout/levels.ts";
import { type CallTree, NONE } from "../model/callTree.ts";
import { h } from "../page/dom.ts";
import type { Lens } from "../page/lens.ts";
import type { Store } from "../page/store.ts";
import { Chart, type ChartSource } from "./chart.ts";
import { legend } from "./legend.ts";
import type { Picture, View } from "./view.ts";

/** So many callers of the call that the graph is narrowed to stay in sight. */
const ROWS_ABOVE = 4;

/** The flame graph: all calls merged, as wide as their time. */
export class FlameView implements View, ChartSource {
  readonly element: HTMLElement;
  lens: Lens;
  levels: Level[] = [];
  readonly chart: Chart;
  private laidOut: unknown;
  private shownFocus = NONE;
  private readonly direction: HTMLButtonElement;

  constructor(private readonly store: Store) {
    this.lens = store.lens;
    this.chart = new Chart(
      this,
      "Flame graph. Arrow keys go from call to call; the call tree has the same as text.",
    );
    const button = (label: string, title: string, action: () => void) =>
      h("button", { type: "button", class: "small", title, onclick: action }, label);
    this.direction = button("", "Turn the graph around (i)", () => this.turn());
    this.element = h(
      "div",
      { class: "chart-view" },
      h(
        "div",
        { class: "chart-bar" },
        this.direction,
        button("Zoom out", "Show all again (0)", () => this.zoomOut()),
        legend(),
      ),
      this.chart.element,
    );
  }

  get tree(): CallTree {
    return this.lens.tree;
  }

  get span(): readonly [number, number] {
    return [0, Math.max(1, this.tree.root === NONE ? 1 : this.tree.time[this.tree.root]!)];
  }

  get categories(): Uint8Array {
    return this.lens.categories();
  }

  get found(): Uint8Array | undefined {
    return this.lens.matches?.nodes;
  }

  get selected(): number {
    return this.lens.selected;
  }

  get upwards(): boolean {
    return this.lens.state.upwards;
  }

  get shortest(): number {
    return 1;
  }

  update(lens: Lens, before: Lens | undefined): void {
    const turned = lens.state.upwards !== this.lens.state.upwards;
    this.lens = lens;
    this.direction.textContent = lens.state.upwards ? "Grow downwards" : "Grow upwards";
    const isNew = this.laidOut !== lens.calls;
    if (isNew) {
      this.laidOut = lens.calls;
      this.levels = flameLevels(lens.calls);
      this.shownFocus = NONE;
    }
    if (isNew || turned || !before) this.chart.refresh();
    if (turned) this.chart.element.scrollTop = lens.state.upwards ? 1e9 : 0;
    if (this.shownFocus !== lens.focus) {
      const animated = this.shownFocus !== NONE;
      this.shownFocus = lens.focus;
      this.chart.show(...this.spanOf(lens.focus), animated);
      this.chart.scrollToRow(lens.focus === NONE ? 0 : lens.calls.facts.depth[lens.focus]! - ROWS_ABOVE);
    }
    this.chart.schedule();
  }

  focus(): void {
    this.chart.focus();
  }

  select(node: number): void {
    this.store.set({ selected: this.lens.pathOf(node) });
  }

  open(node: number): void {
    this.store.set({
      focus: node === this.tree.root ? [] : this.lens.pathOf(node),
      selected: this.lens.pathOf(node),
    });
  }

  moved(): void {}

  key(event: KeyboardEvent): boolean {
    if (event.key !== "i") return false;
    this.turn();
    return true;
  }

  picture(): Picture {
    return this.chart.picture();
  }

  private zoomOut(): void {
    this.store.set({ focus: [] });
    this.chart.reset();
  }

  private turn(): void {
    this.store.set({ upwards: !this.lens.state.upwards });
  }

  private spanOf(node: number): [number, number] {
    const level = node === NONE ? undefined : this.levels[this.lens.calls.facts.depth[node]!];
    const box = level?.node.subarray(0, level.count).indexOf(node) ?? -1;
    return box < 0 ? [...this.span] as [number, number] : [level!.start[box]!, level!.end[box]!];
  }
}
