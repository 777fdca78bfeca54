from tenants.database.rooms import RoomConfig


class TrainingConfig(RoomConfig):
    """A mall may ask whether its level has practised, not who did: of completions it reads two columns."""

    name = "shared_apps.training"
    label = "training"
    room = "region"
    mall = {"Completion": "SELECT (tenant_code, exercise)"}
    relay = {"Completion": "SELECT, INSERT"}

    def ready(self) -> None:
        from shared_apps.training import consumers, events, menu, words  # noqa: F401  # each registers what it declares
