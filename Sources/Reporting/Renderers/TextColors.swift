/// The terminal's control sequences for colours; all empty where colours aren't wanted.
struct TextColors {
  private let isEnabled: Bool

  init(enabled: Bool) { isEnabled = enabled }

  var faint: String { sequence("2") }
  var end: String { sequence("0") }
  /// White on dark blue, of the 256 colours.
  var applicationCode: String { sequence("48;5;24") + sequence("38;5;15") }

  /// The colour for a time that is this part of the whole.
  func time(proportion: Double) -> String {
    switch proportion {
    case _ where proportion > 0.6: return sequence("31")
    case _ where proportion > 0.2: return sequence("33")
    case _ where proportion > 0.05: return sequence("32")
    default: return sequence("92") + faint
    }
  }

  private func sequence(_ codes: String) -> String { isEnabled ? "\u{1B}[\(codes)m" : "" }
}
