/// UTF-8 as Python strings need it: lone surrogates may stand in it in their three-byte form ("surrogatepass").
enum UTF8Text {
  /// The code point at `index`, which moves behind it. Nil where there is none, and `index` moves by one byte.
  @inline(__always)
  static func next(_ bytes: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> UInt32? {
    let first = UInt32(bytes[index])
    index += 1
    if first < 0x80 { return first }
    let length: Int
    var value: UInt32
    var least: UInt32
    switch first {
    case 0xC2...0xDF: (length, value, least) = (1, first & 0x1F, 0x80)
    case 0xE0...0xEF: (length, value, least) = (2, first & 0x0F, 0x800)
    case 0xF0...0xF4: (length, value, least) = (3, first & 0x07, 0x1_0000)
    default: return nil
    }
    guard index + length <= bytes.count else { return nil }
    for place in index..<index + length {
      let byte = UInt32(bytes[place])
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | byte & 0x3F
    }
    guard value >= least, value <= 0x10_FFFF else { return nil }
    index += length
    return value
  }

  /// Adds a code point, a surrogate in its three-byte form.
  static func append(_ codePoint: UInt32, to text: inout Column<UInt8>) {
    func continuation(_ shift: UInt32) -> UInt8 { UInt8(0x80 | codePoint >> shift & 0x3F) }
    switch codePoint {
    case ..<0x80:
      text.append(UInt8(codePoint))
    case ..<0x800:
      text.append(UInt8(0xC0 | codePoint >> 6))
      text.append(continuation(0))
    case ..<0x1_0000:
      text.append(UInt8(0xE0 | codePoint >> 12))
      text.append(continuation(6))
      text.append(continuation(0))
    default:
      text.append(UInt8(0xF0 | codePoint >> 18 & 0x07))
      text.append(continuation(12))
      text.append(continuation(6))
      text.append(continuation(0))
    }
  }
}
