"""The servers of one flavour together: what is needed to start, stop and point programs at them."""

from dataclasses import dataclass

from runtime import postgres, valkey
from runtime.layout import Layout


@dataclass(frozen=True)
class Servers:
    """A PostgreSQL and a Valkey that belong together."""

    postgres: postgres.Postgres
    valkey: valkey.Valkey

    @classmethod
    def local(cls, layout: Layout) -> "Servers":
        return cls(postgres.Postgres(layout, postgres.LOCAL), valkey.Valkey(layout, valkey.LOCAL))

    @classmethod
    def test(cls, layout: Layout) -> "Servers":
        return cls(postgres.Postgres(layout, postgres.TEST), valkey.Valkey(layout, valkey.TEST))

    @classmethod
    def bench(cls, layout: Layout) -> "Servers":
        return cls(postgres.Postgres(layout, postgres.BENCH), valkey.Valkey(layout, valkey.BENCH))

    def start(self) -> bool:
        """Start what does not run; True when anything was started."""
        return any([self.postgres.start(), self.valkey.start()])

    def stop(self) -> bool:
        return any([self.valkey.stop(), self.postgres.stop()])

    @property
    def running(self) -> bool:
        return self.postgres.running and self.valkey.running
