/// A growing column of plain values in memory of its own.
///
/// Appending touches no reference count and allocates only when the column grows, by half its size each
/// time, so the sampling thread may append to one. A column isn't safe for use by two threads at once.
public struct Column<Element: BitwiseCopyable>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  /// The number of elements.
  public private(set) var count = 0

  /// Makes an empty column with room for `minimumCapacity` elements.
  public init(minimumCapacity: Int = 16) {
    capacity = max(minimumCapacity, 1)
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// The element at `index`, which must be below `count`.
  @inline(__always)
  public subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count)
      return base[index]
    }
    set {
      precondition(index >= 0 && index < count)
      base[index] = newValue
    }
  }

  /// The last element, or nil if there is none.
  public var last: Element? { count > 0 ? base[count - 1] : nil }

  /// Adds an element at the end.
  @inline(__always)
  public mutating func append(_ element: Element) {
    if count == capacity { grow(toAtLeast: count + 1) }
    base[count] = element
    count += 1
  }

  /// Adds all elements of `elements` at the end.
  public mutating func append(contentsOf elements: UnsafeBufferPointer<Element>) {
    guard let source = elements.baseAddress, elements.count > 0 else { return }
    if count + elements.count > capacity { grow(toAtLeast: count + elements.count) }
    (base + count).update(from: source, count: elements.count)
    count += elements.count
  }

  /// Forgets all elements and keeps the memory.
  public mutating func removeAll() { count = 0 }

  /// Forgets the elements from `newCount` on, if there are that many.
  public mutating func truncate(to newCount: Int) { count = max(0, min(count, newCount)) }

  /// Forgets the first `number` elements.
  public mutating func removeFirst(_ number: Int) {
    guard number > 0 else { return }
    let kept = max(0, count - number)
    base.update(from: base + (count - kept), count: kept)
    count = kept
  }

  /// Puts the last element in the place of the one at `index`.
  public mutating func swapRemove(at index: Int) {
    guard index >= 0, index < count else { return }
    base[index] = base[count - 1]
    count -= 1
  }

  /// Takes over the elements of another column.
  public mutating func assign(_ other: borrowing Column<Element>) {
    count = 0
    other.withElements { append(contentsOf: $0) }
  }

  /// Calls `body` with all elements. The buffer is valid only during the call.
  @inline(__always)
  public borrowing func withElements<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result {
    try body(UnsafeBufferPointer(start: base, count: count))
  }

  @inline(never)
  private mutating func grow(toAtLeast wanted: Int) {
    let larger = max(wanted, capacity + capacity / 2 + 8)
    let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    moved.update(from: base, count: count)
    base.deallocate()
    base = moved
    capacity = larger
  }
}
