import type { View } from "../views/view.ts";
import { fill, h } from "./dom.ts";
import { title } from "./header.ts";
import type { Store } from "./store.ts";

const SHOWN_MS = 2500;

/** What can be taken out of the page: text, pictures, and the data with the command that converts it. */
export class Exports {
  readonly element = h("dialog", { class: "panel", "aria-label": "Save and copy" });
  readonly toast = h("div", { class: "toast", role: "status", hidden: true });
  private hiding = 0;

  constructor(
    private readonly store: Store,
    private readonly data: Uint8Array<ArrayBuffer>,
    private readonly view: () => View,
  ) {
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
  }

  open(): void {
    const { picture, asText } = this.view();
    const button = (label: string, action: () => void) =>
      h("button", {
        type: "button",
        onclick: () => {
          this.element.close();
          action();
        },
      }, label);
    const name = `${this.fileName()}.spinetail`;
    const command = `spinetail --load ${name} -r speedscope -o ${this.fileName()}.speedscope.json`;
    fill(
      this.element,
      h(
        "form",
        { method: "dialog" },
        h("h2", {}, "Save and copy"),
        h("h3", {}, "What is shown"),
        h(
          "div",
          { class: "choices" },
          asText && button("Copy as Markdown", () => this.copy(true)),
          asText && button("Copy as text", () => this.copy(false)),
          picture && button("Save as PNG", () => this.savePng()),
          picture && button("Save as SVG", () => this.saveSvg()),
          button("Print", () => print()),
        ),
        h("h3", {}, "All data"),
        h("div", { class: "choices" }, button(`Save ${name}`, () => this.saveData(name))),
        h("p", { class: "hint" }, "With it, the command makes any other format, such as one for speedscope:"),
        h("pre", {}, h("code", {}, command)),
        h("div", { class: "buttons" }, h("button", { class: "primary" }, "Close")),
      ),
    );
    this.element.showModal();
  }

  /** Copies what the view shows. */
  async copy(markdown: boolean): Promise<void> {
    const text = this.view().asText?.(markdown);
    if (text === undefined) return this.say("This view has no text: copy from the call tree.");
    this.say((await write(text)) ? "Copied." : "The browser didn't allow copying.");
  }

  private savePng(): void {
    this.view().picture?.().canvas.toBlob((blob) => blob && save(blob, `${this.fileName()}.png`));
  }

  private saveSvg(): void {
    const svg = this.view().picture?.().svg();
    if (svg) save(new Blob([svg], { type: "image/svg+xml" }), `${this.fileName()}.svg`);
  }

  private saveData(name: string): void {
    save(new Blob([this.data], { type: "application/octet-stream" }), name);
  }

  /** A name without what file systems, or shells, mind. */
  private fileName(): string {
    const words = title(this.store.lens).split(/\s/)[0]!.replace(/^.*[/\\]/, "").replace(/\.py$/, "");
    return words.replace(/[^A-Za-z0-9_.]+/g, "-").replace(/^[-.]+|[-.]+$/g, "").slice(0, 60) || "profile";
  }

  private say(text: string): void {
    fill(this.toast, text);
    this.toast.hidden = false;
    clearTimeout(this.hiding);
    this.hiding = setTimeout(() => (this.toast.hidden = true), SHOWN_MS);
  }
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages from files may not have the clipboard: the old way needs a selected text.
    const area = h("textarea", { class: "offscreen", "aria-hidden": "true", tabindex: -1 });
    area.value = text;
    document.body.append(area);
    area.select();
    const isDone = document.execCommand("copy");
    area.remove();
    return isDone;
  }
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
