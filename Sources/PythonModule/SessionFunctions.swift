import CPythonABI
import Profile
import Reporting

/// `_native`'s functions over sessions. Their Python signatures stand in `_native.pyi`.
enum SessionFunctions {
  static func metadata(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session = try arguments.capsule(0, Capsules.session)
    let facts = session.metadata
    return try Python.dict([
      "start_time": Python.float(facts.startTime),
      "duration": Python.float(facts.duration),
      "cpu_time": Python.float(facts.cpuTime),
      "min_interval": Python.float(facts.minInterval),
      "max_interval": Python.float(facts.maxInterval),
      "sample_count": Python.int(session.sampleCount),
      "target_description": Python.string(facts.targetDescription),
      "command_line": try strings(facts.commandLine),
      "engine": Python.string(facts.engine),
      "engine_reason": Python.string(facts.engineReason),
      "engine_detail": Python.string(facts.engineDetail),
      "notes": try strings(facts.notes),
      "python_version": Python.string(facts.pythonVersion),
      "sys_path": try strings(facts.sysPath),
      "sys_prefixes": try strings(facts.sysPrefixes),
      "subinterpreter_count": Python.int(facts.subinterpreterCount),
      "statistics": try Python.dict(
        SamplerStatistics.counts.map {
          ($0.name.description, Python.int(session.statistics[keyPath: $0.path]))
        }),
    ])
  }

  static func samples(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session = try arguments.capsule(0, Capsules.session)
    let frames = try Python.list(session.frames.count) { (index) throws(PythonError) in
      let frame = session.frames[FrameID(index: index)]
      let function = session.functions[frame.function]
      return try Python.tuple([
        session.strings.withBytes(function.name) { Python.string($0) },
        session.strings.withBytes(function.qualifiedName) { Python.string($0) },
        session.strings.withBytes(function.file) { Python.string($0) },
        Python.int(Int(function.firstLine)), Python.int(Int(frame.line)),
        session.strings.withBytes(frame.className) { Python.string($0) },
        Python.int(Int(frame.flags.rawValue)),
      ])
    }
    let stacks = try Python.list(session.stacks.count) { (index) throws(PythonError) in
      let stack = StackID(index: index)
      return try Python.tuple([
        Python.int(session.stacks.parent(of: stack).index),
        Python.int(session.stacks.frame(of: stack)?.index ?? -1),
      ])
    }
    let threads = try Python.list(session.threads.count) { (index) throws(PythonError) in
      let thread = session.threads[index]
      let samples = try Python.list(thread.samples.count) { (row) throws(PythonError) in
        let sample = thread.samples[row]
        return try Python.tuple([
          Python.int(sample.stack.index), Python.int(Int(sample.wallTime)),
          Python.int(Int(sample.state.rawValue)), Python.int(Int(sample.cpuTime)),
        ])
      }
      return try Python.tuple([Python.string(thread.name), Python.int(thread.identifier), samples])
    }
    return try Python.tuple([frames, stacks, threads])
  }

  static func files(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session = try arguments.capsule(0, Capsules.session)
    let files = session.filesWithSamples
    return try Python.list(files.count) { (index) throws(PythonError) in
      session.strings.withBytes(files[index]) { Python.string($0) }
    }
  }

  static func combine(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let first = try arguments.capsule(0, Capsules.session)
    let second = try arguments.capsule(1, Capsules.session)
    return try Capsules.session.wrap(Session.combining(first, second))
  }

  static func resample(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session = try arguments.capsule(0, Capsules.session)
    return try Capsules.session.wrap(session.resampled(interval: Int64(try arguments.int(1))))
  }

  static func threads(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session = try arguments.capsule(0, Capsules.session)
    return try Python.list(session.threads.count) { (index) throws(PythonError) in
      let thread = session.threads[index]
      return try Python.tuple([
        Python.string(thread.name), Python.int(thread.identifier), Python.int(thread.samples.count),
        Python.seconds(thread.start), Python.seconds(thread.totalWallTime),
        Python.seconds(thread.totalCPUTime),
      ])
    }
  }

  static func shortenPath(_ arguments: Arguments) throws(PythonError) -> PythonObject? {
    let session = try arguments.capsule(0, Capsules.session)
    return Python.string(
      PathShortener(sysPath: session.metadata.sysPath).shorten(try arguments.string(1)))
  }

  private static func strings(_ strings: [String]) throws(PythonError) -> PythonObject {
    try Python.list(strings.count) { (index) throws(PythonError) in Python.string(strings[index]) }
  }
}
