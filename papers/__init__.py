"""What passes between two states, as papers: what they say, in which words, as what file."""
