"""Detectors: our own, and the adapter to PyOD."""
