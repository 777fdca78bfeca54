from tenants.database.rooms import RoomConfig


class PoliciesConfig(RoomConfig):
    name = "tenant_apps.policies"
    label = "policies"
    room = "tenant"
    append_only = ("RuleAcknowledgement", "TariffAcceptance", "MallOpening")

    def ready(self) -> None:
        from tenant_apps.policies import (  # noqa: F401  # registering is what they are imported for
            events,
            items,
            menu,
            words,
        )
