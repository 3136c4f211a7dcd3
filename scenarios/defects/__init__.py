"""The kinds of mistakes, by the chapter of the rules that finds them."""
