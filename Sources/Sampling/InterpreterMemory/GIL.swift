import CPythonABI

/// The global interpreter lock, in memory that stays as long as the process lives.
public struct GIL: Sendable {
  /// Where `struct _gil_runtime_state` is.
  private let address: UInt
  /// Where 3.11 has a pointer to the holding thread's state, null while nobody holds the lock.
  private let currentThreadAddress: UInt?

  /// For tests: a lock from 3.12 on, in memory that stays.
  init(structureAt structure: UnsafeRawPointer) {
    address = UInt(bitPattern: structure)
    currentThreadAddress = nil
  }

  /// Nil if the lock isn't where `layout` says that it is, held by `holder`.
  init?<M: Memory>(_ layout: GILLayout, runtime: UInt64, interpreter: UInt64, holder: UInt64, memory: M) {
    switch layout {
    case .runtime(let offset, let currentThread):
      address = UInt(runtime &+ UInt64(offset))
      currentThreadAddress = UInt(runtime &+ UInt64(currentThread))
    case .interpreter(let offset):
      guard let gil = memory.word(interpreter &+ UInt64(offset)), gil >= 4096, gil & 7 == 0 else {
        return nil
      }
      address = UInt(gil)
      currentThreadAddress = nil
    }
    func word(_ offset: Int) -> UInt64? { memory.word(UInt64(address) &+ UInt64(offset)) }
    guard let locked = word(CPythonConstants.gilLocked), locked & 0xFFFF_FFFF == 1,
      word(CPythonConstants.gilLastHolder) == holder, word(CPythonConstants.gilSwitchNumber) != nil,
      currentThreadAddress.map({ memory.word(UInt64($0)) == holder }) ?? true
    else { return nil }
  }

  // Safe: all words that are read here lie in `_PyRuntime`, where the main interpreter's GIL is (3.11:
  // pycore_runtime.h; later: `_PyRuntime._main_interpreter`), which is never freed.

  /// The address of the thread state that holds the GIL; 0 if nobody does.
  @inline(__always)
  public func holder() -> UInt64 {
    if let currentThreadAddress { return word(currentThreadAddress) }
    guard let locked = UnsafeRawPointer(bitPattern: address + UInt(CPythonConstants.gilLocked)),
      spinetail_load32(locked) == 1
    else { return 0 }
    return lastHolder()
  }

  /// The address of the thread state that held the GIL last, and may hold it now. The thread may have ended.
  @inline(__always)
  public func lastHolder() -> UInt64 { word(address + UInt(CPythonConstants.gilLastHolder)) }

  /// How often the GIL went from one thread to another. While it stays the same, no other thread has held the GIL.
  @inline(__always)
  public func switchNumber() -> UInt64 { word(address + UInt(CPythonConstants.gilSwitchNumber)) }

  @inline(__always)
  private func word(_ address: UInt) -> UInt64 {
    guard let pointer = UnsafeRawPointer(bitPattern: address) else { return 0 }
    return spinetail_load64(pointer)
  }
}
