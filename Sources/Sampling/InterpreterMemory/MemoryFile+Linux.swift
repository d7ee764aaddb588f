import Glibc

/// Reads this process's memory from the file that the system shows it as, `/proc/self/mem`. One thread at a time.
struct MemoryFile: BitwiseCopyable {
  private var file = OwnedDescriptor.none

  /// As `Memory.read`.
  mutating func read(
    _ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int
  ) -> Int {
    if !file.isOurs { file = OwnedDescriptor(adopting: open("/proc/self/mem", O_RDONLY | O_CLOEXEC)) }
    guard file.number >= 0 else { return -1 }
    var copied = 0
    for index in 0..<count {
      let (source, length) = (sources[index], sources[index].iov_len)
      var done = 0
      while done < length {
        let address = Int64(bitPattern: UInt64(UInt(bitPattern: source.iov_base))) &+ Int64(done)
        let got = pread(
          file.number, destinations[index].iov_base?.advanced(by: done), length - done, off_t(address))
        guard got > 0 else { return copied }
        done += got
        copied += got
      }
    }
    return copied
  }

  /// Gives the file up.
  mutating func close() {
    file.release()
    file = .none
  }
}
