"""Chaos: a real server under load while its clients, database and tasks fail; what must hold all the same.

`python -m tools.chaos` runs it; docs/chaos.md says what it does.
"""
