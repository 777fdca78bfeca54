"""Which room an app lives in, and who may do what with its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from django.apps import AppConfig, apps

Room = Literal["region", "tenant"]


class RoomConfig(AppConfig):
    """Base of every app's configuration: declares its room and its grants beside its models.

    `append_only` models can be read and inserted by their room's login, never updated or deleted.
    `mall`, `relay` and `sweeper` map a model to the rights of that login ("SELECT", "SELECT, INSERT", or a
    column list such as "SELECT (id, name)"). `functions` maps the signature of a function of the region, as
    "name(text, integer)", to the one login that may call it.
    """

    room: ClassVar[Room] = "region"
    append_only: ClassVar[Sequence[str]] = ()
    mall: ClassVar[Mapping[str, str]] = {}
    relay: ClassVar[Mapping[str, str]] = {}
    sweeper: ClassVar[Mapping[str, str]] = {}
    functions: ClassVar[Mapping[str, str]] = {}
    default_auto_field = "django.db.models.BigAutoField"

    # Django looks for the one configuration of an apps module; this base, imported there, is not it.
    default = False

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True


def room_of(app_label: str) -> Room:
    """The room of an app; Django's own apps live in the region."""
    config = apps.app_configs.get(app_label)
    return config.room if isinstance(config, RoomConfig) else "region"


def tenant_apps() -> list[RoomConfig]:
    """Every app of the tenant's room, in the order of INSTALLED_APPS."""
    return [config for config in apps.get_app_configs() if isinstance(config, RoomConfig) and config.room == "tenant"]


def region_apps() -> list[AppConfig]:
    """Every app whose tables are the region's."""
    return [config for config in apps.get_app_configs() if room_of(config.label) == "region"]
