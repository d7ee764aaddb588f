"""Any module to run."""

print(sum(range(3_000_000)))
