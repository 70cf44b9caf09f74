"""The rows of our own detectors, by family; one row and one file beside the catalogue make a detector."""
