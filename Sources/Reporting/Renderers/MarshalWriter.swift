/// Writes Python objects in the format of the `marshal` module, version 4.
///
/// Source of the format: Python/marshal.c of CPython 3.12. Every reader since CPython 3.4 knows it.
struct MarshalWriter {
  private(set) var bytes: [UInt8] = []
  /// How many strings were written so far. Each can be referred to by its number.
  private(set) var stringCount: UInt32 = 0
  private static let referenceFlag: UInt8 = 0x80

  /// Begins a dict; keys and values follow in turn, then `endDict()`.
  mutating func beginDict() { bytes.append(UInt8(ascii: "{")) }

  mutating func endDict() { bytes.append(UInt8(ascii: "0")) }

  /// Begins a tuple; its items follow.
  mutating func beginTuple(_ count: UInt8) {
    bytes.append(UInt8(ascii: ")"))
    bytes.append(count)
  }

  /// Adds a `str` of UTF-8 bytes, in which lone surrogates have their three-byte form.
  mutating func append(_ utf8: UnsafeBufferPointer<UInt8>) {
    bytes.append(UInt8(ascii: "u") | Self.referenceFlag)
    append(word: UInt32(truncatingIfNeeded: utf8.count))
    bytes.append(contentsOf: utf8)
    stringCount += 1
  }

  /// Adds the string again that was the `number`th, from 0 on.
  mutating func append(stringAgain number: UInt32) {
    bytes.append(UInt8(ascii: "r"))
    append(word: number)
  }

  /// Adds an `int`.
  mutating func append(_ number: UInt64) {
    if let small = Int32(exactly: number) {
      bytes.append(UInt8(ascii: "i"))
      append(word: UInt32(bitPattern: small))
      return
    }
    // Digits of 15 bits.
    var digits: [UInt16] = []
    var rest = number
    while rest > 0 {
      digits.append(UInt16(truncatingIfNeeded: rest & 0x7FFF))
      rest >>= 15
    }
    bytes.append(UInt8(ascii: "l"))
    append(word: UInt32(truncatingIfNeeded: digits.count))
    for digit in digits {
      bytes.append(UInt8(truncatingIfNeeded: digit))
      bytes.append(UInt8(truncatingIfNeeded: digit >> 8))
    }
  }

  /// Adds a `float`.
  mutating func append(_ number: Double) {
    bytes.append(UInt8(ascii: "g"))
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> UInt64(shift)))
    }
  }

  private mutating func append(word: UInt32) {
    for shift in stride(from: 0, to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
    }
  }
}
