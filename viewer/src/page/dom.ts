/** What an element is made with: `on…` listeners, `class`, `data…` and ARIA attributes; false and undefined leave out. */
export type Attributes = Record<string, string | number | boolean | undefined | ((event: never) => void)>;

export type Child = Node | string | number | false | undefined | null;

/** Makes an element. Text becomes text nodes, never markup: names in profiles may hold anything. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

/** Puts children at the end of an element. */
export function append(element: Element, children: Child[]): void {
  for (const child of children) {
    if (child !== false && child !== undefined && child !== null) {
      element.append(child instanceof Node ? child : String(child));
    }
  }
}

/** Replaces what an element holds. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, children);
}

const SVG = "http://www.w3.org/2000/svg";

/** Makes an icon from the outline of its shape in a square of 16. */
export function icon(path: string, label = ""): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export const ICONS = {
  // A swift from below, with the spines of its tail.
  bird:
    "M0 4c3 .4 5.2 1.4 7 3.2L8 6l1 1.200C10.800 5.400 13 4.400 16 4c-2.800 1.600-4.700 3.300-5.800 5.200L9.300 10l.9 4-1.400-2.500L8 15l-.800-3.500L5.800 14l.900-4-.900-.800C4.700 7.300 2.800 5.600 0 4z",
  closed: "M6 4l4 4-4 4z",
  open: "M4 6l4 4 4-4z",
  search:
    "M7 2a5 5 0 103 9l3.300 3.300 1-1L11 10a5 5 0 00-4-8zm0 1.500a3.500 3.500 0 110 7 3.500 3.500 0 010-7z",
  close: "M4 3l4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z",
  options: "M2 4h6v1.500H2zm10 0h2v1.500h-2zM9 2.500h2v4.500H9zM2 10.500h2V12H2zm6 0h6V12H8zM5 9h2v4.500H5z",
  help:
    "M8 1.500A6.500 6.500 0 108 14.500 6.500 6.500 0 008 1.500zM7.300 11h1.500v1.500H7.300zM8 3.500c1.600 0 2.700.9 2.700 2.300 0 1.200-.7 1.800-1.300 2.300-.5.400-.7.600-.7 1.200v.5H7.300v-.6c0-1.200.7-1.800 1.300-2.300.4-.4.6-.6.6-1.100 0-.5-.400-.8-1.200-.8-.8 0-1.300.4-1.300 1.200H5.200c0-1.700 1.200-2.700 2.800-2.700z",
  theme: "M8 1.500A6.500 6.500 0 108 14.500 6.500 6.500 0 008 1.500zM8 3v10A5 5 0 018 3z",
  save:
    "M7.200 1.500h1.600v6.200l2.200-2.200 1.100 1.100L8 10.700 3.900 6.600 5 5.500l2.200 2.200zM2 12h12v1.600H2z",
  up: "M8 3l4.500 4.500-1.100 1.100-2.600-2.600V13H7.200V6L4.600 8.600 3.500 7.500z",
  warning: "M8 1.500l7 12.500H1zM7.300 6v4h1.500V6zm0 5v1.500h1.500V11z",
} as const;
