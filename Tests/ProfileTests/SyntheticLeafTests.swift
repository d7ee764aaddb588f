import Profile
import TestSupport
import Testing

struct SyntheticLeafTests {
  @Test func namesAreTheOnesOfTheFormat() {
    #expect(SyntheticLeaf.allCases.map(\.rawValue) == ["[await]", "[out-of-context]"])
    #expect(SyntheticLeaf.allCases.map(\.flags) == [.await, .outOfContext])
  }

  @Test func eachIsAFrameOfItsOwnOnce() {
    var recording = Recording()
    let leaves = [recording.awaitFrame(), recording.outOfContextFrame()]
    #expect(leaves[0] != leaves[1])
    #expect([recording.awaitFrame(), recording.outOfContextFrame()] == leaves)
    #expect(SyntheticLeaf.allCases.map { recording.intern($0) } == leaves)
    for (id, leaf) in zip(leaves, SyntheticLeaf.allCases) {
      let frame = recording.frames[id]
      #expect(frame.syntheticLeaf == leaf)
      #expect(frame.line == 0)
      #expect(frame.className == .empty)
      let function = recording.functions[frame.function]
      #expect(recording.strings[function.name] == leaf.rawValue)
      #expect(recording.strings[function.qualifiedName] == leaf.rawValue)
      #expect(function.file == .empty)
      #expect(function.firstLine == 0)
    }
  }

  @Test func aFunctionOfThatNameIsNoLeaf() {
    var recording = Recording()
    let leaf = recording.awaitFrame()
    let ordinary = recording.intern(Frame(function: recording.frames[leaf].function, line: 0))
    #expect(ordinary != leaf)
    #expect(recording.frames[ordinary].syntheticLeaf == nil)
    #expect(Frame(function: FunctionID(rawValue: 0), line: 0, flags: .hidden).syntheticLeaf == nil)
  }

  @Test func aFrameWithBothFlagsIsOneLeaf() {
    let frame = Frame(function: FunctionID(rawValue: 0), line: 0, flags: [.await, .outOfContext])
    #expect(frame.syntheticLeaf == .await)
  }

  @Test func combinedSessionsKeepThem() {
    let a = ProfileBuilder.session([("a;[await]", 1.ms), ("a;b!;len@<built-in>", 1.ms)])
    let b = ProfileBuilder.session([("x", 1.ms), ("a;[out-of-context]", 1.ms), ("a;[await]", 1.ms)])
    let combined = Session.combining(a, b)
    let thread = combined.threads[0]
    let stacks = (0..<thread.samples.count).map { thread.samples[$0].stack }
    let leaves = stacks.map { stack in
      combined.stacks.frame(of: stack).flatMap { combined.frames[$0].syntheticLeaf }
    }
    #expect(leaves == [.await, nil, nil, .outOfContext, .await])
    #expect(stacks[0] == stacks[4])
  }

  @Test func aBuilderCFunctionHasWhatItsTextSays() throws {
    let session = ProfileBuilder.session([("a;list.append@<built-in>", 1.ms)])
    let path = session.stacks.path(of: session.threads[0].samples[0].stack)
    let frame = session.frames[try #require(path.last)]
    let function = session.functions[frame.function]
    #expect(session.strings[function.name] == "list.append")
    #expect(session.strings[function.file] == "<built-in>")
    #expect(frame.className == .empty)
    #expect(frame.line == 0)
    #expect(function.firstLine == 0)
  }
}
