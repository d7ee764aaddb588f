import Profile

/// The functions of a `pstats` file, with the times over all trees.
struct PstatsFunctions {
  private struct Function {
    let key: FunctionKey
    var ownTime: Int64 = 0
    var totalTime: Int64 = 0
  }

  private let sampleTime: Double
  /// The functions, and the calls between them by their numbers, in the order of the first calls.
  private var functions: [Function] = []
  private var calls: [FunctionTotals.Call] = []
  private var writer = MarshalWriter()
  /// The number of each string that has been written.
  private var strings: [[UInt8]: UInt32] = [:]

  init(_ trees: [CallTree], sampleTime: Double) {
    self.sampleTime = sampleTime
    var places: [FunctionKey: Int] = [:]
    var callIndex = PairIndex()
    for tree in trees {
      let totals = FunctionTotals(tree)
      var placeOfRow: [Int] = []
      for row in totals.rows {
        let key = FunctionKey(row.example, in: tree)
        let place = places[key] ?? functions.count
        if place == functions.count {
          places[key] = place
          functions.append(Function(key: key))
        }
        placeOfRow.append(place)
        functions[place].ownTime &+= row.ownTime
        functions[place].totalTime &+= row.totalTime
      }
      for call in totals.calls {
        let (caller, callee) = (placeOfRow[call.caller], placeOfRow[call.callee])
        let candidate = UInt32(truncatingIfNeeded: calls.count)
        let place = Int(
          callIndex.value(
            of: UInt32(truncatingIfNeeded: caller), UInt32(truncatingIfNeeded: callee), orInsert: candidate))
        if place == calls.count { calls.append(FunctionTotals.Call(caller: caller, callee: callee)) }
        calls[place].ownTime &+= call.ownTime
        calls[place].totalTime &+= call.totalTime
      }
    }
  }

  /// `{(file, line, name): (calls, calls, own seconds, total seconds, {caller: (calls, calls, own, total)})}`.
  mutating func marshalled() -> [UInt8] {
    var callsOfFunction = [[Int]](repeating: [], count: functions.count)
    for (index, call) in calls.enumerated() { callsOfFunction[call.callee].append(index) }
    writer.beginDict()
    for (index, function) in functions.enumerated() {
      writeKey(function)
      writer.beginTuple(5)
      writeTimes(own: function.ownTime, total: function.totalTime)
      writer.beginDict()
      for number in callsOfFunction[index] {
        let call = calls[number]
        writeKey(functions[call.caller])
        writer.beginTuple(4)
        writeTimes(own: call.ownTime, total: call.totalTime)
      }
      writer.endDict()
    }
    writer.endDict()
    return writer.bytes
  }

  private mutating func writeTimes(own: Int64, total: Int64) {
    let samples = max((Double(total) / sampleTime).rounded(), 1)
    let count = UInt64(exactly: samples) ?? 1
    writer.append(count)
    writer.append(count)
    writer.append(Double(own) / 1e9)
    writer.append(Double(total) / 1e9)
  }

  private mutating func writeKey(_ function: Function) {
    writer.beginTuple(3)
    write(function.key.file)
    writer.append(function.key.line)
    write(function.key.name)
  }

  private mutating func write(_ text: [UInt8]) {
    if let number = strings[text] {
      writer.append(stringAgain: number)
    } else {
      strings[text] = writer.stringCount
      text.withUnsafeBufferPointer { writer.append($0) }
    }
  }
}
