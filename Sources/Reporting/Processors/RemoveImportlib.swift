import Profile

extension CallTree {
  /// Takes out the frames of the import machinery: modules appear as called by what imports them.
  public mutating func removeImportlib() {
    let marker = Array("<frozen importlib._bootstrap".utf8)
    let session = session
    var isMachinery: [StringID: Bool] = [:]
    let marked = (0..<session.functions.count).map { row in
      let file = session.functions[FunctionID(index: row)].file
      if let known = isMachinery[file] { return known }
      let answer = session.strings.withBytes(file) { contains($0, marker) }
      isMachinery[file] = answer
      return answer
    }
    replaceWithChildren { marked[$0.index] }
  }
}

private func contains(_ text: UnsafeBufferPointer<UInt8>, _ part: [UInt8]) -> Bool {
  guard text.count >= part.count else { return false }
  return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
}
