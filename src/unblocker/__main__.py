"""`python -m unblocker` is `django-unblock`."""

import sys


def main() -> None:
    """Run the command line; leave with status 2 where its own packages are missing, with 130 on an early Ctrl-C."""
    try:
        from unblocker.cli import main as run
    except ModuleNotFoundError as error:
        sys.stderr.write(
            f"error: {error.name!r} is not installed; "
            '`pip install "django-unblock[tool]"` brings what the command line needs.\n'
        )
        sys.exit(2)
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
