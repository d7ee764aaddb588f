import Glibc
import Profile

/// The code objects that were met, by address: read once, then compared with memory now and then, since an address
/// can be used again for another code object.
struct CodeCache: ~Copyable {
  /// A cached code object is compared with memory again when this many looks have passed.
  static let recheckAfterLooks: UInt64 = 16
  /// Larger line tables are left out: the frame is kept, and only its line is lost.
  private static let maxLineTable = 1 << 22

  private let layout: Layout
  private let codeType: UInt64
  private let own: OwnCode
  private var strings: UnicodeObject

  /// Open addressing by address; values are rows of `objects`.
  private var keys: UnsafeMutablePointer<UInt64>
  private var values: UnsafeMutablePointer<Int32>
  private var mask = 1023
  private var keyCount = 0
  private(set) var objects = Column<CodeObject>(minimumCapacity: 512)
  private var runUnits = Column<UInt32>(minimumCapacity: 4096)
  private var runLines = Column<UInt32>(minimumCapacity: 4096)
  private let head: UnsafeMutableRawPointer

  init(layout: Layout, codeType: UInt64, own: OwnCode) {
    self.layout = layout
    self.codeType = codeType
    self.own = own
    strings = UnicodeObject(layout: layout)
    keys = .allocate(capacity: mask + 1)
    keys.initialize(repeating: 0, count: mask + 1)
    values = .allocate(capacity: mask + 1)
    values.initialize(repeating: 0, count: mask + 1)
    head = .allocate(byteCount: 512, alignment: 16)
  }

  deinit {
    keys.deallocate()
    values.deallocate()
    head.deallocate()
  }

  /// The cached row for a code object's address, or nil if it is new.
  @inline(__always)
  func row(at address: UInt64) -> Int? {
    var slot = Self.hash(address) & mask
    while keys[slot] != 0 {
      if keys[slot] == address { return Int(values[slot]) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Reads the code object at `address` into the cache and `recording`. Nil if there is none.
  mutating func learn<M: Memory>(
    _ address: UInt64, from memory: M, into recording: inout Recording, look: UInt64
  ) -> Int? {
    guard memory.read(address, layout.codeReadSize, into: head),
      let identity = CodeIdentity(head, layout: layout, codeType: codeType)
    else { return nil }
    guard let name = strings.read(identity.name, from: memory, { recording.intern($0) }),
      let file = strings.read(identity.file, from: memory, { recording.intern($0) })
    else { return nil }
    let qualifiedName = strings.read(identity.qualifiedName, from: memory) { recording.intern($0) } ?? name
    let firstTraceable = head.load(fromByteOffset: layout.codeFirstTraceable, as: Int32.self)
    let firstRun = runUnits.count
    readLines(identity.lineTable, firstLine: Int(identity.firstLine), from: memory)
    let function = Function(
      name: name, qualifiedName: qualifiedName, file: file, firstLine: UInt32(max(identity.firstLine, 0)))
    let row = objects.count
    objects.append(
      CodeObject(
        identity: identity, function: recording.intern(function), firstTraceable: firstTraceable,
        origin: origin(of: file, in: recording),
        firstRun: Int32(truncatingIfNeeded: firstRun),
        runCount: Int32(truncatingIfNeeded: runUnits.count - firstRun),
        checkedAtLook: look))
    set(address, row: row)
    return row
  }

  /// Whether the bytes at `bytes` (a code object's fixed part) are still those of `row`; if so, the row counts as
  /// checked at `look`.
  mutating func confirm(_ row: Int, _ bytes: UnsafeRawPointer, look: UInt64) -> Bool {
    guard CodeIdentity(bytes, layout: layout, codeType: codeType) == objects[row].identity else {
      return false
    }
    objects[row].checkedAtLook = look
    return true
  }

  /// The line of code unit `unit` of the code object in `row`; 0 if there is none.
  func line(row: Int, unit: Int) -> UInt32 {
    let object = objects[row]
    var low = Int(object.firstRun)
    var high = low + Int(object.runCount)
    guard low < high else { return 0 }
    // The last run that begins at or before the unit.
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(runUnits[middle]) <= unit { low = middle } else { high = middle }
    }
    return runLines[low]
  }

  private mutating func readLines<M: Memory>(_ address: UInt64, firstLine: Int, from memory: M) {
    guard let size = memory.word(address &+ UInt64(CPythonConstants.objectSize)),
      size > 0, size <= UInt64(Self.maxLineTable)
    else { return }
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(size), alignment: 1)
    defer { bytes.deallocate() }
    guard let base = bytes.baseAddress,
      memory.read(address &+ UInt64(CPythonConstants.bytesData), Int(size), into: base)
    else { return }
    LineTable.decode(UnsafeRawBufferPointer(bytes), firstLine: firstLine) { unit, line in
      runUnits.append(unit)
      runLines.append(line)
    }
  }

  private func origin(of file: StringID, in recording: borrowing Recording) -> CodeObject.Origin {
    recording.strings.withBytes(file) { own.origin(ofFile: $0) }
  }

  private mutating func set(_ address: UInt64, row: Int) {
    var slot = Self.hash(address) & mask
    while keys[slot] != 0 && keys[slot] != address { slot = (slot + 1) & mask }
    if keys[slot] == 0 { keyCount += 1 }
    keys[slot] = address
    values[slot] = Int32(truncatingIfNeeded: row)
    if keyCount * 2 > mask { grow() }
  }

  private mutating func grow() {
    let (oldKeys, oldValues, oldSize) = (keys, values, mask + 1)
    mask = oldSize * 2 - 1
    keys = .allocate(capacity: mask + 1)
    keys.initialize(repeating: 0, count: mask + 1)
    values = .allocate(capacity: mask + 1)
    values.initialize(repeating: 0, count: mask + 1)
    for old in 0..<oldSize where oldKeys[old] != 0 {
      var slot = Self.hash(oldKeys[old]) & mask
      while keys[slot] != 0 { slot = (slot + 1) & mask }
      keys[slot] = oldKeys[old]
      values[slot] = oldValues[old]
    }
    oldKeys.deallocate()
    oldValues.deallocate()
  }

  @inline(__always)
  private static func hash(_ address: UInt64) -> Int {
    Int(truncatingIfNeeded: ((address >> 4) &* 0x9E37_79B9_7F4A_7C15) >> 40)
  }
}
