extension JSONReader {
  /// Reads a finite number that no arithmetic with it can overflow.
  mutating func boundedNumber(_ name: String) throws(SessionFileError) -> Double {
    let value = try number().value
    // Not so for NaN either.
    guard abs(value) <= SessionFile.maximumNumber else {
      throw .damaged("\(name) is no number that can be")
    }
    return value
  }

  /// Reads a whole number from 0 up to `limit`.
  mutating func count(_ name: String, upTo limit: UInt64 = 1 << 53) throws(SessionFileError) -> Int {
    guard let value = try number().count, value <= limit else {
      throw .damaged("\(name) is no whole number that can be")
    }
    return Int(value)
  }

  /// Reads an array of strings.
  mutating func strings() throws(SessionFileError) -> [String] {
    var strings: [String] = []
    try beginArray()
    while try nextElement() { strings.append(try string()) }
    return strings
  }
}
