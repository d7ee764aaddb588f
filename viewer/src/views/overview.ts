import { boxAt } from "../layout/levels.ts";
import { NONE } from "../model/callTree.ts";
import { h } from "../page/dom.ts";
import { PALETTES } from "../drawing/palette.ts";
import type { TimelineView } from "./timelineView.ts";

const MAP_HEIGHT = 40;
const AXIS_HEIGHT = 20;
const HANDLE = 6;
const TICK_ROOM = 110;

/** The whole time on top of the timeline with a frame around the part that is seen, and the axis of that part. */
export class Overview {
  readonly element: HTMLElement;
  private readonly map: HTMLCanvasElement;
  private readonly axis: HTMLCanvasElement;
  private pending = 0;
  /** The picture of the whole time without the frame. */
  private backdrop: HTMLCanvasElement | undefined;
  private backdropKey: unknown[] = [];

  constructor(private readonly timeline: TimelineView) {
    this.map = h("canvas", {
      class: "overview-map",
      "aria-hidden": "true",
      title: "Drag to choose what is seen",
    });
    this.axis = h("canvas", {
      class: "overview-axis",
      "aria-hidden": "true",
      title: "Drag to filter all views to a span of time",
    });
    this.element = h("div", { class: "overview" }, this.map, this.axis);
    this.map.addEventListener("pointerdown", (event) => this.dragMap(event));
    this.axis.addEventListener("pointerdown", (event) => this.dragAxis(event));
    new ResizeObserver(() => this.schedule()).observe(this.element);
  }

  schedule(): void {
    this.pending ||= requestAnimationFrame(() => {
      this.pending = 0;
      this.paintMap();
      this.paintAxis();
    });
  }

