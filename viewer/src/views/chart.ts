import { CanvasSurface, type Look, paint, SvgSurface } from "../drawing/painter.ts";
import { type DrawList, drawList, type Viewport } from "../layout/drawList.ts";
import { boxAt, firstVisible, type Level } from "../layout/levels.ts";
import { type CallTree, NONE } from "../model/callTree.ts";
import { h } from "../page/dom.ts";
import type { Lens } from "../page/lens.ts";
import { mix, PALETTES } from "../drawing/palette.ts";
import { describe } from "./tooltip.ts";
import type { Picture } from "./view.ts";

export const ROW_HEIGHT = 19;
const ZOOM_STEP = 1.4;
const ANIMATION_MS = 150;
/** A pointer that moved less than this clicked. */
const CLICK_SLOP = 4;
const FONT_SIZE = 11;

/** What a chart shows, and what it tells. */
export interface ChartSource {
  readonly lens: Lens;
  /** The tree that the boxes' nodes belong to. */
  readonly tree: CallTree;
  readonly levels: readonly (Level | undefined)[];
  /** All that can be seen, in the boxes' unit. */
  readonly span: readonly [number, number];
  readonly categories: Uint8Array;
  /** 1 for nodes that a search found; undefined without a search. */
  readonly found: Uint8Array | undefined;
  readonly selected: number;
  readonly upwards: boolean;
  /** The shortest span that can be zoomed to. */
  readonly shortest: number;
  select(node: number): void;
  /** A box was double-clicked, or Enter pressed on it. */
  open(node: number, from: number, to: number): void;
  /** What is seen changed. */
  moved(isFinal: boolean): void;
  /** Paints more, on top of the boxes. */
  decorate?(context: CanvasRenderingContext2D, view: Viewport): void;
  /** Where a drag with Shift begins to select; undefined if it doesn't. */
  selectSpan?(from: number, to: number, isFinal: boolean): void;
  /** Handles a key; true if it meant something. */
  key?(event: KeyboardEvent): boolean;
}

/** Boxes on a canvas that can be zoomed, panned, pointed at and walked through by keyboard. */
export class Chart {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  from = 0;
  to = 1;
  /** What the last painting took: tests and benchmarks look at it. */
  last: { boxes: number; labels: number; probes: number; ms: number } = {
    boxes: 0,
    labels: 0,
    probes: 0,
    ms: 0,
  };
  private readonly context: CanvasRenderingContext2D;
  private readonly spacer: HTMLElement;
  private readonly tip: HTMLElement;
  private look: Look | undefined;
  private lookKey: unknown[] = [];
  private pending = 0;
  private animation = 0;
  /** The box that the keyboard is at. */
  private cursor: { row: number; box: number } | undefined;

  constructor(private readonly source: ChartSource, label: string) {
    this.canvas = h("canvas", { class: "chart-canvas", tabindex: 0, role: "img", "aria-label": label });
    this.context = this.canvas.getContext("2d", { alpha: false })!;
    this.spacer = h("div", { class: "chart-spacer" }, this.canvas);
    this.tip = h("div", { class: "tip", role: "presentation", hidden: true });
    this.element = h("div", { class: "chart" }, this.spacer);
    document.body.append(this.tip);
    this.element.addEventListener("scroll", () => this.schedule(), { passive: true });
    this.element.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.canvas.addEventListener("pointerdown", (event) => this.pointerdown(event));
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => (this.tip.hidden = true));
    this.canvas.addEventListener("dblclick", (event) => this.doubleClick(event));
    this.canvas.addEventListener("keydown", (event) => this.keydown(event));
    this.canvas.addEventListener("blur", () => (this.tip.hidden = true));
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  focus(): void {
    this.canvas.focus({ preventScroll: true });
  }

  /** Takes over new rows. */
  refresh(): void {
    const height = this.source.levels.length * ROW_HEIGHT;
    this.spacer.style.height = `max(100%, ${height + 4}px)`;
    this.cursor = undefined;
    this.paintNow();
  }

