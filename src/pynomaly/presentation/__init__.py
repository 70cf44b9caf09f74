"""The doors of the house: today the command line."""
