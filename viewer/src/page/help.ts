import { h } from "./dom.ts";

type Keys = [keys: string, meaning: string];

const EVERYWHERE: Keys[] = [
  ["1 … 5", "call tree, flame graph, timeline, functions, source"],
  ["/  Ctrl+F", "search; Enter and Shift+Enter go through the calls found, Esc ends it"],
  ["n  N", "next call found, previous; in the source, the next slow line"],
  ["f", "focus: narrow the call tree and the flame graph to the selected call"],
  ["Backspace  Esc", "out of the focus by one call"],
  ["v", "source of the selected call"],
  ["c", "callers of the selected call, and what it calls"],
  ["t", "next thread"],
  ["h", "fold library code, or nothing"],
  ["p", "seconds or percent"],
  ["y", "copy what is shown as Markdown"],
  ["l", "light or dark"],
  ["o", "options"],
  ["?", "this help"],
];
const TREE: Keys[] = [
  ["↑ ↓", "previous and next call"],
  ["→ ←", "open and close; go to the first callee, to the caller"],
  ["Alt+→ Alt+←", "open and close with all below"],
  ["*", "open all below"],
  ["Enter  Space", "open or close; in the table of functions, show the call in the tree"],
  ["Home End PgUp PgDn", "go far"],
];
const CHARTS: Keys[] = [
  ["← → ↑ ↓", "from call to call"],
  ["w s  + −", "zoom in and out; also Ctrl+wheel"],
  ["a d", "move left and right; also dragging, Shift+wheel"],
  ["0", "show all"],
  ["Enter", "zoom to the selected call; also a double click"],
  ["i", "flame graph: turn it around"],
  ["x", "timeline: filter all views to the span that is seen; also dragging on the axis, or with Shift"],
];

/** Says what keys and pointers do. */
export function makeHelp(): HTMLDialogElement {
  const list = (title: string, keys: Keys[]) => [
    h("h3", {}, title),
    h("dl", { class: "keys" }, ...keys.flatMap(([key, meaning]) => [h("dt", {}, key), h("dd", {}, meaning)])),
  ];
  const dialog = h(
    "dialog",
    { class: "panel help", "aria-label": "Help" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { tabindex: -1 }, "How to read this report"),
      h(
        "p",
        {},
        "Total is the time in a call with everything that it called; self is the time in its own code. Your code is bright, " +
          "and connected calls of libraries are folded into one line. The colours say whose code it is.",
      ),
      ...list("Keys everywhere", EVERYWHERE),
      ...list("Call tree and tables", TREE),
      ...list("Flame graph and timeline", CHARTS),
      h("div", { class: "buttons" }, h("button", { class: "primary" }, "Close")),
    ),
  );
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}
