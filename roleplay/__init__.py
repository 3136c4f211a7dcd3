"""Role-players: automatic officers in the seats that nobody holds."""
