import Profile

/// Reads `str` objects as UTF-8. Lone surrogates become their three-byte form, which isn't valid UTF-8.
struct UnicodeObject: ~Copyable {
  /// Longer strings are cut here: a name that long is no name.
  static let maxLength = 1 << 16
  private static let probeSize = 160

  private let layout: Layout
  private let raw: UnsafeMutableRawPointer
  /// The hash that the string read last has in its object.
  private(set) var hash: UInt64 = 0
  private var utf8 = Column<UInt8>(minimumCapacity: 1024)

  init(layout: Layout) {
    self.layout = layout
    raw = .allocate(byteCount: Self.maxLength * 4, alignment: 16)
  }

  deinit { raw.deallocate() }

  /// Reads the string at `address` and calls `body` with its UTF-8; nil if it isn't a string that can be read.
  mutating func read<M: Memory, Result>(
    _ address: UInt64, from memory: M, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result? {
    // Most strings are had by one read with some of what stands behind them.
    let isHead = !memory.read(address, Self.probeSize, into: raw)
    guard !isHead || memory.read(address, 40, into: raw) else { return nil }
    hash = raw.load(fromByteOffset: CPythonConstants.stringHash, as: UInt64.self)
    let length = Int(
      truncatingIfNeeded: raw.load(fromByteOffset: CPythonConstants.stringLength, as: UInt64.self))
    let state = raw.load(fromByteOffset: CPythonConstants.stringState, as: UInt32.self)
    // state: interned 2 bits, kind 3, compact 1, ascii 1 (default builds of 3.11 to 3.15).
    let kind = Int(state >> 2) & 7
    let isCompact = state & 0x20 != 0
    let isASCII = state & 0x40 != 0
    guard isCompact, length >= 0, kind == 1 || kind == 2 || kind == 4, !isASCII || kind == 1 else {
      return nil
    }
    let count = min(length, Self.maxLength)
    let header = isASCII ? layout.asciiHeader : layout.compactHeader
    if !isHead, header + count * kind <= Self.probeSize {
      raw.copyMemory(from: raw + header, byteCount: count * kind)
    } else if count > 0 {
      guard memory.read(address &+ UInt64(header), count * kind, into: raw) else { return nil }
    }
    if isASCII {
      return body(UnsafeRawBufferPointer(start: raw, count: count).assumingMemoryBound(to: UInt8.self))
    }
    utf8.removeAll()
    for index in 0..<count {
      switch kind {
      case 1: append(UInt32(raw.load(fromByteOffset: index, as: UInt8.self)))
      case 2: append(UInt32(raw.load(fromByteOffset: index * 2, as: UInt16.self)))
      default: append(raw.load(fromByteOffset: index * 4, as: UInt32.self))
      }
    }
    return utf8.withElements(body)
  }

  private mutating func append(_ scalar: UInt32) {
    switch scalar {
    case 0..<0x80:
      utf8.append(UInt8(scalar))
    case 0x80..<0x800:
      utf8.append(UInt8(0xC0 | scalar >> 6))
      utf8.append(UInt8(0x80 | scalar & 0x3F))
    case 0x800..<0x10000:
      utf8.append(UInt8(0xE0 | scalar >> 12))
      utf8.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      utf8.append(UInt8(0x80 | scalar & 0x3F))
    case 0x10000..<0x110000:
      utf8.append(UInt8(0xF0 | scalar >> 18))
      utf8.append(UInt8(0x80 | scalar >> 12 & 0x3F))
      utf8.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      utf8.append(UInt8(0x80 | scalar & 0x3F))
    default:
      append(0xFFFD)
    }
  }
}
