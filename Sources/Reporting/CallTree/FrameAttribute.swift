import Profile

/// Something that is seen of a frame and may differ from one call of a function to the next.
struct FrameAttribute: BitwiseCopyable, Hashable, Sendable {
  /// The sorts of attributes. All but `other` are what frame-info strings mark by the letters c, l and h.
  enum Sort: UInt8, BitwiseCopyable, Hashable, Sendable {
    /// The class of `self` or `cls`: the value is a string's row.
    case className
    /// The current line.
    case line
    /// A local `__tracebackhide__`: the value is 1.
    case hidden
    /// What nobody but a user of Python frames knows: the value is the row of the text, marker included.
    case other
  }

  let sort: Sort
  let value: UInt32

  static let hidden = FrameAttribute(sort: .hidden, value: 1)

  static func className(_ name: StringID) -> FrameAttribute {
    FrameAttribute(sort: .className, value: name.rawValue)
  }

  static func line(_ line: UInt32) -> FrameAttribute { FrameAttribute(sort: .line, value: line) }

  static func other(_ text: StringID) -> FrameAttribute {
    FrameAttribute(sort: .other, value: text.rawValue)
  }

  /// The attributes of `frame`, in the order in which frame-info strings have them.
  static func all(of frame: Frame) -> [FrameAttribute] {
    var all: [FrameAttribute] = []
    if frame.className != .empty { all.append(.className(frame.className)) }
    if frame.line != 0 { all.append(.line(frame.line)) }
    if frame.flags.contains(.hidden) { all.append(.hidden) }
    return all
  }
}
