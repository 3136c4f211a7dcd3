"""Prepared cases for practice: clean dossiers, the mistakes and decoys planted in them, their keys.

Pure: no database, no reading of a clock. The same seed gives the same dossier on every machine.
"""
