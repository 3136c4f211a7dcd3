"""The states on the way: what the requesting state asks each of them, and how it answers.

A case between the requesting state and one neighbour, cited by one flight. The host of the flight
knows nothing of it until the requesting side tells it by note (`neighbours.telling`).
"""
