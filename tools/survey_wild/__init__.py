"""`make survey-wild`: the survey of the most downloaded Django packages that ship views; none may break it."""
