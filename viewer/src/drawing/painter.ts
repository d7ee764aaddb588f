import type { DrawList, Viewport } from "../layout/drawList.ts";

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
  text(color: string, text: string, x: number, y: number): void;
}

const PADDING = 4;

/** Paints what is visible. `y` of a row that grows upwards is counted from the bottom. */
export function paint(surface: Surface, list: DrawList, view: Viewport, look: Look, top = 0): void {
  const placed = (y: number) => look.upwards ? view.height - y - view.rowHeight + top : y + top;
  list.boxes.forEach((boxes, color) => {
    if (boxes.length === 0) return;
    const moved = boxes.slice();
    for (let i = 1; i < moved.length; i += 4) moved[i] = placed(moved[i]!);
    surface.fill(look.fills[color]!, moved, view.rowHeight);
  });
  const { labelled } = list;
  for (let i = 0; i < labelled.length; i += 4) {
    const [x, y, width, node] = [labelled[i]!, labelled[i + 1]!, labelled[i + 2]!, labelled[i + 3]!];
    const room = Math.floor((width - 2 * PADDING) / look.characterWidth);
    if (room < 2) continue;
    const label = look.label(node);
    const text = label.length > room ? `${label.slice(0, room - 1)}…` : label;
    surface.text(look.texts[look.colorOf(node)]!, text, x + PADDING, placed(y) + view.rowHeight - 5.5);
  }
}

/** Paints into a canvas. */
export class CanvasSurface implements Surface {
  private color = "";

  constructor(private readonly context: CanvasRenderingContext2D) {}

  fill(color: string, boxes: readonly number[], rowHeight: number): void {
    const { context } = this;
    context.fillStyle = this.color = color;
    for (let i = 0; i < boxes.length; i += 4) {
      const width = boxes[i + 2]!;
      // A gap between boxes, where there is room for one.
      context.fillRect(boxes[i]!, boxes[i + 1]!, width > 3 ? width - 1 : Math.max(0.5, width), rowHeight - 1);
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

  fill(color: string, boxes: readonly number[], rowHeight: number): void {
    const round = (value: number) => +value.toFixed(2);
    const path: string[] = [];
    for (let i = 0; i < boxes.length; i += 4) {
      const width = boxes[i + 2]!;
      const shown = round(width > 3 ? width - 1 : Math.max(0.5, width));
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
