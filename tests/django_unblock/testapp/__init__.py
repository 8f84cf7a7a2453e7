"""A small Django app for the runtime's tests: a bookshop with authors, books and reviews."""
