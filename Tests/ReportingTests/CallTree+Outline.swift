import Profile
import Reporting
import TestSupport

extension CallTree {
  /// The tree as one line: `main 5 (load 3 ([self] 3), [self] 2)`, times in milliseconds, absorbed time as `+n`.
  var outline: String {
    guard let root else { return "" }
    return outline(of: root)
  }

  private func outline(of node: NodeID) -> String {
    let className = withBytes(of: className(of: node)) { String(decoding: $0, as: UTF8.self) }
    var text = (className.isEmpty ? "" : className + ".") + name(of: node)
    text += " \(time(of: node) / 1.ms)"
    if absorbedTime(of: node) != 0 { text += "+\(absorbedTime(of: node) / 1.ms)" }
    let children = children(of: node)
    if !children.isEmpty { text += " (\(children.map { outline(of: $0) }.joined(separator: ", ")))" }
    return text
  }

  /// The first node with this name, callers before callees.
  func first(named name: String) -> NodeID? {
    var node = root ?? .null
    while node != .null {
      if self.name(of: node) == name { return node }
      node = nextInPreorder(after: node)
    }
    return nil
  }
}
