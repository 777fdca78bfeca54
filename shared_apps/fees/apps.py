from tenants.database.rooms import RoomConfig


class FeesConfig(RoomConfig):
    """A mall reads the tariff it accepts, never what another mall has used."""

    name = "shared_apps.fees"
    label = "fees"
    room = "region"
    append_only = (
        "AcceptedTariff",
        "ApiHour",
        "BudgetWarning",
        "CostShare",
        "FeeBudget",
        "FeePeriod",
        "FeeReceipt",
        "StatementLine",
        "StatementShare",
        "StatementUse",
        "UsageEvent",
    )
    mall = {
        "TariffVersion": "SELECT (id, version, name, valid_from, document_number, is_demo, verified_at)",
        "TariffLine": "SELECT",
    }
    relay = {"UsageEvent": "SELECT, INSERT", "AcceptedTariff": "SELECT, INSERT"}

    def ready(self) -> None:
        from django.core.checks import register

        from shared_apps.fees import (  # noqa: F401  # each registers what it declares
            consumers,
            events,
            exporting,
            menu,
            meters,
            words,
        )
        from shared_apps.fees.checks import check_meters

        register(check_meters)
