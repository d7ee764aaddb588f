import Glibc
import Sampling

/// Bytes that stay where they are, and are read without any allocation. They are never freed.
public struct FlatMemory: Memory, BitwiseCopyable {
  private struct Segment: BitwiseCopyable {
    var start: UInt64
    var bytes: UnsafeMutableRawBufferPointer
  }

  private let segments: UnsafeMutableBufferPointer<Segment>

  init(_ parts: [(start: UInt64, bytes: [UInt8])]) {
    segments = .allocate(capacity: parts.count)
    for (index, part) in parts.enumerated() {
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: part.bytes.count, alignment: 16)
      bytes.copyBytes(from: part.bytes)
      segments.initializeElement(at: index, to: Segment(start: part.start, bytes: bytes))
    }
  }

  /// Puts a value into the bytes; does nothing where there are none.
  public func store<Value: BitwiseCopyable>(_ value: Value, at address: UInt64) {
    guard let place = place(address, MemoryLayout<Value>.size) else { return }
    UnsafeMutableRawPointer(mutating: place).storeBytes(of: value, as: Value.self)
  }

  public func read(
    _ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int
  ) -> Int {
    var total = 0
    var index = 0
    while index < count {
      let size = sources[index].iov_len
      guard let place = place(UInt64(UInt(bitPattern: sources[index].iov_base)), size),
        let target = destinations[index].iov_base
      else { return total }
      target.copyMemory(from: place, byteCount: size)
      total += size
      index += 1
    }
    return total
  }

  private func place(_ address: UInt64, _ size: Int) -> UnsafeRawPointer? {
    var index = 0
    while index < segments.count {
      let segment = segments[index]
      let length = UInt64(segment.bytes.count)
      if address >= segment.start, address - segment.start <= length,
        UInt64(size) <= length - (address - segment.start), let base = segment.bytes.baseAddress
      {
        return UnsafeRawPointer(base + Int(address - segment.start))
      }
      index += 1
    }
    return nil
  }
}
