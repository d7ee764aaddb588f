import Profile

/// Functions made in C as functions of a cache's tables, by their definition and the type that they are bound to.
struct BuiltInNames: ~Copyable {
  private var index = AddressIndex()
  private var functions = Column<FunctionID>(minimumCapacity: 256)
  /// What each row is for; keys of the index are mixed from both.
  private var definitions = Column<UInt64>(minimumCapacity: 256)
  private var owners = Column<UInt64>(minimumCapacity: 256)
  private var text = CString()
  private var name = Column<UInt8>(minimumCapacity: 256)
  private var file = StringID.empty
  /// How many functions are known.
  var count: Int { functions.count }
  /// How many reads were made.
  private(set) var readCount = 0

  /// Forgets all functions: what defines one may be freed, and nothing tells.
  mutating func removeAll() {
    index.removeAll()
    functions.removeAll()
    definitions.removeAll()
    owners.removeAll()
  }

  /// The function that the C definition at `definition` (a `PyMethodDef`) is when bound to something of type `owner`
  /// (0: to nothing, or a module): `__qualname__` is its name, as `meth_get__qualname__` in Objects/methodobject.c makes
  /// it. Nil if it can't be read.
  mutating func function<M: Memory>(
    definition: UInt64, owner: UInt64, types: inout TypeNames, look: UInt64, names: inout NameTables,
    memory: M
  ) -> FunctionID? {
    let key = (definition ^ (owner &* 0x9E37_79B9_7F4A_7C15)) | 8
    if let row = index[key], definitions[row] == definition, owners[row] == owner { return functions[row] }
    name.removeAll()
    if owner != 0 {
      guard let type = types.type(at: owner, look: look, names: &names, memory: memory) else {
        return nil
      }
      let qualified = types.qualifiedName(owner, type, names: &names, memory: memory)
      names.strings.withBytes(qualified) { name.append(contentsOf: $0) }
      name.append(UInt8(ascii: "."))
    }
    readCount += 2
    // `PyMethodDef.ml_name` (Include/methodobject.h).
    guard definition >= 4096, definition & 7 == 0, let pointer = memory.word(definition),
      text.read(pointer, from: memory)
    else { return nil }
    text.withBytes { name.append(contentsOf: $0) }
    if file == .empty { file = names.intern("<built-in>") }
    let whole = name.withElements { names.intern($0) }
    let function = names.intern(
      Function(name: whole, qualifiedName: whole, file: file, firstLine: 0))
    index.set(key, row: functions.count)
    functions.append(function)
    definitions.append(definition)
    owners.append(owner)
    return function
  }
}
