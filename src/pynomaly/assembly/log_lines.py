"""Log lines of the processes that run for long."""

import logging

from pynomaly.infrastructure.settings import Settings
from pynomaly.infrastructure.telemetry.log_lines import JsonLines, TextLines


def log_to_standard_error(settings: Settings) -> None:
    """Write one line per event to standard error, for whoever runs the service to collect; libraries' too."""
    lines = logging.StreamHandler()
    lines.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    logging.captureWarnings(True)
    for name in ("uvicorn.access", "alembic.runtime.plugins"):
        logging.getLogger(name).setLevel(logging.WARNING)
