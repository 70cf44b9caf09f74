"""PyOD's detectors behind this project's port, their traps kept inside."""
