"""Every route stands in the reviewed table, exactly as it is declared."""

from __future__ import annotations

from kernel.checks import check_routes
from tests.matrix import lines, read_table, rooms

# Reviewed by name: whoever adds a route that everybody may call adds it here too.
PUBLIC_ROUTES = frozenset(
    {
        "access:enter",
        "access:sign_in",
        "accounts:forgotten",
        "accounts:invitation",
        "accounts:reset",
        "accounts:sign_in",
        "agencies:agencies",
        "agencies:agencies_csv",
        "agencies:agency",
        "agencies:draw",
        "agencies:register",
        "agencies_api:agencies",
        "agencies_api:agency",
        "agencies_api:draw",
        "agencies_api:register",
        "classification:items",
        "classification:items_csv",
        "classification_api:category",
        "classification_api:items",
        "contracts:published",
        "contracts:published_list",
        "contracts_api:published",
        "contracts_api:published_list",
        "display",
        "healthz",
        "help",
        "help_role",
        "metrics",  # asks for its token, or for a caller on this machine, itself
        "onboarding:amend",
        "onboarding:apply",
        "onboarding:divisions",
        "onboarding:followed",
        "onboarding:followed_steps",
        "onboarding:withdraw",
        "onboarding_api:apply",
        "onboarding_api:divisions",
        "portal:favicon",
        "portal:front",
        "portal:robots",
        "portal_api:malls",
        "products:brand",
        "products:image",
        "products:picture",
        "products:product",
        "products:profile",
        "products:profile_csv",
        "products:profiles",
        "products:products",
        "products:products_csv",
        "products_api:product",
        "listings_api:price_reference",
        "products_api:products",
        "products_api:profile",
        "products_api:profiles",
        "readyz",
        "sanctions:export",
        "sanctions:sanction",
        "sanctions:sanctions",
        "sanctions_api:causes",
        "sanctions_api:sanction",
        "sanctions_api:sanctions",
        "schema",
        "scores_api:score",
        "storefront:compare",
        "storefront:front",
        "storefront:image",
        "storefront:picture",
        "storefront:product",
        "storefront:products",
        "storefront_api:comparison",
        "storefront_api:product",
        "storefront_api:products",
        "suppliers:letter_sent",
        "suppliers:open_registration",
        "suppliers:register",
        "suppliers:supplier",
        "suppliers:suppliers",
        "suppliers:suppliers_csv",
        "suppliers_api:register",
        "suppliers_api:supplier",
        "suppliers_api:suppliers",
    }
)
# Reviewed by name too: these answer in a suspended and in an archived mall, because they change nothing of it.
ALWAYS_ROUTES = frozenset(
    {
        *("access:enter", "access:sign_in", "access:sign_out", "access:account"),
        *("display", "healthz", "help", "help_role", "readyz"),
    }
)


def test_routes_that_answer_in_every_state_of_a_mall_are_listed_by_name() -> None:
    found = {route.name for route in rooms()["tenant"] if route.access is not None and route.access.always}
    assert found == ALWAYS_ROUTES


def test_every_route_declares_who_may_call_it() -> None:
    assert check_routes(None) == []


def test_the_table_is_what_the_code_declares() -> None:
    declared, reviewed = set(lines()), set(read_table())
    assert declared - reviewed == set(), "not in the reviewed table: run `python -m tests.matrix` and review"
    assert reviewed - declared == set(), "in the table, not in the code"


def test_public_routes_are_listed_by_name() -> None:
    assert {line.name for line in lines() if line.access == "public"} == PUBLIC_ROUTES


def test_a_row_taken_out_of_the_table_is_noticed() -> None:
    declared = set(lines())
    assert all(declared - (declared - {line}) == {line} for line in declared)
