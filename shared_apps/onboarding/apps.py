from tenants.database.rooms import RoomConfig


class OnboardingConfig(RoomConfig):
    name = "shared_apps.onboarding"
    label = "onboarding"
    room = "region"
    relay = {"MallProgress": "SELECT, INSERT, UPDATE"}

    def ready(self) -> None:
        from shared_apps.onboarding import (  # noqa: F401  # registering is what they are imported for
            consumers,
            events,
            menu,
            restoring,
            todo,
            words,
        )
