import Profile
import TestSupport
import Testing

@testable import Reporting

/// The profiler's own frames go, and nothing of the program does.
struct ProfilerFramesTests {
  private static let files = [
    "command": "/usr/bin/pyinstrument", "main": "/env/lib/python3.12/site-packages/pyinstrument/__main__.py",
    "code": "<string>", "run_path": "<frozen runpy>", "run_module": "<frozen runpy>",
    "_run_module_code": "/usr/lib/python3.8/runpy.py", "_run_code": "<frozen runpy>",
    "_get_module_details": "<frozen runpy>", "_find_and_load": "<frozen importlib._bootstrap>",
    "find_spec": "<frozen importlib._bootstrap_external>", "get_importer": "/usr/lib/python3.12/pkgutil.py",
  ]
  private static let code = "command;main;<module>@<string>"
  private static let script = code + ";run_path;_run_module_code;_run_code;<module>@/app/program.py"

  private func tree(_ samples: (String, Int64)..., aggregating: Bool = true, filtering: Bool = true)
    -> CallTree
  {
    var tree = CallTree(
      ProfileBuilder.session(samples, startStack: "command;main", files: Self.files))
    var processors = Processor.standard()
    processors.removeAll { $0 == .groupLibraryFrames }
    if !aggregating { processors.removeAll { $0 == .aggregateRepeatedCalls } }
    if !filtering { processors.removeAll { $0 == .removeIrrelevantNodes || $0 == .removeImportlib } }
    for processor in processors {
      processor.process(&tree)
      #expect(tree.selfCheck() == nil)
    }
    return tree
  }

  @Test func aScriptsModuleIsTheRoot() {
    #expect(
      tree((Self.script + ";a", 30.ms), (Self.script + ";b", 20.ms)).outline
        == "<module> 50 (a 30+30, b 20+20)")
  }

  @Test func codeFromTheCommandLineKeepsAllOfItsCalls() {
    #expect(
      tree(
        (Self.code + ";a@<string>", 300.ms), (Self.code + ";b@<string>", 200.ms),
        (Self.code + ";c@<string>", 100.ms), (Self.code, 50.ms)
      ).outline == "<module> 650 (a 300+300, b 200+200, c 100+100, [self] 50)")
    // Even if it does nothing but compute.
    #expect(tree((Self.code, 50.ms)).outline == "main 50 (<module> 50+50)")
  }

  @Test func codeThatUsesRunpyItselfIsKept() {
    #expect(
      tree((Self.script + ";a", 300.ms), (Self.code, 200.ms)).outline.hasPrefix("<module> 500 (run_path 300"))
    #expect(
      tree((Self.script + ";a", 300.ms), (Self.code + ";b@<string>", 200.ms)).outline
        .hasPrefix("<module> 500 (run_path 300"))
  }

  @Test(arguments: [true, false], [true, false])
  func whatComesFirstIsNotTheProgram(aggregating: Bool, filtering: Bool) {
    // A short program in the order of time, with the lookups that runpy does before it.
    let tree = tree(
      (
        "command;main;<module>@<string>;run_path;get_importer;_find_and_load;<module>@/usr/lib/python3.12/pkgutil.py",
        5.ms
      ),
      (Self.code + ";run_path", 1.ms), (Self.code + ";run_path;_run_module_code;find_spec", 2.ms),
      (Self.script + ";a", 3.ms), (Self.script + ";b", 1.ms), (Self.script + ";a", 3.ms),
      ("command;main", 1.ms), aggregating: aggregating, filtering: filtering)
    #expect(
      tree.outline
        == (aggregating ? "<module> 7 (a 6+6, b 1+1)" : "<module> 7 (a 3+3, b 1+1, a 3+3)"))
  }

  @Test func aPackageThatIsImportedFirstIsKept() {
    let module = Self.code + ";run_module"
    let tree = tree(
      (module + ";_get_module_details;_find_and_load;<module>@/app/pkg/__init__.py;load", 40.ms),
      (module + ";_get_module_details;find_spec", 2.ms),
      (module + ";_run_module_code;_run_code;<module>@/app/pkg/__main__.py;work", 80.ms))
    #expect(
      tree.outline == "run_module 122 (<module> 80 (work 80+80), <module> 40 (load 40+40), [self] 2)"
        || tree.outline.hasPrefix("run_module 122 (<module> 80 (work 80+80), <module> 40 (load 40+40)"))
    let unittest = "@/usr/lib/python3.12/unittest/__init__.py"
    #expect(
      self.tree(
        (module + ";_get_module_details;_find_and_load;<module>\(unittest)", 40.ms),
        (module + ";_run_module_code;_run_code;<module>@/usr/lib/python3.12/unittest/__main__.py", 80.ms)
      ).outline == "run_module 120 (<module> 80+80, <module> 40+40)")
  }

  @Test func otherRecordingsAreLeftAlone() {
    let samples: [(String, Int64)] = [("tool@/app/__main__.py;<module>@<string>;a;b", 5.ms)]
    var tree = CallTree(ProfileBuilder.session(samples, startStack: "tool@/app/__main__.py"))
    let before = tree.outline
    tree.removeFirstProfilerFrames()
    #expect(tree.outline == before)
    // Here it was stopped before it ran anything.
    #expect(self.tree(("command;main;helper", 5.ms)).outline == "main 5 (helper 5+5)")
  }

  @Test func theOnlyThreadsFrameGoesIfNextToNothingHappenedInIt() {
    var tree = CallTree(ProfileBuilder.session([("", 3.ms), ("main", 197.ms)]))
    tree.removeFirstProfilerFrames()
    #expect(tree.outline == "main 200+3 ([self] 197)")
    #expect(tree.selfCheck() == nil)
    tree = CallTree(ProfileBuilder.session([("", 10.ms), ("main", 190.ms)]))
    tree.removeFirstProfilerFrames()
    #expect(tree.outline == "MainThread 200 ([self] 10, main 190 ([self] 190))")

    var profile = ProfileBuilder()
    profile.add("main", 5.ms)
    profile.begin(thread: "Worker", identifier: 2)
    profile.add("job", 5.ms)
    tree = CallTree(profile.session(), thread: 1)
    tree.removeFirstProfilerFrames()
    #expect(tree.outline == "Worker 5 (job 5 ([self] 5))")
  }
}
