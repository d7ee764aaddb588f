import { h } from "../page/dom.ts";

/** Browsers limit how tall an element can be: lists beyond this scroll faster than the pointer. */
const TALLEST = 8_000_000;

/** What a list of rows shows, and what it tells. */
export interface RowSource {
  /** Gives the row's cells and attributes; `element` is empty and reused. */
  render(element: HTMLElement, row: number): void;
  /** A row was clicked, or Enter or Space pressed on it. */
  activate?(row: number, event: MouseEvent | KeyboardEvent): void;
  /** Another row became the current one by the keyboard or a click. */
  select(row: number): void;
  /** A key with a meaning for this list only; true if it was used. */
  key?(event: KeyboardEvent, row: number): boolean;
}

let lists = 0;

/**
 * Rows of which only the visible ones are elements, in a container with one tab stop: the current row is told to
 * assistive technology as the active descendant.
 */
export class VirtualRows {
  private readonly spacer = h("div", { class: "spacer", role: "rowgroup" });
  private readonly id = `rows${++lists}`;
  private readonly pool: HTMLElement[] = [];
  private count = 0;
  private pending = 0;
  private paintedHeight = -1;
  /** The current row, or -1. */
  current = -1;

  /**
   * @param owner The element with the role, which scrolls and takes the keyboard's focus. Its head stays on top.
   * @param headRows How many rows come before the first, for their numbers.
   */
  constructor(
    private readonly owner: HTMLElement,
    private readonly source: RowSource,
    private readonly rowHeight: number,
    private readonly headRows = 1,
  ) {
    owner.append(this.spacer);
    owner.addEventListener("scroll", () => this.schedule(), { passive: true });
    owner.addEventListener("click", (event) => this.click(event));
    owner.addEventListener("keydown", (event) => this.keydown(event));
    // Told at the beginning too, when all is painted.
    new ResizeObserver(() => this.height !== this.paintedHeight && this.schedule()).observe(owner);
  }

  /** Shows so many rows afresh; they are painted at once unless `setCurrent` follows, which does. */
  setCount(count: number, isPainted = true): void {
    this.count = count;
    if (this.current >= count) this.current = count - 1;
    this.spacer.style.height = `${Math.min(TALLEST, count * this.rowHeight)}px`;
    this.owner.setAttribute("aria-rowcount", String(count + this.headRows));
    if (isPainted) this.paint();
  }

  /** Makes a row the current one and, with `reveal`, visible: with its surroundings, if it is `apart` from them. */
  setCurrent(row: number, reveal = true, apart = false): void {
    this.current = row;
    if (reveal && row >= 0) this.reveal(row, apart);
    this.paint();
  }

  private reveal(row: number, apart: boolean): void {
    const height = this.height;
    if (height === 0) return;
    const top = this.top();
    const y = row * this.rowHeight;
    if (y >= top && y + this.rowHeight <= top + height) return;
    // Far away: into the upper third, with its surroundings.
    const isNear = !apart && y > top - height && y < top + 2 * height;
    const wanted = isNear ? (y < top ? y : y + this.rowHeight - height) : y - height / 3;
    this.owner.scrollTop = this.toScroll(Math.max(0, wanted));
  }

  /** How much room rows have. */
  private get height(): number {
    return Math.max(0, this.owner.clientHeight - (this.owner.firstElementChild as HTMLElement).offsetHeight);
  }

  /** How far down the first visible pixel is in the whole list. */
  private top(): number {
    const { whole, shown } = this.heights();
    return shown > 0 ? (this.owner.scrollTop * whole) / shown : 0;
  }

  private toScroll(top: number): number {
    const { whole, shown } = this.heights();
    return whole > 0 ? (top * shown) / whole : 0;
  }

  /** How far the list could be scrolled, and how far the element can. */
  private heights(): { whole: number; shown: number } {
    const all = this.count * this.rowHeight;
    const height = this.height;
    return { whole: Math.max(0, all - height), shown: Math.max(0, Math.min(TALLEST, all) - height) };
  }

  private schedule(): void {
    this.pending ||= requestAnimationFrame(() => this.paint());
  }

  /** Draws the visible rows. */
  paint(): void {
    cancelAnimationFrame(this.pending);
    this.pending = 0;
    const height = this.paintedHeight = this.height;
    const top = this.top();
    const first = Math.max(0, Math.floor(top / this.rowHeight) - 2);
    const last = Math.min(this.count, Math.ceil((top + height) / this.rowHeight) + 2);
    const shift = this.owner.scrollTop - top;
    for (let row = first; row < last; row++) {
      const place = row - first;
      let element = this.pool[place];
      if (!element) {
        element = h("div");
        this.pool.push(element);
        this.spacer.append(element);
      }
      for (const name of element.getAttributeNames()) if (name !== "style") element.removeAttribute(name);
      element.replaceChildren();
      element.className = "row";
      element.id = `${this.id}-${row}`;
      element.dataset.row = String(row);
      element.setAttribute("role", "row");
      element.setAttribute("aria-rowindex", String(row + this.headRows + 1));
      element.style.top = `${row * this.rowHeight + shift}px`;
      element.style.height = `${this.rowHeight}px`;
      this.source.render(element, row);
      element.setAttribute("aria-selected", String(row === this.current));
      if (row === this.current) element.classList.add("current");
    }
    while (this.pool.length > Math.max(0, last - first)) this.pool.pop()!.remove();
    const isShown = this.current >= first && this.current < last;
    if (isShown) this.owner.setAttribute("aria-activedescendant", `${this.id}-${this.current}`);
    else this.owner.removeAttribute("aria-activedescendant");
  }

  private click(event: MouseEvent): void {
    const element = (event.target as Element).closest<HTMLElement>("[data-row]");
    if (!element) return;
    const row = Number(element.dataset.row);
    this.owner.focus({ preventScroll: true });
    this.current = row;
    this.source.select(row);
    this.source.activate?.(row, event);
  }

  private keydown(event: KeyboardEvent): void {
    if (event.target !== this.owner || event.ctrlKey || event.metaKey) return;
    if (this.count > 0 && this.source.key?.(event, this.current)) {
      event.preventDefault();
      return;
    }
    const page = Math.max(1, Math.floor(this.height / this.rowHeight) - 1);
    const { current } = this;
    const moves: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: this.count - 1,
    };
    const target = event.altKey ? undefined : moves[event.key];
    if (target !== undefined && this.count > 0) {
      event.preventDefault();
      const row = Math.max(0, Math.min(this.count - 1, target));
      this.setCurrent(row);
      this.source.select(row);
    } else if ((event.key === "Enter" || event.key === " ") && current >= 0) {
      event.preventDefault();
      this.source.activate?.(current, event);
    }
  }
}
