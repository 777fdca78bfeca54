from tenants.database.rooms import RoomConfig


class RulebookConfig(RoomConfig):
    name = "shared_apps.rulebook"
    label = "rulebook"
    room = "region"
    append_only = ("LawArticle",)
    mall = {"RuleVersion": "SELECT", "CalendarDay": "SELECT", "LawArticle": "SELECT"}
    relay = {"RuleVersion": "SELECT", "CalendarDay": "SELECT"}
    sweeper = {"CalendarDay": "SELECT"}
    # Whether suppliers belong together, and nothing of why: see migrations/0003.
    functions = {"rulebook_related_suppliers(bigint[])": "yz_mall"}

    def ready(self) -> None:
        from shared_apps.rulebook import events, todo, words  # noqa: F401  # registering is what they are imported for
