"""The exceptions of requests, under the name that converted code uses."""

from requests.exceptions import *  # noqa: F403 - all of them, and nothing else
