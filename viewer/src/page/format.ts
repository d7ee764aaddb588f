/** Writes times: in seconds, or as a part of a whole. Numbers never depend on the locale. */
export class TimeFormat {
  /**
   * @param unit Nanoseconds in a unit.
   * @param whole What counts as 100 %, in units.
   */
  constructor(readonly unit: number, readonly whole: number, readonly inPercent: boolean) {}

  /** As the reader chose to see times: all in one unit, so that they can be compared at a glance. */
  text(time: number): string {
    if (this.inPercent) return this.percent(time);
    const value = (time * this.unit) / 1e9;
    const whole = (this.whole * this.unit) / 1e9;
    if (whole >= 1) return inUnit(value, "s", 3);
    return whole >= 0.001 ? inUnit(value * 1e3, "ms", 2) : inUnit(value * 1e6, "µs", 1);
  }

  seconds(time: number): string {
    return seconds((time * this.unit) / 1e9);
  }

  percent(time: number): string {
    return percent(this.part(time));
  }

  /** The part of the whole, from 0 to 1. */
  part(time: number): number {
    return this.whole > 0 ? Math.min(1, Math.max(0, time / this.whole)) : 0;
  }
}

/** Seconds with a unit that fits: `12.3 s`, `45.6 ms`, `7 µs`. */
export function seconds(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0 s";
  if (size >= 100) return `${value.toFixed(1)} s`;
  if (size >= 0.9995) return `${value.toFixed(size >= 10 ? 2 : 3)} s`;
  if (size >= 0.0009995) return `${trimmed(value * 1e3)} ms`;
  return `${trimmed(value * 1e6)} µs`;
}

/** A part of 1 as a percentage. */
export function percent(part: number): string {
  const value = part * 100;
  if (value === 0) return "0 %";
  if (value < 0.095) return "<0.1 %";
  return `${value.toFixed(1)} %`;
}

/** A whole number with groups of three digits. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A number of things: `1 frame`, `2 frames`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** `n` characters at most: the middle gives way. */
export function shortened(text: string, n: number): string {
  if (text.length <= n) return text;
  const head = Math.ceil((n - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (n - 1 - head))}`;
}

function inUnit(value: number, unit: string, digits: number): string {
  const least = 10 ** -digits;
  if (value > 0 && value < least / 2) return `<${least.toFixed(digits)} ${unit}`;
  return `${value.toFixed(digits)} ${unit}`;
}

function trimmed(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
