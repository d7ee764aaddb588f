import Profile

/// Which time of functions a flat list shows.
public enum FlatTime: String, CaseIterable, Sendable {
  /// The time in the function itself, waiting included.
  case own = "self"
  /// The time in the function and all that it called.
  case total
}

/// The lines of a text report that lists functions, the most expensive first.
struct FlatList {
  /// The part of the time that a function must exceed to be listed.
  private static let threshold = 0.001

  private let totals: FunctionTotals
  private let line: FrameLine
  private let kind: FlatTime
  private let rootTime: Int64

  init(_ tree: CallTree, line: FrameLine, kind: FlatTime) {
    totals = FunctionTotals(tree)
    self.line = line
    self.kind = kind
    rootTime = tree.root.map { tree.time(of: $0) } ?? 0
  }

  /// Adds a line for each function.
  ///
  /// - Parameter showsAll: Lists functions of little time, too.
  func write(to buffer: inout TextBuffer, showsAll: Bool) {
    let rows = totals.rows.map { (node: $0.example, time: kind == .own ? $0.ownTime : $0.totalTime) }
    let threshold = Self.threshold * Double(rootTime)
    // Equal times go by the order of first calls: the order of `sort` itself isn't promised to be stable.
    let order = rows.indices.filter { showsAll || Double(rows[$0].time) > threshold }
      .sorted { rows[$0].time != rows[$1].time ? rows[$0].time > rows[$1].time : $0 < $1 }
    for index in order { line.write(rows[index].node, time: rows[index].time, to: &buffer) }
  }
}
