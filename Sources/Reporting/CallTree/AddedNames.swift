import Profile

/// A function that isn't in the session's tables: one of a frame that was made by hand.
struct AddedFunction {
  /// The whole identifier as it was given.
  let identifier: StringID
  let name: StringID
  /// Empty if there is none.
  let file: StringID
  /// 0 if there is none.
  let line: UInt64
}

/// The names that a tree knows besides those of its session.
///
/// Their rows go on where the session's tables end, so that a `StringID` or `FunctionID` says by itself where it
/// belongs.
struct AddedNames {
  private static let separator: UInt8 = 0
  private let firstString: Int
  private let firstFunction: Int
  private var strings: [[UInt8]] = []
  private var stringIDs: [[UInt8]: StringID] = [:]
  private var functions: [AddedFunction] = []
  /// Identities by identifier; holds the session's own once it is asked for any.
  private var identities: [[UInt8]: NodeIdentity] = [:]

  init(after session: Session) {
    firstString = session.strings.count
    firstFunction = session.functions.count
  }

  /// The function of a handle, if it is one of those added.
  func function(_ id: FunctionID) -> AddedFunction? {
    id.index >= firstFunction && id.index - firstFunction < functions.count
      ? functions[id.index - firstFunction] : nil
  }

  /// The string of a handle, if it is one of those added.
  func string(_ id: StringID) -> [UInt8]? {
    id.index >= firstString && id.index - firstString < strings.count ? strings[id.index - firstString] : nil
  }

  /// The handle of a string, which is added if it is new.
  mutating func intern(_ string: [UInt8], in session: Session) -> StringID {
    if identities.isEmpty { indexNames(of: session) }
    return intern(string)
  }

  private mutating func intern(_ string: [UInt8]) -> StringID {
    if string.isEmpty { return .empty }
    if let known = stringIDs[string] { return known }
    let id = StringID(index: firstString + strings.count)
    strings.append(string)
    stringIDs[string] = id
    return id
  }

  /// What a node with this identifier stands for.
  mutating func identity(of identifier: [UInt8], in session: Session) -> NodeIdentity {
    if identities.isEmpty { indexNames(of: session) }
    if let known = identities[identifier] { return known }
    let parts = identifier.split(separator: Self.separator, omittingEmptySubsequences: false)
    let line = parts.count > 2 ? UInt64(String(decoding: parts[2], as: UTF8.self)) : nil
    let function = AddedFunction(
      identifier: intern(identifier), name: intern(Array(parts.first ?? [])),
      file: parts.count > 1 ? intern(Array(parts[1])) : .empty, line: line ?? 0)
    functions.append(function)
    let identity = NodeIdentity.function(FunctionID(index: firstFunction + functions.count - 1))
    identities[identifier] = identity
    return identity
  }

  private mutating func indexNames(of session: Session) {
    for row in (0..<session.functions.count).reversed() {
      let id = FunctionID(index: row)
      let function = session.functions[id]
      identities[Self.identifier(of: function, in: session)] = .function(id)
    }
    for (index, thread) in session.threads.enumerated().reversed() {
      identities[Self.identifier(of: thread)] = .thread(index)
    }
    for identity in [NodeIdentity.root, .selfTime, .await, .outOfContext] {
      identities[Array(identity.syntheticName.utf8)] = identity
    }
    for row in 0..<session.strings.count {
      let id = StringID(index: row)
      stringIDs[session.strings.withBytes(id) { Array($0) }] = id
    }
  }

  /// Name, file and line, as frame-info strings have them.
  static func identifier(of function: Function, in session: Session) -> [UInt8] {
    var text = session.strings.withBytes(function.name) { Array($0) }
    text.append(separator)
    session.strings.withBytes(function.file) { text.append(contentsOf: $0) }
    text.append(separator)
    text.append(contentsOf: String(function.firstLine).utf8)
    return text
  }

  /// The same for a thread's pseudo frame.
  static func identifier(of thread: ThreadSamples) -> [UInt8] {
    Array(thread.name.utf8) + [separator] + Array(CallTree.threadFile.utf8) + [separator]
      + Array(String(thread.identifier).utf8)
  }
}
