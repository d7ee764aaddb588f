import Profile

/// How long nodes were seen with which attributes.
///
/// Only nodes whose attributes can't be told from their function alone have observations.
struct Observations {
  private struct Row {
    let attribute: FrameAttribute
    var time: Int64
    var next: Int32
  }
  private struct Chain {
    let first: Int32
    var last: Int32
  }
  private struct Key: Hashable {
    let node: NodeID
    let attribute: FrameAttribute
  }
  private static let end: Int32 = -1

  private var rows: [Row] = []
  private var chains: [NodeID: Chain] = [:]
  private var index: [Key: Int32] = [:]

  /// True if any node was seen with a local that asks for its frames not to be shown.
  private(set) var hasHidden = false

  /// True if there are none at all.
  var isEmpty: Bool { rows.isEmpty }

  /// True if there are any of `node`.
  func contain(_ node: NodeID) -> Bool { chains[node] != nil }

  /// Adds `time` to the time that `node` was seen with `attribute`.
  mutating func record(_ attribute: FrameAttribute, of node: NodeID, time: Int64) {
    let added = Int32(truncatingIfNeeded: rows.count)
    if let row = index.updateValue(added, forKey: Key(node: node, attribute: attribute)) {
      index[Key(node: node, attribute: attribute)] = row
      rows[Int(row)].time &+= time
      return
    }
    if attribute.sort == .hidden { hasHidden = true }
    rows.append(Row(attribute: attribute, time: time, next: Self.end))
    if let chain = chains[node] {
      rows[Int(chain.last)].next = added
      chains[node]?.last = added
    } else {
      chains[node] = Chain(first: added, last: added)
    }
  }

  /// Adds what was seen of `node` to `target`.
  mutating func merge(_ node: NodeID, into target: NodeID) {
    for (attribute, time) in all(of: node) { record(attribute, of: target, time: time) }
  }

  /// What `node` was seen with, and how long, in the order of the first time.
  func all(of node: NodeID) -> [(attribute: FrameAttribute, time: Int64)] {
    var all: [(attribute: FrameAttribute, time: Int64)] = []
    var row = chains[node]?.first ?? Self.end
    while row != Self.end {
      all.append((rows[Int(row)].attribute, rows[Int(row)].time))
      row = rows[Int(row)].next
    }
    return all
  }

  /// The attribute of one sort that `node` was seen with for the longest time, the first of equals.
  func mostObserved(_ sort: FrameAttribute.Sort, of node: NodeID) -> FrameAttribute? {
    var best: Row?
    var row = chains[node]?.first ?? Self.end
    while row != Self.end {
      let observation = rows[Int(row)]
      if observation.attribute.sort == sort, best.map({ observation.time > $0.time }) ?? true {
        best = observation
      }
      row = observation.next
    }
    return best?.attribute
  }
}
