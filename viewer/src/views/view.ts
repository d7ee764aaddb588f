import type { Lens } from "../page/lens.ts";
import type { Store } from "../page/store.ts";

/** One way to look at the calls. A view is made when it is first opened and stays. */
export interface View {
  readonly element: HTMLElement;
  /** Shows what `lens` says. Called only while the view is open. */
  update(lens: Lens, before: Lens | undefined): void;
  /** Takes the keyboard's focus. */
  focus(): void;
  /** Handles a key that no view has in common; true if it meant something. */
  key?(event: KeyboardEvent): boolean;
  /** What the view shows, as Markdown or plain text. */
  asText?(markdown: boolean): string;
  /** The picture, where the view is one. */
  picture?(): Picture;
}

/** A picture that can be saved. */
export interface Picture {
  canvas: HTMLCanvasElement;
  svg(): string;
}

export type MakeView = (store: Store) => View;
