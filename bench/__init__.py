"""Measurements, printed as JSON lines by `make bench`."""
