"""Where the services are, and how an app is told: environment variables filled from a template."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from unblocker.errors import UnblockError
from unblocker.services import postgres, s3
from unblocker.services.ports import LOOPBACK

PLACEHOLDER = re.compile(r"\{(\w+)\.(\w+)\}")


@dataclass(frozen=True, slots=True)
class ServiceOptions:
    """What a project wants around it; times are added per round trip, request or message.

    Attributes:
        upstream: ASGI app that plays the outbound APIs, `module:attribute`; "" for none.
        s3_bucket: bucket to create; "" for no S3.
    """

    upstream: str = ""
    upstream_delay_ms: float = 0.0
    database_delay_ms: float = 0.0
    smtp_delay_ms: float = 0.0
    s3_bucket: str = ""


@dataclass(frozen=True, slots=True)
class Database:
    """PostgreSQL: `port` is the proxy's, where each round trip is delayed; `near_port` its own."""

    port: int
    near_port: int
    name: str
    host: str = LOOPBACK
    user: str = postgres.USER
    password: str = ""


@dataclass(frozen=True, slots=True)
class Upstream:
    """The outbound APIs; `url` has no slash at its end."""

    port: int
    url: str
    host: str = LOOPBACK


@dataclass(frozen=True, slots=True)
class Smtp:
    """The SMTP server and the file of received messages."""

    port: int
    messages: Path
    host: str = LOOPBACK


@dataclass(frozen=True, slots=True)
class S3:
    """The S3 server; any keys will do."""

    port: int
    url: str
    bucket: str
    host: str = LOOPBACK
    region: str = s3.REGION
    access_key: str = s3.ACCESS_KEY
    secret_key: str = s3.SECRET_KEY


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that runs; what a project did not ask for is None."""

    database: Database
    smtp: Smtp
    upstream: Upstream | None = None
    s3: S3 | None = None

    def with_database(self, name: str) -> "Services":
        """The same services with another database of the same server."""
        return replace(self, database=replace(self.database, name=name))

    def near(self) -> "Services":
        """The same services with the database's own port: for set-up, which needn't be slow."""
        return replace(self, database=replace(self.database, port=self.database.near_port))


def fill(template: Mapping[str, str], services: Services) -> dict[str, str]:
    """The variables with each `{service.field}` replaced, such as `{database.port}`.

    Raises:
        UnblockError: a placeholder names nothing that runs (U064).
    """
    values = _values(services)
    return {variable: _fill_one(variable, text, values) for variable, text in template.items()}


def _fill_one(variable: str, text: str, values: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = f"{match[1]}.{match[2]}"
        if name in values:
            return values[name]
        raise UnblockError(
            "U064",
            f"{variable} wants {match[0]}, which is no service that runs",
            hint=f"There are: {', '.join(values)}.",
        )

    return PLACEHOLDER.sub(value, text)


def _values(services: Services) -> dict[str, str]:
    return {
        f"{service.name}.{field.name}": str(getattr(record, field.name))
        for service in fields(services)
        if (record := getattr(services, service.name)) is not None
        for field in fields(record)
    }
