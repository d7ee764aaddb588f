import Glibc
import Profile

/// The code objects that were met, by address: read once, then compared with memory now and then, since an address
/// can be used again for another code object. It serves one recording at a time, and outlives it.
struct CodeCache: ~Copyable {
  private let layout: Layout
  private let interpreter: InterpreterAddresses
  private let own: OwnCode
  /// The number of the look that is under way.
  private(set) var look: UInt64 = 0
  private var strings: UnicodeObject
  private var index = AddressIndex(minimumCapacity: 512)
  private(set) var objects = Column<CodeObject>(minimumCapacity: 512)
  private var runUnits = Column<UInt32>(minimumCapacity: 4096)
  private var runLines = Column<UInt32>(minimumCapacity: 4096)
  private var sites = Column<InstructionScan.Site>(minimumCapacity: 1024)
  private var inertWords = Column<UInt64>(minimumCapacity: 1024)
  private var scan: InstructionScan
  private var reader: CodeReader
  var types: TypeNames
  /// The names that rows, classes and C functions are told by.
  private(set) var names = NameTables()
  private var builtIns = BuiltInNames()
  private let head: UnsafeMutableRawPointer

  init(interpreter: InterpreterAddresses, own: OwnCode) {
    self.interpreter = interpreter
    layout = interpreter.layout
    self.own = own
    strings = UnicodeObject(layout: layout)
    scan = InstructionScan(minor: layout.minor)
    reader = CodeReader(layout: layout)
    types = TypeNames(layout: layout)
    head = .allocate(byteCount: max(512, layout.codeReadSize), alignment: 16)
  }

  deinit { head.deallocate() }

  /// Whether this cache serves recordings of the same interpreter that leave the same frames out.
  func serves(_ interpreter: InterpreterAddresses, own: OwnCode) -> Bool {
    self.interpreter.mainInterpreter == interpreter.mainInterpreter && layout == interpreter.layout
      && self.own == own
  }

  /// How many things are known.
  var size: Int { objects.count + types.count + builtIns.count }

  /// Begins a new recording: whatever time has passed since the last one, nothing counts as compared a moment ago.
  mutating func beginRecording() {
    look += 4 * RecheckSchedule.longestWait
    builtIns.removeAll()
  }

  /// Begins a look: what is known is compared with memory by the number of looks.
  mutating func beginLook() { look += 1 }

  /// How often memory was read for names of classes and C functions.
  var nameReads: Int { types.readCount + builtIns.readCount }

  /// What stays the same as long as no address can hold another code object; nil where the interpreter doesn't tell.
  @inline(__always)
  func generation<M: Memory>(memory: M) -> UInt64? { interpreter.codeGeneration(memory: memory) }

  /// Whether the code object of a row must be compared with memory.
  @inline(__always)
  func isDue(_ row: Int, look: UInt64, generation: UInt64?) -> Bool {
    if let generation { return objects[row].checkedAtGeneration != generation }
    return objects[row].schedule.isDue(look)
  }

  /// The look from which on `isDue` says so without a generation.
  @inline(__always)
  func nextCheck(_ row: Int) -> UInt64 { objects[row].schedule.nextCheck }

  /// The cached row for a code object's address, or nil if it is new.
  @inline(__always)
  func row(at address: UInt64) -> Int? { index[address] }

  /// Reads the code object at `address` into the cache. Nil if there is none.
  mutating func learn<M: Memory>(_ address: UInt64, from memory: M, look: UInt64) -> Int? {
    let generation = self.generation(memory: memory) ?? 0
    guard memory.read(address, layout.codeReadSize, into: head),
      let identity = CodeIdentity(head, layout: layout, codeType: interpreter.codeType)
    else { return nil }
    guard let name = strings.read(identity.name, from: memory, { names.intern($0) }) else { return nil }
    let nameHash = strings.hash
    guard let file = strings.read(identity.file, from: memory, { names.intern($0) })
    else { return nil }
    let qualifiedName = strings.read(identity.qualifiedName, from: memory) { names.intern($0) } ?? name
    let function = Function(
      name: name, qualifiedName: qualifiedName, file: file, firstLine: UInt32(max(identity.firstLine, 0)))
    let variables = reader.readVariables(head, strings: &strings, from: memory)
    let firstRun = runUnits.count
    readLines(identity, from: memory)
    let (firstSite, firstInertWord) = (sites.count, inertWords.count)
    let isScanned = readInstructions(address, identity, from: memory)
    let row = objects.count
    objects.append(
      CodeObject(
        identity: identity, function: names.intern(function),
        firstTraceable: head.load(fromByteOffset: layout.codeFirstTraceable, as: Int32.self),
        receiver: variables.receiver, isHidden: variables.isHidden,
        nameHash: nameHash,
        origin: names.strings.withBytes(file) { own.origin(ofFile: $0) },
        firstRun: Int32(truncatingIfNeeded: firstRun),
        runCount: Int32(truncatingIfNeeded: runUnits.count - firstRun),
        firstSite: Int32(truncatingIfNeeded: firstSite),
        siteCount: Int32(truncatingIfNeeded: sites.count - firstSite),
        firstInertWord: isScanned ? Int32(truncatingIfNeeded: firstInertWord) : -1,
        variableCount: variables.count, checkedAtGeneration: generation,
        schedule: RecheckSchedule(look: look)))
    index.set(address, row: row)
    return row
  }

