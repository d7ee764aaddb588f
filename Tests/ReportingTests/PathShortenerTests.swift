import Reporting
import Testing

struct PathShortenerTests {
  @Test(arguments: [
    ("/app/pkg/mod.py", "pkg/mod.py"),
    ("/app/main.py", "main.py"),
    ("/usr/lib/python3.11/json/decoder.py", "json/decoder.py"),
    // A sibling folder is shorter than the whole path.
    ("/usr/lib/python3.12/json/decoder.py", "../python3.12/json/decoder.py"),
    // The path itself wins over equals: `../x.py` would be as long as `/x.py`.
    ("/x.py", "/x.py"),
    ("/home/x.py", "/home/x.py"),
    // Not below `/app`, though it begins so.
    ("/application/m.py", "/application/m.py"),
    ("/app/./pkg//mod.py", "pkg/mod.py"),
    ("/app/pkg/../mod.py", "mod.py"),
    ("/app", "."),
    ("<string>", "<string>"),
    ("mod.py", "mod.py"),
    ("sub/mod.py", "sub/mod.py"),
    ("", ""),
    (#"C:\work\pkg\mod.py"#, #"pkg\mod.py"#),
    (#"c:\WORK\mod.py"#, "mod.py"),
    (#"D:\work\mod.py"#, #"D:\work\mod.py"#),
  ])
  func shortens(path: String, expected: String) {
    let shortener = PathShortener(sysPath: ["/app", "/usr/lib/python3.11", "", #"C:\work"#])
    #expect(shortener.shorten(path) == expected)
  }

  @Test func theFirstOfEqualEntriesWins() {
    #expect(PathShortener(sysPath: ["/a/b/c", "/a/b/d"]).shorten("/a/b/e/f/g.py") == "../e/f/g.py")
    #expect(PathShortener(sysPath: ["/a/x/y", "/a/b"]).shorten("/a/b/m.py") == "m.py")
    #expect(PathShortener(sysPath: ["/a/b/x", "/z", "/a/b/y"]).shorten("/a/b/y/m.py") == "m.py")
    #expect(PathShortener(sysPath: []).shorten("/a/b.py") == "/a/b.py")
  }
}
