import { PALETTES } from "../drawing/palette.ts";
import type { Theme } from "./state.ts";

let chosen: Theme = "system";

/** Whether the system asks for dark pages. Asked for when needed: the worker that runs this script has no media. */
function systemTheme(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}

/** Calls `listener` when the system's theme changes. */
export function onThemeChange(listener: () => void): void {
  systemTheme().addEventListener("change", () => {
    setTheme(chosen);
    listener();
  });
}

/** Shows the page in a theme. */
export function setTheme(theme: Theme): void {
  chosen = theme;
  show(currentTheme());
}

/** Shows the light theme, whatever was chosen, until a theme is set: paper is white. */
export function showLight(): void {
  show("light");
}

function show(name: "light" | "dark"): void {
  const root = document.documentElement;
  root.dataset.theme = name;
  PALETTES[name].fills.forEach((fill, i) => root.style.setProperty(`--category-${i}`, fill));
}

/** The theme that is shown. */
export function currentTheme(): "light" | "dark" {
  return chosen === "system" ? (systemTheme().matches ? "dark" : "light") : chosen;
}
