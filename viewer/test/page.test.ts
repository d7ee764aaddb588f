import assert from "node:assert/strict";
import { test } from "node:test";
import { paint, SvgSurface } from "../src/drawing/painter.ts";
import { percent, plural, seconds, shortened, TimeFormat } from "../src/page/format.ts";
import { mix, PALETTES, parseColor } from "../src/drawing/palette.ts";
import { fromHash, INITIAL, type State, toHash } from "../src/page/state.ts";

/** What dichromats see, as a change of linear light: Machado, Oliveira and Fernandes, 2009, at full severity. */
const VISIONS = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

function linear(color: string): number[] {
  return parseColor(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
}

function seen(light: number[], matrix: number[][]): number[] {
  return matrix.map((row) =>
    Math.min(1, Math.max(0, row.reduce((sum, value, i) => sum + value * light[i]!, 0)))
  );
}

/** CIE L*a*b* under D65. */
function lab([r, g, b]: number[]): number[] {
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r! + 0.3576 * g! + 0.1805 * b!) / 0.95047);
  const y = f(0.2126 * r! + 0.7152 * g! + 0.0722 * b!);
  const z = f((0.0193 * r! + 0.1192 * g! + 0.9505 * b!) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function contrast(a: string, b: string): number {
  const luminance = (color: string) => {
    const [r, g, blue] = linear(color);
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * blue!;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

for (const [theme, { fills, texts }] of Object.entries(PALETTES)) {
  test(`the colours of the ${theme} theme stay apart for all eyes`, () => {
    for (const [vision, matrix] of Object.entries(VISIONS)) {
      const places = fills.map((fill) => lab(seen(linear(fill), matrix)));
      for (let i = 0; i < places.length; i++) {
        for (let j = 0; j < i; j++) {
          const distance = Math.hypot(...places[i]!.map((value, k) => value - places[j]![k]!));
          assert.ok(
            distance >= 20,
            `${vision}: ${fills[i]} and ${fills[j]} are ${distance.toFixed(1)} apart`,
          );
        }
      }
    }
  });

  test(`labels of the ${theme} theme can be read`, () => {
    fills.forEach((fill, i) => assert.ok(contrast(fill, texts[i]!) >= 4.5, `${texts[i]} on ${fill}`));
  });
}

test("colours are mixed by parts", () => {
  assert.equal(mix("#ff0000", "#0000ff", 0.25), "#4000bf");
  assert.equal(mix("#000000", "#fff", 0.2), "#cccccc");
});

test("times have a unit that fits", () => {
  const expected: [number, string][] = [
    [0, "0 s"],
    [1234.56, "1234.6 s"],
    [12.345, "12.35 s"],
    [1.2345, "1.234 s"],
    [0.9996, "1.000 s"],
    [0.1234, "123 ms"],
    [0.0123, "12.3 ms"],
    [0.00123, "1.23 ms"],
    [0.000123, "123 µs"],
  ];
  for (const [value, text] of expected) assert.equal(seconds(value), text);
});

test("times of one whole have one unit", () => {
  const times = new TimeFormat(1000, 2_000_000, false);
  assert.deepEqual([2_000_000, 1234, 0, 0.1].map((time) => times.text(time)), [
    "2.000 s",
    "0.001 s",
    "0.000 s",
    "<0.001 s",
  ]);
  assert.equal(new TimeFormat(1000, 2000, false).text(1000), "1.00 ms");
  assert.equal(new TimeFormat(1000, 2_000_000, true).text(500_000), "25.0 %");
  assert.equal(new TimeFormat(1000, 0, true).text(0), "0 %");
});

test("small parts are not nothing", () => {
  assert.equal(percent(0.00001), "<0.1 %");
  assert.equal(percent(0), "0 %");
  assert.equal(percent(0.4567), "45.7 %");
});

test("words", () => {
  assert.equal(plural(1, "call"), "1 call");
  assert.equal(plural(1234567, "call"), "1,234,567 calls");
  assert.equal(shortened("abcdefghij", 5), "ab…ij");
});

test("a link says the state, and says it again", () => {
  const state: State = {
    ...INITIAL,
    view: "flame",
    query: "a&b=c #d",
    thread: 2,
    clock: "cpu",
    range: [5, 17],
    window: [0, 3],
    focus: [-16, 0, 35, 36],
    selected: [-1, -17, 4],
    file: 9,
    line: 12,
  };
  assert.deepEqual(fromHash(toHash(state), INITIAL), state);
  assert.equal(toHash(INITIAL), "");
  assert.deepEqual(fromHash("", state), { ...INITIAL, focus: [], selected: [] });
});

test("a link with nonsense is harmless", () => {
  const state = fromHash(
    "#view=moon&range=9-3&window=a-b&thread=-1&focus=!!.x&file=1e9&line=99999999999",
    INITIAL,
  );
  assert.deepEqual(state, INITIAL);
});

test("names in an SVG file stay names", () => {
  const surface = new SvgSurface();
  const look = {
    fills: ["#112233"],
    texts: ["#ffffff"],
    background: "#000000",
    outline: "#ffffff",
    font: '11px "A", monospace',
    characterWidth: 5,
    label: () => '</text><script>"&\u0000',
    colorOf: () => 0,
    upwards: false,
  };
  const list = {
    boxes: [[0, 0, 500, 1]],
    labelled: [0, 0, 500, 1],
    marked: [],
    pixels: new Uint8Array(500).fill(1, 10, 20),
    tops: [0],
    boxCount: 1,
    probes: 1,
  };
  const view = { from: 0, to: 1, top: 0, width: 500, height: 20, rowHeight: 20 };
  paint(surface, list, view, look);
  const svg = surface.document(500, 20, look);
  assert.ok(svg.includes("&lt;/text&gt;&lt;script&gt;&quot;&amp;\ufffd</text>"));
  assert.ok(!svg.includes("<script"));
  assert.ok(svg.includes('d="M10 0h10v19h-10z"'), svg);
});
