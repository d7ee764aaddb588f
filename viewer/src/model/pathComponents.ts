/**
 * A path taken apart, by its text alone: empty components and `.` are left out and `..` is resolved. Paths with a
 * drive or of a network share are Windows paths, whatever system this is, since sessions travel.
 */
export class PathComponents {
  /** "/", a drive such as "c:", "\\" for a share; empty for a relative path. */
  readonly root: string;
  readonly parts: string[] = [];
  readonly isWindows: boolean;

  constructor(path: string) {
    const hasDrive = /^[A-Za-z]:/.test(path);
    this.isWindows = hasDrive || path.startsWith("\\\\");
    if (hasDrive) this.root = path.slice(0, 2).toLowerCase();
    else if (this.isWindows) this.root = "\\\\";
    else this.root = path.startsWith("/") ? "/" : "";
    const rest = hasDrive ? path.slice(2) : path;
    for (const part of rest.split(this.isWindows ? /[/\\]/ : "/")) {
      if (part === "" || part === ".") continue;
      if (part !== "..") this.parts.push(part);
      else if (this.parts.length && this.parts[this.parts.length - 1] !== "..") this.parts.pop();
      else if (this.root === "") this.parts.push(part);
    }
  }

  /** How many of the first components are those of `other`. Case doesn't matter on Windows. */
  sharedCount(other: PathComponents): number {
    if (this.root !== other.root) return 0;
    const most = Math.min(this.parts.length, other.parts.length);
    for (let i = 0; i < most; i++) {
      const [a, b] = [this.parts[i]!, other.parts[i]!];
      if (a !== b && !(this.isWindows && a.toLowerCase() === b.toLowerCase())) return i;
    }
    return most;
  }

  /** The components after those of `folder`; undefined if the path isn't below `folder`. */
  below(folder: PathComponents): string[] | undefined {
    const depth = folder.parts.length;
    if (this.root !== folder.root || this.parts.length <= depth || this.sharedCount(folder) !== depth) {
      return undefined;
    }
    return this.parts.slice(depth);
  }
}
