"""The shop in which the mistakes are made."""
