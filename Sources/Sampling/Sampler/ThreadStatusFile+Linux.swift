import Glibc

/// What the kernel says of a thread of this process: `/proc/self/task/<thread>/stat` (proc_pid_stat(5)).
///
/// The file is opened for each reading. Kept open, it could be closed by the host, which may close every descriptor that
/// it doesn't know, and be another file's by then.
struct ThreadStatusFile: BitwiseCopyable {
  struct Content: BitwiseCopyable {
    /// Field 3, a letter: R for a thread that runs or would.
    var state: UInt8
    /// Field 39.
    var processor: Int32
  }

  private let nativeIdentifier: UInt64

  init(nativeIdentifier: UInt64) { self.nativeIdentifier = nativeIdentifier }

  /// Nil if there is no such thread, or no `/proc`.
  func read() -> Content? {
    withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { buffer -> Content? in
      guard let base = buffer.baseAddress else { return nil }
      writePath(base.assumingMemoryBound(to: CChar.self))
      let file = open(base.assumingMemoryBound(to: CChar.self), O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return nil }
      let length = Glibc.read(file, base, buffer.count)
      close(file)
      return length > 0
        ? Self.parse(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<length])) : nil
    }
  }

  /// The command's name, in parentheses, may hold anything.
  static func parse(_ text: UnsafeRawBufferPointer) -> Content? {
    guard var position = text.lastIndex(of: UInt8(ascii: ")")), position + 2 < text.count else { return nil }
    let state = text[position + 2]
    var field = 2
    while position < text.count {
      if text[position] == UInt8(ascii: " ") { field += 1 }
      position += 1
      if field == 39 { break }
    }
    var processor: Int32 = 0
    var digits = 0
    while position < text.count, digits < 6, text[position] >= 0x30, text[position] <= 0x39 {
      processor = processor * 10 + Int32(text[position] - 0x30)
      position += 1
      digits += 1
    }
    return digits > 0 ? Content(state: state, processor: processor) : nil
  }

  /// Without `String`, which would allocate in the sampling loop.
  private func writePath(_ path: UnsafeMutablePointer<CChar>) {
    var end = 0
    func append(_ text: StaticString) {
      for index in 0..<text.utf8CodeUnitCount {
        path[end] = CChar(bitPattern: text.utf8Start[index])
        end += 1
      }
    }
    append("/proc/self/task/")
    let start = end
    var number = nativeIdentifier
    repeat {
      path[end] = CChar(0x30 + number % 10)
      end += 1
      number /= 10
    } while number > 0
    var digits = UnsafeMutableBufferPointer(start: path + start, count: end - start)
    digits.reverse()
    append("/stat")
    path[end] = 0
  }
}
