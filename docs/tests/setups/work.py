def work() -> int:
    return sum(number**2 for number in range(200_000))
