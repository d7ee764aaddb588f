import Profile

/// What is known of a session's source files, worked out once for each.
struct SourceFiles {
  private struct Facts {
    let origin: CodeOrigin
    let shortPath: String
  }

  private var facts: [StringID: Facts] = [:]

  init(_ session: Session) {
    let classifier = PathClassifier(sysPrefixes: session.metadata.sysPrefixes)
    let shortener = PathShortener(sysPath: session.metadata.sysPath)
    for row in 0..<session.functions.count {
      let file = session.functions[FunctionID(index: row)].file
      if facts[file] != nil { continue }
      let path = session.strings[file]
      facts[file] = Facts(origin: classifier.origin(of: path), shortPath: shortener.shorten(path))
    }
  }

  /// Whose code `file` holds.
  func origin(of file: StringID) -> CodeOrigin { facts[file]?.origin ?? .library }

  /// The path of `file` relative to `sys.path`.
  func shortPath(of file: StringID) -> String { facts[file]?.shortPath ?? "" }
}
