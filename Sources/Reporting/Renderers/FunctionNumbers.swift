import Profile

/// Numbers the functions and threads of a session: the same for functions that readers can't tell apart, since name,
/// file and first line are the same.
struct FunctionNumbers {
  private struct Key: Hashable {
    let name: StringID
    let file: StringID
    let firstLine: UInt32
  }

  private let functions: [Int]
  private let threadCount: Int

  init(_ session: Session) {
    var numbers: [Key: Int] = [:]
    functions = (0..<session.functions.count).map { row in
      let function = session.functions[FunctionID(index: row)]
      let key = Key(name: function.name, file: function.file, firstLine: function.firstLine)
      if let known = numbers[key] { return known }
      numbers[key] = row
      return row
    }
    threadCount = session.threads.count
  }

  /// The number of what a node stands for. Synthetic nodes share one.
  func number(of identity: NodeIdentity) -> Int {
    let row = Int(identity.row)
    // After the session's functions come what is synthetic, the threads, and functions that only the tree knows.
    switch identity.kind {
    case .function: return row < functions.count ? functions[row] : row + 1 + threadCount
    case .thread: return functions.count + 1 + min(row, threadCount - 1)
    case .root, .selfTime, .await, .outOfContext: return functions.count
    }
  }
}
