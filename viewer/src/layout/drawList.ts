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
  /** Boxes by the number of their colour. */
  boxes: number[][];
  /** Boxes wide enough for a label. */
  labelled: number[];
  /** How many boxes there are, and how many were looked at to find them. */
  boxCount: number;
  probes: number;
}

/** Boxes narrower than this, in pixels, are drawn together with their neighbours. */
const NARROWEST = 1;
const NARROWEST_LABELLED = 30;
/** After so many boxes within one pixel, the next pixel is searched for. */
const HOPS = 8;

/**
 * Finds what is visible. The work depends on the number of pixels, not on that of boxes: narrow neighbours are drawn
 * as one, in the colour of the widest of them, and a pixel's further boxes are skipped.
 *
 * @param levels The rows; undefined for rows that stay empty.
 * @param colorOf The number of a node's colour.
 */
export function drawList(
  levels: readonly (Level | undefined)[],
  view: Viewport,
  colorOf: (node: number) => number,
  colorCount: number,
): DrawList {
  const scale = view.width / (view.to - view.from);
  const boxes: number[][] = Array.from({ length: colorCount }, () => []);
  const labelled: number[] = [];
  const list: DrawList = { boxes, labelled, boxCount: 0, probes: 0 };
  const firstRow = Math.max(0, Math.floor(view.top / view.rowHeight));
  const lastRow = Math.min(levels.length, Math.ceil((view.top + view.height) / view.rowHeight));
  for (let row = firstRow; row < lastRow; row++) {
    const level = levels[row];
    if (level) addRow(level, row * view.rowHeight - view.top, view, scale, colorOf, list);
  }
  return list;
}

function addRow(
  level: Level,
  y: number,
  view: Viewport,
  scale: number,
  colorOf: (node: number) => number,
  list: DrawList,
): void {
  const { boxes, labelled } = list;
  let runStart = -1;
  let runEnd = -1;
  let runNode = -1;
  let runWidest = -1;
  const endRun = () => {
    if (runStart < 0) return;
    boxes[colorOf(runNode)]!.push(runStart, y, runEnd - runStart, runNode);
    list.boxCount++;
    runStart = -1;
    runWidest = -1;
  };
  let i = firstVisible(level, view.from);
  while (i < level.count && level.start[i]! < view.to) {
    list.probes++;
    const left = (level.start[i]! - view.from) * scale;
    const right = (level.end[i]! - view.from) * scale;
    if (right - left >= NARROWEST) {
      endRun();
      const x = Math.max(0, left);
      const width = Math.min(view.width, right) - x;
      boxes[colorOf(level.node[i]!)]!.push(x, y, width, level.node[i]!);
      if (width >= NARROWEST_LABELLED) labelled.push(x, y, width, level.node[i]!);
      list.boxCount++;
      i++;
      continue;
    }
    if (left - runEnd > 0.6) endRun();
    if (runStart < 0) runStart = Math.max(0, Math.floor(left));
    runEnd = Math.max(right, Math.floor(left) + 1);
    const nextPixel = view.from + (Math.floor(left) + 1) / scale;
    let hops = 0;
    do {
      const width = level.end[i]! - level.start[i]!;
      if (width > runWidest) {
        runWidest = width;
        runNode = level.node[i]!;
      }
      i++;
      hops++;
    } while (i < level.count && level.end[i]! <= nextPixel && hops < HOPS);
    if (hops === HOPS) i = firstVisible(level, nextPixel, i);
  }
  endRun();
}
