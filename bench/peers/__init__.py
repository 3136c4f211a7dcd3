"""The others: each in its documented idiom, doing the same work on the same database settings.

Runs in bench/.venv, made from bench/requirements.txt; nothing of it is shipped. Imports nothing of
Overflight: what to do comes as JSON from `bench.ours.moves`.
"""
