"""Three threads: one that computes, one that waits for answers, and one with nothing to do."""

import threading
import time

numbers = []
done = threading.Event()


def smallest_divisor(number):
    for divisor in range(2, int(number**0.5) + 1):
        if number % divisor == 0:
            return divisor
    return number


def find_primes(limit):
    for number in range(2, limit):
        if smallest_divisor(number) == number:
            numbers.append(number)
    done.set()


def ask_servers():
    while not done.is_set():
        time.sleep(0.05)  # stands for a request
        parse("some answer " * 2000)


def parse(answer):
    return sorted(word.upper() for word in answer.split())


def main():
    threads = [
        threading.Thread(target=find_primes, args=(300_000,), name="primes"),
        threading.Thread(target=ask_servers, name="servers"),
        threading.Thread(target=done.wait, name="idle"),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{len(numbers)} primes")


if __name__ == "__main__":
    main()
