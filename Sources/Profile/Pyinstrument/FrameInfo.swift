/// A frame as the one string that pyinstrument has for it: `name NUL file NUL first line`, then attributes, each SOH, a
/// letter and a value: `c` the class, `l` the line, `h` whether it hides from tracebacks. `[await]` and
/// `[out-of-context]` stand alone. A thread is a frame of the file `<thread>` with its identifier for a line.
public struct FrameInfo {
  public var name: [UInt8]
  public var file: [UInt8] = []
  /// The first line, or a thread's identifier.
  public var firstLine: UInt64 = 0
  /// Empty if there is none.
  public var className: [UInt8] = []
  /// 0 if unknown.
  public var line: UInt32 = 0
  public var isHidden = false

  private static let separator: UInt8 = 0
  private static let mark: UInt8 = 1
  private static let threadFile = Array("<thread>".utf8)

  /// A function's frame. Texts are UTF-8.
  public init(
    name: [UInt8], file: [UInt8], firstLine: UInt32, className: [UInt8] = [], line: UInt32 = 0,
    isHidden: Bool = false
  ) {
    self.name = name
    self.file = file
    self.firstLine = UInt64(firstLine)
    self.className = className
    self.line = line
    self.isHidden = isHidden
  }

  /// The frame that stands at the bottom of all stacks of a thread.
  public init(threadName: String, identifier: UInt64) {
    name = Array(threadName.utf8)
    file = Self.threadFile
    firstLine = identifier
  }

  /// A synthetic leaf.
  public init(_ leaf: SyntheticLeaf) { name = Array(leaf.rawValue.utf8) }

  /// Reads a string of any kind. What isn't there is empty, attributes that aren't known are ignored.
  init(_ text: UnsafeBufferPointer<UInt8>) {
    var parts = text.split(separator: Self.mark, omittingEmptySubsequences: false)[...]
    var identifier = parts.popFirst() ?? text[...]
    // A name may hold anything, a file no NUL.
    var tail: [Slice<UnsafeBufferPointer<UInt8>>] = []
    while tail.count < 2, let place = identifier.lastIndex(of: Self.separator) {
      tail.append(identifier[identifier.index(after: place)...])
      identifier = identifier[..<place]
    }
    name = Array(identifier)
    file = tail.last.map { Array($0) } ?? []
    if tail.count == 2 { firstLine = Self.number(tail[0]) }
    for part in parts {
      switch part.first {
      case UInt8(ascii: "c"): className = Array(part.dropFirst())
      case UInt8(ascii: "l"): line = UInt32(clamping: Self.number(part.dropFirst()))
      case UInt8(ascii: "h"): isHidden = part.dropFirst().elementsEqual([UInt8(ascii: "1")])
      default: break
      }
    }
  }

  /// The string. NUL and SOH within names show as their symbols, so that it can be read back.
  public var text: [UInt8] {
    if file.isEmpty, firstLine == 0, syntheticLeaf != nil { return name }
    var text: [UInt8] = []
    text.reserveCapacity(name.count + file.count + className.count + 24)
    Self.append(name, to: &text)
    text.append(Self.separator)
    Self.append(file, to: &text)
    text.append(Self.separator)
    text += String(firstLine).utf8
    if !className.isEmpty {
      text += [Self.mark, UInt8(ascii: "c")]
      Self.append(className, to: &text)
    }
    if line != 0 {
      text += [Self.mark, UInt8(ascii: "l")]
      text += String(line).utf8
    }
    if isHidden { text += [Self.mark, UInt8(ascii: "h"), UInt8(ascii: "1")] }
    return text
  }

  /// Whether it stands for a thread.
  var isThread: Bool { file == Self.threadFile }

  /// Which of the leaves it stands for, if any.
  var syntheticLeaf: SyntheticLeaf? {
    guard file.isEmpty, firstLine == 0 else { return nil }
    return SyntheticLeaf.allCases.first { name.elementsEqual($0.rawValue.utf8) }
  }

  private static func append(_ part: [UInt8], to text: inout [UInt8]) {
    for byte in part {
      switch byte {
      case separator: text += "\u{2400}".utf8
      case mark: text += "\u{2401}".utf8
      default: text.append(byte)
      }
    }
  }

  /// A number in decimal digits; 0 if it is none or too large.
  private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
    var value: UInt64 = 0
    for byte in digits {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return 0 }
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, carries) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
      if tooLarge || carries { return 0 }
      value = sum
    }
    return value
  }
}

extension Session {
  /// The frame as pyinstrument's string, in UTF-8.
  public func frameInfo(of id: FrameID) -> FrameInfo {
    let frame = frames[id]
    if let leaf = frame.syntheticLeaf { return FrameInfo(leaf) }
    let function = functions[frame.function]
    return FrameInfo(
      name: strings.withBytes(function.name) { Array($0) },
      file: strings.withBytes(function.file) { Array($0) }, firstLine: function.firstLine,
      className: strings.withBytes(frame.className) { Array($0) }, line: frame.line,
      isHidden: frame.flags.contains(.hidden))
  }

  /// The frame that pyinstrument has at the bottom of the thread's stacks. Nil for samples that came without a thread.
  public func frameInfo(of thread: ThreadSamples) -> FrameInfo? {
    if thread.name.isEmpty, thread.identifier == 0 { return nil }
    return FrameInfo(threadName: thread.name, identifier: thread.identifier)
  }

  /// The stack at the start as pyinstrument's strings, the thread first. Never empty: pyinstrument couldn't show that.
  public var startCallStack: [FrameInfo] {
    let root = threads.first.flatMap { frameInfo(of: $0) }
    let stack = (root.map { [$0] } ?? []) + stacks.path(of: startStack).map { frameInfo(of: $0) }
    return stack.isEmpty ? [FrameInfo(threadName: "MainThread", identifier: 0)] : stack
  }
}
