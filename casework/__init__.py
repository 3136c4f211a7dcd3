"""What every kind of case shares: duties, moves and panel, notes verbales, history, sight."""
