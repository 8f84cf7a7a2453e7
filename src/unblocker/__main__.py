"""`python -m unblocker` is `django-unblock`."""

import sys


def main() -> None:
    """Run the command line; where its own packages are missing, say what to install and leave with status 2."""
    try:
        from unblocker.cli import main as run
    except ModuleNotFoundError as error:
        sys.stderr.write(
            f"error: {error.name!r} is not installed; "
            '`pip install "django-unblock[tool]"` brings what the command line needs.\n'
        )
        sys.exit(2)
    run()


if __name__ == "__main__":
    main()
