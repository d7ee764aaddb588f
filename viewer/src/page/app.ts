import type { Profile } from "../model/profile.ts";
import { FlameView } from "../views/flameView.ts";
import { FunctionsView } from "../views/functionsView.ts";
import { SourceView } from "../views/sourceView.ts";
import { TimelineView } from "../views/timelineView.ts";
import { TreeView } from "../views/treeView.ts";
import type { MakeView, View } from "../views/view.ts";
import { Crumbs } from "./crumbs.ts";
import { Detail, focusSelected, openSource } from "./detail.ts";
import { fill, h, icon, ICONS } from "./dom.ts";
import { Exports } from "./exports.ts";
import { seconds } from "./format.ts";
import { makeHeader, title } from "./header.ts";
import { makeHelp } from "./help.ts";
import type { Lens } from "./lens.ts";
import { Nothing } from "./nothing.ts";
import { OptionsPanel } from "./optionsPanel.ts";
import { preparePrinting } from "./printout.ts";
import { type ViewName, VIEWS } from "./state.ts";
import { Store } from "./store.ts";
import { currentTheme, onThemeChange, setTheme } from "./theme.ts";
import { Toolbar, VIEW_TITLES } from "./toolbar.ts";

const MAKERS: Record<ViewName, MakeView> = {
  tree: (store) => new TreeView(store),
  flame: (store) => new FlameView(store),
  timeline: (store) => new TimelineView(store),
  functions: (store) => new FunctionsView(store),
  source: (store) => new SourceView(store),
};

/** The page around the views. */
export class App {
  readonly store: Store;
  readonly views = new Map<ViewName, View>();
  private readonly panel = h("div", { id: "view", role: "tabpanel" });
  private readonly toolbar: Toolbar;
  private readonly crumbs: Crumbs;
  private readonly nothing: Nothing;
  private readonly detail: Detail;
  private readonly options: OptionsPanel;
  private readonly exports: Exports;
  private readonly help = makeHelp();
  private shown: { name: ViewName; lens: Lens } | undefined;

  constructor(profile: Profile, data: Uint8Array<ArrayBuffer>, place: Element) {
    this.store = new Store(profile);
    const { store } = this;
    setTheme(store.state.theme);
    this.toolbar = new Toolbar(store);
    this.crumbs = new Crumbs(store);
    this.nothing = new Nothing(store);
    this.detail = new Detail(store);
    this.options = new OptionsPanel(store);
    this.exports = new Exports(store, data, () => this.view());
    const tool = (shape: string, label: string, key: string, action: () => void) =>
      h(
        "button",
        { type: "button", class: "tool", title: `${label} (${key})`, "aria-label": label, onclick: action },
        icon(shape),
      );
    const header = makeHeader(
      store.lens,
      tool(ICONS.save, "Save and copy", "y copies", () => this.exports.open()),
      tool(ICONS.options, "Options", "o", () => this.options.open()),
      tool(ICONS.theme, "Light or dark", "l", () => this.turnTheme()),
      tool(ICONS.help, "Help", "?", () => this.openHelp()),
    );
    const { metadata } = store.lens.session;
    document.title = `${seconds(metadata.duration)} - ${title(store.lens).replace(/^.*\//, "")} - Spinetail`;
    fill(
      place,
      header,
      h("main", {}, this.toolbar.element, this.crumbs.element, this.nothing.element, this.panel),
      this.detail.element,
      preparePrinting(store),
      this.options.element,
      this.exports.element,
      this.help,
      this.exports.toast,
    );
    store.watch((lens, before) => this.update(lens, before));
    onThemeChange(() => this.repaint());
    addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("focusview", () => this.view().focus());
  }

  /** The open view. */
  view(): View {
    const { view } = this.store.state;
    let known = this.views.get(view);
    if (!known) this.views.set(view, known = MAKERS[view](this.store));
    return known;
  }

  private update(lens: Lens, before: Lens | undefined): void {
    const { view: name, theme } = lens.state;
    if (before && before.state.theme !== theme) setTheme(theme);
    this.toolbar.update(lens);
    this.crumbs.update(lens);
    this.detail.update(lens);
    this.panel.hidden = this.nothing.update(lens);
    const isNew = !this.views.has(name);
    const view = this.view();
    if (this.shown?.name !== name) {
      const hadFocus = this.panel.contains(document.activeElement) ||
        document.activeElement === document.body;
      fill(this.panel, view.element);
      this.panel.setAttribute("aria-labelledby", `tab-${name}`);
      this.panel.dataset.view = name;
      // A view that was closed meanwhile compares with what it showed last, by itself.
      view.update(lens, isNew ? undefined : before);
      if (hadFocus) view.focus();
    } else view.update(lens, before);
    if (before && before.state.theme !== theme) this.repaint();
    this.shown = { name, lens };
  }

  private repaint(): void {
    this.view().update(this.store.lens, this.store.lens);
  }

  private turnTheme(): void {
    this.store.set({ theme: currentTheme() === "dark" ? "light" : "dark" });
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
    if (event.defaultPrevented || isTyping || document.querySelector("dialog[open]")) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "f" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.toolbar.focusSearch();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.view().key?.(event)) {
      event.preventDefault();
      return;
    }
    const action = this.actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  private readonly actions: Record<string, () => void> = {
    ...Object.fromEntries(VIEWS.map((name, i) => [String(i + 1), () => this.openView(name)])),
    "/": () => this.toolbar.focusSearch(),
    n: () => this.toolbar.nextMatch(1),
    N: () => this.toolbar.nextMatch(-1),
    f: () => focusSelected(this.store),
    Backspace: () => this.focusCaller(),
    Escape: () => this.focusCaller(),
    v: () => openSource(this.store),
    c: () => this.openView("functions"),
    t: () => this.nextThread(),
    h: () => this.turnFolding(),
    p: () => this.store.set({ inPercent: !this.store.state.inPercent }),
    y: () => void this.exports.copy(true),
    l: () => this.turnTheme(),
    o: () => this.options.open(),
    "?": () => this.openHelp(),
  };

  private openHelp(): void {
    this.help.showModal();
    // Else its only button has the focus, and the text is seen from its end.
    this.help.querySelector("h2")!.focus();
  }

  private openView(name: ViewName): void {
    this.store.set({ view: name });
    this.view().focus();
  }

  private focusCaller(): void {
    const { lens } = this.store;
    if (!lens.state.focus.length) return;
    const caller = lens.tree.parent[lens.focus] ?? -1;
    this.store.set({ focus: caller <= 0 ? [] : lens.pathOf(caller) });
  }

  private nextThread(): void {
    const { thread } = this.store.state;
    const { length } = this.store.lens.session.threads;
    if (length < 2) return;
    const next = thread === undefined ? 0 : thread + 1;
    this.store.set({ thread: next < length ? next : undefined });
  }

  private turnFolding(): void {
    const { options } = this.store.state;
    this.store.set({ options: { ...options, fold: options.fold === "none" ? "library" : "none" } });
  }
}

export { VIEW_TITLES };
