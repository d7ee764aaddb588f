import { NONE } from "../model/callTree.ts";
import { fill, h } from "./dom.ts";
import type { Lens } from "./lens.ts";
import type { Store } from "./store.ts";

/** Stands in the place of a view that has nothing to show, and says why. */
export class Nothing {
  readonly element = h("div", { class: "nothing hint", role: "status", hidden: true });

  constructor(private readonly store: Store) {}

  /** Whether there is nothing to show. */
  update(lens: Lens): boolean {
    const isEmpty = lens.tree.root === NONE;
    const hasSamples = isEmpty && lens.wholeCalls.tree.root !== NONE;
    // The timeline shows the whole time, so that another span can be chosen in it.
    const isShown = isEmpty && !(hasSamples && lens.state.view === "timeline");
    this.element.hidden = !isShown;
    if (!isShown) return false;
    fill(
      this.element,
      h("p", {}, hasSamples ? "There are no samples in what is selected." : "There is nothing to show."),
      hasSamples
        ? h(
          "button",
          { type: "button", class: "small", onclick: () => this.showEverything() },
          "Show everything",
        )
        : h("p", {}, "The program may have ended before the first sample: a shorter interval takes more."),
    );
    return true;
  }

  private showEverything(): void {
    this.store.set({ range: undefined, thread: undefined, clock: "wall", focus: [] });
  }
}
