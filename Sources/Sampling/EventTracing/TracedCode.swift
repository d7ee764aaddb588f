import Profile

/// What the events engine knows of a code object.
struct TracedCode {
  /// Bits of `co_flags` (Include/cpython/code.h, 3.7 to 3.15).
  private static let coroutineFlags = 0x80 | 0x100 | 0x200
  static let generatorFlags = 0x20 | coroutineFlags

  /// A weak reference, owned: while its target lives, the address is this code object's.
  var reference: ObjectPointer
  let name: [UInt8]
  let qualifiedName: [UInt8]
  let file: [UInt8]
  let firstLine: UInt32
  /// Whether its frames can be suspended: a generator or coroutine of any kind.
  let isSuspendable: Bool
  /// Whether that is more than a plain generator.
  let isCoroutine: Bool
  /// Whether it has a local named `__tracebackhide__` or `__traceback_hide__`.
  let isHidden: Bool
  let receiver: Receiver?

  /// Where a function's `self` or `cls` is.
  struct Receiver {
    /// The variable's name as a `str`, owned.
    let name: ObjectPointer
    /// Whether it is `cls`.
    let isClass: Bool
    /// Up to 3.10: which of the frame's fast locals holds it, or the cell that does.
    let slot: Int
  }

  /// Reads a code object by its attributes. Nil if that fails.
  init?(_ code: ObjectPointer, calls: InterpreterCalls) {
    guard let name = calls.text(code, "co_name"), let file = calls.text(code, "co_filename"),
      let reference = calls.makeWeakReference(code, nil)
    else {
      calls.clearError()
      return nil
    }
    self.reference = reference
    self.name = name
    self.file = file
    qualifiedName = calls.minor >= 11 ? calls.text(code, "co_qualname") ?? name : name
    firstLine = UInt32(clamping: calls.number(code, "co_firstlineno") ?? 0)
    let flags = calls.number(code, "co_flags") ?? 0
    isSuspendable = flags & Self.generatorFlags != 0
    isCoroutine = flags & Self.coroutineFlags != 0
    (isHidden, receiver) = Self.variables(of: code, calls: calls)
  }

  /// Gives up what is owned.
  func release(_ calls: InterpreterCalls) {
    calls.decrement(reference)
    if let receiver { calls.decrement(receiver.name) }
  }

  private static func variables(of code: ObjectPointer, calls: InterpreterCalls) -> (Bool, Receiver?) {
    var isHidden = false
    var receiver: Receiver?
    forEachName(of: code, "co_varnames", calls: calls) { index, name, text in
      if text == Array("__tracebackhide__".utf8) || text == Array("__traceback_hide__".utf8) {
        isHidden = true
      }
      guard index == 0 else { return }
      let isSelf = text == Array("self".utf8)
      guard isSelf || text == Array("cls".utf8) else { return }
      calls.increment(name)
      let slot = calls.minor <= 10 ? cell(ofVariable: text, of: code, calls: calls) ?? 0 : 0
      receiver = Receiver(name: name, isClass: !isSelf, slot: slot)
    }
    return (isHidden, receiver)
  }

  /// Up to 3.10: the fast local that holds a variable's cell, if inner functions use the variable.
  private static func cell(ofVariable name: [UInt8], of code: ObjectPointer, calls: InterpreterCalls) -> Int?
  {
    var slot: Int?
    let locals = calls.number(code, "co_nlocals") ?? 0
    forEachName(of: code, "co_cellvars", calls: calls) { index, _, text in
      if text == name { slot = locals + index }
    }
    return slot
  }

  private static func forEachName(
    of code: ObjectPointer, _ attribute: StaticString, calls: InterpreterCalls,
    _ body: (_ index: Int, _ name: ObjectPointer, _ text: [UInt8]) -> Void
  ) {
    guard let names = calls.attribute(code, InterpreterCalls.cString(attribute)) else {
      calls.clearError()
      return
    }
    defer { calls.decrement(names) }
    for index in 0..<max(0, calls.tupleSize(names)) {
      guard let name = calls.tupleItem(names, index), let text = calls.utf8(of: name) else { continue }
      body(index, name, text)
    }
    calls.clearError()
  }
}
