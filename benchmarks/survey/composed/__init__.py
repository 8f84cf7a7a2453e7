"""The settings and URLs of the projects that the benchmark composes from published apps."""
