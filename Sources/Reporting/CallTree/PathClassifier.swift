/// Whose code a source file is.
public enum CodeOrigin: Sendable {
  /// The program that was profiled.
  case application
  /// The standard library or an installed package.
  case library
  /// Code that was made from text: it belongs to whoever called it.
  case caller
}

/// Tells the code of the application from that of libraries by the path of the source file.
///
/// Only whole components of a path count: `/opt/env2/app.py` isn't below `/opt/env`. Code of a library is
///
/// - what is below a folder named `site-packages`, `dist-packages` or `.venv`, wherever that is;
/// - what is in a standard library: below `lib/pythonX.Y` (also `lib64`, `pypyX.Y`), or in `pythonXY.zip`;
/// - what is below `lib`, `lib64` or `DLLs` of one of the interpreter's prefixes. Other folders of a prefix
///   may hold anybody's code: `/usr/src/app` where the prefix is `/usr`, a script in `/usr/local/bin`, a
///   project with its environment in its own folder;
/// - everything below a prefix that is clearly a virtual environment by its name (`venv`, `.venv`, `env`,
///   `.env`, `virtualenv`) or its place (in `.virtualenvs`, `virtualenvs`, `envs`, `.tox` or `.nox`);
/// - code without a file: `<frozen importlib._bootstrap>`, `<built-in>`, `<attrs generated init x>`.
///
/// What was typed into a notebook or prompt (`<ipython-input…>`, `<python-input…>`) is the application's,
/// and `<string>` and `<stdin>` are what their caller is. All the rest is the application's.
public struct PathClassifier: Sendable {
  private static let packageFolders: Set<Substring> = ["site-packages", "dist-packages", ".venv"]
  private static let libraryFolders: Set<Substring> = ["lib", "lib64"]
  private static let prefixFolders: Set<String> = ["lib", "lib64", "dlls"]
  private static let environmentNames: Set<Substring> = ["venv", ".venv", "env", ".env", "virtualenv"]
  private static let environmentParents: Set<Substring> = [
    ".virtualenvs", "virtualenvs", "envs", ".tox", ".nox",
  ]

  private let prefixes: [(folder: PathComponents, isEnvironment: Bool)]

  /// Makes a classifier for an interpreter with these prefixes (`sys.prefix` and its like).
  public init(sysPrefixes: [String]) {
    prefixes = sysPrefixes.filter { !$0.isEmpty }.map {
      let folder = PathComponents($0)
      return (folder, Self.isEnvironment(folder))
    }
  }

  /// Whose code the file at `path` holds.
  public func origin(of path: String) -> CodeOrigin {
    guard let first = path.utf8.first else { return .library }
    if first == UInt8(ascii: "<") {
      if path == "<string>" || path == "<stdin>" { return .caller }
      return path.hasPrefix("<ipython-input") || path.hasPrefix("<python-input") ? .application : .library
    }
    let components = PathComponents(path)
    return isLibraryAnywhere(components) || isLibraryBelowPrefix(components) ? .library : .application
  }

  private func isLibraryAnywhere(_ path: PathComponents) -> Bool {
    var previous: Substring = ""
    for folder in path.parts.dropLast() {
      if Self.packageFolders.contains(folder) { return true }
      if Self.libraryFolders.contains(previous), Self.isInterpreterFolder(folder) { return true }
      if Self.isZippedLibrary(folder) { return true }
      previous = folder
    }
    return false
  }

  /// Whether a file with these components is of a standard library: below `lib/pythonX.Y` but no installed package, or
  /// in `pythonXY.zip`.
  static func isStandardLibrary(_ parts: [Substring]) -> Bool {
    var previous: Substring = ""
    var isBelow = false
    for folder in parts.dropLast() {
      if packageFolders.contains(folder) { return false }
      if isZippedLibrary(folder) || (libraryFolders.contains(previous) && isInterpreterFolder(folder))
        || (previous.hasPrefix("Python") && folder == "Lib")
      {
        isBelow = true
      }
      previous = folder
    }
    return isBelow
  }

  private func isLibraryBelowPrefix(_ path: PathComponents) -> Bool {
    prefixes.contains { prefix in
      guard let below = path.parts(below: prefix.folder) else { return false }
      guard !prefix.isEnvironment, let first = below.first else { return true }
      return below.count > 1
        && Self.prefixFolders.contains(path.isWindows ? first.lowercased() : String(first))
    }
  }

  private static func isEnvironment(_ folder: PathComponents) -> Bool {
    guard let name = folder.parts.last else { return false }
    if environmentNames.contains(name) { return true }
    guard let parent = folder.parts.dropLast().last else { return false }
    return environmentParents.contains(parent)
  }

  /// `python3.12`, `python3.13t`, `python3`, `pypy3.10`.
  private static func isInterpreterFolder(_ name: Substring) -> Bool {
    for interpreter in ["python", "pypy"] where name.hasPrefix(interpreter) {
      let version = name.dropFirst(interpreter.count)
      return isVersion(version.last == "t" ? version.dropLast() : version)
    }
    return false
  }

  /// `python312.zip`.
  private static func isZippedLibrary(_ name: Substring) -> Bool {
    name.hasPrefix("python") && name.hasSuffix(".zip") && isVersion(name.dropFirst(6).dropLast(4))
  }

  private static func isVersion(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, first != UInt8(ascii: ".") else { return false }
    return text.utf8.allSatisfy {
      $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
  }
}
