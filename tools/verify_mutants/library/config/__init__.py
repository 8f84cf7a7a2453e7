"""A small library's project, in which conversions go wrong."""
