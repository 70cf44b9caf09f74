"""Secrets at rest: sealed so that they open in their own row and nowhere else."""
