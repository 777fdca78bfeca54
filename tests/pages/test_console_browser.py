"""The consoles in a real browser: axe on every page, and nothing wider than a narrow screen."""

from __future__ import annotations

import os
from pathlib import Path

from kernel.posts import Post
from shared_apps.rulebook.models import RuleVersion
from tests.factories.budgets import make_line, make_unit
from tests.factories.people import join, make_organisation, make_user
from tests.factories.rules import entered_threshold, shipped_rules
from tests.pages.conftest import NARROW, WIDE, Visit, address, axe_findings

A = "990001"


def test_consoles_are_accessible_at_both_widths(visitor: Visit, site: str) -> None:
    shipped_rules()
    entered_threshold()
    staff, supervisor = make_user(name="区厅甲"), make_user(name="县局乙")
    join(staff, make_organisation("region_finance", name="自治区财政厅（测试）"), [Post.REGION_SUPERVISOR])
    join(supervisor, make_organisation("finance_bureau", name="县财政局", tenant_code=A), [Post.TIER_SUPERVISOR])
    line = make_line(A, make_unit(A).pk)
    waiting = RuleVersion.objects.get(state="entered")
    region = ["/console/calendar/", "/console/rules/", "/console/rules/new/", f"/console/rules/{waiting.pk}/"]
    bureau = ["/bureau/", "/bureau/rules/", "/bureau/tariff/", "/bureau/what-if/?kind=goods&amount=300000",
              "/bureau/units/", "/bureau/units/new/", "/bureau/budget-lines/new/", "/budgets/",
              f"/budgets/{line.pk}/"]  # fmt: skip
    problems = []
    for size in (WIDE, NARROW):
        for user, tenant, paths in ((staff, None, region), (supervisor, A, bureau)):
            page = visitor(user, tenant=tenant, size=size)
            for path in paths:
                page.goto(address(site, path, tenant))
                problems += [f"{path} {size[0]}: {finding}" for finding in axe_findings(page)]
                if page.evaluate("document.documentElement.scrollWidth") > size[0]:
                    problems.append(f"{path} is wider than {size[0]}")
                if shots := os.environ.get("YZ_SHOTS"):
                    name = path.strip("/").replace("/", "-").split("?")[0]
                    page.screenshot(path=str(Path(shots) / f"{name}-{size[0]}.png"), full_page=True)
    assert problems == []
