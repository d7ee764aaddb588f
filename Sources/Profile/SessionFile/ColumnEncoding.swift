/// How the values of a column are written, as docs/session-format.md describes it.
enum ColumnEncoding: String {
  /// Non-negative numbers in groups of seven bits.
  case varint
  /// Differences of signed numbers, folded, as `varint`.
  case zigzagDelta = "zigzag-delta"
  /// A byte each.
  case u8

  /// The most bytes that a value takes.
  var maximumValueSize: Int { self == .u8 ? 1 : 10 }
}

/// Where a column is in a file.
struct ColumnEntry {
  var table = ""
  var name = ""
  var encoding = ColumnEncoding.varint
  /// Whether the file names that encoding, and not one that isn't known.
  var isReadable = true
  var count = 0
  /// In bytes from the end of the header.
  var offset = 0
  var length = 0
}
