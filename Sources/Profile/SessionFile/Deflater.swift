import CZlib

/// Packs bytes into one gzip member. The same bytes give the same file: it has neither name nor time.
struct Deflater: ~Copyable {
  /// On the heap: zlib remembers where it is.
  private let stream: UnsafeMutablePointer<z_stream>
  /// What has been packed so far.
  private(set) var output = Column<UInt8>(minimumCapacity: 1 << 16)

  /// `level` is zlib's, from 1 (fast) to 9 (small).
  init(level: Int32) throws(SessionFileError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard spinetail_deflate_init(stream, level) == Z_OK else { throw .outOfMemory }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Adds bytes.
  mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
    var start = 0
    while start < bytes.count {
      let piece = UnsafeBufferPointer(rebasing: bytes[start..<min(start + 1 << 30, bytes.count)])
      deflate(piece, Z_NO_FLUSH)
      start += piece.count
    }
  }

  /// Ends the member.
  mutating func finish() { deflate(UnsafeBufferPointer(start: nil, count: 0), Z_FINISH) }

  private mutating func deflate(_ bytes: UnsafeBufferPointer<UInt8>, _ flush: Int32) {
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
    defer { buffer.deallocate() }
    stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
    stream.pointee.avail_in = UInt32(bytes.count)
    repeat {
      stream.pointee.next_out = buffer.baseAddress
      stream.pointee.avail_out = UInt32(buffer.count)
      // It can fail only for a stream that isn't one.
      _ = CZlib.deflate(stream, flush)
      output.append(
        contentsOf: UnsafeBufferPointer(rebasing: buffer[..<(buffer.count - Int(stream.pointee.avail_out))]))
    } while stream.pointee.avail_out == 0
  }
}
