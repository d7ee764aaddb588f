import Profile

/// What is known of a session's source files, worked out once for each.
struct SourceFiles {
  private struct Facts {
    let name: StringID
    let path: String
    let origin: CodeOrigin
    let role: FileRole
    let shortPath: String
    /// See `isInstalledProgram(_:)`.
    var isInstalledProgram = false
  }
  /// The number of what has no file, and that of threads' pseudo frames.
  static let noFile = 0
  static let threadFile = 1
  private static let namelessCount = 2

  private let classifier: PathClassifier
  private let shortener: PathShortener
  private var facts: [Facts] = []
  /// True if any file is of the import machinery.
  private(set) var hasImportMachinery = false
  /// The row in `facts` of each file by its string's row; -1 for strings that are no file.
  private var rows: [Int32]

  init(_ session: Session) {
    self.init(
      session, sysPath: session.metadata.sysPath, sysPrefixes: session.metadata.sysPrefixes)
  }

  /// The files of `session` as they are on a system with this `sys.path` and these prefixes.
  init(_ session: Session, sysPath: [String], sysPrefixes: [String]) {
    classifier = PathClassifier(sysPrefixes: sysPrefixes)
    shortener = PathShortener(sysPath: sysPath)
    rows = [Int32](repeating: -1, count: session.strings.count)
    for row in 0..<session.functions.count {
      let file = session.functions[FunctionID(index: row)].file
      add(file, path: session.strings[file])
    }
    if !Self.shownFiles(of: session).contains(where: { origin(of: $0) == .application }) {
      recognizeInstalledProgram(session)
    }
  }

  /// Adds a file, unless it is known.
  mutating func add(_ file: StringID, path: @autoclosure () -> String) {
    if file.index >= rows.count {
      rows.append(contentsOf: repeatElement(-1, count: file.index - rows.count + 1))
    }
    guard rows[file.index] < 0 else { return }
    rows[file.index] = Int32(truncatingIfNeeded: facts.count)
    let path = path()
    let role = FileRole(path: path)
    if role == .importMachinery { hasImportMachinery = true }
    facts.append(
      Facts(
        name: file, path: path, origin: classifier.origin(of: path), role: role,
        shortPath: shortener.shorten(path)))
  }

  /// One more than the highest number of a file.
  var numberCount: Int { Self.namelessCount + facts.count }

  /// The number of `file`: those without a name of their own come first.
  func number(of file: StringID) -> Int {
    file == .empty ? Self.noFile : row(of: file).map { Self.namelessCount + $0 } ?? Self.noFile
  }

  /// The name of each numbered file, from the first that has one of its own.
  var names: [StringID] { facts.map(\.name) }

  /// Whose code `file` holds.
  func origin(of file: StringID) -> CodeOrigin { row(of: file).map { facts[$0].origin } ?? .library }

  /// What `file` is to profilers.
  func role(of file: StringID) -> FileRole { row(of: file).map { facts[$0].role } ?? .other }

  /// The path of `file` relative to `sys.path`.
  func shortPath(of file: StringID) -> String { row(of: file).map { facts[$0].shortPath } ?? "" }

  /// Whether `file` belongs to a program that is itself installed as a library, such as `python -m black`: where
  /// nothing is the application's, the package of the main module, or the module's file where it has no package.
  func isInstalledProgram(_ file: StringID) -> Bool {
    row(of: file).map { facts[$0].isInstalledProgram } ?? false
  }

  private func row(of file: StringID) -> Int? {
    file.index < rows.count && rows[file.index] >= 0 ? Int(rows[file.index]) : nil
  }

  private mutating func recognizeInstalledProgram(_ session: Session) {
    for file in Self.mainModules(of: session) {
      guard let row = row(of: file) else { continue }
      let path = facts[row].path
      if path.hasPrefix("<") { continue }
      guard path.hasSuffix("/__main__.py") || path.hasSuffix("/__init__.py"),
        let slash = path.lastIndex(of: "/")
      else {
        facts[row].isInstalledProgram = true
        continue
      }
      let package = path[...slash]
      for other in facts.indices where facts[other].path.hasPrefix(package) {
        facts[other].isInstalledProgram = true
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
