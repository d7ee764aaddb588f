import type { Thread } from "../session/session.ts";
import type { Column } from "../session/varint.ts";

/** Which part of a session counts. */
export interface Selection {
  /** The number of a thread; all threads without it. */
  thread?: number | undefined;
  /** By which time: as it passes, or on a CPU. */
  clock?: "wall" | "cpu";
  /** From and to when, in units since the start of the session. */
  range?: readonly [number, number] | undefined;
}

/** The time that each sample of a thread has by the selected clock in the selected range, in units. */
export function selectedTimes(thread: Thread, { clock = "wall", range }: Selection): Column {
  const times = clock === "cpu" ? thread.cpu : thread.wall;
  if (!range) return times;
  const [from, to] = range;
  const out = new Float64Array(thread.count);
  let end = thread.start;
  for (let row = 0; row < thread.count; row++) {
    const start = end;
    const wall = thread.wall[row]!;
    end = start + wall;
    if (start >= to) break;
    if (end <= from) continue;
    const part = Math.min(end, to) - Math.max(start, from);
    out[row] = part === wall ? times[row]! : wall > 0 ? (times[row]! * part) / wall : 0;
  }
  return out;
}
