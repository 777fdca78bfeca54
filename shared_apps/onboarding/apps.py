from tenants.database.rooms import RoomConfig


class OnboardingConfig(RoomConfig):
    name = "shared_apps.onboarding"
    label = "onboarding"
    room = "region"
