/// Sessions in pyinstrument's format, `.pyisession`: one JSON object in which each sample has all of its frames.
///
/// Read is what versions 3 to 5 write. Written is what 5.1.3 reads.
public enum PyinstrumentSession {
  /// The session in `file`, all the bytes of a `.pyisession` file.
  ///
  /// `sysPath` and `sysPrefixes` are taken where the file has none, as from versions before 5.
  public static func session(
    in file: UnsafeRawBufferPointer, sysPath: [String] = [], sysPrefixes: [String] = []
  ) throws(SessionFileError) -> Session {
    var metadata = SessionMetadata()
    metadata.engine = ""
    metadata.sysPath = sysPath
    metadata.sysPrefixes = sysPrefixes
    let bytes = UnsafeBufferPointer(
      start: file.baseAddress?.assumingMemoryBound(to: UInt8.self), count: file.count)
    return try PyinstrumentReader(bytes, metadata: metadata).session()
  }

  /// Whether a file that begins with these bytes may be one.
  static func mayBe(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) } == UInt8(ascii: "{")
  }
}

extension Session {
  /// The session in a file of any format that is known, by its content.
  ///
  /// `sysPath` and `sysPrefixes` are taken where the file has none.
  public static func inFile(
    _ file: UnsafeRawBufferPointer, sysPath: [String] = [], sysPrefixes: [String] = []
  ) throws(SessionFileError) -> Session {
    if SessionFile.mayBe(file) { return try SessionFile.session(in: file) }
    guard PyinstrumentSession.mayBe(file) else { throw file.isEmpty ? .truncated : .unknownFormat }
    return try PyinstrumentSession.session(in: file, sysPath: sysPath, sysPrefixes: sysPrefixes)
  }
}
