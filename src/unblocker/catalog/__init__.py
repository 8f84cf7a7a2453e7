"""What the tool knows of other people's APIs: one family, one file."""
