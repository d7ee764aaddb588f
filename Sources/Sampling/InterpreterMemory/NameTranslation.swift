import Profile

/// The handles that strings and functions of a cache's `NameTables` have in one recording; they get one when they are
/// first asked for, so that a recording holds what it has seen and no more.
struct NameTranslation: ~Copyable {
  /// Handles of the recording by those of the cache; `unknown` where there is none yet.
  private var strings = Column<UInt32>(minimumCapacity: 256)
  private var functions = Column<UInt32>(minimumCapacity: 256)
  private static var unknown: UInt32 { .max }

  mutating func string(_ id: StringID, of names: borrowing NameTables, in recording: inout Recording)
    -> StringID
  {
    guard id != .empty else { return .empty }
    while strings.count <= id.index { strings.append(Self.unknown) }
    if strings[id.index] == Self.unknown {
      strings[id.index] = names.strings.withBytes(id) { recording.intern($0).rawValue }
    }
    return StringID(rawValue: strings[id.index])
  }

  @inline(__always)
  mutating func function(
    _ id: FunctionID, of names: borrowing NameTables, in recording: inout Recording
  ) -> FunctionID {
    if id.index < functions.count, functions[id.index] != Self.unknown {
      return FunctionID(rawValue: functions[id.index])
    }
    return newFunction(id, of: names, in: &recording)
  }

  @inline(never)
  private mutating func newFunction(
    _ id: FunctionID, of names: borrowing NameTables, in recording: inout Recording
  ) -> FunctionID {
    while functions.count <= id.index { functions.append(Self.unknown) }
    let function = names.functions[id]
    let translated = recording.intern(
      Function(
        name: string(function.name, of: names, in: &recording),
        qualifiedName: string(function.qualifiedName, of: names, in: &recording),
        file: string(function.file, of: names, in: &recording), firstLine: function.firstLine))
    functions[id.index] = translated.rawValue
    return translated
  }
}
