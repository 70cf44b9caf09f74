"""What several processes keep for each other."""
