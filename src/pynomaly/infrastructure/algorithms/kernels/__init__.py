"""The compiled kernels as typed functions, and their numpy twins: the same calls, one module for each subject."""
