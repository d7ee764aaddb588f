import { PathComponents } from "./pathComponents.ts";

/**
 * Shortens paths of source files by telling them from an entry of `sys.path`: of all ways to write the path, the
 * one with the fewest components wins, the path itself before others and earlier entries before later ones.
 */
export class PathShortener {
  private readonly entries: PathComponents[];

  constructor(sysPath: string[]) {
    this.entries = sysPath.filter((entry) => entry !== "").map((entry) => new PathComponents(entry));
  }

  /** The shortest way to write `path`. */
  shorten(path: string): string {
    const components = new PathComponents(path);
    const separators = path.split(components.isWindows ? /[/\\]/ : "/").length - 1;
    // A name without a folder is no file: "<string>", "<built-in>".
    if (separators === 0) return path;
    let fewest = separators + 1;
    let best: { up: number; shared: number } | undefined;
    for (const entry of this.entries) {
      if (entry.root !== components.root) continue;
      const shared = components.sharedCount(entry);
      const up = entry.parts.length - shared;
      const count = Math.max(up + components.parts.length - shared, 1);
      if (count < fewest) {
        fewest = count;
        best = { up, shared };
      }
    }
    if (!best) return path;
    const parts = [...Array<string>(best.up).fill(".."), ...components.parts.slice(best.shared)];
    return parts.length ? parts.join(components.isWindows ? "\\" : "/") : ".";
  }
}
