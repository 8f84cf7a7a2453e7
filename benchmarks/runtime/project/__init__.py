"""The Django project that every contestant serves; the environment says how (`contestants`)."""
