/// A function as a Python code object describes it.
///
/// A function written in C has its qualified name as both names, `<built-in>` as its file, and no line.
public struct Function: BitwiseCopyable, Hashable, Sendable {
  /// `co_name`.
  public var name: StringID
  /// `co_qualname`; the name where the interpreter has none.
  public var qualifiedName: StringID
  /// `co_filename`, as it stands in the code object.
  public var file: StringID
  /// `co_firstlineno`; 0 if unknown.
  public var firstLine: UInt32

  public init(name: StringID, qualifiedName: StringID, file: StringID, firstLine: UInt32) {
    self.name = name
    self.qualifiedName = qualifiedName
    self.file = file
    self.firstLine = firstLine
  }

  fileprivate var hash: UInt64 {
    let names = UInt64(name.rawValue) << 32 | UInt64(qualifiedName.rawValue)
    return mixed(mixed(0, names), UInt64(file.rawValue) << 32 | UInt64(firstLine))
  }
}

/// Every function of a profile, once each.
public struct FunctionTable: ~Copyable {
  private var rows = Column<Function>(minimumCapacity: 256)
  private var index = HashIndex()

  public init() {}

  /// The number of functions.
  public var count: Int { rows.count }

  /// The function of a handle.
  public subscript(id: FunctionID) -> Function { rows[id.index] }

  /// The handle of `function`; added if it is new.
  public mutating func intern(_ function: Function) -> FunctionID {
    let hash = function.hash
    if let row = index.row(hash: hash, where: { rows[$0] == function }) { return FunctionID(index: row) }
    rows.append(function)
    index.insert(row: rows.count - 1, hash: hash)
    return FunctionID(index: rows.count - 1)
  }
}
