"""Books, their authors and their loans: the app that is served."""
