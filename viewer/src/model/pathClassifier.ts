import { PathComponents } from "./pathComponents.ts";

/** Whose code a file holds; `caller`: code made from text, which belongs to whoever called it. */
export type CodeOrigin = "application" | "library" | "caller";

const PACKAGE_FOLDERS = new Set(["site-packages", "dist-packages", ".venv"]);
const LIBRARY_FOLDERS = new Set(["lib", "lib64"]);
const PREFIX_FOLDERS = new Set(["lib", "lib64", "dlls"]);
const ENVIRONMENT_NAMES = new Set(["venv", ".venv", "env", ".env", "virtualenv"]);
const ENVIRONMENT_PARENTS = new Set([".virtualenvs", "virtualenvs", "envs", ".tox", ".nox"]);
const INTERPRETER_FOLDER = /^(python|pypy)([0-9][0-9.]*)t?$/;
const LIBRARY_ARCHIVE = /^python[0-9][0-9.]*\.zip$/;

/**
 * Tells the code of the application from that of libraries by the path of the source file, by the rules of the
 * command's reports: libraries are what is in package folders, in a standard library, below a prefix' library
 * folders or in a virtual environment, and code without a file.
 */
export class PathClassifier {
  private readonly prefixes: { folder: PathComponents; isEnvironment: boolean }[];

  /** Makes a classifier for an interpreter with these prefixes (`sys.prefix` and its like). */
  constructor(sysPrefixes: string[]) {
    this.prefixes = sysPrefixes.filter((prefix) => prefix !== "").map((prefix) => {
      const folder = new PathComponents(prefix);
      const [name, parent] = [folder.parts.at(-1) ?? "", folder.parts.at(-2) ?? ""];
      return { folder, isEnvironment: ENVIRONMENT_NAMES.has(name) || ENVIRONMENT_PARENTS.has(parent) };
    });
  }

  /** Whose code the file at `path` holds. */
  origin(path: string): CodeOrigin {
    if (path === "") return "library";
    if (path.startsWith("<")) {
      if (path === "<string>" || path === "<stdin>") return "caller";
      const isTyped = path.startsWith("<ipython-input") || path.startsWith("<python-input");
      return isTyped ? "application" : "library";
    }
    const components = new PathComponents(path);
    const isLibrary = isLibraryAnywhere(components) || this.isBelowPrefix(components);
    return isLibrary ? "library" : "application";
  }

  private isBelowPrefix(path: PathComponents): boolean {
    return this.prefixes.some(({ folder, isEnvironment }) => {
      const below = path.below(folder);
      if (!below) return false;
      if (isEnvironment) return true;
      return below.length > 1 && PREFIX_FOLDERS.has(path.isWindows ? below[0]!.toLowerCase() : below[0]!);
    });
  }
}

function isLibraryAnywhere(path: PathComponents): boolean {
  let previous = "";
  for (const folder of path.parts.slice(0, -1)) {
    if (PACKAGE_FOLDERS.has(folder)) return true;
    if (LIBRARY_FOLDERS.has(previous) && INTERPRETER_FOLDER.test(folder)) return true;
    if (LIBRARY_ARCHIVE.test(folder)) return true;
    previous = folder;
  }
  return false;
}
