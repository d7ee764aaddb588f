import Profile

/// Names, of the session and of nodes that were made by hand.
extension CallTree {
  /// Calls `body` with the UTF-8 bytes of a name, in which lone surrogates may have their three-byte form.
  public func withBytes<Result>(
    of name: StringID, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    if let added = addedNames.string(name) { return try added.withUnsafeBufferPointer(body) }
    guard name.index < session.strings.count else {
      return try body(UnsafeBufferPointer(start: nil, count: 0))
    }
    return try session.strings.withBytes(name, body)
  }

  /// The text of a name; bytes that aren't UTF-8 show as U+FFFD.
  func text(_ name: StringID) -> String { withBytes(of: name) { String(decoding: $0, as: UTF8.self) } }

  /// What tells a node from its siblings, as frame-info strings have it: name, file and line with null bytes between
  /// them, or a synthetic frame's name.
  public func identifier(of node: NodeID) -> [UInt8] {
    let identity = identity(of: node)
    switch identity.kind {
    case .function:
      guard let function = identity.function else { return [] }
      if let added = addedNames.function(function) {
        return addedNames.string(added.identifier) ?? []
      }
      return function.index < session.functions.count
        ? AddedNames.identifier(of: session.functions[function], in: session) : []
    case .thread: return thread(identity).map { AddedNames.identifier(of: $0) } ?? []
    case .root, .selfTime, .await, .outOfContext: return Array(identity.syntheticName.utf8)
    }
  }

  /// What a node with this identifier stands for, now and later: its names are kept.
  mutating func identity(forIdentifier identifier: [UInt8]) -> NodeIdentity {
    let identity = addedNames.identity(of: identifier, in: session)
    if let function = identity.function, let added = addedNames.function(function) {
      let bytes = addedNames.string(added.file) ?? []
      files.add(added.file, path: String(decoding: bytes, as: UTF8.self))
    }
    return identity
  }

  /// The name of the source file; empty if there is none.
  func fileName(of identity: NodeIdentity) -> StringID {
    guard let function = identity.function else { return .empty }
    if let added = addedNames.function(function) { return added.file }
    return function.index < session.functions.count ? session.functions[function].file : .empty
  }

  /// The number of a node's source file among `SourceFiles.numberCount`.
  func fileNumber(of node: NodeID) -> Int {
    let identity = identity(of: node)
    return identity.kind == .thread ? SourceFiles.threadFile : files.number(of: fileName(of: identity))
  }

  /// The paths of all source files by number, as bytes; the first is that of nodes without a file.
  public var filePaths: [[UInt8]] {
    [[], Array(Self.threadFile.utf8)] + files.names.map { name in withBytes(of: name) { Array($0) } }
  }

  func thread(_ identity: NodeIdentity) -> ThreadSamples? {
    identity.row < session.threads.count ? session.threads[Int(identity.row)] : nil
  }
}
