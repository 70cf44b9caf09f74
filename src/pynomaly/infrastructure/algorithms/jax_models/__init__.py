"""Our detectors on JAX: learned or measured by compiled array programs, on whatever device JAX finds.

No module here is imported before one of its detectors is created or restored. Those that learn score in plain numpy
from their frozen weights, so that a restored model needs no JAX to answer; neighbour detectors score in JAX.
"""
