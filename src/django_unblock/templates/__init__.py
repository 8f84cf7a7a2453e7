"""Reading together, before a template is rendered, what it is bound to read one after the other.

`reading` says what a template is bound to read, whatever it is rendered with; `loading` reads it.
"""
