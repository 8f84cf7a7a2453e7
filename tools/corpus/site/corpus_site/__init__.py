"""A site around a published app, which brings none."""
