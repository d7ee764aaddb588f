import Profile

/// The times of each function of a tree over all of its calls.
///
/// Functions are the same if name, file and first line are. Synthetic nodes have no row: the time in `[self]` and in
/// waits is their parent's own.
struct FunctionTotals {
  /// A function's times, in nanoseconds.
  struct Row {
    /// A node of the function: the one with the most time.
    var example: NodeID
    /// The time outside of other functions.
    var ownTime: Int64 = 0
    /// The time in the function and all that it called; of calls within its own calls only the outermost counts.
    var totalTime: Int64 = 0
  }

  /// One function calling another.
  struct Call {
    let caller: Int
    let callee: Int
    /// The part of the callee's times that belong to calls by this caller. Of calls within such calls only the
    /// outermost counts for the total.
    var ownTime: Int64 = 0
    var totalTime: Int64 = 0
  }

  /// The functions in the order of their first calls.
  private(set) var rows: [Row] = []
  /// The calls between them, in the order of the first ones.
  private(set) var calls: [Call] = []

  init(_ tree: CallTree) {
    let functions = FunctionNumbers(tree.session)
    var callIndex = PairIndex()
    var rowOfNode = [Int32](repeating: -1, count: tree.nodeCapacity)
    var callOfNode = rowOfNode
    var openRows: [Int32] = []
    var openCalls: [Int32] = []
    var rowOfFunction: [Int32] = []
    var node = tree.root ?? .null
    while node != .null {
      let identity = tree.identity(of: node)
      if !identity.isSynthetic {
        let function = functions.number(of: identity)
        while function >= rowOfFunction.count { rowOfFunction.append(-1) }
        if rowOfFunction[function] < 0 {
          rowOfFunction[function] = Int32(truncatingIfNeeded: rows.count)
          rows.append(Row(example: node))
          openRows.append(0)
        }
        let row = Int(rowOfFunction[function])
        rowOfNode[node.index] = Int32(truncatingIfNeeded: row)
        let (time, own) = (tree.time(of: node), tree.selfTime(of: node))
        if tree.time(of: rows[row].example) < time { rows[row].example = node }
        rows[row].ownTime &+= own
        if openRows[row] == 0 { rows[row].totalTime &+= time }
        openRows[row] += 1
        if let caller = Self.caller(of: node, in: tree, rowOfNode) {
          let candidate = UInt32(truncatingIfNeeded: calls.count)
          let call = Int(callIndex.value(of: UInt32(caller), UInt32(row), orInsert: candidate))
          if call == calls.count {
            calls.append(Call(caller: caller, callee: row))
            openCalls.append(0)
          }
          callOfNode[node.index] = Int32(truncatingIfNeeded: call)
          calls[call].ownTime &+= own
          if openCalls[call] == 0 { calls[call].totalTime &+= time }
          openCalls[call] += 1
        }
      }
      let next = tree.nextInPreorder(after: node)
      // What isn't open any more when the next node is visited: the node and its callers up to the next one's.
      var left = node
      let end = next == .null ? NodeID.null : tree.parent(of: next)
      while left != .null, left != end {
        let index = left.index
        if rowOfNode[index] >= 0 { openRows[Int(rowOfNode[index])] -= 1 }
        if callOfNode[index] >= 0 { openCalls[Int(callOfNode[index])] -= 1 }
        left = left == tree.root ? .null : tree.parent(of: left)
      }
      node = next
    }
  }

  /// The row of the function that calls `node`, if the tree holds one.
  private static func caller(of node: NodeID, in tree: CallTree, _ rowOfNode: [Int32]) -> Int? {
    guard node != tree.root else { return nil }
    let parent = tree.parent(of: node)
    guard parent != .null, rowOfNode[parent.index] >= 0 else { return nil }
    return Int(rowOfNode[parent.index])
  }
}
