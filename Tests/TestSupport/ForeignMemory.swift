import CPythonABI
import Glibc
import Sampling

/// Another process's memory, which remembers what was read.
public final class ForeignMemory: @unchecked Sendable {
  // Unchecked: a test uses one from one thread.

  private let process: pid_t
  private var read: [(start: UInt64, bytes: [UInt8])] = []

  public init(process: pid_t) { self.process = process }

  /// A value that reads this memory.
  public var reader: Reader { Reader(memory: self) }

  /// All that was read so far, in order of addresses; ranges that touch are one.
  public var segments: [(start: UInt64, bytes: [UInt8])] {
    var merged: [(start: UInt64, bytes: [UInt8])] = []
    for range in read.sorted(by: { $0.start < $1.start }) {
      guard let last = merged.last, range.start <= last.start + UInt64(last.bytes.count) else {
        merged.append(range)
        continue
      }
      let known = Int(last.start + UInt64(last.bytes.count) - range.start)
      if known < range.bytes.count { merged[merged.count - 1].bytes += range.bytes[known...] }
    }
    return merged
  }

  /// Forgets what was read so far.
  public func forget() { read = [] }

  /// See `ForeignMemory.reader`.
  public struct Reader: Memory {
    let memory: ForeignMemory

    public func read(
      _ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int
    ) -> Int {
      let done = process_vm_readv(memory.process, destinations, UInt(count), sources, UInt(count), 0)
      var left = done
      for index in 0..<count {
        left -= sources[index].iov_len
        guard left >= 0 else { break }
        let bytes = UnsafeRawBufferPointer(start: destinations[index].iov_base, count: sources[index].iov_len)
        memory.read.append((UInt64(UInt(bitPattern: sources[index].iov_base)), Array(bytes)))
      }
      return done
    }
  }
}
