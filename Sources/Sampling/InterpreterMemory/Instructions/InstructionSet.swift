/// The instructions of one minor version by number.
struct InstructionSet: ~Copyable {
  private let rows: UnsafeMutablePointer<Instruction>

  init(minor: Int) {
    rows = .allocate(capacity: 256)
    rows.initialize(repeating: .unknown, count: 256)
    for row in InstructionRow.table(minor: minor) ?? [] {
      for code in row.codes { rows[Int(code)] = row.instruction }
    }
  }

  deinit { rows.deallocate() }

  @inline(__always)
  subscript(code: UInt8) -> Instruction { rows[Int(code)] }
}
