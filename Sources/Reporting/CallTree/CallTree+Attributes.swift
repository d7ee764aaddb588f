import Profile

/// What frames of a node were seen with, for how long.
extension CallTree {
  /// An attribute as frame-info strings have it, its letter before its value, and the time in nanoseconds that the node
  /// was seen with it.
  public struct ObservedAttribute {
    public let text: [UInt8]
    public let time: Int64
  }

  /// The attributes of `node` in the order of the first time.
  public func attributes(of node: NodeID) -> [ObservedAttribute] {
    let all: [(attribute: FrameAttribute, time: Int64)]
    if hasOwnObservations(node) {
      all = observations.all(of: node)
    } else {
      all = soleAttributes(of: node).map { ($0, time(of: node)) }
    }
    return all.map { ObservedAttribute(text: text(of: $0.attribute), time: $0.time) }
  }

  /// Adds `time` to a node, and to the time that it was seen with each of `attributes`.
  public mutating func record(_ time: Int64, of node: NodeID, attributes: [[UInt8]]) {
    if !attributes.isEmpty { observeSoleAttributes(of: node) }
    times[node.index] &+= time
    for text in attributes { observations.record(attribute(text), of: node, time: time) }
  }

  /// Adds what was seen of `node` to `target`. Where both are the same function and that looks always the same, there is
  /// nothing to do.
  mutating func mergeObservations(of node: NodeID, into target: NodeID) {
    let isSame = identity(of: node) == identity(of: target)
    if isSame, !hasOwnObservations(node), !hasOwnObservations(target) { return }
    observeSoleAttributes(of: node)
    observeSoleAttributes(of: target)
    observations.merge(node, into: target)
  }

  /// Writes down what is known of `node` by its function alone, before something is seen that differs from it.
  private mutating func observeSoleAttributes(of node: NodeID) {
    if hasOwnObservations(node) { return }
    for attribute in soleAttributes(of: node) {
      observations.record(attribute, of: node, time: time(of: node))
    }
  }

  private func soleAttributes(of node: NodeID) -> [FrameAttribute] {
    guard let function = identity(of: node).function, !variants.isMixed(function) else { return [] }
    return variants.soleFrame(of: function).map { FrameAttribute.all(of: $0) } ?? []
  }

  mutating func attribute(_ text: [UInt8]) -> FrameAttribute {
    let value = text.dropFirst()
    switch text.first {
    case UInt8(ascii: "c") where !value.isEmpty:
      return .className(addedNames.intern(Array(value), in: session))
    case UInt8(ascii: "h") where value.elementsEqual("1".utf8): return .hidden
    case UInt8(ascii: "l"):
      // Only a number that reads as it was written.
      guard let line = UInt32(String(decoding: value, as: UTF8.self)), line != 0,
        value.elementsEqual(String(line).utf8)
      else { break }
      return .line(line)
    default: break
    }
    return .other(addedNames.intern(text, in: session))
  }

  private func text(of attribute: FrameAttribute) -> [UInt8] {
    switch attribute.sort {
    case .className:
      return withBytes(of: StringID(rawValue: attribute.value)) { [UInt8(ascii: "c")] + Array($0) }
    case .line: return Array("l\(attribute.value)".utf8)
    case .hidden: return Array("h1".utf8)
    case .other: return withBytes(of: StringID(rawValue: attribute.value)) { Array($0) }
    }
  }
}
