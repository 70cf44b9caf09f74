"""Numbers, reasons and decisions in plain words."""
