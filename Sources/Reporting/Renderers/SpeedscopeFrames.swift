import Profile

/// The table of frames that all profiles of a speedscope file share. A frame is a function; it has the number of its
/// first use.
final class SpeedscopeFrames {
  private static let unknown: Int32 = -1

  private let functionCount: Int
  private let functions: FunctionNumbers
  /// The frames of what the session knows, by its number, and of functions that only a tree knows.
  private var numbers: [Int32] = []
  private var addedNumbers: [FunctionKey: Int32] = [:]
  private var table = TextBuffer()
  private var count: Int32 = 0

  init(_ session: Session) {
    functionCount = session.functions.count
    functions = FunctionNumbers(session)
  }

  /// The frame of `node`; nil for what is no frame: the time of the parent itself, and what joins several threads.
  func number(of node: NodeID, in tree: CallTree) -> Int? {
    let identity = tree.identity(of: node)
    let place: Int
    switch identity.kind {
    case .selfTime, .root: return nil
    case .await: place = 0
    case .outOfContext: place = 1
    case .function where identity.row >= functionCount: return Int(addedNumber(of: node, in: tree))
    case .function, .thread: place = 2 + functions.number(of: identity)
    }
    while place >= numbers.count { numbers.append(Self.unknown) }
    if numbers[place] == Self.unknown { numbers[place] = add(FunctionKey(node, in: tree)) }
    return Int(numbers[place])
  }

  /// Adds the objects of all frames that were asked for.
  func write(to buffer: inout TextBuffer) { buffer.append(table.bytes) }

  private func addedNumber(of node: NodeID, in tree: CallTree) -> Int32 {
    let key = FunctionKey(node, in: tree)
    if let known = addedNumbers[key] { return known }
    let number = add(key)
    addedNumbers[key] = number
    return number
  }

  private func add(_ function: FunctionKey) -> Int32 {
    table.append(count == 0 ? "{\"name\": " : ", {\"name\": ")
    function.name.withUnsafeBufferPointer { table.append(json: $0) }
    table.append(", \"file\": ")
    function.file.withUnsafeBufferPointer { table.append(json: $0) }
    table.append(", \"line\": \(function.line)}")
    count += 1
    return count - 1
  }
}
