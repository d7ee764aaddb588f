/// A row of one of the tables: a 32-bit index with a type of its own, so that indexes can't be mixed up.
public protocol TableHandle: BitwiseCopyable, Hashable, Sendable {
  var rawValue: UInt32 { get }
  init(rawValue: UInt32)
}

extension TableHandle {
  /// The row as a plain index.
  @inline(__always)
  public var index: Int { Int(rawValue) }

  /// A handle for row `index` of its table.
  @inline(__always)
  public init(index: Int) { self.init(rawValue: UInt32(truncatingIfNeeded: index)) }
}

/// A string of a `StringTable`.
public struct StringID: TableHandle {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// The empty string, which every table holds.
  public static let empty = StringID(rawValue: 0)
}

/// A function of a `FunctionTable`.
public struct FunctionID: TableHandle {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// A frame of a `FrameTable`.
public struct FrameID: TableHandle {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// A stack of a `StackTable`.
public struct StackID: TableHandle {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// The stack without frames, which every table holds.
  public static let empty = StackID(rawValue: 0)
}
