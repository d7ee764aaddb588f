import CPythonABI
import Glibc

/// The files that a thread needs to read its process's memory in other ways than by `process_vm_readv`.
///
/// Sampler threads have a table of descriptors of their own where the system can give them one. Then nothing that they
/// open is ever in the way of the program, which may count on getting the lowest free number, and nothing that the
/// program closes is theirs. Other threads share one set in the program's table.
struct MemoryDescriptors: BitwiseCopyable {
  private var pipe = MemoryPipe()
  private var file = MemoryFile()

  /// Gives the calling thread a table of its own, with nothing in it. False where the system can't (before Linux 5.9).
  static func leaveProgramsTable() -> Bool {
    if spinetail_own_descriptors() != nil { return true }
    guard spinetail_unshare_descriptors() == 0 else { return false }
    let descriptors = UnsafeMutablePointer<MemoryDescriptors>.allocate(capacity: 1)
    descriptors.initialize(to: MemoryDescriptors())
    spinetail_set_own_descriptors(descriptors)
    return true
  }

  /// Frees what `leaveProgramsTable` has made, at the thread's end. The files go with the table.
  static func endThread() {
    guard let own = spinetail_own_descriptors() else { return }
    spinetail_set_own_descriptors(nil)
    own.assumingMemoryBound(to: MemoryDescriptors.self).deallocate()
  }

  /// The calling thread's own; nil where it uses the program's table.
  static var own: UnsafeMutablePointer<MemoryDescriptors>? {
    spinetail_own_descriptors()?.assumingMemoryBound(to: MemoryDescriptors.self)
  }

  /// As `Memory.read`, but negative where there is no file to be had.
  mutating func readThroughPipe(
    _ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int
  ) -> Int { pipe.read(sources, into: destinations, count: count) }

  /// As `Memory.read`, but negative where there is no file to be had.
  mutating func readFile(
    _ sources: UnsafePointer<iovec>, into destinations: UnsafePointer<iovec>, count: Int
  ) -> Int { file.read(sources, into: destinations, count: count) }

  /// Closes what is open.
  mutating func close() {
    pipe.close()
    file.close()
  }
}
