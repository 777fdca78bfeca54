from tenants.database.rooms import RoomConfig


class ScoresConfig(RoomConfig):
    """Malls read no scores yet; the relay writes the facts alone."""

    name = "shared_apps.scores"
    label = "scores"
    room = "region"
    relay = {"OrderOutcome": "SELECT, INSERT, UPDATE"}

    def ready(self) -> None:
        from shared_apps.scores import (  # noqa: F401  # each registers what it declares
            events,
            files,
            following,
            sections,
            todo,
            wording,
        )
