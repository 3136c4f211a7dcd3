"""Reference data of the air: aerodromes, points, aircraft types. Pure Python, no Django."""
