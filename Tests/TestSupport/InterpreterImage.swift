import Sampling

/// A made-up interpreter in recorded memory: one thread with its data stack, code objects and strings, laid out as one
/// version of CPython does.
public final class InterpreterImage {
  public static let codeType: UInt64 = 0x5000_0000
  public static let threadState: UInt64 = 0x6000_0000
  public static let threadPointer: UInt64 = 0x7000_0000
  public static let nativeIdentifier: UInt64 = 4242
  public static let rootChunk: UInt64 = 0x1000_0000
  public static let cStack: UInt64 = 0x2000_0000

  public let layout: Layout
  public let memory = RecordedMemory()
  private var nextObject: UInt64 = 0x3000_0000
  private var nextFrame = rootChunk + 32
  private var nextCStack = cStack + 0x8000
  private var chunk = rootChunk
  private var chunkSize: UInt64 = 16384
  /// Addresses of frames, outermost first.
  public private(set) var frames: [UInt64] = []

  public var identity: ThreadIdentity {
    ThreadIdentity(
      address: Self.threadState, thread: Self.threadPointer, nativeIdentifier: Self.nativeIdentifier)
  }

  public var interpreter: InterpreterAddresses {
    InterpreterAddresses(layout: layout, codeType: Self.codeType)
  }

  public init(_ layout: Layout) {
    self.layout = layout
    memory.map(Self.threadState, 1024)
    memory.map(Self.threadPointer, 4096)
    memory.map(Self.rootChunk, 16384)
    memory.map(Self.cStack, 0x10000)
    memory.map(0x3000_0000, 1 << 20)
    memory.store(Self.threadPointer, at: Self.threadState + UInt64(layout.threadIdentifier))
    memory.store(Self.nativeIdentifier, at: Self.threadState + UInt64(layout.threadNativeIdentifier))
    memory.store(chunkSize, at: Self.rootChunk + 8)
    memory.store(chunk, at: Self.threadState + UInt64(layout.threadDataStackChunk))
    if layout.cFrameCurrent != nil {
      memory.store(Self.cStack + 64, at: Self.threadState + UInt64(layout.threadFrame))
    }
    setTop()
  }

  /// A code object of `units` code units.
  public func code(
    name: String, file: String = "/app/main.py", firstLine: Int32 = 1, units: Int = 32,
    lineTable: [UInt8] = []
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
    memory.store(chunk, at: Self.threadState + UInt64(layout.threadDataStackChunk))
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

  private func fill(_ frame: UInt64, code: UInt64, unit: Int, owner: UInt8) {
    memory.store(frames.last ?? 0, at: frame + UInt64(layout.framePrevious))
    memory.store(code, at: frame + UInt64(layout.frameCode))
    setUnit(unit, of: frame, code: code)
    memory.store(owner, at: frame + UInt64(layout.frameOwner))
    frames.append(frame)
    setTop()
  }

  private func setTop() {
    let top = frames.last ?? 0
    if let current = layout.cFrameCurrent {
      memory.store(top, at: Self.cStack + 64 + UInt64(current))
    } else {
      memory.store(top, at: Self.threadState + UInt64(layout.threadFrame))
    }
    memory.store(nextFrame, at: Self.threadState + UInt64(layout.threadDataStackChunk) + 8)
  }

  private func allocate(_ size: Int) -> UInt64 {
    let address = nextObject
    nextObject += UInt64((size + 63) & ~63)
    return address
  }
}
