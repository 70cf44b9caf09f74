"""How the program is put together: with `bootstrap`, the only place that names a port and its adapter together."""
