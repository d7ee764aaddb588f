import Sampling

/// A thread of a made-up interpreter in recorded memory: its data stack, code objects and strings, laid out as one version
/// of CPython does. The first thread brings the interpreter with it; others join it.
public final class InterpreterImage {
  public static let codeType: UInt64 = 0x5000_0000
  public static let threadState: UInt64 = 0x6000_0000
  public static let threadPointer: UInt64 = 0x7000_0000
  public static let nativeIdentifier: UInt64 = 4242
  public static let rootChunk: UInt64 = 0x1000_0000
  public static let cStack: UInt64 = 0x2000_0000

  public static let interpreterState: UInt64 = 0x4000_0000
  public static let objects = KnownObjects(
    codeType: codeType, cellType: codeType + 0x100, builtInType: codeType + 0x200,
    builtInMethodType: codeType + 0x300, methodDescriptorType: codeType + 0x400, moduleType: moduleType,
    none: none)
  public static let moduleType = codeType + 0x500
  public static let none = codeType + 0x600
  /// `type`, whose type it is itself.
  private static let metatype = codeType + 0x700

  public let layout: Layout
  public let memory: RecordedMemory
  /// How far this thread's addresses lie behind the first thread's.
  private let offset: UInt64
  private var nextObject: UInt64
  private var nextFrame: UInt64
  private var nextCStack: UInt64
  private var chunk: UInt64
  private var chunkSize: UInt64 = 16384
  /// Addresses of frames, outermost first.
  public private(set) var frames: [UInt64] = []
  private var codes: [UInt64: UInt64] = [:]

  public var identity: ThreadIdentity {
    ThreadIdentity(
      address: threadState, thread: threadPointer, nativeIdentifier: Self.nativeIdentifier + offset >> 21)
  }

  public var interpreter: InterpreterAddresses {
    InterpreterAddresses(layout: layout, objects: Self.objects, mainInterpreter: Self.interpreterState)
  }

  public var threadState: UInt64 { Self.threadState + offset }
  public var threadPointer: UInt64 { Self.threadPointer + offset }
  private var rootChunk: UInt64 { Self.rootChunk + offset }
  private var cStack: UInt64 { Self.cStack + offset }
  /// Where 3.15 has the mark at the end of the stack.
  private var baseFrame: UInt64 { threadState + 888 }
  /// What the outermost frame's caller is.
  private var root: UInt64 { layout.threadBaseFrame == nil ? 0 : baseFrame }

  public convenience init(_ layout: Layout) {
    self.init(layout, memory: RecordedMemory(), number: 0)
    memory.map(Self.interpreterState, 20_480)
    memory.map(Self.codeType, 4096)
    fillType(Self.metatype, name: "type", isMetatype: true)
    fillType(Self.moduleType, name: "module")
    memory.store(Self.metatype, at: Self.none + 8)
  }

  /// Another thread of the same interpreter. It isn't in the list of threads yet.
  public convenience init(besides other: InterpreterImage, number: Int) {
    self.init(other.layout, memory: other.memory, number: number)
  }

  private init(_ layout: Layout, memory: RecordedMemory, number: Int) {
    self.layout = layout
    self.memory = memory
    offset = UInt64(number) << 21
    nextObject = 0x3000_0000 + offset
    chunk = Self.rootChunk + offset
    nextFrame = chunk + 32
    nextCStack = Self.cStack + offset + 0x8000
    memory.map(threadState, 1024)
    memory.map(threadPointer, 4096)
    memory.map(rootChunk, 16384)
    memory.map(cStack, 0x10000)
    memory.map(nextObject, 1 << 20)
    memory.store(threadPointer, at: threadState + UInt64(layout.threadIdentifier))
    memory.store(identity.nativeIdentifier, at: threadState + UInt64(layout.threadNativeIdentifier))
    memory.store(Self.interpreterState, at: threadState + UInt64(layout.threadInterpreter))
    memory.store(chunkSize, at: rootChunk + 8)
    memory.store(chunk, at: threadState + UInt64(layout.threadDataStackChunk))
    if layout.cFrameCurrent != nil {
      memory.store(cStack + 64, at: threadState + UInt64(layout.threadFrame))
    }
    if let base = layout.threadBaseFrame {
      memory.store(baseFrame, at: threadState + UInt64(base))
      memory.store(UInt8(3), at: baseFrame + UInt64(layout.frameOwner))
    }
    setTop()
  }

