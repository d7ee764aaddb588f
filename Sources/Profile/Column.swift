/// A growing column of plain values in memory of its own.
///
/// Appending touches no reference count and allocates only when the column grows, by half its size each
/// time, so the sampling thread may append to one. A column isn't safe for use by two threads at once.
@frozen
public struct Column<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<Element>
  @usableFromInline var capacity: Int
  @usableFromInline var used: Int

  /// The number of elements.
  @inlinable @inline(__always)
  public var count: Int { used }

  /// Makes an empty column with room for `minimumCapacity` elements.
  @inlinable
  public init(minimumCapacity: Int = 16) {
    used = 0
    capacity = max(minimumCapacity, 1)
    base = .allocate(capacity: capacity)
  }

  @inlinable deinit { base.deallocate() }

  /// The element at `index`, which must be below `count`.
  @inlinable @inline(__always)
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
  @inlinable
  public var last: Element? { count > 0 ? base[count - 1] : nil }

  /// Adds an element at the end.
  @inlinable @inline(__always)
  public mutating func append(_ element: Element) {
    if count == capacity { grow(toAtLeast: count + 1) }
    base[count] = element
    used += 1
  }

  /// Adds all elements of `elements` at the end.
  @inlinable
  public mutating func append(contentsOf elements: UnsafeBufferPointer<Element>) {
    guard let source = elements.baseAddress, elements.count > 0 else { return }
    if count + elements.count > capacity { grow(toAtLeast: count + elements.count) }
    (base + count).update(from: source, count: elements.count)
    used += elements.count
  }

  /// Adds the last `number` elements of another column at the end, or all where it has fewer.
  @inlinable
  public mutating func append(contentsOf other: borrowing Column<Element>, last number: Int) {
    other.withElements { append(contentsOf: UnsafeBufferPointer(rebasing: $0.suffix(max(0, number)))) }
  }

  /// Forgets all elements and keeps the memory.
  @inlinable
  public mutating func removeAll() { used = 0 }

  /// Forgets the elements from `newCount` on, if there are that many.
  @inlinable
  public mutating func truncate(to newCount: Int) { used = max(0, min(count, newCount)) }

  /// Forgets the first `number` elements.
  @inlinable
  public mutating func removeFirst(_ number: Int) {
    guard number > 0 else { return }
    let kept = max(0, count - number)
    base.update(from: base + (count - kept), count: kept)
    used = kept
  }

  /// Puts the last element in the place of the one at `index`.
  @inlinable
  public mutating func swapRemove(at index: Int) {
    guard index >= 0, index < count else { return }
    base[index] = base[count - 1]
    used -= 1
  }

  /// Takes over the elements of another column.
  @inlinable
  public mutating func assign(_ other: borrowing Column<Element>) {
    used = 0
    other.withElements { append(contentsOf: $0) }
  }

  /// Calls `body` with all elements. The buffer is valid only during the call.
  @inlinable @inline(__always)
  public borrowing func withElements<Result, Failure>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(start: base, count: count))
  }

  @inlinable @inline(never)
  mutating func grow(toAtLeast wanted: Int) {
    let larger = max(wanted, capacity + capacity / 2 + 8)
    let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    moved.update(from: base, count: count)
    base.deallocate()
    base = moved
    capacity = larger
  }
}
