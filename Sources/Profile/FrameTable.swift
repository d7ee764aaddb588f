/// A frame: a function at one of its lines.
public struct Frame: BitwiseCopyable, Hashable, Sendable {
  /// The function that runs.
  public var function: FunctionID
  /// The current line in the function's file; 0 if unknown.
  public var line: UInt32
  /// The class of `self` or `cls`; empty if there is none.
  public var className: StringID
  /// What else is known of the frame.
  public var flags: FrameFlags

  public init(
    function: FunctionID, line: UInt32, className: StringID = .empty, flags: FrameFlags = []
  ) {
    self.function = function
    self.line = line
    self.className = className
    self.flags = flags
  }

  fileprivate var hash: UInt64 {
    let place = UInt64(function.rawValue) << 32 | UInt64(line)
    return mixed(mixed(0, place), UInt64(className.rawValue) << 8 | UInt64(flags.rawValue))
  }
}

/// Every frame of a profile, once each.
public struct FrameTable: ~Copyable {
  private var rows = Column<Frame>(minimumCapacity: 256)
  private var index = HashIndex()

  public init() {}

  /// The number of frames.
  public var count: Int { rows.count }

  /// The frame of a handle.
  public subscript(id: FrameID) -> Frame { rows[id.index] }

  /// The handle of `frame`; added if it is new.
  public mutating func intern(_ frame: Frame) -> FrameID {
    let hash = frame.hash
    if let row = index.row(hash: hash, where: { rows[$0] == frame }) { return FrameID(index: row) }
    rows.append(frame)
    index.insert(row: rows.count - 1, hash: hash)
    return FrameID(index: rows.count - 1)
  }
}
