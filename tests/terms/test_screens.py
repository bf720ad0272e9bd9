"""Formulary and rules as people see them."""

import re

import pytest
from django.test import Client
from django.utils import translation

from luodi.terms import files
from luodi.terms.vocabulary import ARTICLES, DOSE_UNITS, FORMS, PACK_UNITS, RULES, SOURCES, said
from luodi.trust import sessions
from luodi.trust.models import Staff


@pytest.fixture
def client(loaded) -> Client:
    Staff.objects.filter(pk=loaded.staff).update(must_change=False)
    token, _row = sessions.begin(loaded.staff, "test")
    browser = Client()
    browser.cookies[sessions.COOKIE] = token
    return browser


def test_without_login_the_formulary_is_closed(db):
    assert Client().get("/terms/medicines/").status_code == 302


def test_formulary_search_and_status(client):
    page = client.get("/terms/medicines/", {"q": "AMXL"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "阿莫西林" in text
    assert "布洛芬" not in text
    assert "未经药师审核" in text
    assert "没有找到这种药品" in client.get("/terms/medicines/", {"q": "zzzz"}).content.decode()
    assert "style=" not in text


def test_whole_formulary_comes_by_pages(client):
    first, second = (client.get("/terms/medicines/", {"page": n}).content.decode() for n in (1, 2))
    assert "M0001" in first
    assert "M0001" not in second
    assert len(first.encode()) < 150_000


def test_one_medicine_as_page_and_as_panel(client):
    page = client.get("/terms/medicines/M0043/").content.decode()
    panel = client.get("/terms/medicines/M0043/", headers={"HX-Request": "true"}).content.decode()
    for text in (page, panel):
        assert "二甲双胍" in text
        assert "汇编，未审核" in text
        assert "乳酸酸中毒" in text
    assert "<html" in page
    assert "<html" not in panel
    assert client.get("/terms/medicines/M9999/").status_code == 404


def test_marks_of_a_narcotic(client):
    panel = client.get("/terms/medicines/M0457/", headers={"HX-Request": "true"}).content.decode()
    assert "高警示" in panel
    assert "麻醉药品" in panel


def test_rules_name_their_source_and_article(client):
    text = client.get("/terms/rules/").content.decode()
    for words in ("每张处方不超过五种药品", "处方管理办法(卫生部令第53号)", "第六条第七项", "luodi-base"):
        assert words in text


def test_the_shipped_tables_are_loaded_by_screen(client, loaded):
    assert "载入随附" in client.get("/terms/rules/").content.decode()
    assert client.post("/terms/load/").status_code == 303


def test_without_rules_the_page_says_what_to_do(client, monkeypatch):
    from luodi.terms import knowledge, queries

    def none(on):
        raise knowledge.NoRules

    monkeypatch.setattr(queries, "ruleset", none)
    assert "审方规则没有载入" in client.get("/terms/rules/").content.decode()


CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_form_unit_and_rule_of_the_shipped_tables_has_english(client):
    with translation.override("en"):
        shipped = {row[name] for row in files.rows(files.HERE, "forms") for name in ("form_zh", "pack_unit")}
        shipped |= {row["title_zh"] for row in files.rows(files.HERE, "rules")}
        assert [word for word in shipped if CHINESE.search(said(word))] == []
        assert said("本院自制剂型") == "本院自制剂型", "what a hospital adds stays as it was written"
        assert said("") == ""
    assert set(FORMS) | set(PACK_UNITS) | set(RULES) == shipped


def test_every_dose_unit_law_and_article_of_the_shipped_tables_has_english():
    doses = {row["dose_unit"] for row in files.rows(files.HERE, "medicines")}
    rules = [*files.rows(files.HERE, "rules")]
    shipped = {"dose": {unit for unit in doses if CHINESE.search(unit)} - set(PACK_UNITS)}
    shipped |= {name: {row[name] for row in rules} - {""} for name in ("source", "article")}
    gathered = {"dose": set(DOSE_UNITS), "source": set(SOURCES), "article": set(ARTICLES)}
    assert gathered == shipped
    with translation.override("en"):
        assert [word for words in shipped.values() for word in words if CHINESE.search(said(word))] == []


@pytest.mark.parametrize(
    ("form", "unit"),
    [
        ("软膏", "tube"),
        ("滴眼剂", "bottle"),
        ("吸入剂", "bottle"),
        ("吸入气雾剂", "inhaler"),
        ("注射用粉针", "vial"),
        ("注射液", "container"),
        ("", "container"),
    ],
)
def test_a_long_thing_is_named_by_the_form_it_holds(form, unit):
    """An insulin cartridge and a syringe of heparin are 支 too: neither is called a vial."""
    with translation.override("en"):
        assert said("支", form) == unit
        assert said("片", form) == "tab"
    assert said("支", form) == "支"


def test_an_english_reader_reads_forms_and_rules_in_english(client):
    client.cookies["luodi_language"] = "en"
    cells = re.findall(r"<tr><td>(.*?)</td>", client.get("/terms/rules/").content.decode())
    assert len(cells) > 40
    assert [cell for cell in cells if CHINESE.search(cell)] == []
    grounds = re.findall(r'<td class="words">(.*?)</td>', client.get("/terms/rules/").content.decode())
    assert len(grounds) == len(cells)
    assert [ground for ground in grounds if CHINESE.search(ground)] == []
    assert any("Order No. 53) art. 6(7)" in ground for ground in grounds)
    inhaled = client.get("/terms/medicines/", {"q": "salmeterol"}).content.decode()
    assert '<span class="unit">inhalation</span>' in inhaled
    panel = client.get("/terms/medicines/M0043/", headers={"HX-Request": "true"}).content.decode()
    assert "<dd>by mouth</dd>" in panel
    listed = client.get("/terms/medicines/").content.decode()
    assert "enteric-coated capsule" in listed
    assert "肠溶胶囊" not in listed
