"""Real servers, real load, before and after in one run; the raw samples are kept.

`run.measure` is the stage. Modules that run inside other processes (`locust_client`, `sign_in`,
`traced_app`) are started with `python -m` or named to a server, and never imported here.
"""
