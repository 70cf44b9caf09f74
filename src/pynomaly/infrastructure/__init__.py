"""Adapters to the outside world, grouped by the port they serve."""