  /** Shows a span, at once or by a short animation. */
  show(from: number, to: number, animated = false): void {
    const [low, high] = this.source.span;
    const width = Math.min(high - low, Math.max(this.source.shortest, to - from));
    const start = Math.max(low, Math.min(high - width, from));
    cancelAnimationFrame(this.animation);
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!animated || isStill) {
      this.from = start;
      this.to = start + width;
      this.schedule();
      this.source.moved(true);
      return;
    }
    const [fromBefore, toBefore, begin] = [this.from, this.to, performance.now()];
    const step = (now: number) => {
      const part = Math.min(1, Math.max(0, (now - begin) / ANIMATION_MS));
      const eased = 1 - (1 - part) ** 3;
      this.from = fromBefore + (start - fromBefore) * eased;
      this.to = toBefore + (start + width - toBefore) * eased;
      this.paintNow();
      if (part < 1) this.animation = requestAnimationFrame(step);
      this.source.moved(part === 1);
    };
    this.animation = requestAnimationFrame(step);
  }

  /** Zooms by a factor; `at` stays where it is. */
  zoom(factor: number, at = (this.from + this.to) / 2, animated = false): void {
    const [low, high] = this.source.span;
    const width = Math.min(high - low, Math.max(this.source.shortest, (this.to - this.from) / factor));
    const part = (at - this.from) / (this.to - this.from);
    this.show(at - width * part, at + width * (1 - part), animated);
  }

  reset(): void {
    this.show(...this.source.span, true);
  }

  schedule(): void {
    this.pending ||= requestAnimationFrame(() => this.paintNow());
  }

  /** Scrolls so that a row is seen. */
  revealRow(row: number): void {
    const { upwards } = this.source;
    const height = this.element.clientHeight;
    const y = upwards ? this.spacer.clientHeight - (row + 1) * ROW_HEIGHT : row * ROW_HEIGHT;
    if (y < this.element.scrollTop) this.element.scrollTop = y - ROW_HEIGHT;
    else if (y + ROW_HEIGHT > this.element.scrollTop + height) {
      this.element.scrollTop = y + 2 * ROW_HEIGHT - height;
    }
  }

  /** Scrolls a row to where rows begin. */
  scrollToRow(row: number): void {
    const way = Math.max(0, row) * ROW_HEIGHT;
    const { clientHeight } = this.element;
    this.element.scrollTop = this.source.upwards ? this.spacer.clientHeight - clientHeight - way : way;
    this.schedule();
  }

  paintNow(): DrawList | undefined {
    cancelAnimationFrame(this.pending);
    this.pending = 0;
    const view = this.viewport();
    if (view.width <= 0 || view.height <= 0) return undefined;
    const began = performance.now();
    const look = this.currentLook();
    const list = drawList(this.source.levels, view, look.colorOf, look.fills.length, this.source.selected);
    const { context } = this;
    context.fillStyle = look.background;
    context.fillRect(0, 0, view.width, view.height);
    context.font = look.font;
    paint(new CanvasSurface(context), list, view, look);
    this.outlineSelected(list, view, look);
    this.source.decorate?.(context, view);
    this.last = {
      boxes: list.boxCount,
      labels: list.labelled.length / 4,
      probes: list.probes,
      ms: performance.now() - began,
    };
    return list;
  }

  picture(): Picture {
    const svg = () => {
      const view = this.viewport();
      const look = this.currentLook();
      const surface = new SvgSurface();
      paint(surface, drawList(this.source.levels, view, look.colorOf, look.fills.length), view, look);
      return surface.document(view.width, view.height, look);
    };
    return { canvas: this.canvas, svg };
  }

  /** The position in the span that a place on the canvas shows. */
  positionAt(x: number): number {
    return this.from + (x / Math.max(1, this.canvas.clientWidth)) * (this.to - this.from);
  }

  private viewport(): Viewport {
    const { scrollTop, clientHeight } = this.element;
    const rest = Math.max(0, this.spacer.clientHeight - clientHeight);
    return {
      from: this.from,
      to: Math.max(this.to, this.from + 1e-9),
      top: this.source.upwards ? rest - scrollTop : scrollTop,
      width: this.canvas.clientWidth,
      height: clientHeight,
      rowHeight: ROW_HEIGHT,
    };
  }

  private resize(): void {
    const ratio = devicePixelRatio || 1;
    const [width, height] = [this.element.clientWidth, this.element.clientHeight];
    if (width === 0 || height === 0) return;
    this.canvas.style.height = `${height}px`;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (this.source.upwards) this.element.scrollTop = this.spacer.clientHeight;
    this.paintNow();
  }

  private currentLook(): Look {
    const { source } = this;
    const theme = document.documentElement.dataset.theme === "dark" ? "dark" : "light";
    const key = [theme, source.categories, source.found, source.upwards, source.lens];
    if (this.look && key.every((value, i) => value === this.lookKey[i])) return this.look;
    this.lookKey = key;
    const style = getComputedStyle(this.element);
    const background = style.getPropertyValue("--background").trim() || "#ffffff";
    const muted = style.getPropertyValue("--muted").trim() || "#666666";
    const { fills, texts } = PALETTES[theme];
    const { categories, found } = source;
    const size = fills.length;
    const family = style.getPropertyValue("--mono").trim() || "monospace";
    this.context.font = `${FONT_SIZE}px ${family}`;
    this.look = {
      fills: [...fills, ...fills.map((fill) => mix(fill, background, 0.22))],
      texts: [...texts, ...texts.map(() => muted)],
      background,
      outline: style.getPropertyValue("--text").trim() || "#000000",
      font: `${FONT_SIZE}px ${family}`,
      characterWidth: this.context.measureText("MMMMMMMMMM").width / 10,
      label: (node) => source.lens.label(node, source.tree),
      colorOf: found ? (node) => categories[node]! + (found[node] ? 0 : size) : (node) => categories[node]!,
      upwards: source.upwards,
    };
    return this.look;
  }

  private outlineSelected({ marked }: DrawList, view: Viewport, look: Look): void {
    const { context } = this;
    context.strokeStyle = look.outline;
    context.lineWidth = 2;
    for (let i = 0; i < marked.length; i += 4) {
      const y = look.upwards ? view.height - marked[i + 1]! - ROW_HEIGHT : marked[i + 1]!;
      context.strokeRect(marked[i]! + 1, y + 1, Math.max(2, marked[i + 2]! - 3), ROW_HEIGHT - 3);
    }
  }

  /** The box under a place on the canvas. */
  private hit(event: MouseEvent): { row: number; box: number; node: number } | undefined {
    const view = this.viewport();
    const y = this.source.upwards ? view.height - event.offsetY : event.offsetY;
    const row = Math.floor((y + view.top) / ROW_HEIGHT);
    const level = this.source.levels[row];
    const box = boxAt(level, this.positionAt(event.offsetX));
    return box < 0 ? undefined : { row, box, node: level!.node[box]! };
  }

  private hover(event: PointerEvent): void {
    const hit = event.buttons === 0 ? this.hit(event) : undefined;
    this.canvas.style.cursor = hit ? "pointer" : "";
    this.tip.hidden = !hit;
    if (!hit) return;
    const level = this.source.levels[hit.row]!;
    describe(
      this.tip,
      this.source.lens,
      this.source.tree,
      hit.node,
      level.end[hit.box]! - level.start[hit.box]!,
    );
    const { offsetWidth, offsetHeight } = this.tip;
    const x = Math.min(event.clientX + 14, innerWidth - offsetWidth - 8);
    const below = event.clientY + 18 + offsetHeight < innerHeight;
    this.tip.style.left = `${Math.max(8, x)}px`;
    this.tip.style.top = `${below ? event.clientY + 18 : event.clientY - offsetHeight - 10}px`;
  }

  private pointerdown(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.tip.hidden = true;
    const { from, to, source } = this;
    const [startX, startY, scroll] = [event.clientX, event.clientY, this.element.scrollTop];
    const perPixel = (to - from) / Math.max(1, this.canvas.clientWidth);
    const anchor = this.positionAt(event.offsetX);
    const selects = event.shiftKey && source.selectSpan !== undefined;
    let isDrag = false;
    const spanAt = (x: number): [number, number] => {
      const other = anchor + (x - startX) * perPixel;
      return anchor < other ? [anchor, other] : [other, anchor];
    };
    const move = (moved: PointerEvent) => {
      isDrag ||= Math.hypot(moved.clientX - startX, moved.clientY - startY) >= CLICK_SLOP;
      if (!isDrag) return;
      this.canvas.setPointerCapture(event.pointerId);
      if (selects) source.selectSpan!(...spanAt(moved.clientX), false);
      else {
        this.element.scrollTop = scroll - (moved.clientY - startY);
        this.show(from - (moved.clientX - startX) * perPixel, to - (moved.clientX - startX) * perPixel);
      }
    };
    const up = (ended: PointerEvent) => {
      this.canvas.removeEventListener("pointermove", move);
      this.canvas.removeEventListener("pointerup", up);
      this.canvas.removeEventListener("pointercancel", up);
      if (isDrag) {
        if (selects) source.selectSpan!(...spanAt(ended.clientX), true);
        return;
      }
      const hit = this.hit(event);
      this.cursor = hit;
      if (hit) source.select(hit.node);
    };
    this.canvas.addEventListener("pointermove", move);
    this.canvas.addEventListener("pointerup", up);
    this.canvas.addEventListener("pointercancel", up);
  }

  private doubleClick(event: MouseEvent): void {
    const hit = this.hit(event);
    if (hit) this.openBox(hit.row, hit.box);
  }

  private openBox(row: number, box: number): void {
    const level = this.source.levels[row]!;
    this.source.open(level.node[box]!, level.start[box]!, level.end[box]!);
  }

  private wheel(event: WheelEvent): void {
    const unit = event.deltaMode === 1 ? 16 : 1;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const x = event.clientX - this.canvas.getBoundingClientRect().left;
      this.zoom(Math.exp(-event.deltaY * unit * 0.004), this.positionAt(x));
      return;
    }
    const deltaX = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (deltaX === 0 || (!event.shiftKey && Math.abs(event.deltaX) < Math.abs(event.deltaY))) return;
    event.preventDefault();
    this.pan((deltaX * unit) / Math.max(1, this.canvas.clientWidth));
  }

  private pan(part: number, animated = false): void {
    const shift = part * (this.to - this.from);
    this.show(this.from + shift, this.to + shift, animated);
  }

  private keydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const down = this.source.upwards ? "ArrowUp" : "ArrowDown";
    const actions: Record<string, () => void> = {
      w: () => this.zoom(ZOOM_STEP, undefined, true),
      "+": () => this.zoom(ZOOM_STEP, undefined, true),
      "=": () => this.zoom(ZOOM_STEP, undefined, true),
      s: () => this.zoom(1 / ZOOM_STEP, undefined, true),
      "-": () => this.zoom(1 / ZOOM_STEP, undefined, true),
      a: () => this.pan(-0.2, true),
      d: () => this.pan(0.2, true),
      "0": () => this.reset(),
      PageDown: () => (this.element.scrollTop += this.element.clientHeight * 0.8),
      PageUp: () => (this.element.scrollTop -= this.element.clientHeight * 0.8),
      ArrowLeft: () => this.step(0, -1),
      ArrowRight: () => this.step(0, 1),
      ArrowDown: () => this.step(down === "ArrowDown" ? 1 : -1, 0),
      ArrowUp: () => this.step(down === "ArrowDown" ? -1 : 1, 0),
      Enter: () => {
        const cursor = this.findCursor();
        if (cursor) this.openBox(cursor.row, cursor.box);
      },
    };
    const action = actions[event.key];
    if (!action && !this.source.key?.(event)) return;
    event.preventDefault();
    event.stopPropagation();
    action?.();
  }

  /** Where the keyboard is: at the selected node's box. */
  private findCursor(): { row: number; box: number } | undefined {
    const { levels, selected } = this.source;
    const at = this.cursor && levels[this.cursor.row]?.node[this.cursor.box];
    if (this.cursor && at === selected) return this.cursor;
    for (let row = 0; row < levels.length && selected !== NONE; row++) {
      const box = levels[row]?.node.subarray(0, levels[row]!.count).indexOf(selected) ?? -1;
      if (box >= 0) return (this.cursor = { row, box });
    }
    return undefined;
  }

  /** Goes to the caller or a callee, or to the box beside this one. */
  private step(rows: number, boxes: number): void {
    const { levels } = this.source;
    const at = this.findCursor();
    let next: { row: number; box: number } | undefined;
    if (!at) {
      const row = levels.findIndex((level) => level && level.count > 0);
      if (row >= 0) {
        next = { row, box: Math.min(levels[row]!.count - 1, firstVisible(levels[row]!, this.from)) };
      }
    } else if (boxes !== 0) {
      const box = at.box + boxes;
      if (box >= 0 && box < levels[at.row]!.count) next = { row: at.row, box };
    } else {
      const level = levels[at.row + rows];
      const start = levels[at.row]!.start[at.box]!;
      const box = level ? firstVisible(level, start) : -1;
      if (level && box < level.count && level.start[box]! < levels[at.row]!.end[at.box]!) {
        next = { row: at.row + rows, box };
      }
    }
    if (!next) return;
    this.cursor = next;
    const level = levels[next.row]!;
    const [start, end] = [level.start[next.box]!, level.end[next.box]!];
    if (end < this.from || start > this.to) {
      const width = this.to - this.from;
      this.show((start + end - width) / 2, (start + end + width) / 2, true);
    }
    this.revealRow(next.row);
    this.source.select(level.node[next.box]!);
  }
}
