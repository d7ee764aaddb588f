import Glibc
import Sampling

/// What looks have read of one interpreter's memory, in a file.
///
/// The file is a line of words (`name=hexadecimal number`), and then ranges: address, length (both 64 bits, little endian)
/// and bytes.
public struct MemoryFixture {
  /// The minor version, and addresses by name.
  public var words: [String: UInt64]
  public var segments: [(start: UInt64, bytes: [UInt8])]

  public init(words: [String: UInt64], segments: [(start: UInt64, bytes: [UInt8])]) {
    self.words = words
    self.segments = segments
  }

  /// Nil if there is no such file.
  public init?(path: String) {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    words = [:]
    for pair in String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ") {
      let parts = pair.split(separator: "=")
      guard parts.count == 2, let value = UInt64(parts[1], radix: 16) else { return nil }
      words[String(parts[0])] = value
    }
    segments = []
    var position = end + 1
    func word() -> UInt64 {
      defer { position += 8 }
      return (0..<8).reduce(0) { $0 | UInt64(bytes[position + $1]) << UInt64($1 * 8) }
    }
    while position + 16 <= bytes.count {
      let start = word()
      let length = Int(truncatingIfNeeded: word())
      guard length >= 0, length <= bytes.count - position else { return nil }
      segments.append((start, Array(bytes[position..<position + length])))
      position += length
    }
  }

  /// Writes the file; false if that fails.
  public func write(path: String) -> Bool {
    guard let file = fopen(path, "wb") else { return false }
    let line = words.sorted { $0.key < $1.key }.map { "\($0.key)=\(String($0.value, radix: 16))" }
    var bytes = Array((line.joined(separator: " ") + "\n").utf8)
    for segment in segments {
      for word in [segment.start, UInt64(segment.bytes.count)] {
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64($0 * 8)) }
      }
      bytes += segment.bytes
    }
    let written = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && written == bytes.count
  }

  /// The memory that was read.
  public var memory: RecordedMemory {
    let memory = RecordedMemory()
    for segment in segments {
      memory.map(segment.start, segment.bytes.count)
      memory.store(segment.bytes, at: segment.start)
    }
    return memory
  }
}
