import Profile

/// Reads what a code object points to, into memory that is used again for the next one.
struct CodeReader: ~Copyable {
  /// Larger tables are left out: the frame is kept, and only what the table tells is lost.
  private static let maxTable = 1 << 22
  private static let probeSize = 256
  /// Of more variables, those that come last aren't looked at.
  private static let maxVariables = 1000
  /// The part of a `str` object that has its length and its state.
  private static let stringHead = 24

  private let layout: Layout
  private var table: UnsafeMutableRawBufferPointer
  private let code: UnsafeMutableRawPointer
  private let names: UnsafeMutableRawPointer
  private let heads: UnsafeMutableRawPointer
  private var batch = ReadBatch()

  init(layout: Layout) {
    self.layout = layout
    table = .allocate(byteCount: 4096, alignment: 8)
    code = .allocate(byteCount: InstructionScan.maxUnits * 2, alignment: 8)
    names = .allocate(byteCount: Self.maxVariables * 8, alignment: 8)
    heads = .allocate(byteCount: Self.maxVariables * Self.stringHead, alignment: 8)
  }

  deinit {
    table.deallocate()
    code.deallocate()
    names.deallocate()
    heads.deallocate()
  }

  /// The contents of the `bytes` object at `address`, until the next call; nil if they can't be read.
  mutating func readBytes<M: Memory>(_ address: UInt64, from memory: M) -> UnsafeRawBufferPointer? {
    // Most tables are had by one read with some of what stands behind them.
    let head = CPythonConstants.bytesData
    if let base = table.baseAddress, memory.read(address, Self.probeSize, into: base) {
      let size = base.load(fromByteOffset: CPythonConstants.objectSize, as: UInt64.self)
      if size <= UInt64(Self.probeSize - head) {
        return UnsafeRawBufferPointer(rebasing: table[head..<head + Int(size)])
      }
    }
    guard let size = memory.word(address &+ UInt64(CPythonConstants.objectSize)),
      size <= UInt64(Self.maxTable)
    else { return nil }
    if Int(size) > table.count {
      table.deallocate()
      table = .allocate(byteCount: max(Int(size), 4096), alignment: 8)
    }
    guard size > 0 else { return UnsafeRawBufferPointer(rebasing: table[..<0]) }
    guard let base = table.baseAddress,
      memory.read(address &+ UInt64(CPythonConstants.bytesData), Int(size), into: base)
    else { return nil }
    return UnsafeRawBufferPointer(rebasing: table[..<Int(size)])
  }

  /// A code object's instructions, until the next call; nil if they can't be read.
  mutating func readInstructions<M: Memory>(_ address: UInt64, units: Int, from memory: M)
    -> UnsafeRawBufferPointer?
  {
    guard units > 0, units <= InstructionScan.maxUnits, memory.read(address, units * 2, into: code) else {
      return nil
    }
    return UnsafeRawBufferPointer(start: code, count: units * 2)
  }

  /// What a code object's variables tell.
  struct Variables {
    var count: Int32 = 0
    var receiver = CodeObject.Receiver.none
    var isHidden = false
  }

  /// Reads the variables of the code object whose fixed part is at `head`.
  mutating func readVariables<M: Memory>(
    _ head: UnsafeRawPointer, strings: inout UnicodeObject, from memory: M
  ) -> Variables {
    var variables = Variables()
    variables.count = max(0, head.load(fromByteOffset: layout.codeVariableCount, as: Int32.self))
    // Local variables come first (Include/cpython/code.h: co_localsplusnames).
    let locals = Int(head.load(fromByteOffset: layout.codeLocalCount, as: Int32.self))
    let count = min(locals, Int(variables.count), Self.maxVariables)
    let tuple = head.load(fromByteOffset: layout.codeVariableNames, as: UInt64.self)
    guard count > 0, memory.read(tuple &+ UInt64(layout.tupleItems), count * 8, into: names) else {
      return variables
    }
    batch.removeAll()
    for index in 0..<count {
      batch.add(
        name(index) &+ UInt64(CPythonConstants.stringLength), Self.stringHead,
        into: heads + index * Self.stringHead)
    }
    guard batch.read(from: memory) else { return variables }
    for index in 0..<count {
      let length = heads.load(fromByteOffset: index * Self.stringHead, as: UInt64.self)
      let isLongEnough = length == 17 || length == 18
      guard isLongEnough || (index == 0 && (length == 3 || length == 4)) else { continue }
      strings.read(name(index), from: memory) { text in
        if text.elementsEqual("__tracebackhide__".utf8) || text.elementsEqual("__traceback_hide__".utf8) {
          variables.isHidden = true
        } else if index == 0, text.elementsEqual("self".utf8) {
          variables.receiver = .object
        } else if index == 0, text.elementsEqual("cls".utf8) {
          variables.receiver = .class
        }
      }
    }
    return variables
  }

  private func name(_ index: Int) -> UInt64 { names.load(fromByteOffset: index * 8, as: UInt64.self) }
}
