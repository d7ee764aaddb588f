import { firstVisible, type Level } from "./levels.ts";

/** What part of the rows is seen, and how large. */
export interface Viewport {
  /** The visible span, in the rows' own unit. */
  from: number;
  to: number;
  /** How far the rows are scrolled up, the size of the window and the height of a row, in pixels. */
  top: number;
  width: number;
  height: number;
  rowHeight: number;
}

/** What to paint, as numbers. A box is four of them: left, top, width and the node. */
export interface DrawList {
  /** Wide boxes by the number of their colour. */
  boxes: number[][];
  /** Boxes wide enough for a label. */
  labelled: number[];
  /** The boxes of the node that was asked for, whatever their width. */
  marked: number[];
  /** What is too narrow for boxes: a row of pixels a row, each the number of its colour and 1, or 0 for none. */
  pixels: Uint8Array;
  /** The tops of the rows that `pixels` holds. */
  tops: number[];
  /** How many boxes there are, and how many were looked at to find them. */
  boxCount: number;
  probes: number;
}

/** Boxes narrower than this, in pixels, are drawn as pixels: tens of thousands of them cost as much as a few boxes. */
const NARROW = 3;
const NARROWEST_LABELLED = 30;
/** After so many boxes within one pixel, the next pixel is searched for. */
const HOPS = 8;

/**
 * Finds what is visible. The work depends on the number of pixels, not on that of boxes: where several share a pixel,
 * the widest decides about its colour, and what more there is to a pixel is skipped.
 *
 * @param levels The rows; undefined for rows that stay empty.
 * @param colorOf The number of a node's colour.
 * @param marked A node whose boxes are listed apart as well.
 */
export function drawList(
  levels: readonly (Level | undefined)[],
  view: Viewport,
  colorOf: (node: number) => number,
  colorCount: number,
  marked = -1,
): DrawList {
  const firstRow = Math.max(0, Math.floor(view.top / view.rowHeight));
  const lastRow = Math.max(
    firstRow,
    Math.min(levels.length, Math.ceil((view.top + view.height) / view.rowHeight)),
  );
  const width = Math.ceil(view.width);
  const list: DrawList = {
    boxes: Array.from({ length: colorCount }, () => []),
    labelled: [],
    marked: [],
    pixels: new Uint8Array(width * (lastRow - firstRow)),
    tops: [],
    boxCount: 0,
    probes: 0,
  };
  for (let row = firstRow; row < lastRow; row++) {
    const top = row * view.rowHeight - view.top;
    const level = levels[row];
    const start = (row - firstRow) * width;
    if (level) addRow(level, top, view, colorOf, list, list.pixels.subarray(start, start + width), marked);
    list.tops.push(top);
  }
  return list;
}

function addRow(
  level: Level,
  y: number,
  view: Viewport,
  colorOf: (node: number) => number,
  list: DrawList,
  pixels: Uint8Array,
  marked: number,
): void {
  const { from, to } = view;
  const { start, end, node, count } = level;
  const scale = view.width / (to - from);
  let i = firstVisible(level, from);
  while (i < count && start[i]! < to) {
    list.probes++;
    const left = (start[i]! - from) * scale;
    const right = (end[i]! - from) * scale;
    const x = Math.max(0, left);
    let widest = i++;
    if (node[widest] === marked) list.marked.push(x, y, Math.min(view.width, right) - x, marked);
    if (right - left >= NARROW) {
      const width = Math.min(view.width, right) - x;
      list.boxes[colorOf(node[widest]!)]!.push(x, y, width, node[widest]!);
      if (width >= NARROWEST_LABELLED) list.labelled.push(x, y, width, node[widest]!);
      list.boxCount++;
      continue;
    }
    const pixel = Math.floor(x);
    if (right - left < 1) {
      const nextPixel = from + (pixel + 1) / scale;
      for (let hops = 1; i < count && end[i]! <= nextPixel; hops++, i++) {
        if (hops === HOPS) {
          i = firstVisible(level, nextPixel, i);
          break;
        }
        if (end[i]! - start[i]! > end[widest]! - start[widest]!) widest = i;
      }
      pixels[pixel] = colorOf(node[widest]!) + 1;
    } else {pixels.fill(
        colorOf(node[widest]!) + 1,
        Math.round(x),
        Math.max(Math.round(right), Math.round(x) + 1),
      );}
  }
}

/** The pixels of a list as boxes, for what can't draw pixels: neighbours of one colour are one box. */
export function pixelBoxes({ boxes, pixels, tops }: DrawList, view: Viewport): number[][] {
  const out: number[][] = boxes.map(() => []);
  const width = Math.ceil(view.width);
  tops.forEach((top, row) => {
    const line = pixels.subarray(row * width, (row + 1) * width);
    for (let x = 0; x < width;) {
      const color = line[x]!;
      const begin = x;
      while (x < width && line[x] === color) x++;
      if (color > 0) out[color - 1]!.push(begin, top, x - begin, -1);
    }
  });
  return out;
}
