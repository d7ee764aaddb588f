import { DEFAULT_OPTIONS } from "../model/profile.ts";
import type { State } from "./state.ts";

const KEY = "spinetail";

/** What readers set once for all reports. */
type Settings = Pick<State, "options" | "inPercent" | "upwards" | "theme">;

/** The kept settings; a browser may not let pages from files keep any. */
export function loadSettings(): Partial<Settings> {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Settings>;
    const { theme, inPercent, upwards } = kept;
    return {
      options: { ...DEFAULT_OPTIONS, ...pickOptions(kept.options) },
      inPercent: inPercent === true,
      upwards: upwards === true,
      theme: theme === "light" || theme === "dark" ? theme : "system",
    };
  } catch {
    return {};
  }
}

/** Keeps the settings where that's allowed. */
export function saveSettings({ options, inPercent, upwards, theme }: State): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ options, inPercent, upwards, theme }));
  } catch {
    // They hold for this page then.
  }
}

function pickOptions(raw: unknown): Partial<State["options"]> {
  if (typeof raw !== "object" || raw === null) return {};
  const fitting = Object.entries(raw).filter(([key, value]) =>
    typeof value === typeof (DEFAULT_OPTIONS as unknown as Record<string, unknown>)[key]
  );
  return Object.fromEntries(fitting) as Partial<State["options"]>;
}
