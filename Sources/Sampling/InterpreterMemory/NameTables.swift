import Profile

/// The strings and functions that a `CodeCache` knows, by handles of its own: a cache outlives the recordings that it
/// serves. `NameTranslation` gives a recording's handles for them.
struct NameTables: ~Copyable {
  private(set) var strings = StringTable()
  private(set) var functions = FunctionTable()

  /// The handle of the string with these UTF-8 bytes.
  mutating func intern(_ utf8: UnsafeBufferPointer<UInt8>) -> StringID { strings.intern(utf8) }

  /// The handle of `string`.
  mutating func intern(_ string: String) -> StringID { strings.intern(string) }

  /// The handle of `function`.
  mutating func intern(_ function: Function) -> FunctionID { functions.intern(function) }
}
