"""Disposable child processes: for work that may crash, leak or never end."""
