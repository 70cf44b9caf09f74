"""Places that rows come from: databases and object stores, read as streams."""
