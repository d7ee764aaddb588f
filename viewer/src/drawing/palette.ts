/** A colour as red, green and blue from 0 to 255. */
export type Color = readonly [number, number, number];

/** The colours of one theme, by category: application, library, standard library, C, imports, waiting. */
export interface Palette {
  fills: readonly string[];
  /** The colour of text on each fill. */
  texts: readonly string[];
}

export const CATEGORY_NAMES = [
  "Your code",
  "Library",
  "Standard library",
  "C function",
  "Import machinery",
  "Waiting",
] as const;

/**
 * Colour says whose code it is. The colours were searched for by machine, to stay apart for people with any of the
 * common kinds of colour vision; a test holds them to it.
 */
export const PALETTES: Record<"light" | "dark", Palette> = {
  light: {
    fills: ["#b86842", "#5281cf", "#9af2ce", "#dac8ff", "#c6a829", "#808081"],
    texts: ["#111111", "#111111", "#111111", "#111111", "#111111", "#111111"],
  },
  dark: {
    fills: ["#efb972", "#4167a5", "#4cbea5", "#ceb4ff", "#836d07", "#35383e"],
    texts: ["#111111", "#ffffff", "#111111", "#111111", "#ffffff", "#ffffff"],
  },
};

/** A colour from its three or six hexadecimal digits. */
export function parseColor(text: string): Color {
  // Style sheets come with short forms once they are minified.
  const digits = text.length === 4 ? text.replace(/[^#]/g, "$&$&") : text;
  const value = parseInt(digits.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** `part` of one colour and the rest of another. */
export function mix(a: string, b: string, part: number): string {
  const [first, second] = [parseColor(a), parseColor(b)];
  const parts = first.map((value, i) => Math.round(value * part + second[i]! * (1 - part)));
  return `#${parts.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
