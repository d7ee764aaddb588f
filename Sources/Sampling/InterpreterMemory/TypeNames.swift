import Profile

/// The names of types, by address: read once, and again where an address turns out to hold another type.
struct TypeNames: ~Copyable {
  /// What is known of a type.
  struct TypeInfo: BitwiseCopyable {
    /// `tp_name`, the pointer: another type has another one.
    var namePointer: UInt64
    /// `tp_flags`
    var flags: UInt64
    /// `__name__`: what follows the last dot of `tp_name`; empty if it isn't a type.
    var name: StringID
    /// When the type has to be compared with memory again.
    var schedule: RecheckSchedule

    /// `Py_TPFLAGS_TYPE_SUBCLASS`: whether the type's instances are types (Include/object.h).
    var isMetaclass: Bool { flags & 1 << 31 != 0 }
    /// `Py_TPFLAGS_HEAPTYPE`
    var isHeapType: Bool { flags & 1 << 9 != 0 }
  }

  /// How much of a type is read.
  private static let readSize = CPythonConstants.typeFlags + 8

  private let layout: Layout
  private var index = AddressIndex()
  private var types = Column<TypeInfo>(minimumCapacity: 256)
  private let bytes: UnsafeMutableRawPointer
  /// The types of the objects that `fetchTypes` was given.
  private let fetched: UnsafeMutablePointer<UInt64>
  private var fetchBatch = ReadBatch()
  private var text = CString()
  private var strings: UnicodeObject
  /// How many types are known.
  var count: Int { types.count }
  /// How many reads were made.
  private(set) var readCount = 0

  init(layout: Layout) {
    self.layout = layout
    bytes = .allocate(byteCount: Self.readSize, alignment: 8)
    fetched = .allocate(capacity: Self.fetchLimit)
    fetched.initialize(repeating: 0, count: Self.fetchLimit)
    strings = UnicodeObject(layout: layout)
  }

  deinit {
    bytes.deallocate()
    fetched.deallocate()
  }

  /// How many frames further inwards an object is searched for.
  private static let neighbours = 16
  /// The most objects whose types are read at once.
  static let fetchLimit = 256

  /// Reads the types of objects by one call, so that `fetchedType` has them: those of `values`, backwards from `last`,
  /// `count` at most `fetchLimit` of them.
  mutating func fetchTypes<M: Memory>(
    of values: borrowing Column<UInt64>, from last: Int, count: Int, memory: M
  ) {
    fetchBatch.removeAll()
    let count = min(count, Self.fetchLimit)
    // One object is often met again a few frames further on.
    func earlier(_ index: Int) -> Int? {
      (max(0, index - Self.neighbours)..<index).first { values[last - $0] == values[last - index] }
    }
    for index in 0..<count {
      let value = values[last - index]
      fetched[index] = 0
      if value >= 4096, value & 7 == 0, earlier(index) == nil {
        fetchBatch.add(value &+ UInt64(CPythonConstants.objectType), 8, into: fetched + index)
      }
    }
    guard !fetchBatch.isEmpty else { return }
    readCount += 1
    _ = fetchBatch.read(from: memory)
    for index in 0..<count where fetched[index] == 0 && values[last - index] != 0 {
      if let first = earlier(index) { fetched[index] = fetched[first] }
    }
  }

  /// The type that `fetchTypes` has found at a place; 0 if none.
  @inline(__always)
  func fetchedType(_ index: Int) -> UInt64 { index < Self.fetchLimit ? fetched[index] : 0 }

  /// What is known of the type at `address`; nil if there is none.
  mutating func type<M: Memory>(
    at address: UInt64, look: UInt64, names: inout NameTables, memory: M
  ) -> TypeInfo? {
    guard address >= 4096, address & 7 == 0 else { return nil }
    if let row = index[address] {
      let known = types[row]
      if !known.schedule.isDue(look) { return known.name == .empty ? nil : known }
      readCount += 1
      if memory.word(address &+ UInt64(CPythonConstants.typeName)) == known.namePointer {
        types[row].schedule.confirm(look)
        return known.name == .empty ? nil : known
      }
    }
    return learn(address, look: look, names: &names, memory: memory)
  }

  /// The name of the class that the value of a `self` or `cls` tells; empty if it tells none. The value's type is given
  /// where it is known.
  mutating func className<M: Memory>(
    ofReceiver value: UInt64, type known: UInt64, isClass: Bool, objects: KnownObjects, look: UInt64,
    names: inout NameTables,
    memory: M
  ) -> StringID {
    guard var (object, type) = known != 0 ? (value, known) : header(value, memory: memory) else {
      return .empty
    }
    if type == objects.cellType, type != 0 {
      // `PyCellObject.ob_ref` (Include/cpython/cellobject.h).
      guard let content = memory.word(value &+ 16), let inner = header(content, memory: memory) else {
        return .empty
      }
      (object, type) = inner
    }
    // `self = None` breaks a cycle, as in asyncio's Handle._run: it says nothing of the class.
    guard object != objects.none,
      let info = self.type(at: type, look: look, names: &names, memory: memory)
    else { return .empty }
    guard isClass else { return info.name }
    guard info.isMetaclass else { return .empty }
    return self.type(at: object, look: look, names: &names, memory: memory)?.name ?? .empty
  }

  /// `__qualname__` of the type at `address`, in a handle; empty if it can't be read.
  mutating func qualifiedName<M: Memory>(
    _ address: UInt64, _ info: TypeInfo, names: inout NameTables, memory: M
  ) -> StringID {
    guard info.isHeapType else { return info.name }
    readCount += 2
    guard let name = memory.word(address &+ UInt64(layout.typeQualifiedName)) else { return info.name }
    return strings.read(name, from: memory) { names.intern($0) } ?? info.name
  }

  /// An object's address and its type's.
  mutating func header<M: Memory>(_ object: UInt64, memory: M) -> (object: UInt64, type: UInt64)? {
    guard object >= 4096, object & 7 == 0 else { return nil }
    readCount += 1
    guard let type = memory.word(object &+ UInt64(CPythonConstants.objectType)) else { return nil }
    return (object, type)
  }

  private mutating func learn<M: Memory>(
    _ address: UInt64, look: UInt64, names: inout NameTables, memory: M
  ) -> TypeInfo? {
    readCount += 3
    guard memory.read(address, Self.readSize, into: bytes) else { return nil }
    let pointer = bytes.load(fromByteOffset: CPythonConstants.typeName, as: UInt64.self)
    let flags = bytes.load(fromByteOffset: CPythonConstants.typeFlags, as: UInt64.self)
    let metatype = bytes.load(fromByteOffset: CPythonConstants.objectType, as: UInt64.self)
    var info = TypeInfo(
      namePointer: pointer, flags: flags, name: .empty, schedule: RecheckSchedule(look: look))
    // A type's own type has the flag that says so.
    if metatype >= 4096, metatype & 7 == 0,
      let metaflags = memory.word(metatype &+ UInt64(CPythonConstants.typeFlags)), metaflags & 1 << 31 != 0,
      text.read(pointer, from: memory)
    {
      info.name = text.withBytes { name in
        let start = name.lastIndex(of: UInt8(ascii: ".")).map { $0 + 1 } ?? 0
        return names.intern(UnsafeBufferPointer(rebasing: name[start...]))
      }
    }
    if let row = index[address] {
      types[row] = info
    } else {
      index.set(address, row: types.count)
      types.append(info)
    }
    return info.name == .empty ? nil : info
  }
}
