/// What an instruction does, as far as it matters to somebody who looks at a frame that stands there.
struct Instruction: BitwiseCopyable, Sendable {
  /// How the effect on the value stack depends on the argument.
  enum Shape: UInt8, BitwiseCopyable, Sendable {
    case constant
    case argument
    case lowBit
    case thirdBit
    case isThree
    case bitCount
    case bothBytes
  }

  enum Jump: UInt8, BitwiseCopyable, Sendable {
    case never
    case forward
    case backward
  }

  enum Role: UInt8, BitwiseCopyable, Sendable {
    /// It may run Python code in some way: by an operator, an attribute, or because an object dies.
    case other
    /// Whatever it works on, it calls nothing.
    case withoutCallee
    /// `EXTENDED_ARG`, which calls nothing either: upper bits of the next instruction's argument.
    case prefix
    /// `CALL` and 3.11's `PRECALL`: two slots, of which the first may be null, and the arguments.
    case call
    /// `CALL_KW`: as `call`, and the names of keyword arguments on top.
    case callWithNames
    /// `CALL_FUNCTION_EX`: two slots, a tuple, and perhaps a mapping.
    case callUnpacked

    var isWithoutCallee: Bool { self == .withoutCallee || self == .prefix }
  }

  /// Whether anything is known of the number: some stand in the place of an instruction that is kept elsewhere.
  var isKnown: Bool
  /// How many code units of cache follow.
  var cache: UInt8
  var base: Int8
  var factor: Int8
  var shape: Shape
  var jump: Jump
  /// What it does to the depth of the value stack if it jumps.
  var jumpEffect: Int8
  var role: Role
  /// Whether the next instruction isn't reached from here.
  var endsBlock: Bool

  static let unknown = Instruction(
    isKnown: false, cache: 0, base: 0, factor: 0, shape: .constant, jump: .never, jumpEffect: 0, role: .other,
    endsBlock: false)

  /// What it does to the depth of the value stack if it doesn't jump.
  func effect(_ argument: Int) -> Int {
    let steps: Int
    switch shape {
    case .constant: return Int(base)
    case .argument: steps = argument
    case .lowBit: steps = argument & 1
    case .thirdBit: steps = argument >> 2 & 1
    case .isThree: steps = argument == 3 ? 1 : 0
    case .bitCount: steps = (argument & 15).nonzeroBitCount
    case .bothBytes: steps = (argument & 255) + (argument >> 8)
    }
    return Int(base) + Int(factor) * steps
  }

  /// For a call: how many values lie from the first of its two slots up to the top; nil for anything else.
  func depthOfCallee(_ argument: Int) -> Int? {
    switch role {
    case .call: argument + 2
    case .callWithNames: argument + 3
    // What goes is what it takes, less the result; 3.14 and later always have the mapping's slot.
    case .callUnpacked: 1 - effect(argument)
    case .other, .withoutCallee, .prefix: nil
    }
  }
}
