import CPythonABI

/// What the thread that looks knows of itself.
protocol Observer {
  /// The CPU that it is on.
  var processor: Int32 { get }
  /// Begins a look.
  mutating func begin()
  /// Ends a look; true if the thread was never taken off its CPU since `begin`.
  mutating func end() -> Bool
}

/// The calling sampler thread. Use it on one thread only.
struct ThreadObserver: Observer {
  private let sequences: RestartableSequences?
  private let marker: UnsafeRawPointer?
  private var switches = 0

  init(sequences: RestartableSequences?) {
    self.sequences = sequences
    marker = spinetail_preemption_marker()
  }

  @inline(__always)
  var processor: Int32 {
    let current = sequences?.processor() ?? spinetail_current_processor()
    return current >= 0 && current < SamplerCrew.processorLimit ? current : 0
  }

  @inline(__always)
  mutating func begin() {
    if let sequences, let marker { sequences.arm(marker) } else { switches = spinetail_context_switches() }
  }

  @inline(__always)
  mutating func end() -> Bool {
    if let sequences, marker != nil { return sequences.disarm() }
    return spinetail_context_switches() == switches
  }
}
