"""Facts the project carries: divisions, calendar, law texts, item codes."""

from __future__ import annotations

import csv
import importlib.util
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
RULEBOOK = ROOT / "shared_apps/rulebook/data"
CLASSIFICATION = ROOT / "shared_apps/classification/data"
DIVISIONS = ROOT / "tenants/divisions/data"
Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestDivisions:
    def test_counts(self) -> None:
        divisions = rows(DIVISIONS / "divisions.csv")
        assert len(divisions) == 125
        assert len({d["code"] for d in divisions}) == 125
        tenants = [d for d in divisions if d["default_tenant"] == "yes"]
        assert Counter(d["level"] for d in tenants) == {"province": 1, "prefecture": 14, "county": 98}
        assert len(tenants) == 113

    def test_parents_exist_and_are_one_level_up(self) -> None:
        divisions = {d["code"]: d for d in rows(DIVISIONS / "divisions.csv")}
        for code, division in divisions.items():
            if division["level"] == "county" and not code.startswith("6590"):
                assert division["parent"] == code[:4] + "00"
            else:
                assert division["parent"] == ("" if code == "650000" else "650000")
            assert division["parent"] in ("", *divisions)

    def test_known_dates_and_pending_codes_stay_apart(self) -> None:
        divisions = {d["code"]: d for d in rows(DIVISIONS / "divisions.csv")}
        assert divisions["653228"]["name"] == "和康县"
        assert divisions["653229"]["name"] == "和安县"
        assert {c for c, d in divisions.items() if d["valid_from"]} == {"653228", "653229"}
        assert divisions["653228"]["valid_from"] == divisions["653229"]["valid_from"] == "2024-12-27"
        assert {p["code"] for p in rows(DIVISIONS / "pending.csv")} == {"653132", "659013"}
        assert not {p["code"] for p in rows(DIVISIONS / "pending.csv")} & divisions.keys()


class TestCalendar:
    @pytest.mark.parametrize(
        ("day", "is_working", "kind"),
        [
            ("2024-02-18", "true", "make_up"),
            ("2024-02-10", "false", "holiday"),
            ("2024-10-01", "false", "holiday"),
            ("2024-10-12", "true", "make_up"),
            ("2024-09-21", "false", "weekend"),
            ("2023-04-23", "true", "make_up"),
            ("2025-01-26", "true", "make_up"),
            ("2025-05-05", "false", "holiday"),
            ("2025-11-24", "true", "weekday"),
            ("2026-01-01", "false", "holiday"),
            ("2026-02-17", "false", "holiday"),
        ],
    )
    def test_known_days(self, day: str, is_working: str, kind: str) -> None:
        calendar = {d["date"]: d for d in rows(RULEBOOK / "calendar.csv")}
        assert (calendar[day]["is_working"], calendar[day]["kind"]) == (is_working, kind)

    def test_every_day_once_and_whole_years(self) -> None:
        days = [date.fromisoformat(d["date"]) for d in rows(RULEBOOK / "calendar.csv")]
        assert days == [days[0] + timedelta(days=i) for i in range(len(days))]
        assert (days[0], days[-1]) == (date(2019, 1, 1), date(2026, 12, 31))

    def test_kind_decides_is_working(self) -> None:
        for day in rows(RULEBOOK / "calendar.csv"):
            assert (day["is_working"] == "true") == (day["kind"] in ("weekday", "make_up"))
            weekend = date.fromisoformat(day["date"]).weekday() >= 5
            assert weekend == (day["kind"] in ("weekend", "make_up")) or day["kind"] == "holiday"

    def test_file_is_what_the_script_writes(self) -> None:
        script = load(RULEBOOK / "build_calendar.py")
        assert (RULEBOOK / "calendar.csv").read_text(encoding="utf-8") == script.text()


class TestLaw:
    def test_articles_the_rules_cite_are_there(self) -> None:
        articles: dict[str, set[int]] = {}
        for article in rows(RULEBOOK / "law.csv"):
            articles.setdefault(article["statute"], set()).add(int(article["article"]))
            assert article["text"] == article["text"].strip() != ""
        assert articles == {
            "gpl": {7, 8, 9, 22, 26, 27, 28, 36, 41, 42, 46, 60, 61, 64},
            "gpl_regulation": {5, 6, 17, 18, 19, 28, 29, 45, 50},
            "sme_payment": {9, 10, 17},
        }

    @pytest.mark.parametrize(
        ("statute", "article", "words"),
        [
            ("gpl", "8", "由省、自治区、直辖市人民政府或者其授权的机构确定并公布"),
            ("gpl", "64", "不得违反本法规定，要求采购人或者采购工作人员向其指定的供应商进行采购"),
            ("gpl_regulation", "28", "属于以化整为零方式规避公开招标"),
            ("sme_payment", "9", "交付之日起30日内支付款项"),
            ("sme_payment", "10", "付款期限应当自检验或者验收合格之日起算"),
            ("sme_payment", "17", "按照每日利率万分之五支付逾期利息"),
        ],
    )
    def test_texts_say_what_the_rules_rest_on(self, statute: str, article: str, words: str) -> None:
        found = [r for r in rows(RULEBOOK / "law.csv") if (r["statute"], r["article"]) == (statute, article)]
        assert [words in r["text"] for r in found] == [True]


class TestClassification:
    def test_item_codes_form_a_tree(self) -> None:
        items = {i["code"]: i for i in rows(CLASSIFICATION / "item_categories.csv")}
        for code, item in items.items():
            if code == "A":
                continue
            assert len(code) == 9
            level = int(item["level"])
            assert code[1 + 2 * level :] == "0" * (8 - 2 * level)
            assert code[2 * level - 1 : 2 * level + 1] != "00"
            assert int(items[item["parent"]]["level"]) == level - 1
            assert item["kind"] == "goods"
            assert item["source"]

    def test_verified_means_two_sources(self) -> None:
        for item in rows(CLASSIFICATION / "item_categories.csv"):
            assert (item["verified"] == "true") == ("; " in item["source"])

    def test_shop_categories(self) -> None:
        items = {i["code"] for i in rows(CLASSIFICATION / "item_categories.csv")}
        shop = rows(CLASSIFICATION / "catalogue_categories.csv")
        assert [c["code"] for c in shop] == [f"C-{n:02d}" for n in range(1, 13)]
        assert {c["item_category"] for c in shop} <= items
        attributes = rows(CLASSIFICATION / "category_attributes.csv")
        assert {a["catalogue_category"] for a in attributes} == {c["code"] for c in shop}
        assert {a["type"] for a in attributes} <= {"number", "choice", "text", "yes_no"}
