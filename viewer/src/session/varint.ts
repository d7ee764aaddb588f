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
  let out: Column = new Int32Array(count);
  let place = 0;
  for (let i = 0; i < count; i++) {
    let byte = bytes[place++]!;
    let value = byte & 127;
    if (byte > 127) {
      let scale = 128;
      do {
        byte = bytes[place++]!;
        value += (byte & 127) * scale;
        scale *= 128;
      } while (byte > 127 && scale < 2 ** 70);
      if (value >= WIDEST && out instanceof Int32Array) out = Float64Array.from(out);
    }
    out[i] = value;
  }
  if (place > bytes.length) throw new RangeError("a column ends early");
  return out;
}

function readDeltas(bytes: Uint8Array, count: number): Column {
  let out: Column = new Int32Array(count);
  let place = 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    let byte = bytes[place++]!;
    let value = byte & 127;
    if (byte > 127) {
      let scale = 128;
      do {
        byte = bytes[place++]!;
        value += (byte & 127) * scale;
        scale *= 128;
      } while (byte > 127 && scale < 2 ** 70);
    }
    sum += value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    if ((sum >= WIDEST || sum < -WIDEST) && out instanceof Int32Array) out = Float64Array.from(out);
    out[i] = sum;
  }
  if (place > bytes.length) throw new RangeError("a column ends early");
  return out;
}
