"""The ``spinetail`` command."""
