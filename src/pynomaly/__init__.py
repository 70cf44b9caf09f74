"""Pynomaly finds anomalies in tables, says how sure it is and says why."""
