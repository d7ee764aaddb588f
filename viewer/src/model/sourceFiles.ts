import { FrameFlag, type Session } from "../session/session.ts";
import { type CodeOrigin, PathClassifier } from "./pathClassifier.ts";
import { PathShortener } from "./pathShortener.ts";

/** Whose code a frame is, as colours tell it. */
export const Category = {
  application: 0,
  library: 1,
  standardLibrary: 2,
  native: 3,
  imports: 4,
  idle: 5,
} as const;
export type Category = (typeof Category)[keyof typeof Category];

/** What is known of a source file. */
export interface FileFacts {
  /** The full path. */
  path: string;
  /** The path relative to `sys.path`. */
  shortPath: string;
  /** The name of the library: the first part of the short path, without a suffix. */
  libraryName: string;
  origin: CodeOrigin;
  /** The category of its code where that isn't the caller's. */
  category: Category;
  /** See `SourceFiles`. */
  isInstalledProgram: boolean;
}

/**
 * The source files of a session, by the row of their path in the string table.
 *
 * Where nothing is the application's, the program is itself installed as a library, such as `python -m black`: then
 * the package of the main module, or the module's file where it has no package, counts as such a program.
 */
export class SourceFiles {
  private readonly facts = new Map<number, FileFacts>();

  constructor(session: Session) {
    const { functions, strings, metadata } = session;
    const classifier = new PathClassifier(metadata.sysPrefixes);
    const shortener = new PathShortener(metadata.sysPath);
    for (let row = 0; row < functions.count; row++) {
      const file = functions.file[row]!;
      if (this.facts.has(file)) continue;
      const path = strings[file]!;
      const shortPath = shortener.shorten(path);
      const origin = classifier.origin(path);
      const libraryName = /^[^/\\.]*/.exec(shortPath)![0];
      const category = categoryOf(path, origin);
      this.facts.set(file, { path, shortPath, libraryName, origin, category, isInstalledProgram: false });
    }
    if (!this.shown(session).some((facts) => facts.origin === "application")) this.recognizeProgram(session);
  }

  /** The facts of the file whose path is string number `file`. */
  of(file: number): FileFacts | undefined {
    return this.facts.get(file);
  }

  /** The files of frames: the functions' table also holds those that a recorder met and left out. */
  private shown({ functions, frames }: Session): FileFacts[] {
    const files = new Set<number>();
    for (let row = 0; row < frames.count; row++) {
      if (functions.count > 0) files.add(functions.file[frames.function[row]!]!);
    }
    return [...files].flatMap((file) => this.facts.get(file) ?? []);
  }

  private recognizeProgram(session: Session): void {
    for (const file of mainModules(session)) {
      const facts = this.facts.get(file);
      if (!facts || facts.path.startsWith("<")) continue;
      const folder = /^(.*\/)__(main|init)__\.py$/.exec(facts.path)?.[1];
      if (folder === undefined) {
        facts.isInstalledProgram = true;
        continue;
      }
      for (const other of this.facts.values()) {
        if (other.path.startsWith(folder)) other.isInstalledProgram = true;
      }
    }
  }
}

/** The files of the modules that run below everything else but the import machinery. */
function mainModules({ stacks, frames, functions, strings }: Session): Set<number> {
  const files = new Set<number>();
  const isBelowProgram = new Uint8Array(stacks.count);
  isBelowProgram[0] = 1;
  if (functions.count === 0) return files;
  for (let row = 1; row < stacks.count; row++) {
    if (!isBelowProgram[stacks.parent[row]!]) continue;
    const frame = stacks.frame[row]!;
    if (frames.flags[frame]! & (FrameFlag.await | FrameFlag.outOfContext)) continue;
    const fn = frames.function[frame]!;
    const file = functions.file[fn]!;
    if (strings[file]!.startsWith("<frozen importlib")) isBelowProgram[row] = 1;
    else if (strings[functions.name[fn]!] === "<module>") files.add(file);
  }
  return files;
}

function categoryOf(path: string, origin: CodeOrigin): Category {
  if (origin === "application") return Category.application;
  if (path.startsWith("<frozen importlib") || /\/importlib\/[^/]*\.py$/.test(path)) return Category.imports;
  if (path === "<built-in>" || path === "") return Category.native;
  if (path.startsWith("<frozen")) return Category.standardLibrary;
  const isPackage = /[/\\](site|dist)-packages[/\\]/.test(path);
  const isStandard = /[/\\](lib|lib64)[/\\](python|pypy)[0-9.]+t?[/\\]/.test(path) ||
    /[/\\]python\d+\.zip/.test(path);
  return isStandard && !isPackage ? Category.standardLibrary : Category.library;
}
