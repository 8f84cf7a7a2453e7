"""Shows records to people and machines: terminal tables, one HTML page, JSON and SARIF. It decides nothing."""