  /// Whether the bytes at `bytes` (a code object's fixed part) are still those of `row`; if so, the row counts as
  /// checked at `look`.
  mutating func confirm(_ row: Int, _ bytes: UnsafeRawPointer, look: UInt64, generation: UInt64?) -> Bool {
    guard CodeIdentity(bytes, layout: layout, codeType: interpreter.codeType) == objects[row].identity else {
      return false
    }
    objects[row].checkedAtGeneration = generation ?? 0
    objects[row].schedule.confirm(look)
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

  /// Whether the instruction at a code unit can't have called anything, as it was when the code object was read.
  @inline(__always)
  func isInert(row: Int, unit: Int) -> Bool {
    let first = Int(objects[row].firstInertWord)
    guard first >= 0, unit >= 0, unit < Int(objects[row].identity.size) else { return false }
    return inertWords[first + unit / 64] >> UInt64(unit & 63) & 1 != 0
  }

  /// Whether an instruction with this number can't have called anything.
  func isInert(instruction: UInt8) -> Bool { scan.isInert(instruction) }

  /// The call at a code unit; nil if there is none. Its slot is counted from the frame's first variable.
  func callSite(row: Int, unit: Int) -> InstructionScan.Site? {
    var low = Int(objects[row].firstSite)
    let end = low + Int(objects[row].siteCount)
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if Int(sites[middle].unit) < unit { low = middle + 1 } else { high = middle }
    }
    return low < end && Int(sites[low].unit) == unit ? sites[low] : nil
  }

  /// The name of the class that the value of a `self` or `cls` tells; empty if it tells none.
  mutating func className<M: Memory>(
    ofReceiver value: UInt64, type: UInt64, isClass: Bool, look: UInt64, memory: M
  ) -> StringID {
    types.className(
      ofReceiver: value, type: type, isClass: isClass, objects: interpreter.objects, look: look,
      names: &names,
      memory: memory)
  }

  /// What the object at `callee` is; nil if it isn't a function made in C. The bytes are those of the object.
  func cFunction(_ callee: UnsafeRawPointer) -> CFunction? {
    CFunction(callee, objects: interpreter.objects)
  }

  /// A C function that is bound to an object of type `type` (both 0: to nothing), as one of `names`; nil if its
  /// name can't be read.
  mutating func builtIn<M: Memory>(
    _ function: CFunction, boundTo object: UInt64, type: UInt64, look: UInt64, memory: M
  ) -> FunctionID? {
    var owner = function.descriptorType
    if type == interpreter.objects.moduleType {
      owner = 0
    } else if let info = types.type(at: type, look: look, names: &names, memory: memory) {
      owner = info.isMetaclass ? object : type
    }
    return builtIns.function(
      definition: function.definition, owner: owner, types: &types, look: look, names: &names,
      memory: memory)
  }

  private mutating func readLines<M: Memory>(_ identity: CodeIdentity, from memory: M) {
    guard let bytes = reader.readBytes(identity.lineTable, from: memory) else { return }
    LineTable.decode(bytes, firstLine: Int(identity.firstLine)) { unit, line in
      runUnits.append(unit)
      runLines.append(line)
    }
  }

  private mutating func readInstructions<M: Memory>(
    _ address: UInt64, _ identity: CodeIdentity, from memory: M
  ) -> Bool {
    guard identity.size <= UInt64(InstructionScan.maxUnits) else { return false }
    let table = head.load(fromByteOffset: layout.codeExceptionTable, as: UInt64.self)
    guard
      let code = reader.readInstructions(
        address &+ UInt64(layout.codeInstructions), units: Int(identity.size), from: memory),
      let handlers = reader.readBytes(table, from: memory), scan.scan(code, handlers: handlers)
    else { return false }
    scan.sites.withElements { sites.append(contentsOf: $0) }
    scan.inert.withElements { inertWords.append(contentsOf: $0) }
    return true
  }
}
