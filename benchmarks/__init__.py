"""Benchmarks that print what they measured and whether it is what we promise."""
