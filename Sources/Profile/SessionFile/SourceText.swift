/// A source file's text, to be put into a session file. Both are UTF-8, lone surrogates in their three-byte form.
public struct SourceText: Sendable {
  /// The path as the session's functions have it.
  public let path: [UInt8]
  public let text: [UInt8]

  public init(path: [UInt8], text: [UInt8]) {
    self.path = path
    self.text = text
  }
}
