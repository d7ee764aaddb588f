import Glibc

/// The interpreter's counter from which each new code object gets its `co_version` (`init_code` in Objects/codeobject.c,
/// 3.13 and later). While it stays the same, no code object was made, so an address that a frame has still holds the
/// code object that it held before.
enum CodeVersionCounter {
  private typealias MakeCode =
    @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>, Int32) -> OpaquePointer?
  private typealias Release = @convention(c) (OpaquePointer) -> Void
  private typealias ClearError = @convention(c) () -> Void

  /// What was found out about the place that was asked for first. Guarded by the GIL.
  private nonisolated(unsafe) static var known: (address: UInt64, isRight: Bool)?

  /// Whether the running interpreter counts at `address`: it does if a new code object changes the word there. The calling
  /// thread holds the GIL.
  static func isAt<M: Memory>(_ address: UInt64, memory: M) -> Bool {
    if let known, known.address == address { return known.isRight }
    let isRight = counts(address, memory: memory)
    known = (address, isRight)
    return isRight
  }

  /// Reads the counter; nil if it can't be read, or no longer counts: it stays 0 after 2³² code objects.
  @inline(__always)
  static func value<M: Memory>(_ address: UInt64, memory: M) -> UInt64? {
    guard let word = memory.lastingWord(address), UInt32(truncatingIfNeeded: word) != 0 else { return nil }
    return word & 0xFFFF_FFFF
  }

  private static func counts<M: Memory>(_ address: UInt64, memory: M) -> Bool {
    guard let make = dlsym(nil, "PyCode_NewEmpty"), let release = dlsym(nil, "Py_DecRef"),
      let clearError = dlsym(nil, "PyErr_Clear")
    else { return false }
    var last = memory.word(address).map { UInt32(truncatingIfNeeded: $0) } ?? 0
    for _ in 0..<2 {
      guard last != 0 else { return false }
      guard let code = unsafeBitCast(make, to: MakeCode.self)("<spinetail>", "probe", 1) else {
        unsafeBitCast(clearError, to: ClearError.self)()
        return false
      }
      unsafeBitCast(release, to: Release.self)(code)
      guard let word = memory.word(address), UInt32(truncatingIfNeeded: word) == last &+ 1 else {
        return false
      }
      last += 1
    }
    return true
  }
}
