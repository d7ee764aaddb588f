"""Any program."""

import sys

print(len(sys.argv), sum(number**2 for number in range(300_000)))
