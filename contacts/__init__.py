"""What reaches a desk beside the notes: callers, papers, protests; logged, forwarded, answered."""
