import { type DrawList, pixelBoxes, type Viewport } from "../layout/drawList.ts";
import { parseColor } from "./palette.ts";

/** What a picture of calls looks like. */
export interface Look {
  /** The fill and the text colour of each colour number. */
  fills: readonly string[];
  texts: readonly string[];
  background: string;
  outline: string;
  font: string;
  /** The width of a character of `font`. */
  characterWidth: number;
  label(node: number): string;
  colorOf(node: number): number;
  /** Whether rows grow upwards from the bottom. */
  upwards: boolean;
}

/** What is painted into: a canvas, or a text that becomes an SVG file. */
export interface Surface {
  fill(color: string, boxes: readonly number[], rowHeight: number): void;
  /** Paints what is too narrow for boxes. `placed` gives the place of a row's top. */
  pixels(list: DrawList, view: Viewport, fills: readonly string[], placed: (y: number) => number): void;
  text(color: string, text: string, x: number, y: number): void;
}

const PADDING = 4;
/** Between a box and the next. */
const GAP = 1;

/** Paints what is visible. `y` of a row that grows upwards is counted from the bottom. */
export function paint(surface: Surface, list: DrawList, view: Viewport, look: Look, top = 0): void {
  const placed = (y: number) => look.upwards ? view.height - y - view.rowHeight + top : y + top;
  surface.pixels(list, view, look.fills, placed);
  list.boxes.forEach((boxes, color) => {
    if (boxes.length) surface.fill(look.fills[color]!, moved(boxes, placed), view.rowHeight);
  });
  const { labelled } = list;
  for (let i = 0; i < labelled.length; i += 4) {
    const [x, y, width, node] = [labelled[i]!, labelled[i + 1]!, labelled[i + 2]!, labelled[i + 3]!];
    const room = Math.floor((width - 2 * PADDING) / look.characterWidth);
    if (room < 2) continue;
    const label = look.label(node);
    const text = label.length > room ? `${label.slice(0, room - 1)}…` : label;
    surface.text(look.texts[look.colorOf(node)]!, text, x + PADDING, placed(y) + view.rowHeight - 6);
  }
}

/** Boxes with their tops put elsewhere. */
function moved(boxes: readonly number[], placed: (y: number) => number): number[] {
  const out = boxes.slice();
  for (let i = 1; i < out.length; i += 4) out[i] = placed(out[i]!);
  return out;
}

/** Paints into a canvas. */
export class CanvasSurface implements Surface {
  private color = "";
  /** A line of pixels a row, which the canvas stretches to the height of rows. */
  private static strip: CanvasRenderingContext2D | undefined;

  constructor(private readonly context: CanvasRenderingContext2D) {}

  pixels(
    { pixels, tops }: DrawList,
    view: Viewport,
    fills: readonly string[],
    placed: (y: number) => number,
  ): void {
    const width = Math.ceil(view.width);
    if (tops.length === 0 || width === 0) return;
    const strip = CanvasSurface.strip ??= document.createElement("canvas").getContext("2d")!;
    if (strip.canvas.width !== width || strip.canvas.height !== tops.length) {
      strip.canvas.width = width;
      strip.canvas.height = tops.length;
    }
    const image = strip.createImageData(width, tops.length);
    const words = new Uint32Array(image.data.buffer);
    // Transparent, then the fills: red is the lowest byte.
    const colors = [
      0,
      ...fills.map((fill) => {
        const [red, green, blue] = parseColor(fill);
        return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
      }),
    ];
    for (let i = 0; i < words.length; i++) words[i] = colors[pixels[i]!]!;
    strip.putImageData(image, 0, 0);
    this.context.imageSmoothingEnabled = false;
    tops.forEach((top, row) => {
      this.context.drawImage(strip.canvas, 0, row, width, 1, 0, placed(top), width, view.rowHeight - 1);
    });
  }

  fill(color: string, boxes: readonly number[], rowHeight: number): void {
    const { context } = this;
    context.fillStyle = this.color = color;
    for (let i = 0; i < boxes.length; i += 4) {
      context.fillRect(boxes[i]!, boxes[i + 1]!, boxes[i + 2]! - GAP, rowHeight - 1);
    }
  }

  text(color: string, text: string, x: number, y: number): void {
    if (this.color !== color) this.context.fillStyle = this.color = color;
    this.context.fillText(text, x, y);
  }
}

/** Paints into the text of an SVG file. */
export class SvgSurface implements Surface {
  private readonly parts: string[] = [];

  pixels(list: DrawList, view: Viewport, fills: readonly string[], placed: (y: number) => number): void {
    pixelBoxes(list, view).forEach((boxes, color) => {
      if (boxes.length) this.fill(fills[color]!, moved(boxes, placed), view.rowHeight, 0);
    });
  }

  fill(color: string, boxes: readonly number[], rowHeight: number, gap = GAP): void {
    const round = (value: number) => +value.toFixed(2);
    const path: string[] = [];
    for (let i = 0; i < boxes.length; i += 4) {
      const width = boxes[i + 2]!;
      const shown = round(width - gap);
      path.push(`M${round(boxes[i]!)} ${round(boxes[i + 1]!)}h${shown}v${rowHeight - 1}h-${shown}z`);
    }
    this.parts.push(`<path fill="${escapeMarkup(color)}" d="${path.join("")}"/>`);
  }

  text(color: string, text: string, x: number, y: number): void {
    const place = `x="${x.toFixed(1)}" y="${y.toFixed(1)}"`;
    this.parts.push(`<text ${place} fill="${escapeMarkup(color)}">${escapeMarkup(text)}</text>`);
  }

  /** The file. */
  document(width: number, height: number, look: Look): string {
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    const [, fontSize, family] = /^(\d+)px (.*)$/.exec(look.font) ?? [];
    const font = `font-size="${fontSize ?? 11}" font-family="${escapeMarkup(family ?? "monospace")}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font} xml:space="preserve">` +
      `<rect width="100%" height="100%" fill="${escapeMarkup(look.background)}"/>${
        this.parts.join("")
      }</svg>\n`;
  }
}

/** A text as markup shows it, without the control characters that XML can't hold. */
function escapeMarkup(text: string): string {
  return text
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
