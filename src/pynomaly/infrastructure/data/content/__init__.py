"""From a path or a stream to plain bytes and text."""
