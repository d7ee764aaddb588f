import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { decodeBase64 } from "../src/session/base64.ts";
import { inflate, readContents, UnreadableSession } from "../src/session/container.ts";
import { readSession } from "../src/session/session.ts";
import { decodeColumn } from "../src/session/varint.ts";

/** The bytes of a file with this header, the columns following it. */
function file(header: unknown, body: number[] = []): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(4 + text.length + body.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(body, 4 + text.length);
  return bytes;
}

const HEADER = { format: "spinetail", version: 1, timeUnit: 1000, strings: [""], columns: [] };

test("varints of all lengths", () => {
  const bytes = Uint8Array.of(
    0,
    127,
    0x80,
    1,
    0xff,
    0xff,
    0x03,
    0xff,
    0xff,
    0xff,
    0xff,
    0xff,
    0xff,
    0xff,
    0x0f,
  );
  assert.deepEqual([...decodeColumn(bytes, 5, "varint")], [0, 127, 128, 65535, 2 ** 53 - 1]);
});

test("a column stays narrow unless a number needs more", () => {
  assert.ok(decodeColumn(Uint8Array.of(1, 2), 2, "varint") instanceof Int32Array);
  const wide = decodeColumn(Uint8Array.of(7, 0x80, 0x80, 0x80, 0x80, 8), 2, "varint");
  assert.ok(wide instanceof Float64Array);
  assert.deepEqual([...wide], [7, 2 ** 31]);
});

test("differences go up and down", () => {
  assert.deepEqual([...decodeColumn(Uint8Array.of(10, 3, 0, 9), 4, "zigzag-delta")], [5, 3, 3, -2]);
});

test("differences of any length", () => {
  const folded = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);
  const bytesOf = (values: number[]) =>
    values.flatMap((value, i) => {
      const groups: number[] = [];
      let rest = folded(value - (values[i - 1] ?? 0));
      for (; rest > 127; rest = Math.floor(rest / 128)) groups.push((rest % 128) | 128);
      return [...groups, rest];
    });
  const narrow = [0, 63, 64, -1, 8191, -8192, 8192, 2 ** 20, -(2 ** 29), 5];
  const column = decodeColumn(Uint8Array.from(bytesOf(narrow)), narrow.length, "zigzag-delta");
  assert.ok(column instanceof Int32Array);
  assert.deepEqual([...column], narrow);
  const wide = [1, 2 ** 30, 2 ** 31, -3, -(2 ** 31) - 1, 2 ** 45];
  assert.deepEqual(
    [...decodeColumn(Uint8Array.from(bytesOf(wide)), wide.length, "zigzag-delta")],
    wide,
  );
});

test("bytes", () => assert.deepEqual([...decodeColumn(Uint8Array.of(0, 255), 2, "u8")], [0, 255]));

test("a column that ends early is an error", () => {
  for (const encoding of ["varint", "zigzag-delta", "u8"] as const) {
    assert.throws(() => decodeColumn(Uint8Array.of(1), 2, encoding), RangeError);
  }
  assert.throws(() => decodeColumn(Uint8Array.of(0x80, 0x80), 2, "varint"), RangeError);
});

test("base64 with and without the browser's own decoder", () => {
  assert.deepEqual([...decodeBase64("AAH/")], [0, 1, 255]);
  const kept = Object.getOwnPropertyDescriptor(Uint8Array, "fromBase64");
  Object.defineProperty(Uint8Array, "fromBase64", { value: undefined, configurable: true });
  assert.deepEqual([...decodeBase64("AAH/")], [0, 1, 255]);
  if (kept) Object.defineProperty(Uint8Array, "fromBase64", kept);
});

test("gzip data is inflated, and damaged data says so", async () => {
  assert.deepEqual([...await inflate(new Uint8Array(gzipSync(Uint8Array.of(1, 2, 3))))], [1, 2, 3]);
  await assert.rejects(inflate(Uint8Array.of(1, 2, 3)), UnreadableSession);
  await assert.rejects(
    inflate(new Uint8Array(gzipSync(new Uint8Array(1000)).subarray(0, 15))),
    UnreadableSession,
  );
});

test("a newer version is refused in words", () => {
  const refused = (bytes: Uint8Array<ArrayBuffer>, words: RegExp) =>
    assert.throws(
      () => readContents(bytes),
      (error) => error instanceof UnreadableSession && words.test(error.message),
    );
  refused(file({ ...HEADER, version: 2 }), /newer Spinetail/);
  refused(file({ ...HEADER, format: "other" }), /isn't a Spinetail session/);
  refused(file(null), /isn't a Spinetail session/);
  refused(Uint8Array.of(9, 0, 0, 0, 1), /ends early/);
  refused(Uint8Array.of(1), /ends early/);
  refused(Uint8Array.of(1, 0, 0, 0, 65), /isn't JSON/);
  const column = { table: "stacks", name: "frame", encoding: "varint", count: 3, offset: 0, length: 2 };
  refused(file({ ...HEADER, columns: [column] }, [1, 2]), /stacks\/frame/);
  refused(file({ ...HEADER, columns: [{ ...column, length: 9 }] }, [1, 2]), /stacks\/frame/);
});

test("what isn't known is passed over, and what is missing has its usual value", () => {
  const columns = [
    { table: "functions", name: "name", encoding: "varint", count: 1, offset: 0, length: 1 },
    { table: "functions", name: "colour", encoding: "brotli", count: 1, offset: 0, length: 1 },
    { table: "threads", name: "name", encoding: "u8", count: 1, offset: 1, length: 1 },
    { table: "samples/0", name: "stack", encoding: "varint", count: 2, offset: 2, length: 2 },
    { table: "samples/0", name: "wall", encoding: "varint", count: 2, offset: 4, length: 2 },
  ];
  const header = { ...HEADER, strings: ["", "f"], duration: 2.5, engine: 7, mood: "good", columns };
  const session = readSession(readContents(file(header, [1, 0, 0, 99, 5, 6])));
  assert.equal(session.timeUnit, 1000);
  assert.equal(session.metadata.duration, 2.5);
  assert.equal(session.metadata.engine, "");
  assert.deepEqual([...session.functions.name], [1]);
  assert.deepEqual([...session.functions.file], [0]);
  assert.equal(session.stacks.count, 1);
  const [thread] = session.threads;
  // There is no stack 99: the empty one stands for it.
  assert.deepEqual([...thread!.stack], [0, 0]);
  assert.deepEqual([...thread!.wall], [5, 6]);
  assert.deepEqual([...thread!.cpu], [0, 0]);
  assert.equal(thread!.start, 0);
});

test("CPU time is wall time less waiting", () => {
  const names = ["stack", "wall", "wait"];
  const columns = [
    { table: "threads", name: "name", encoding: "u8", count: 1, offset: 0, length: 1 },
    ...names.map((name, i) => ({
      table: "samples/0",
      name,
      encoding: name === "wait" ? "zigzag-delta" : "varint",
      count: 1,
      offset: 1 + i,
      length: 1,
    })),
  ];
  const session = readSession(readContents(file({ ...HEADER, columns }, [0, 0, 9, 3])));
  assert.deepEqual([...session.threads[0]!.cpu], [11]);
});
