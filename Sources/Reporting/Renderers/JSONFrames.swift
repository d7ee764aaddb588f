import Profile

/// The frames of a tree as JSON objects in each other.
struct JSONFrames {
  private let tree: CallTree
  private let awaitTimes: [Int64]
  private let isApplicationCode: [Bool]
  /// The text of what is the same for all nodes of a function, by row, and where it is; empty until it is needed.
  private var texts = TextBuffer()
  private var ranges: [Range<Int>]

  init(_ tree: CallTree) {
    self.tree = tree
    awaitTimes = tree.awaitTimes()
    isApplicationCode = tree.applicationCode()
    ranges = [Range<Int>](repeating: 0..<0, count: tree.session.functions.count)
  }

  /// Adds the root's object.
  mutating func write(to buffer: inout TextBuffer) {
    guard let root = tree.root else { return }
    var node = root
    while node != .null {
      open(node, to: &buffer)
      let child = tree.firstChild(of: node)
      if child != .null {
        node = child
        continue
      }
      close(node, to: &buffer)
      while node != root, tree.nextSibling(of: node) == .null {
        node = tree.parent(of: node)
        close(node, to: &buffer)
      }
      if node == root { return }
      node = tree.nextSibling(of: node)
      buffer.append(",")
    }
  }

  private mutating func open(_ node: NodeID, to buffer: inout TextBuffer) {
    let identity = tree.identity(of: node)
    if let function = identity.function, function.index < ranges.count {
      if ranges[function.index].isEmpty {
        let start = texts.bytes.count
        tree.withName(of: node) { describe(name: $0, node, to: &texts) }
        ranges[function.index] = start..<texts.bytes.count
      }
      buffer.append(texts.bytes[ranges[function.index]])
    } else {
      tree.withName(of: node) { describe(name: $0, node, to: &buffer) }
    }
    buffer.append(jsonSeconds: tree.time(of: node))
    buffer.append(",\"await_time\": ")
    buffer.append(jsonSeconds: awaitTimes[node.index])
    buffer.append(",\"is_application_code\": \(isApplicationCode[node.index])")
    if let group = tree.groupNumber(of: node) { buffer.append(",\"group_id\": \"\(group)\"") }
    tree.withClassName(of: node) {
      buffer.append(",\"class_name\": ")
      buffer.append(json: $0)
    }
    buffer.append(",\"children\": [")
  }

  private func close(_ node: NodeID, to buffer: inout TextBuffer) { buffer.append("]}") }

  private func describe(name: UnsafeBufferPointer<UInt8>, _ node: NodeID, to buffer: inout TextBuffer) {
    buffer.append("{\"function\": ")
    buffer.append(json: name)
    buffer.append(",\"file_path_short\": ")
    buffer.append(json: tree.shortPath(of: node))
    buffer.append(",\"file_path\": ")
    tree.withFile(of: node) { buffer.append(json: $0) }
    buffer.append(",\"line_no\": \(tree.line(of: node)),\"time\": ")
  }
}
