"""Log lines of the processes that run for long."""

import logging


def log_to_standard_error() -> None:
    """Write one line per event to standard error, for whoever runs the service to collect."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
