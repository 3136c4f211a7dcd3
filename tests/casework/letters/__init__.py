"""A kind of case that no room has: a letter asked, answered, owed, told. It shows the seams."""
