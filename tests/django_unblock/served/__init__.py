"""A project that real ASGI servers serve, in processes of their own."""