  private prepare(canvas: HTMLCanvasElement, height: number): CanvasRenderingContext2D | undefined {
    const ratio = devicePixelRatio || 1;
    const width = this.element.clientWidth;
    if (width === 0) return undefined;
    if (canvas.width !== Math.round(width * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const context = canvas.getContext("2d")!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }

  private paintMap(): void {
    const context = this.prepare(this.map, MAP_HEIGHT);
    if (!context) return;
    const width = this.element.clientWidth;
    this.updateBackdrop();
    context.drawImage(this.backdrop!, 0, 0, width, MAP_HEIGHT);
    const style = getComputedStyle(this.element);
    const { chart, range } = this.timeline;
    const [left, right] = [this.place(chart.from), this.place(chart.to)];
    context.fillStyle = style.getPropertyValue("--shade");
    context.fillRect(0, 0, left, MAP_HEIGHT);
    context.fillRect(right, 0, width - right, MAP_HEIGHT);
    context.fillStyle = style.getPropertyValue("--accent");
    if (range) {
      context.globalAlpha = 0.25;
      context.fillRect(this.place(range[0]), 0, this.place(range[1]) - this.place(range[0]), MAP_HEIGHT);
      context.globalAlpha = 1;
    }
    context.strokeStyle = style.getPropertyValue("--accent");
    context.lineWidth = 2;
    context.strokeRect(left + 1, 1, Math.max(2, right - left - 2), MAP_HEIGHT - 2);
  }

  /** A column a pixel: how deep the calls were, in the colour of the innermost one's category. */
  private updateBackdrop(): void {
    const { timeline } = this;
    const { tree, lanes, span, categories } = timeline;
    const theme = document.documentElement.dataset.theme === "dark" ? "dark" : "light";
    const width = this.map.width;
    const key = [categories, lanes, theme, width];
    if (this.backdrop && key.every((value, i) => value === this.backdropKey[i])) return;
    this.backdropKey = key;
    this.backdrop = h("canvas");
    this.backdrop.width = width;
    this.backdrop.height = this.map.height;
    const context = this.backdrop.getContext("2d")!;
    const laneHeight = this.map.height / Math.max(1, lanes.length);
    const { depth } = timeline.lens.wholeCalls.facts;
    lanes.forEach((lane, i) => {
      for (let x = 0; x < width; x++) {
        const at = span[0] + ((x + 0.5) / width) * (span[1] - span[0]);
        const box = boxAt(lane.leaves, at);
        let node = box < 0 ? NONE : lane.leaves.node[box]!;
        if (node === NONE) continue;
        const height = Math.max(1, (depth[node]! / Math.max(1, lane.levels.length - 1)) * (laneHeight - 2));
        while (tree.identity[node]! < 0 && tree.identity[node]! > -3 && tree.parent[node] !== NONE) {
          node = tree.parent[node]!;
        }
        context.fillStyle = PALETTES[theme].fills[categories[node]!]!;
        context.fillRect(x, (i + 1) * laneHeight - height, 1, height);
      }
    });
  }

  private paintAxis(): void {
    const context = this.prepare(this.axis, AXIS_HEIGHT);
    if (!context) return;
    const style = getComputedStyle(this.element);
    const width = this.element.clientWidth;
    const { chart, lens } = this.timeline;
    const perPixel = (chart.to - chart.from) / width;
    const nanoseconds = lens.session.timeUnit;
    const step = roundStep(perPixel * TICK_ROOM * nanoseconds) / nanoseconds;
    context.font = `11px ${style.getPropertyValue("--sans")}`;
    context.textBaseline = "middle";
    const text = style.getPropertyValue("--muted");
    const line = style.getPropertyValue("--border");
    for (let tick = Math.ceil(chart.from / step); tick * step <= chart.to; tick++) {
      const x = Math.round((tick * step - chart.from) / perPixel);
      context.fillStyle = line;
      context.fillRect(x, 0, 1, AXIS_HEIGHT);
      context.fillStyle = text;
      context.fillText(tickText(tick * step * nanoseconds, step * nanoseconds), x + 4, AXIS_HEIGHT / 2 + 1);
    }
  }

  private place(at: number): number {
    const [from, to] = this.timeline.span;
    return ((at - from) / (to - from)) * this.element.clientWidth;
  }

  private at(x: number): number {
    const [from, to] = this.timeline.span;
    return from + (x / Math.max(1, this.element.clientWidth)) * (to - from);
  }

  /** Moves the frame, or one of its edges, or draws a new one. */
  private dragMap(event: PointerEvent): void {
    const { chart } = this.timeline;
    const [left, right] = [this.place(chart.from), this.place(chart.to)];
    const x = event.offsetX;
    const [from, to] = [chart.from, chart.to];
    const isWhole = right - left >= this.element.clientWidth - 2;
    const start = this.at(x);
    let move: (at: number) => void;
    if (Math.abs(x - left) <= HANDLE && !isWhole) {
      move = (at) => chart.show(Math.min(at, to), Math.max(at, to));
    } else if (Math.abs(x - right) <= HANDLE && !isWhole) {
      move = (at) => chart.show(Math.min(at, from), Math.max(at, from));
    } else if (x > left && x < right && !isWhole) {
      move = (at) => chart.show(from + at - start, to + at - start);
    } else move = (at) => chart.show(Math.min(start, at), Math.max(start, at));
    this.drag(this.map, event, (place) => move(this.at(place)));
  }

  private dragAxis(event: PointerEvent): void {
    const start = this.timeline.chart.positionAt(event.offsetX);
    const span = (x: number): [number, number] => {
      const at = this.timeline.chart.positionAt(x);
      return at < start ? [at, start] : [start, at];
    };
    this.drag(
      this.axis,
      event,
      (x) => this.timeline.selectSpan(...span(x), false),
      (x) => this.timeline.selectSpan(...span(x), true),
    );
  }

  private drag(
    canvas: HTMLCanvasElement,
    event: PointerEvent,
    move: (x: number) => void,
    end: (x: number) => void = () => {},
  ): void {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    const left = canvas.getBoundingClientRect().left;
    let isDrag = false;
    const moved = (next: PointerEvent) => {
      isDrag ||= Math.abs(next.clientX - event.clientX) > 3;
      if (isDrag) move(next.clientX - left);
    };
    const up = (last: PointerEvent) => {
      canvas.removeEventListener("pointermove", moved);
      canvas.removeEventListener("pointerup", up);
      canvas.removeEventListener("pointercancel", up);
      if (isDrag) end(last.clientX - left);
    };
    canvas.addEventListener("pointermove", moved);
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
  }
}

/** The least step of 1, 2 or 5 times a power of ten that isn't below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
}

/** A time on the axis, with as many digits as neighbours need to differ. */
function tickText(nanoseconds: number, step: number): string {
  const [size, unit] = step >= 1e8 ? [1e9, "s"] : step >= 1e5 ? [1e6, "ms"] : [1e3, "µs"];
  const digits = Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9));
  return `${(nanoseconds / size).toFixed(digits)} ${unit}`;
}
