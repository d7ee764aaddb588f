/** Whole numbers; the wider sort only where a number needs more than 31 bits. */
export type Column = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** How the numbers of a column are written. */
export type Encoding = "varint" | "zigzag-delta" | "u8";

const WIDEST = 2 ** 31;

/**
 * Reads `count` numbers from `bytes`.
 *
 * Numbers beyond 2^53 lose their last digits. Throws if the bytes end early or a number is longer than ten bytes.
 */
export function decodeColumn(bytes: Uint8Array, count: number, encoding: Encoding): Column {
  if (encoding === "u8") {
    if (bytes.length < count) throw new RangeError("a column ends early");
    return Int32Array.from(bytes.subarray(0, count));
  }
  // Each number takes at least a byte: a wrong count can't make this allocate more than the file is long.
  if (count > bytes.length) throw new RangeError("a column ends early");
  return encoding === "varint" ? readPlain(bytes, count) : readDeltas(bytes, count);
}

function readPlain(bytes: Uint8Array, count: number): Column {
  const out = new Int32Array(count);
  let place = 0;
  for (let i = 0; i < count; i++) {
    const byte = bytes[place++]!;
    if (byte < 128) {
      out[i] = byte;
      continue;
    }
    const next = bytes[place]!;
    if (next < 128) {
      out[i] = (byte & 127) | (next << 7);
      place++;
      continue;
    }
    const [value, end] = readLong(bytes, place - 1);
    if (value >= WIDEST) return readWide(bytes, count, false);
    out[i] = value;
    place = end;
  }
  if (place > bytes.length) throw new RangeError("a column ends early");
  return out;
}

function readDeltas(bytes: Uint8Array, count: number): Column {
  const out = new Int32Array(count);
  let place = 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    let folded = bytes[place++]!;
    if (folded > 127) {
      const next = bytes[place]!;
      if (next < 128) {
        folded = (folded & 127) | (next << 7);
        place++;
      } else {
        [folded, place] = readLong(bytes, place - 1);
        if (folded >= WIDEST) return readWide(bytes, count, true);
      }
    }
    sum += (folded >>> 1) ^ -(folded & 1);
    if (sum >= WIDEST || sum < -WIDEST) return readWide(bytes, count, true);
    out[i] = sum;
  }
  if (place > bytes.length) throw new RangeError("a column ends early");
  return out;
}

/** Numbers that may need more than 31 bits: rare, and slower to read. */
function readWide(bytes: Uint8Array, count: number, areDeltas: boolean): Column {
  const out = new Float64Array(count);
  let place = 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const [value, end] = readLong(bytes, place);
    place = end;
    if (!areDeltas) out[i] = value;
    else out[i] = sum += value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  if (place > bytes.length) throw new RangeError("a column ends early");
  return out;
}

/** A number of any length at `place`, and where the next one begins. */
function readLong(bytes: Uint8Array, place: number): [value: number, end: number] {
  let byte = bytes[place++]!;
  let value = byte & 127;
  for (let scale = 128; byte > 127 && scale < 2 ** 70; scale *= 128) {
    byte = bytes[place++]!;
    value += (byte & 127) * scale;
  }
  return [value, place];
}
