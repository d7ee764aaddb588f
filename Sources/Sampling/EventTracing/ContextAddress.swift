import Glibc

/// Finds where a thread's state points to the current context (`PyThreadState.context`).
enum ContextAddress {
  /// Offsets from the headers of 3.7 to 3.13 (Include/cpython/pystate.h; 3.7: Include/pystate.h).
  private static let known: [Int: Int] = [7: 256, 8: 240, 9: 240, 10: 240, 11: 224, 12: 208, 13: 208]

  /// The address of the pointer; nil where it isn't found. Tried out by entering a context: the word must then hold
  /// that context, and no longer after it is left.
  static func find(threadState: UInt64, calls: InterpreterCalls) -> UnsafeRawPointer? {
    guard let state = UnsafeRawPointer(bitPattern: UInt(threadState)), let make = calls.makeContext,
      let enter = calls.enterContext, let exit = calls.exitContext
    else { return nil }
    guard let context = make(), enter(context) == 0 else {
      calls.clearError()
      return nil
    }
    defer { calls.decrement(context) }
    // From 3.14 on a thread state is far longer than this.
    let offsets = known[calls.minor].map { [$0] } ?? Array(stride(from: 16, to: 512, by: 8))
    let found = offsets.filter {
      state.load(fromByteOffset: $0, as: UnsafeMutableRawPointer?.self) == context
    }
    guard exit(context) == 0 else {
      calls.clearError()
      return nil
    }
    guard found.count == 1, let offset = found.first,
      state.load(fromByteOffset: offset, as: UnsafeMutableRawPointer?.self) != context
    else { return nil }
    return state + offset
  }
}
