"""Addresses of databases and of Redis, as given in DATABASE_URL and REDIS_URL."""

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from runtime.problems import Problem


@dataclass(frozen=True)
class DatabaseAddress:
    """postgres://user:password@host:port/database, taken apart."""

    host: str
    port: int
    database: str
    user: str = ""
    password: str = ""
    query: str = ""

    @classmethod
    def parse(cls, url: str) -> "DatabaseAddress":
        """Raises Problem without repeating the address: it may hold a password."""
        try:
            parts = urlsplit(url)
            port = parts.port or 5432
        except ValueError:
            raise Problem("DATABASE_URL cannot be read: its host or port is not valid.", code=2) from None
        if parts.scheme not in {"postgres", "postgresql"}:
            raise Problem("DATABASE_URL must begin with postgres://", code=2)
        database = unquote(parts.path.lstrip("/"))
        if not database or "/" in database:
            raise Problem("DATABASE_URL must name a database: postgres://user:password@host:5432/yz", code=2)
        return cls(
            host=unquote(parts.hostname or "127.0.0.1"),
            port=port,
            database=database,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            query=parts.query,
        )

    @property
    def bare(self) -> str:
        """The address without user and password: web processes know their own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        query = f"?{self.query}" if self.query else ""
        return f"postgres://{host}:{self.port}/{quote(self.database, safe='')}{query}"

    def with_login(self, user: str, password: str) -> str:
        return self.bare.replace("postgres://", f"postgres://{quote(user, safe='')}:{quote(password, safe='')}@", 1)

    def as_libpq(self) -> dict[str, str]:
        """The same as environment variables of libpq."""
        held = {"PGHOST": self.host, "PGPORT": str(self.port), "PGDATABASE": self.database}
        if self.user:
            held["PGUSER"] = self.user
        if self.password:
            held["PGPASSWORD"] = self.password
        for pair in self.query.split("&"):
            name, _, value = pair.partition("=")
            if name == "sslmode":
                held["PGSSLMODE"] = value
        return held


def check_redis(url: str) -> str:
    """The address as it is, or Problem when it is not one of Redis."""
    if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise Problem("REDIS_URL must begin with redis:// or rediss://", code=2)
    return url
