"""What the survey costs, beside `ast.parse` over the same files."""
