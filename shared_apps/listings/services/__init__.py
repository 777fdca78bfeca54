"""Writing: one transaction and one journal row for each change."""