  /// Makes these the interpreter's threads, the newest first.
  public static func list(_ threads: [InterpreterImage]) {
    guard let first = threads.first else { return }
    let next = UInt64(first.layout.threadNext)
    first.memory.store(first.threadState, at: interpreterState + UInt64(first.layout.interpreterThreadsHead))
    for (index, thread) in threads.enumerated() {
      let following = index + 1 < threads.count ? threads[index + 1].threadState : 0
      thread.memory.store(following, at: thread.threadState + next)
    }
  }

  /// A code object of `units` code units.
  public func code(
    name: String, file: String = "/app/main.py", firstLine: Int32 = 1, units: Int = 32,
    lineTable: [UInt8] = [], variables: [String] = [], instructions: [UInt8] = []
  ) -> UInt64 {
    let name = string(name)
    let file = string(file)
    let lines = bytes(lineTable)
    let address = allocate(layout.codeInstructions + units * 2)
    memory.store(Self.codeType, at: address + 8)
    memory.store(UInt64(units), at: address + 16)
    memory.store(name, at: address + UInt64(layout.codeName))
    memory.store(name, at: address + UInt64(layout.codeQualifiedName))
    memory.store(file, at: address + UInt64(layout.codeFile))
    memory.store(lines, at: address + UInt64(layout.codeLineTable))
    memory.store(firstLine, at: address + UInt64(layout.codeFirstLine))
    memory.store(instructions, at: address + UInt64(layout.codeInstructions))
    memory.store(bytes([]), at: address + UInt64(layout.codeExceptionTable))
    memory.store(Int32(variables.count), at: address + UInt64(layout.codeLocalCount))
    memory.store(Int32(variables.count), at: address + UInt64(layout.codeVariableCount))
    let names = allocate(layout.tupleItems + variables.count * 8)
    for (index, name) in variables.enumerated() {
      memory.store(string(name), at: names + UInt64(layout.tupleItems + index * 8))
    }
    memory.store(names, at: address + UInt64(layout.codeVariableNames))
    return address
  }

  /// An ASCII string.
  public func string(_ text: String) -> UInt64 { string(Array(text.utf8), kind: 1, isASCII: true) }

  /// A string whose characters have `kind` bytes each.
  public func string(_ data: [UInt8], kind: Int, isASCII: Bool, isCompact: Bool = true) -> UInt64 {
    let header = isASCII ? layout.asciiHeader : layout.compactHeader
    let address = allocate(header + data.count + 8)
    memory.store(UInt64(data.count / kind), at: address + 16)
    memory.store(UInt32(kind << 2 | (isCompact ? 0x20 : 0) | (isASCII ? 0x40 : 0)), at: address + 32)
    memory.store(data, at: address + UInt64(header))
    return address
  }

  /// An object of a type.
  public func object(_ type: UInt64) -> UInt64 {
    let address = allocate(48)
    memory.store(type, at: address + 8)
    return address
  }

  /// A cell that holds an object; 0 for an empty one.
  public func cell(holding object: UInt64) -> UInt64 {
    let address = self.object(Self.objects.cellType)
    memory.store(object, at: address + 16)
    return address
  }

  /// A class; with a qualified name one that was made in Python.
  public func type(name: String, qualifiedName: String? = nil) -> UInt64 {
    let address = allocate(layout.typeQualifiedName + 8)
    fillType(address, name: name)
    if let qualifiedName {
      memory.store(UInt64(1 << 9), at: address + 168)
      memory.store(string(qualifiedName), at: address + UInt64(layout.typeQualifiedName))
    }
    return address
  }

  /// Gives a type another name.
  public func rename(_ type: UInt64, _ name: String) {
    memory.store(cString(name), at: type + 24)
  }

  /// A C function or, if it is bound to an object that is no module, a method.
  public func builtIn(_ name: String, boundTo object: UInt64) -> UInt64 {
    let address = self.object(Self.objects.builtInType)
    memory.store(definition(name), at: address + 16)
    memory.store(object, at: address + 24)
    return address
  }

  /// A method made in C as its class has it.
  public func methodDescriptor(_ name: String, of type: UInt64) -> UInt64 {
    let address = self.object(Self.objects.methodDescriptorType)
    memory.store(type, at: address + 16)
    memory.store(definition(name), at: address + 40)
    return address
  }

