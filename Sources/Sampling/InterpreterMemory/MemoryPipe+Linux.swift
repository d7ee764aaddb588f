import CPythonABI
import Glibc

/// Reads this process's memory by writing it into a pipe, where memory that has gone away is an error (EFAULT) and not
/// a fault, and reading it back from there. One thread at a time.
struct MemoryPipe: BitwiseCopyable {
  private static let sizeOption: Int32 = 1032  // F_GETPIPE_SZ, linux/fcntl.h
  private static let pageSize = 4096

  private var input = OwnedDescriptor.none
  private var output = OwnedDescriptor.none
  /// How many bytes the pipe takes at once.
  private var capacity = 0

  /// Whether both ends are there and still ours.
  private var isReady: Bool { input.isOurs && output.isOurs }

  /// Makes the pipe anew if it is missing or the program has closed an end of it.
  private mutating func makeReady() -> Bool {
    if isReady { return true }
    close()
    let isMade = withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2) { ends in
      guard spinetail_pipe2(ends.baseAddress, O_NONBLOCK | O_CLOEXEC) == 0 else { return false }
      output = OwnedDescriptor(adopting: ends[0])
      input = OwnedDescriptor(adopting: ends[1])
      return true
    }
    guard isMade else { return false }
    // A user with many pipes gets new ones of a page or two.
    let size = fcntl(input.number, Self.sizeOption, 0)
    capacity = max(Self.pageSize, Int(size))
    return isReady
  }

  /// As `Memory.read`.
  mutating func read(
    _ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int
  ) -> Int {
    guard makeReady() else { return -1 }
    var copied = 0
    var index = 0
    while index < count {
      var end = index
      var size = 0
      while end < count, sources[end].iov_len <= capacity - size {
        size += sources[end].iov_len
        end += 1
      }
      if end > index {
        if pass(sources + index, into: destinations + index, count: end - index, size: size) == size {
          copied += size
          index = end
          continue
        }
        // The kernel has dropped the last page that it began, whatever of it could be copied.
        while index < end {
          let length = sources[index].iov_len
          let done = isReady ? pass(sources + index, into: destinations + index, count: 1, size: length) : 0
          copied += done
          guard done == length else { return copied }
          index += 1
        }
      } else {
        let done = readInParts(sources[index], into: destinations[index])
        copied += done
        guard done == sources[index].iov_len else { return copied }
        index += 1
      }
    }
    return copied
  }

  /// A range that is longer than what the pipe takes.
  private mutating func readInParts(_ source: iovec, into destination: iovec) -> Int {
    var done = 0
    while done < source.iov_len {
      let length = min(capacity, source.iov_len - done)
      var from = iovec(iov_base: source.iov_base?.advanced(by: done), iov_len: length)
      var to = iovec(iov_base: destination.iov_base?.advanced(by: done), iov_len: length)
      let passed = pass(&from, into: &to, count: 1, size: length)
      done += passed
      guard passed == length else { break }
    }
    return done
  }

  /// Copies ranges of `size` bytes in all, which the pipe takes at once; gives how many were copied.
  private mutating func pass(
    _ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int, size: Int
  ) -> Int {
    guard size > 0 else { return 0 }
    let written = writev(input.number, sources, Int32(count))
    let passed = written > 0 ? readv(output.number, destinations, Int32(count)) : 0
    if passed != max(0, written) {
      close()
    } else if passed < size {
      // The kernel leaves an empty page in the pipe where it couldn't copy (pipe_write in fs/pipe.c).
      var byte: UInt8 = 0
      if Glibc.read(output.number, &byte, 1) > 0 { close() }
    }
    return max(0, passed)
  }

  /// Gives the pipe up.
  mutating func close() {
    input.release()
    output.release()
    (input, output) = (.none, .none)
  }
}
