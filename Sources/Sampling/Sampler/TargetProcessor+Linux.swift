import CPythonABI
import Glibc

/// Tells on which CPU another thread of this process is, or was last.
struct TargetProcessor: ~Copyable {
  /// The thread's CPU number in memory; nil if it has to be asked from the kernel.
  let address: UInt64?
  /// `/proc/self/task/<thread>/stat`, open; −1 if it isn't used.
  private let file: Int32

  /// `nativeIdentifier` and `thread` as in `ThreadIdentity`.
  init(_ identity: ThreadIdentity, sequences: RestartableSequences?) {
    if let sequences {
      address = sequences.processorAddress(ofThread: identity.thread)
      file = -1
    } else {
      address = nil
      file = open("/proc/self/task/\(identity.nativeIdentifier)/stat", O_RDONLY | O_CLOEXEC)
    }
  }

  deinit { if file >= 0 { close(file) } }

  /// The CPU, or −1 if it can't be told.
  func current<M: Memory>(memory: M) -> Int32 {
    if let address {
      var value: Int32 = -1
      return memory.read(address, 4, into: &value) ? value : -1
    }
    return file >= 0 ? fromStat() : -1
  }

  /// Field 39 of `stat` (proc_pid_stat(5)). The command's name, in parentheses, may hold anything.
  private func fromStat() -> Int32 {
    withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { buffer -> Int32 in
      let length = pread(file, buffer.baseAddress, buffer.count, 0)
      guard length > 0, var position = buffer[..<length].lastIndex(of: UInt8(ascii: ")")) else { return -1 }
      var field = 2
      while position < length {
        if buffer[position] == UInt8(ascii: " ") { field += 1 }
        position += 1
        if field == 39 { break }
      }
      var value: Int32 = 0
      var digits = 0
      while position < length, digits < 6, let digit = Self.digit(buffer[position]) {
        value = value * 10 + digit
        position += 1
        digits += 1
      }
      return digits > 0 ? value : -1
    }
  }

  private static func digit(_ byte: UInt8) -> Int32? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int32(byte - UInt8(ascii: "0")) : nil
  }
}
