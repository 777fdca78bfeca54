"""`bin/yz relay`: the process that relays journals; `--once` sweeps everything and ends."""

from __future__ import annotations

import logging
import signal
import time
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connections
from redis import Redis
from redis.exceptions import RedisError

from kernel.clock import utc_now
from tenants.database.context import region_as
from tenants.database.logins import RELAY
from tenants.journaling.relay import drain, lagging_rooms, note_failure, schemas_by_room
from tenants.journaling.writing import WAKE_KEY

logger = logging.getLogger(__name__)
SWEEP_SECONDS = 10.0
IDLE_SECONDS = 0.2


class Command(BaseCommand):
    help = "Relays the journals of every room to the region's projections."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="sweep all rooms once and end")
        parser.add_argument("--ready-file", type=Path, help="touched after every sweep, as a sign of life")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self.ready_file: Path | None = options["ready_file"]
        self._sweep()
        if options["once"]:
            return
        redis = Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
        swept_at = time.monotonic()
        while not self.stopping:
            woken = self._woken(redis)
            if woken:
                self._drain(woken)
            if time.monotonic() - swept_at >= SWEEP_SECONDS:
                self._sweep()
                swept_at = time.monotonic()
            elif not woken:
                time.sleep(IDLE_SECONDS)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _woken(self, redis: Redis) -> list[str]:
        try:
            found = redis.spop(f"{settings.CACHES['default']['KEY_PREFIX']}:{WAKE_KEY}", 100)
        except RedisError as error:
            logger.warning("no wake-ups: %s", error)
            time.sleep(1)
            return []
        return [room.decode() for room in found or ()]  # type: ignore[union-attr]

    def _sweep(self) -> None:
        try:
            self._drain(list(lagging_rooms()))
        except (OperationalError, InterfaceError) as error:
            self._database_away(error)
        else:
            if self.ready_file:
                self.ready_file.touch()

    def _drain(self, rooms: list[str]) -> None:
        try:
            with region_as(RELAY):
                schemas = schemas_by_room()
        except (OperationalError, InterfaceError) as error:
            self._database_away(error)
            return
        for room in rooms:
            if room not in schemas:
                logger.warning("woken for an unknown room %s", room)
                continue
            try:
                drain(room=room, schema=schemas[room], now=utc_now())
            except (OperationalError, InterfaceError) as error:
                self._database_away(error)
                return
            except Exception as error:  # noqa: BLE001 - one tenant's bad row must not stop the others' relay
                note_failure(room=room, error=error, now=utc_now())

    def _database_away(self, error: Exception) -> None:
        logger.warning("database away, trying again: %s", error)
        for connection in connections.all():
            connection.close_kept()  # type: ignore[attr-defined]  # our own wrapper
        time.sleep(1)
