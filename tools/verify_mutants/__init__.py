"""The proof of the proof: wrong conversions that `verify` must catch, and right ones that it must not accuse."""
