"""Exercises: a training run with its own people, its own time and its own record."""
