"""What the stages hand to each other: frozen records that go to JSON and back.

A stage imports records, never another stage, so that each can run alone from a saved file. A record holds facts, names
and places; it has no behaviour beyond comparing and showing itself.
"""
