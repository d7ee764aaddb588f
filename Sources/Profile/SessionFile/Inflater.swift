import CZlib

/// Unpacks one gzip member piece by piece, never more than is asked for.
struct Inflater: ~Copyable {
  /// On the heap: zlib remembers where it is.
  private let stream: UnsafeMutablePointer<z_stream>
  private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
  private let input: UnsafeRawBufferPointer
  private var consumed = 0
  private var hasEnded = false

  /// `input` must stay as long as the inflater is used.
  init(_ input: UnsafeRawBufferPointer) throws(SessionFileError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    self.input = input
    guard spinetail_inflate_init(stream) == Z_OK else { throw .outOfMemory }
  }

  deinit {
    // Does nothing for a stream that could not be opened.
    inflateEnd(stream)
    stream.deallocate()
    buffer.deallocate()
  }

  /// Adds the next `count` bytes to `output`. Throws if there aren't as many.
  mutating func read(_ count: Int, into output: inout Column<UInt8>) throws(SessionFileError) {
    var missing = count
    while missing > 0 {
      let got = try inflate(upTo: min(missing, buffer.count))
      guard got > 0 else { throw .truncated }
      output.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<got]))
      missing -= got
    }
  }

  /// Makes sure that all has been read, and that its check sum is right.
  mutating func end() throws(SessionFileError) {
    let got = try inflate(upTo: 1)
    guard got == 0, consumed == input.count else { throw .damaged("something follows its columns") }
  }

  /// Unpacks up to `wanted` bytes into the buffer, which has room for them; 0 at the end.
  private mutating func inflate(upTo wanted: Int) throws(SessionFileError) -> Int {
    guard !hasEnded, let base = input.baseAddress else { return 0 }
    stream.pointee.next_out = buffer.baseAddress
    stream.pointee.avail_out = UInt32(wanted)
    while stream.pointee.avail_out > 0 {
      let piece = min(input.count - consumed, 1 << 30)
      // zlib doesn't write to its input.
      stream.pointee.next_in = UnsafeMutablePointer(
        mutating: (base + consumed).assumingMemoryBound(to: UInt8.self))
      stream.pointee.avail_in = UInt32(piece)
      let status = CZlib.inflate(stream, Z_NO_FLUSH)
      consumed += piece - Int(stream.pointee.avail_in)
      switch status {
      case Z_STREAM_END:
        hasEnded = true
        return wanted - Int(stream.pointee.avail_out)
      case Z_OK: continue
      case Z_BUF_ERROR:
        guard consumed == input.count else { throw .damaged("its compression makes no sense") }
        throw .truncated
      case Z_MEM_ERROR: throw .outOfMemory
      default: throw .damaged("its compression makes no sense")
      }
    }
    return wanted
  }
}
