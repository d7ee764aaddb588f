// swift-tools-version: 6.0
import PackageDescription

// The linker flags of the native library: a static Swift runtime, one exported symbol, and nothing
// needed but libc, libm and the loader. SwiftPM ignores `--static-swift-stdlib` for dynamic products, so
// the driver's own flag is given here. `static-libraries` holds only a link to the compiler's
// libstdc++.a (made by the build hook): the driver's implicit -lstdc++ then links statically. Without a soname
// the linker would write the output's absolute path into the version table.
let nativeLinkerFlags = [
  "-static-stdlib",
  "-use-ld=lld",
  "-L\(Context.packageDirectory)/.build/static-libraries",
  "-Xclang-linker", "-static-libgcc",
  "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/PythonModule/exports.map",
  "-Xlinker", "--gc-sections",
  "-Xlinker", "-z", "-Xlinker", "nodelete",
  "-Xlinker", "-soname=_native.abi3.so",
]

let package = Package(
  name: "spinetail",
  products: [
    .library(name: "_native", type: .dynamic, targets: ["_native"])
  ],
  targets: [
    .target(name: "CPythonABI"),
    .systemLibrary(name: "CZlib"),
    .target(name: "Profile", dependencies: ["CZlib"]),
    .target(name: "Sampling", dependencies: ["Profile", "CPythonABI"]),
    .target(name: "Reporting", dependencies: ["Profile"]),
    .target(
      name: "_native",
      dependencies: ["Profile", "Sampling", "Reporting", "CPythonABI"],
      path: "Sources/PythonModule",
      exclude: ["exports.map"],
      linkerSettings: [.unsafeFlags(nativeLinkerFlags)]
    ),
    .target(
      name: "TestSupport", dependencies: ["Profile", "Sampling", "CPythonABI"], path: "Tests/TestSupport"),
    .testTarget(name: "ProfileTests", dependencies: ["Profile", "TestSupport"]),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .testTarget(
      name: "SamplingTests", dependencies: ["Sampling", "Profile", "TestSupport", "AllocationCounter"],
      exclude: ["Fixtures", "FixtureProgram.py"]),
    .testTarget(name: "ReportingTests", dependencies: ["Reporting", "Profile", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
