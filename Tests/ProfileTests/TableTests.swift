import Profile
import Testing

struct TableTests {
  @Test func columnsGrow() {
    var column = Column<Int>(minimumCapacity: 0)
    #expect(column.last == nil)
    for number in 0..<10_000 { column.append(number) }
    #expect(column.count == 10_000)
    #expect((0..<10_000).allSatisfy { column[$0] == $0 })
    column[5] = -5
    #expect(column[5] == -5)
    #expect(column.last == 9999)
    column.removeAll()
    #expect(column.count == 0)
    [7, 8].withUnsafeBufferPointer { column.append(contentsOf: $0) }
    #expect(column.withElements { Array($0) } == [7, 8])
  }

  @Test func stringsAreKeptOnce() {
    var table = StringTable()
    #expect(table.intern("") == .empty)
    let ids = (0..<5_000).map { table.intern("name \($0)") }
    #expect(Set(ids).count == 5_000)
    #expect((0..<5_000).allSatisfy { table.intern("name \($0)") == ids[$0] })
    #expect((0..<5_000).allSatisfy { table[ids[$0]] == "name \($0)" })
    #expect(table.count == 5_001)
    let withNUL = table.intern("a\0b")
    #expect(table[withNUL] == "a\0b")
    #expect(table.intern("a") != withNUL)
  }

  @Test func stringsThatAreNoUTF8Survive() {
    var table = StringTable()
    let id = ([0x61, 0xFF] as [UInt8]).withUnsafeBufferPointer { table.intern($0) }
    #expect(table[id] == "a\u{FFFD}")
    #expect(table.withBytes(id) { Array($0) } == [0x61, 0xFF])
  }

  @Test func functionsAndFramesDifferInEachField() {
    var functions = FunctionTable()
    let a = StringID(rawValue: 1)
    let b = StringID(rawValue: 2)
    let rows = [
      Function(name: a, qualifiedName: a, file: a, firstLine: 1),
      Function(name: b, qualifiedName: a, file: a, firstLine: 1),
      Function(name: a, qualifiedName: b, file: a, firstLine: 1),
      Function(name: a, qualifiedName: a, file: b, firstLine: 1),
      Function(name: a, qualifiedName: a, file: a, firstLine: 2),
    ]
    let functionIDs = rows.map { functions.intern($0) }
    #expect(functionIDs.map(\.index) == [0, 1, 2, 3, 4])
    #expect(rows.map { functions.intern($0) } == functionIDs)
    #expect(functionIDs.map { functions[$0] } == rows)

    var frames = FrameTable()
    let variants = [
      Frame(function: functionIDs[0], line: 1), Frame(function: functionIDs[1], line: 1),
      Frame(function: functionIDs[0], line: 2), Frame(function: functionIDs[0], line: 1, className: a),
      Frame(function: functionIDs[0], line: 1, flags: .hidden),
      Frame(function: functionIDs[0], line: 1, flags: .await),
      Frame(function: functionIDs[0], line: 1, flags: .outOfContext),
    ]
    let frameIDs = variants.map { frames.intern($0) }
    #expect(frameIDs.map(\.index) == Array(0..<7))
    #expect(variants.map { frames.intern($0) } == frameIDs)
    #expect(frameIDs.map { frames[$0] } == variants)
  }

  @Test func stacksShareTheirOuterFrames() {
    var stacks = StackTable()
    let frames = (0..<3_000).map { FrameID(index: $0) }
    #expect(stacks.frame(of: .empty) == nil)
    #expect(stacks.parent(of: .empty) == .empty)
    var stack = StackID.empty
    for frame in frames { stack = stacks.intern(parent: stack, frame: frame) }
    #expect(stacks.count == 3_001)
    #expect(stacks.path(of: stack) == frames)
    let other = stacks.intern(parent: stacks.parent(of: stack), frame: frames[0])
    #expect(stacks.count == 3_002)
    #expect(stacks.path(of: other) == frames.dropLast() + [frames[0]])
    #expect(stacks.intern(parent: stacks.parent(of: stack), frame: frames[2_999]) == stack)
  }
}
