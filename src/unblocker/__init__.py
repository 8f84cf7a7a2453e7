"""The tool of django-unblock: survey, plan, rewrite, verify, measure and report."""
