import type { FileTime, LineTime, StackTimes } from "../model/lineTimes.ts";
import { append, fill, h } from "../page/dom.ts";
import type { Lens } from "../page/lens.ts";
import type { Store } from "../page/store.ts";
import { pathText, swatch, timeCell } from "./cells.ts";
import type { View } from "./view.ts";
import { VirtualRows } from "./virtualRows.ts";

const LINE_HEIGHT = 20;
const FILE_HEIGHT = 24;
const NO_TIME = { self: 0, total: 0 };

/** A file's lines with the time of each. */
export class SourceView implements View {
  readonly element: HTMLElement;
  private readonly fileTable: HTMLElement;
  private readonly fileList: VirtualRows;
  private readonly lineTable: HTMLElement;
  private readonly lineList: VirtualRows;
  private readonly title: HTMLElement;
  private lens: Lens;
  private files: FileTime[] = [];
  private file = 0;
  private text: string[] | undefined;
  private times = new Map<number, LineTime>();
  /** The numbers of the lines that are shown. */
  private numbers: number[] = [];
  private madeFor: StackTimes | undefined;

  constructor(private readonly store: Store) {
    this.lens = store.lens;
    this.fileTable = this.makeTable("files", "Files", ["Self", "File"], "file-columns");
    this.fileList = new VirtualRows(this.fileTable, {
      render: (element, row) => this.renderFile(element, row),
      select: (row) => this.store.set({ file: this.files[row]!.file, line: 0 }),
    }, FILE_HEIGHT);
    this.lineTable = this.makeTable("lines", "Lines", ["Total", "Self", "Line", "Source"], "line-columns");
    this.lineList = new VirtualRows(this.lineTable, {
      render: (element, row) => this.renderLine(element, row),
      select: (row) => this.store.set({ line: this.numbers[row]! }),
    }, LINE_HEIGHT);
    this.title = h("h2", { class: "source-title" });
    this.element = h(
      "div",
      { class: "split source" },
      this.fileTable,
      h("div", { class: "source-lines" }, this.title, this.lineTable),
    );
  }

  update(lens: Lens, before: Lens | undefined): void {
    this.lens = lens;
    const times = lens.stackTimes;
    const isNew = this.madeFor !== times || !before || before.times.inPercent !== lens.times.inPercent;
    if (isNew) {
      this.madeFor = times;
      this.files = times.files().filter((item) => item.total > 0);
      this.fileList.setCount(this.files.length);
    }
    const file = lens.state.file || this.defaultFile();
    if (isNew || file !== this.file) this.showFile(file);
    this.fileList.setCurrent(this.files.findIndex((item) => item.file === file));
    const line = lens.state.line || this.heaviestLine();
    const row = this.numbers.indexOf(line);
    if (row !== this.lineList.current) this.lineList.setCurrent(row, true, true);
  }

  focus(): void {
    this.lineTable.focus({ preventScroll: true });
  }

  key(event: KeyboardEvent): boolean {
    if (event.key !== "n" && event.key !== "N") return false;
    const heavy = [...this.times.values()].sort((a, b) => b.self - a.self || b.total - a.total);
    const at = heavy.findIndex((item) => item.line === this.numbers[this.lineList.current]);
    const next = heavy[(at + (event.key === "n" ? 1 : heavy.length - 1)) % heavy.length];
    if (next) this.store.set({ line: next.line });
    return true;
  }

  asText(markdown: boolean): string {
    const { times } = this.lens;
    const lines = this.numbers.map((line) => {
      const time = this.times.get(line);
      const figure = time ? times.text(time.total) : "";
      return `${figure.padStart(10)} ${String(line).padStart(5)}  ${this.text?.[line - 1] ?? ""}`.trimEnd();
    });
    const body = lines.join("\n");
    return markdown ? `\`\`\`\n${body}\n\`\`\`\n` : `${body}\n`;
  }

  private makeTable(kind: string, label: string, heads: string[], columns: string): HTMLElement {
    const cells = heads.map((head) => {
      const isNumber = head !== "File" && head !== "Source";
      return h("span", { role: "columnheader", class: isNumber ? "number" : "" }, head);
    });
    const head = h("div", { class: `head ${columns}`, role: "row", "aria-rowindex": 1 }, ...cells);
    return h(
      "div",
      { class: `table ${kind}`, role: "grid", tabindex: 0, "aria-label": label },
      h("div", { role: "rowgroup" }, head),
    );
  }

  /** The file of the selected call, else the application's with the most time. */
  private defaultFile(): number {
    const { lens } = this;
    const fn = lens.selected < 0 ? -1 : lens.tree.functionOf(lens.selected);
    if (fn >= 0) return lens.session.functions.file[fn]!;
    const own = this.files.find((item) =>
      lens.tree.files.of(item.file)?.origin === "application" && item.self > 0
    );
    return (own ?? this.files[0])?.file ?? 0;
  }

  private heaviestLine(): number {
    let best: LineTime | undefined;
    for (const item of this.times.values()) {
      if (!best || item.self > best.self || (item.self === best.self && item.total > best.total)) best = item;
    }
    return best?.line ?? 0;
  }

  private showFile(file: number): void {
    this.file = file;
    const { lens } = this;
    const path = lens.session.strings[file] ?? "";
    const source = Object.hasOwn(lens.session.sources, path) ? lens.session.sources[path]! : undefined;
    this.text = source?.split(/\r\n|\n|\r/);
    this.times = new Map(lens.stackTimes.lines(file).map((item) => [item.line, item]));
    const length = Math.max(this.text?.length ?? 0, 0);
    this.numbers = this.text
      ? Array.from({ length }, (_, i) => i + 1)
      : [...this.times.keys()].sort((a, b) => a - b);
    fill(
      this.title,
      h("span", { class: "path" }, path || "No file"),
      !this.text && path !== "" && h("span", { class: "hint" }, "The report has no source for this file."),
    );
    this.lineList.setCurrent(-1, false);
    this.lineList.setCount(this.numbers.length);
  }

  private renderFile(element: HTMLElement, row: number): void {
    const item = this.files[row]!;
    const facts = this.lens.tree.files.of(item.file);
    const category = facts?.category ?? 1;
    element.classList.add("file-columns");
    if (category === 0) element.classList.add("own");
    append(element, [
      timeCell(this.lens, item.self, "self"),
      h(
        "span",
        { role: "gridcell", class: "name-cell", title: facts?.path },
        swatch(category),
        h("span", { class: "name" }, pathText(facts?.shortPath || "no file")),
      ),
    ]);
  }

  private renderLine(element: HTMLElement, row: number): void {
    const line = this.numbers[row]!;
    const time = this.times.get(line);
    element.classList.add("line-columns");
    if (time) element.classList.add("timed");
    const { self, total } = time ?? NO_TIME;
    append(element, [
      time ? timeCell(this.lens, total, "total") : h("span", { role: "gridcell", class: "number" }),
      self > 0 ? timeCell(this.lens, self, "self") : h("span", { role: "gridcell", class: "number" }),
      h("span", { role: "gridcell", class: "number line-number" }, line),
      h("span", { role: "gridcell", class: "code" }, this.text?.[line - 1] ?? ""),
    ]);
  }
}
