"""Marks: what of a record was right, what was not, and why."""
