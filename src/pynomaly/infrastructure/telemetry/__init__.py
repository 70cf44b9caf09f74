"""What watches the program: metrics, log lines, traces."""
