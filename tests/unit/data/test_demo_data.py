"""The demonstration's suppliers, products, offers and pictures."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from stdnum.cn import uscc

from shared_apps.products.demo import generate, pictures
from shared_apps.suppliers.demo import generate as supplier_generate

ROOT = Path(__file__).resolve().parents[3]
PRODUCTS_DIR = ROOT / "shared_apps/products/demo"
CLASSIFICATION = ROOT / "shared_apps/classification/data"
MONEY = re.compile(r"[0-9]{1,8}\.[0-9]{2}")
Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SUPPLIERS = rows(ROOT / "shared_apps/suppliers/demo/suppliers.csv")
PRODUCTS = rows(PRODUCTS_DIR / "products.csv")
OFFERS = rows(PRODUCTS_DIR / "offers.csv")
DIVISIONS = {d["code"] for d in rows(ROOT / "tenants/divisions/data/divisions.csv")}


class TestSuppliers:
    def test_codes_are_valid_and_plainly_synthetic(self) -> None:
        assert len(SUPPLIERS) == len({s["uscc"] for s in SUPPLIERS}) == 20
        for supplier in SUPPLIERS:
            assert uscc.validate(supplier["uscc"]) == supplier["uscc"]
            assert supplier["uscc"][8:11] == "DEM"
            assert supplier["uscc"][2:8] == supplier["division_code"]
            assert supplier["uscc"][:2] == {"enterprise": "91", "sole_trader": "92"}[supplier["kind"]]

    def test_a_wrong_check_character_is_refused(self) -> None:
        code = SUPPLIERS[0]["uscc"]
        for character in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            assert uscc.is_valid(code[:-1] + character) == (character == code[-1])

    def test_facts(self) -> None:
        shop = {c["code"] for c in rows(CLASSIFICATION / "catalogue_categories.csv")}
        for supplier in SUPPLIERS:
            assert supplier["name"].startswith("演示·")
            assert supplier["legal_representative"].startswith("演示")
            assert re.fullmatch(r"0991-00000[0-9]{2}", supplier["phone"])
            assert supplier["division_code"] in DIVISIONS
            assert set(supplier["delivery_areas"].split("|")) <= DIVISIONS
            assert set(supplier["categories"].split("|")) <= shop
            assert (supplier["is_sme"] == "true") == (supplier["size"] != "large")
        assert Counter(s["standing"] for s in SUPPLIERS) == {"good": 18, "under_review": 1, "suspended": 1}

    def test_file_is_what_the_generator_writes(self) -> None:
        assert supplier_generate.TARGET.read_text(encoding="utf-8") == supplier_generate.text()


class TestProducts:
    def test_files_are_what_the_generator_writes(self) -> None:
        for name, text in generate.files().items():
            assert (PRODUCTS_DIR / name).read_text(encoding="utf-8") == text, name

    def test_about_three_hundred_in_twelve_categories(self) -> None:
        assert 280 <= len(PRODUCTS) <= 320
        per_category = Counter(p["catalogue_category"] for p in PRODUCTS)
        assert len(per_category) == 12
        assert min(per_category.values()) >= 20

    def test_codes_titles_and_models_are_unique(self) -> None:
        for column in ("code", "title_zh", "model"):
            counts = Counter(p[column] for p in PRODUCTS)
            assert [k for k, n in counts.items() if n > 1] == [], column

    def test_references_and_values(self) -> None:
        items = {i["code"] for i in rows(CLASSIFICATION / "item_categories.csv")}
        brands = {b["name"] for b in rows(PRODUCTS_DIR / "brands.csv")}
        for product in PRODUCTS:
            assert product["item_category"] in items
            assert product["brand"] in brands
            assert product["vat_rate"] in ("0.13", "0.09")
            assert product["is_demo"] == "true"
            assert Decimal(product["weight_kg"]) > 0
            labelled = "true" in (product["energy_label"], product["environment_label"])
            assert product["certificate_no"].startswith("演示-") == labelled
        assert Counter(p["vat_rate"] for p in PRODUCTS)["0.09"] == 3

    def test_attributes_follow_the_declared_types(self) -> None:
        declared = {
            (a["catalogue_category"], a["key"]): a["type"] for a in rows(CLASSIFICATION / "category_attributes.csv")
        }
        used = set()
        for product in PRODUCTS:
            for key, value in json.loads(product["attributes"]).items():
                kind = declared[product["catalogue_category"], key]
                used.add((product["catalogue_category"], key))
                if kind == "number":
                    assert isinstance(value, int | float)
                    assert not isinstance(value, bool)
                else:
                    assert isinstance(value, bool if kind == "yes_no" else str)
        assert used == declared.keys()

    def test_latin_letters_are_a_short_known_list(self) -> None:
        words = set()
        for product in PRODUCTS:
            text = " ".join((product["title_zh"], product["spec"], product["unit"], product["certificate_no"]))
            words |= set(re.findall(r"[A-Za-z]+[0-9]?", text))
            for value in json.loads(product["attributes"]).values():
                words |= set(re.findall(r"[A-Za-z]+[0-9]?", value)) if isinstance(value, str) else set()
        assert words == {"A3", "A4", "A5", "B5", "GHz", "GB"}


class TestOffers:
    def test_one_to_four_per_product_by_different_suppliers(self) -> None:
        per_product = Counter(o["product_code"] for o in OFFERS)
        assert per_product.keys() == {p["code"] for p in PRODUCTS}
        assert set(per_product.values()) == {1, 2, 3, 4}
        pairs = [(o["product_code"], o["supplier_uscc"]) for o in OFFERS]
        assert len(pairs) == len(set(pairs))

    def test_suppliers_sell_only_their_categories(self) -> None:
        suppliers = {s["uscc"]: s for s in SUPPLIERS}
        products = {p["code"]: p for p in PRODUCTS}
        for offer in OFFERS:
            supplier = suppliers[offer["supplier_uscc"]]
            assert products[offer["product_code"]]["catalogue_category"] in supplier["categories"].split("|")
            assert supplier["standing"] != "under_review"

    def test_money_has_two_decimals_and_is_positive(self) -> None:
        for offer in OFFERS:
            for column in ("price", "reference_price"):
                assert MONEY.fullmatch(offer[column])
                assert Decimal(offer[column]) > 0
            assert Decimal(offer["reference_price"]) >= Decimal(offer["price"])
            for rule in json.loads(offer["freight"]):
                assert rule.keys() == {"division_prefix", "freight", "surcharge"}
                assert MONEY.fullmatch(rule["freight"])
                assert MONEY.fullmatch(rule["surcharge"])
                assert rule["division_prefix"].startswith("65")
                assert len(rule["division_prefix"]) in (2, 4, 6)

    def test_every_product_can_reach_kashgar_from_a_supplier_in_good_standing(self) -> None:
        good = {s["uscc"] for s in SUPPLIERS if s["standing"] == "good"}
        reaching = {
            o["product_code"]
            for o in OFFERS
            if o["supplier_uscc"] in good
            and any("653101".startswith(r["division_prefix"]) for r in json.loads(o["freight"]))
        }
        assert reaching == {p["code"] for p in PRODUCTS}

    def test_large_orders_are_possible(self) -> None:
        """A hundred of the dearer products go beyond 300,000 yuan, the guidance floor of a county."""
        assert sum(Decimal(o["price"]) * 100 >= 300_000 for o in OFFERS) >= 50


class TestPictures:
    @pytest.mark.parametrize("kind", sorted(pictures.DRAWINGS))
    def test_every_kind_is_used(self, kind: str) -> None:
        assert kind in {p["picture"] for p in PRODUCTS}

    def test_well_formed_allow_listed_and_titled(self) -> None:
        namespace = "{http://www.w3.org/2000/svg}"
        for product in PRODUCTS:
            svg = pictures.draw(product)
            root = ET.fromstring(svg)  # noqa: S314  (our own text)
            names = {element.tag.removeprefix(namespace) for element in root.iter()}
            assert names <= pictures.ELEMENTS
            title = root.find(f"{namespace}title")
            assert title is not None
            assert title.text == f"{product['title_zh']}（示意图）"
            attributes = {name for element in root.iter() for name in element.attrib}
            assert not any(a.startswith("on") or a in ("style", "href", "class", "id") for a in attributes)
            assert "url(" not in svg
            assert len(svg) < 12_000
            assert [e.text for e in root.iter() if e is not title and (e.text or "").strip()] == []

    def test_same_row_same_bytes(self) -> None:
        assert [pictures.draw(p) for p in PRODUCTS[:20]] == [pictures.draw(dict(p)) for p in PRODUCTS[:20]]

    def test_an_undrawn_kind_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            pictures.draw({**PRODUCTS[0], "picture": "spaceship"})

    def test_hostile_title_stays_text(self) -> None:
        svg = pictures.draw({**PRODUCTS[0], "title_zh": "<script>&"})
        assert "<script" not in svg
        ET.fromstring(svg)  # noqa: S314
