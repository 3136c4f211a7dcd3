"""The instructor's room: the clock, stories, erasure, the tick."""
