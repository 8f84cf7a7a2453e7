"""Requests read from what people have: our JSON lines, a browser's HAR, a server's access log, our own recording."""

from unblocker.traffic.reading import load_traffic

__all__ = ["load_traffic"]
