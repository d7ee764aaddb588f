import { type Column, decodeColumn, type Encoding } from "./varint.ts";

/** The newest version of the file format that is understood here. */
export const NEWEST_VERSION = 1;

/** A file that can't be shown, for a reason that is put in words for people. */
export class UnreadableSession extends Error {}

/** One column, as the header describes it. */
interface ColumnEntry {
  table: string;
  name: string;
  encoding: string;
  count: number;
  offset: number;
  length: number;
}

/** The JSON header, as docs/session-format.md has it. What a reader doesn't know is ignored. */
export interface Header {
  format: string;
  version: number;
  /** Nanoseconds in a unit of the sample times. */
  timeUnit: number;
  strings: string[];
  /** The text of source files by their full path. */
  sources?: Record<string, string>;
  columns: ColumnEntry[];
  [key: string]: unknown;
}

/** What a file says: its header, and the columns by `table/name`. */
export interface Contents {
  header: Header;
  columns: Map<string, Column>;
}

/** Inflates gzip data. */
export async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new UnreadableSession("The data of this report is damaged: it can't be decompressed.");
  }
}

/** Takes an inflated file apart. Throws an `UnreadableSession` for what isn't one. */
export function readContents(bytes: Uint8Array<ArrayBuffer>): Contents {
  const header = readHeader(bytes);
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const columns = new Map<string, Column>();
  for (const entry of header.columns) {
    // What the sampler knew of each sample is shown nowhere.
    if (entry.name === "state") continue;
    if (entry.encoding !== "varint" && entry.encoding !== "zigzag-delta" && entry.encoding !== "u8") continue;
    const place = start + entry.offset;
    try {
      if (place + entry.length > bytes.length) throw new RangeError("a column ends early");
      const data = bytes.subarray(place, place + entry.length);
      columns.set(
        `${entry.table}/${entry.name}`,
        decodeColumn(data, entry.count, entry.encoding as Encoding),
      );
    } catch {
      throw new UnreadableSession(
        `The data of this report is damaged: column ${entry.table}/${entry.name} is incomplete.`,
      );
    }
  }
  return { header, columns };
}

function readHeader(bytes: Uint8Array<ArrayBuffer>): Header {
  const length = bytes.length < 4
    ? Infinity
    : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (length > bytes.length - 4) {
    throw new UnreadableSession("The data of this report is damaged: it ends early.");
  }
  let header: Header;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Header;
  } catch {
    throw new UnreadableSession("The data of this report is damaged: its header isn't JSON.");
  }
  if (header === null || header.format !== "spinetail") {
    throw new UnreadableSession("The data of this report isn't a Spinetail session.");
  }
  if (header.version > NEWEST_VERSION) {
    throw new UnreadableSession(
      `This session has version ${header.version} of the file format, and this page reads versions up to ` +
        `${NEWEST_VERSION}: make the report with the newer Spinetail that recorded the session.`,
    );
  }
  header.strings ??= [""];
  header.columns ??= [];
  return header;
}
