"""What the survey says of real projects against tables that a reader of their source wrote."""
