"""Readers of files and the road from raw columns to one numeric matrix."""
