"""What administrators do to learn how well the system listens: look, listen, judge."""