  /// Puts an object into a slot of a frame: variables first, then the value stack.
  public func setSlot(_ slot: Int, of frame: UInt64, to object: UInt64) {
    memory.store(object, at: frame + UInt64(layout.frameLocals + slot * 8))
  }

  private func definition(_ name: String) -> UInt64 {
    let address = allocate(32)
    memory.store(cString(name), at: address)
    return address
  }

  private func cString(_ text: String) -> UInt64 {
    let address = allocate(text.utf8.count + 1)
    memory.store(Array(text.utf8) + [0], at: address)
    return address
  }

  private func fillType(_ address: UInt64, name: String, isMetatype: Bool = false) {
    memory.store(Self.metatype, at: address + 8)
    memory.store(cString(name), at: address + 24)
    memory.store(UInt64(isMetatype ? 1 << 31 : 0), at: address + 168)
  }

  private func bytes(_ data: [UInt8]) -> UInt64 {
    let address = allocate(32 + data.count + 8)
    memory.store(UInt64(data.count), at: address + 16)
    memory.store(data, at: address + 32)
    return address
  }

  /// Calls `code` from the current frame, which is the new frame's caller.
  @discardableResult
  public func push(_ code: UInt64, unit: Int = 4, size: UInt64 = 120) -> UInt64 {
    let frame = nextFrame
    nextFrame += size
    fill(frame, code: code, unit: unit, owner: 0)
    return frame
  }

  /// Calls `code` as a generator, whose frame is an object of its own.
  @discardableResult
  public func pushGenerator(_ code: UInt64, unit: Int = 4) -> UInt64 {
    let frame = allocate(256)
    fill(frame, code: code, unit: unit, owner: 1)
    return frame
  }

  /// Enters the interpreter from C code, as 3.12 and later mark it.
  public func pushShim() {
    nextCStack -= 1024
    fill(nextCStack, code: 0x40, unit: 0, owner: 3)
  }

  /// Goes on in a new chunk of the data stack.
  public func pushChunk(at address: UInt64) {
    memory.map(address, Int(chunkSize))
    memory.store(chunk, at: address)
    memory.store(chunkSize, at: address + 8)
    memory.store((nextFrame - chunk - 24) / 8, at: chunk + 16)
    chunk = address
    nextFrame = address + 24
    memory.store(chunk, at: threadState + UInt64(layout.threadDataStackChunk))
    setTop()
  }

  /// Returns from the innermost frame, which was pushed by `push` with the same size.
  public func pop(size: UInt64 = 120) {
    guard frames.popLast() != nil else { return }
    nextFrame -= size
    setTop()
  }

  /// Moves a frame to another instruction.
  public func setUnit(_ unit: Int, of frame: UInt64, code: UInt64) {
    memory.store(
      code &+ UInt64(layout.codeInstructions) &+ UInt64(bitPattern: Int64(unit * 2)),
      at: frame + UInt64(layout.frameInstruction))
  }

  /// Moves a frame that runs its own code to another instruction.
  public func setUnit(_ unit: Int, of frame: UInt64) {
    if let code = codes[frame] { setUnit(unit, of: frame, code: code) }
  }

  private func fill(_ frame: UInt64, code: UInt64, unit: Int, owner: UInt8) {
    memory.store(frames.last ?? root, at: frame + UInt64(layout.framePrevious))
    // From 3.14 on a reference may carry a tag.
    memory.store(code | layout.referenceTags & 1, at: frame + UInt64(layout.frameCode))
    setUnit(unit, of: frame, code: code)
    memory.store(owner, at: frame + UInt64(layout.frameOwner))
    frames.append(frame)
    codes[frame] = code
    setTop()
  }

  private func setTop() {
    let top = frames.last ?? root
    if let current = layout.cFrameCurrent {
      memory.store(top, at: cStack + 64 + UInt64(current))
    } else {
      memory.store(top, at: threadState + UInt64(layout.threadFrame))
    }
    memory.store(nextFrame, at: threadState + UInt64(layout.threadDataStackChunk) + 8)
  }

  private func allocate(_ size: Int) -> UInt64 {
    let address = nextObject
    nextObject += UInt64((size + 63) & ~63)
    return address
  }
}
