"""The host's desks: concurrences, questions, the decision."""
