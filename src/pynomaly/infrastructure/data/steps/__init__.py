"""Preparation steps: one per kind of column, learned at fit, frozen as JSON."""
