"""What anomaly detection means here: plain Python and numpy, no I/O, sorted by subject."""
