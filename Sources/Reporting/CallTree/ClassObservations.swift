import Profile

/// How long nodes of mixed functions were seen with which class.
struct ClassObservations {
  private struct Row {
    let className: StringID
    var time: Int64
    var next: Int32
  }
  private static let end: Int32 = -1

  private var rows: [Row] = []
  private var first: [NodeID: Int32] = [:]

  /// Adds `time` to the time that `node` was seen with `className`. No class is no observation.
  mutating func record(_ className: StringID, of node: NodeID, time: Int64) {
    guard className != .empty else { return }
    var last = Self.end
    var row = first[node] ?? Self.end
    while row != Self.end {
      if rows[Int(row)].className == className {
        rows[Int(row)].time &+= time
        return
      }
      last = row
      row = rows[Int(row)].next
    }
    let added = Int32(truncatingIfNeeded: rows.count)
    rows.append(Row(className: className, time: time, next: Self.end))
    if last == Self.end { first[node] = added } else { rows[Int(last)].next = added }
  }

  /// Adds what is known of `node` to `target`.
  mutating func merge(_ node: NodeID, into target: NodeID) {
    var row = first.removeValue(forKey: node) ?? Self.end
    while row != Self.end {
      let observation = rows[Int(row)]
      record(observation.className, of: target, time: observation.time)
      row = observation.next
    }
  }

  /// The class that `node` was seen with for the longest time, the first of equals; empty if none.
  func mostObserved(of node: NodeID) -> StringID {
    var best: Row?
    var row = first[node] ?? Self.end
    while row != Self.end {
      let observation = rows[Int(row)]
      if best.map({ observation.time > $0.time }) ?? true { best = observation }
      row = observation.next
    }
    return best?.className ?? .empty
  }
}
