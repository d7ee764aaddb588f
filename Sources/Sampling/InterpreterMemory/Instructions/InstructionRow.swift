/// What one instruction of a minor version does, and by which numbers its forms go.
struct InstructionRow: Sendable {
  /// The instruction's own number, then those of its specialised and instrumented forms.
  var codes: [UInt8]
  var instruction: Instruction

  init(
    _ codes: [UInt8], cache: UInt8, depth: Int8, times factor: Int8 = 0,
    of shape: Instruction.Shape = .constant, jumps: Instruction.Jump = .never, depthAfterJump: Int8 = 0,
    role: Instruction.Role = .other, endsBlock: Bool = false
  ) {
    self.codes = codes
    instruction = Instruction(
      isKnown: true, cache: cache, base: depth, factor: factor, shape: shape, jump: jumps,
      jumpEffect: depthAfterJump, role: role, endsBlock: endsBlock)
  }

  /// The table of a minor version; nil for one that isn't known.
  static func table(minor: Int) -> [InstructionRow]? {
    switch minor {
    case 11: cpython311
    case 12: cpython312
    case 13: cpython313
    case 14: cpython314
    case 15: cpython315
    default: nil
    }
  }
}
