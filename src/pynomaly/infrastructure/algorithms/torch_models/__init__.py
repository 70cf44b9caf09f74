"""Deep detectors: PyTorch learns the weights and numpy scores with them, so only a fit imports torch."""
