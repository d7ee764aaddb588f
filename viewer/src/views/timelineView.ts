import type { Viewport } from "../layout/drawList.ts";
import type { Level } from "../layout/levels.ts";
import { type Lane, timelineLanes } from "../layout/timeline.ts";
import { type CallTree, NONE } from "../model/callTree.ts";
import { type Calls, nodeAt } from "../model/profile.ts";
import { search } from "../model/search.ts";
import { h } from "../page/dom.ts";
import { seconds } from "../page/format.ts";
import type { Lens } from "../page/lens.ts";
import type { Store } from "../page/store.ts";
import { Chart, type ChartSource, ROW_HEIGHT } from "./chart.ts";
import { legend } from "./legend.ts";
import { Overview } from "./overview.ts";
import type { Picture, View } from "./view.ts";

/** The timeline: calls in the order of time, thread by thread. */
export class TimelineView implements View, ChartSource {
  readonly element: HTMLElement;
  lens: Lens;
  levels: (Level | undefined)[] = [];
  lanes: Lane[] = [];
  found: Uint8Array | undefined;
  readonly chart: Chart;
  private calls: Calls;
  private readonly overview: Overview;
  /** Rows with the name of a thread. */
  private titles: { row: number; text: string }[] = [];
  private laidOut: unknown[] = [];
  private all: Lane[] = [];
  private searched: unknown[] = [];
  private draft: readonly [number, number] | undefined;

  constructor(private readonly store: Store) {
    this.lens = store.lens;
    this.calls = this.lens.wholeCalls;
    this.chart = new Chart(
      this,
      "Timeline. Arrow keys go from call to call; the call tree has the same as text.",
    );
    this.overview = new Overview(this);
    const button = (label: string, title: string, action: () => void) =>
      h("button", { type: "button", class: "small", title, onclick: action }, label);
    this.element = h(
      "div",
      { class: "chart-view" },
      h(
        "div",
        { class: "chart-bar" },
        button("+", "Zoom in (w)", () => this.chart.zoom(2, undefined, true)),
        button("−", "Zoom out (s)", () => this.chart.zoom(0.5, undefined, true)),
        button("All", "Show the whole time (0)", () => this.chart.reset()),
        button(
          "Filter to this span",
          "Let all views show only the time that is seen here (x)",
          () => this.filter(),
        ),
        legend(),
      ),
      this.overview.element,
      this.chart.element,
    );
  }

  get tree(): CallTree {
    return this.calls.tree;
  }

  get span(): readonly [number, number] {
    return [0, Math.max(1, ...this.all.map((lane) => lane.end))];
  }

  get categories(): Uint8Array {
    return this.lens.categories(this.calls);
  }

  get selected(): number {
    return this.lens.state.selected.length ? nodeAt(this.tree, this.lens.state.selected) : NONE;
  }

  get upwards(): boolean {
    return false;
  }

  get shortest(): number {
    return Math.max(1, 1000 / this.lens.session.timeUnit);
  }

  /** The span that is, or is about to be, the filter. */
  get range(): readonly [number, number] | undefined {
    return this.draft ?? this.lens.state.range;
  }

  update(lens: Lens, before: Lens | undefined): void {
    this.lens = lens;
    this.calls = lens.wholeCalls;
    const { thread, window } = lens.state;
    const isNew = this.laidOut[0] !== this.calls;
    if (isNew) this.all = timelineLanes(this.calls, lens.profile.merger.paths);
    if (isNew || this.laidOut[1] !== thread) this.arrange(thread);
    if (isNew || this.searched[1] !== lens.state.query) {
      this.found = search(this.calls, lens.state.query)?.nodes;
    }
    this.searched = [this.calls, lens.state.query];
    if (isNew || this.laidOut[1] !== thread || !before) {
      this.laidOut = [this.calls, thread];
      this.chart.refresh();
    }
    const [from, to] = window ?? this.span;
    const isElsewhere = Math.abs(this.chart.from - from) > 1 || Math.abs(this.chart.to - to) > 1;
    if (isNew || (isElsewhere && before?.state.window !== window)) this.chart.show(from, to);
    this.chart.schedule();
    this.overview.schedule();
  }

  focus(): void {
    this.chart.focus();
  }

  select(node: number): void {
    this.store.set({ selected: this.lens.pathOf(node, this.tree) });
  }

  open(_: number, from: number, to: number): void {
    const margin = (to - from) * 0.02;
    this.chart.show(from - margin, to + margin, true);
  }

  moved(isFinal: boolean): void {
    this.overview.schedule();
    if (!isFinal) return;
    const [low, high] = this.span;
    const isWhole = this.chart.from <= low && this.chart.to >= high;
    const window = isWhole ? undefined : [this.chart.from, this.chart.to] as const;
    if (JSON.stringify(window) !== JSON.stringify(this.lens.state.window)) this.store.set({ window });
  }

  selectSpan(from: number, to: number, isFinal: boolean): void {
    const [low, high] = this.span;
    const range = [Math.max(low, Math.round(from)), Math.min(high, Math.round(to))] as const;
    this.draft = isFinal ? undefined : range;
    if (isFinal) this.store.set({ range: range[1] > range[0] ? range : undefined });
    this.chart.schedule();
    this.overview.schedule();
  }

  key(event: KeyboardEvent): boolean {
    if (event.key !== "x") return false;
    this.filter();
    return true;
  }

  decorate(context: CanvasRenderingContext2D, view: Viewport): void {
    const style = getComputedStyle(this.element);
    context.fillStyle = style.getPropertyValue("--text");
    context.font = `600 ${context.font}`;
    for (const { row, text } of this.titles) context.fillText(text, 6, (row + 1) * ROW_HEIGHT - view.top - 5);
    if (!this.range) return;
    context.fillStyle = style.getPropertyValue("--shade");
    const place = (at: number) => ((at - view.from) / (view.to - view.from)) * view.width;
    const [left, right] = [place(this.range[0]), place(this.range[1])];
    if (left > 0) context.fillRect(0, 0, left, view.height);
    if (right < view.width) context.fillRect(right, 0, view.width - right, view.height);
  }

  picture(): Picture {
    return this.chart.picture();
  }

  /** A time since the start, as text. */
  timeText(at: number): string {
    return seconds((at * this.lens.session.timeUnit) / 1e9);
  }

  /** Makes what is seen the filter of all views. */
  private filter(): void {
    this.selectSpan(this.chart.from, this.chart.to, true);
  }

  private arrange(thread: number | undefined): void {
    this.lanes = thread === undefined ? this.all : this.all.filter((lane) => lane.thread === thread);
    this.levels = [];
    this.titles = [];
    for (const lane of this.lanes) {
      if (this.lanes.length > 1) {
        if (this.levels.length) this.levels.push(undefined);
        this.titles.push({ row: this.levels.length, text: this.lens.session.threads[lane.thread]!.name });
        this.levels.push(undefined);
      }
      // The thread's own box would only repeat its name.
      const skipped = lane.levels.findIndex((level) =>
        level.count > 0 && this.tree.identity[level.node[0]!]! >= 0
      );
      this.levels.push(...lane.levels.slice(Math.max(0, skipped)));
    }
  }
}
