import CPythonABI
import Glibc

/// Tells on which CPU another thread of this process is, or was last, and whether it wants one.
struct TargetProcessor: ~Copyable {
  /// The thread's CPU number in memory; nil if it has to be asked from the kernel.
  let address: UInt64?
  /// `/proc/self/task/<thread>/stat`.
  private let file: ThreadStatusFile

  /// `nativeIdentifier` and `thread` as in `ThreadIdentity`.
  init(_ identity: ThreadIdentity, sequences: RestartableSequences?) {
    address = sequences?.processorAddress(ofThread: identity.thread)
    file = ThreadStatusFile(nativeIdentifier: identity.nativeIdentifier)
  }

  /// The CPU, or −1 if it can't be told.
  func current<M: Memory>(memory: M) -> Int32 {
    guard let address else { return file.read()?.processor ?? -1 }
    var value: Int32 = -1
    return memory.read(address, 4, into: &value) ? value : -1
  }

  /// Whether the thread runs or would, were it not for others on its CPU. False if it can't be told.
  var isRunnable: Bool { file.read()?.state == UInt8(ascii: "R") }
}
