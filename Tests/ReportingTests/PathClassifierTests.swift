import Reporting
import Testing

struct PathClassifierTests {
  @Test(arguments: [
    // An interpreter of the system: only its libraries are libraries.
    ("/usr/src/app/main.py", CodeOrigin.application),
    ("/usr/app.py", .application),
    ("/usr/bin/tool", .application),
    ("/usr/lib/python3.11/json/decoder.py", .library),
    ("/usr/lib/python3/dist-packages/yaml/__init__.py", .library),
    ("/usr/lib64/python3.11/json/decoder.py", .library),
    ("/usr/lib/tool/main.py", .library),
    ("/usr/lib", .application),
    ("/usr/library/app.py", .application),
    ("/usr/local/lib/python3.11/dist-packages/x.py", .library),
    // A prefix is a folder, not the beginning of a text.
    ("/opt/env/lib/python3.11/site-packages/x.py", .library),
    ("/opt/env/src/editable/x.py", .library),
    ("/opt/env/bin/tool", .library),
    ("/opt/env2/app.py", .application),
    ("/opt/env", .application),
    // A project whose environment was made in its own folder, and one with the environment below.
    ("/users/u/project/app.py", .application),
    ("/users/u/project/bin/tool", .application),
    ("/users/u/project/lib/python3.12/site-packages/x.py", .library),
    ("/users/u/project/.venv/bin/tool", .library),
    ("/users/u/.virtualenvs/blog/bin/tool", .library),
    // Without help from a prefix.
    ("/users/u/.local/lib/python3.11/site-packages/x.py", .library),
    ("/elsewhere/lib/python3.13t/threading.py", .library),
    ("/elsewhere/lib/pypy3.10/threading.py", .library),
    ("/elsewhere/lib/python-tools/app.py", .application),
    ("/elsewhere/lib/python/app.py", .application),
    ("/elsewhere/python311.zip/json/decoder.py", .library),
    ("/users/u/pythonic.zip/app.py", .application),
    ("/users/u/my-site-packages/app.py", .application),
    ("/users/u/site-packages.py", .application),
    ("/users/u/site-packages", .application),
    ("relative/app.py", .application),
    ("app.py", .application),
    ("/usr/lib/../src/app.py", .application),
    ("/usr//lib/./python3.11/json/decoder.py", .library),
    // Windows.
    (#"C:\Python311\Lib\json\decoder.py"#, .library),
    (#"c:\python311\lib\json\decoder.py"#, .library),
    (#"C:\Python311\Scripts\app.py"#, .application),
    (#"C:\Users\u\AppData\Roaming\Python\Python311\site-packages\x.py"#, .library),
    (#"C:\work\app.py"#, .application),
    // No file.
    ("", .library),
    ("<frozen importlib._bootstrap>", .library),
    ("<built-in>", .library),
    ("<__array_function__ internals>", .library),
    ("<stringlike>", .library),
    ("<string>", .caller),
    ("<stdin>", .caller),
    ("<ipython-input-3-abc>", .application),
    ("<python-input-0>", .application),
  ])
  func originOfPath(path: String, expected: CodeOrigin) {
    let classifier = PathClassifier(sysPrefixes: [
      "/usr", "/opt/env/", "/users/u/project", "/users/u/.virtualenvs/blog", #"C:\Python311"#, "",
    ])
    #expect(classifier.origin(of: path) == expected)
  }

  @Test func withoutPrefixesOnlyFoldersTell() {
    let classifier = PathClassifier(sysPrefixes: [])
    #expect(classifier.origin(of: "/usr/lib/tool/main.py") == .application)
    #expect(classifier.origin(of: "/usr/lib/python3.11/ast.py") == .library)
  }

  @Test func thePrefixCanBeTheTop() {
    let classifier = PathClassifier(sysPrefixes: ["/"])
    #expect(classifier.origin(of: "/lib/x.py") == .library)
    #expect(classifier.origin(of: "/app/x.py") == .application)
  }
}
