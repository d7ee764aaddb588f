/// Why a file can't be read as a session, or a session not be written.
public enum SessionFileError: Error, Equatable, Sendable {
  /// It begins like no format that is known.
  case unknownFormat
  /// It ends before it should.
  case truncated
  /// Something in it can't be: a clause such as "a frame refers to function 7 of 3".
  case damaged(String)
  /// Its format is of a version that came later.
  case newerVersion(String)
  /// It asks for more than can be held: a clause.
  case tooLarge(String)
  /// zlib has no memory.
  case outOfMemory
}

extension SessionFileError: CustomStringConvertible {
  /// One line without a period, to follow the file's name.
  public var description: String {
    switch self {
    case .unknownFormat: "it is no session: neither a .spinetail file nor pyinstrument's JSON"
    case .truncated: "the file is truncated"
    case .damaged(let reason): "the file is damaged: \(reason)"
    case .newerVersion(let version):
      "a newer Spinetail wrote it (format version \(version), and this one reads \(SessionFile.version)): "
        + "update Spinetail"
    case .tooLarge(let reason): "the file is too large: \(reason)"
    case .outOfMemory: "there isn't enough memory"
    }
  }
}
