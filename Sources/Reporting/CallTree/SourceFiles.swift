import Profile

/// What is known of a session's source files, worked out once for each.
struct SourceFiles {
  private struct Facts {
    let origin: CodeOrigin
    let shortPath: String
    let path: String
    /// See `isInstalledProgram(_:)`.
    var isInstalledProgram = false
  }

  private var facts: [StringID: Facts] = [:]

  init(_ session: Session) {
    let classifier = PathClassifier(sysPrefixes: session.metadata.sysPrefixes)
    let shortener = PathShortener(sysPath: session.metadata.sysPath)
    for row in 0..<session.functions.count {
      let file = session.functions[FunctionID(index: row)].file
      if facts[file] != nil { continue }
      let path = session.strings[file]
      facts[file] = Facts(
        origin: classifier.origin(of: path), shortPath: shortener.shorten(path), path: path)
    }
    if !Self.shownFiles(of: session).contains(where: { facts[$0]?.origin == .application }) {
      recognizeInstalledProgram(session)
    }
  }

  /// Whose code `file` holds.
  func origin(of file: StringID) -> CodeOrigin { facts[file]?.origin ?? .library }

  /// The path of `file` relative to `sys.path`.
  func shortPath(of file: StringID) -> String { facts[file]?.shortPath ?? "" }

  /// Whether `file` belongs to a program that is itself installed as a library, such as `python -m black`: where
  /// nothing is the application's, the package of the main module, or the module's file where it has no package.
  func isInstalledProgram(_ file: StringID) -> Bool { facts[file]?.isInstalledProgram ?? false }

  private mutating func recognizeInstalledProgram(_ session: Session) {
    for file in Self.mainModules(of: session) {
      guard let path = facts[file]?.path, !path.hasPrefix("<") else { continue }
      guard path.hasSuffix("/__main__.py") || path.hasSuffix("/__init__.py"),
        let slash = path.lastIndex(of: "/")
      else {
        facts[file]?.isInstalledProgram = true
        continue
      }
      let package = path[...slash]
      for (other, known) in facts where known.path.hasPrefix(package) {
        facts[other]?.isInstalledProgram = true
      }
    }
  }

  /// The files of frames: the functions' table also holds those that a recorder met and left out.
  private static func shownFiles(of session: Session) -> Set<StringID> {
    var files: Set<StringID> = []
    for row in 0..<session.frames.count {
      if let function = function(of: FrameID(index: row), in: session) { files.insert(function.file) }
    }
    return files
  }

  /// The files of the modules that run below everything else but the import machinery.
  private static func mainModules(of session: Session) -> Set<StringID> {
    var files: Set<StringID> = []
    // A parent's row comes before its children's.
    var isBelowProgram = [Bool](repeating: false, count: session.stacks.count)
    for row in 0..<session.stacks.count {
      let parent = session.stacks.parent(of: StackID(index: row))
      guard let frame = session.stacks.frame(of: StackID(index: row)) else {
        isBelowProgram[row] = true
        continue
      }
      guard parent.index < row, isBelowProgram[parent.index], let function = function(of: frame, in: session)
      else { continue }
      if session.strings[function.file].hasPrefix("<frozen importlib") {
        isBelowProgram[row] = true
      } else if session.strings[function.name] == "<module>" {
        files.insert(function.file)
      }
    }
    return files
  }

  private static func function(of frame: FrameID, in session: Session) -> Function? {
    guard frame.index < session.frames.count else { return nil }
    let handle = session.frames[frame].function
    return handle.index < session.functions.count ? session.functions[handle] : nil
  }
}
