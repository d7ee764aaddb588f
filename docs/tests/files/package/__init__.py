"""Any package."""
