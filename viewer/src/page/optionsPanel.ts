import { DEFAULT_OPTIONS, type TreeOptions } from "../model/profile.ts";
import { fill, h } from "./dom.ts";
import type { Store } from "./store.ts";

const THRESHOLDS: [number, string][] = [[0, "nothing"], [0.001, "0.1 %"], [0.01, "1 %"], [0.05, "5 %"]];
const FOLDS: [TreeOptions["fold"], string][] = [
  ["library", "library code"],
  ["patterns", "files that I name"],
  ["none", "nothing"],
];

/** The choices of what is shown and how. */
export class OptionsPanel {
  readonly element = h("dialog", { class: "panel", "aria-label": "Options" });

  constructor(private readonly store: Store) {
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
  }

  open(): void {
    this.build();
    this.element.showModal();
  }

  private change(patch: Partial<TreeOptions>): void {
    this.store.set({ options: { ...this.store.state.options, ...patch } });
  }

  private build(): void {
    const { options, inPercent, theme } = this.store.state;
    const check = (label: string, isOn: boolean, set: (isOn: boolean) => void) => {
      const input = h("input", { type: "checkbox", onchange: () => set(input.checked) });
      input.checked = isOn;
      return h("label", { class: "option" }, input, label);
    };
    const choice = <Value>(
      label: string,
      values: [Value, string][],
      current: Value,
      set: (value: Value) => void,
    ) => {
      const select = h(
        "select",
        { "aria-label": label, onchange: () => set(values[select.selectedIndex]![0]) },
        ...values.map(([, text]) => h("option", {}, text)),
      );
      select.selectedIndex = values.findIndex(([value]) => value === current);
      return h("label", { class: "option" }, h("span", {}, label), select);
    };
    const pattern = (label: string, value: string, set: (value: string) => void) => {
      const input = h("input", {
        type: "text",
        value,
        placeholder: "*/site-packages/*",
        spellcheck: "false",
        onchange: () => set(input.value),
      });
      return h("label", { class: "option" }, h("span", {}, label), input);
    };
    const patterns = h(
      "div",
      { class: "indented" },
      pattern("Fold files", options.hide, (hide) => this.change({ hide })),
      pattern("but not", options.show, (show) => this.change({ show })),
      h(
        "p",
        { class: "hint" },
        "Part of the path, a pattern with * and ? for the whole path, or /a regular expression/. Commas separate several.",
      ),
    );
    patterns.hidden = options.fold !== "patterns";
    fill(
      this.element,
      h(
        "form",
        { method: "dialog" },
        h("h2", {}, "Options"),
        choice(
          "Times",
          [[false, "in seconds"], [true, "in percent"]],
          inPercent,
          (value) => this.store.set({ inPercent: value }),
        ),
        choice(
          "Theme",
          [["system", "as the system has it"], ["light", "light"], ["dark", "dark"]],
          theme,
          (value) => this.store.set({ theme: value as typeof theme }),
        ),
        h("h3", {}, "Call tree"),
        choice("Fold", FOLDS, options.fold, (fold) => {
          patterns.hidden = fold !== "patterns";
          this.change({ fold });
        }),
        patterns,
        choice(
          "Leave out less than",
          THRESHOLDS,
          options.threshold,
          (threshold) => this.change({ threshold }),
        ),
        h("h3", {}, "All views"),
        check(
          "Leave out the import machinery",
          options.removeImportlib,
          (removeImportlib) => this.change({ removeImportlib }),
        ),
        check(
          "Leave out functions with a __tracebackhide__",
          options.removeHidden,
          (removeHidden) => this.change({ removeHidden }),
        ),
        h(
          "div",
          { class: "buttons" },
          h("button", {
            type: "button",
            onclick: () => {
              this.store.set({ options: DEFAULT_OPTIONS, inPercent: false, theme: "system" });
              this.build();
            },
          }, "Reset"),
          h("button", { class: "primary" }, "Done"),
        ),
      ),
    );
  }
}
