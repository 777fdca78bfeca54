from tenants.database.rooms import RoomConfig

# What a mall may know of a supplier; its legal representative, address and telephone stay the region's.
PUBLIC_COLUMNS = "id, uscc, name, organisation_id, division_code, size, is_sme, standing, is_demo, version"


class SuppliersConfig(RoomConfig):
    name = "shared_apps.suppliers"
    label = "suppliers"
    room = "region"
    append_only = ("LibraryTerms",)
    mall = {"Supplier": f"SELECT ({PUBLIC_COLUMNS})"}
    relay = {"Supplier": f"SELECT ({PUBLIC_COLUMNS})"}

    def ready(self) -> None:
        from shared_apps.suppliers import events, purposes, scope_section, todo, wording  # noqa: F401  (declare and register)
