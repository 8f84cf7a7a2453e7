"""What `survey` shows of a project: every view with its verdict, for people and for machines."""
