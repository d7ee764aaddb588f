"""Any tests."""


def test_sums():
    assert sum(range(10)) == 45
