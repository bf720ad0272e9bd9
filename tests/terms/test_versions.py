"""Versions of the knowledge: what is loaded waits, what is in force stays, what goes live is proved."""

import dataclasses
import shutil
import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from luodi.terms import actions, files, queries, standing, versions, warrant
from luodi.terms.models import Contraindication, KnowledgeSource, Medicine, Rule, RuleSet
from luodi.trust import clock, sessions, vault
from luodi.trust.actor import Actor, system
from luodi.trust.founding import found
from luodi.trust.models import Holding, Post, Staff, Unit
from luodi.trust.refusal import Forbidden, Refusal
from tests.terms.conftest import BEGAN

DAY = date(2026, 11, 25)
AT = datetime(2026, 11, 25, 2, tzinfo=UTC)


def changed(folder: Path, file: str = "rules", old: str = "five,kinds,refuse", new: str = "five,kinds,ask") -> Path:
    """A folder like the shipped one with one thing other."""
    target = shutil.copytree(files.HERE, folder / "changed", dirs_exist_ok=True)
    path = target / f"{file}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return target


def member(post: str, login: str = "") -> Actor:
    """Somebody at work in a post of the committee."""
    found()
    unit, _new = Unit.objects.get_or_create(
        code="T-DTC", defaults={"name_zh": "药事会", "name_en": "DTC", "kind": "office"}
    )
    name = login or post
    staff = Staff.objects.create(login=name, name_zh=name, password="!", password_at=BEGAN, must_change=False)
    holding = Holding.objects.create(staff=staff, post=Post.objects.get(code=post), unit=unit, since=BEGAN)
    _token, row = sessions.begin(staff.pk, "test", holding=holding.pk)
    return sessions.actor_of(row)


def signed(by: Actor, digest: str, decision: str = "approve") -> warrant.Warrant:
    message = warrant.message(by, digest, decision, "", "", clock.now())
    key, value = vault.sign(by, message)
    return warrant.Warrant(by.staff, key, message, value)


@pytest.fixture
def real(monkeypatch):
    """The settings of a production hospital."""
    monkeypatch.setattr(settings, "LUODI", dataclasses.replace(settings.LUODI, mode="production"))


@pytest.fixture
def candidate(loaded, tmp_path):
    with clock.at(AT):
        yield actions.load(loaded, changed(tmp_path))


def grade() -> str:
    return queries.ruleset(DAY).of("kinds")[0].grade


def test_a_candidate_is_kept_verbatim_and_changes_no_check(candidate, tmp_path):
    assert (candidate.live, candidate.changed) == (False, True)
    assert grade() == "refuse"
    assert versions.ruleset(candidate.version, DAY).of("kinds")[0].grade == "ask"
    with versions.folder(candidate.version) as place:
        kept = {path.name: path.read_bytes() for path in place.iterdir()}
    assert kept["rules.csv"] == (tmp_path / "changed" / "rules.csv").read_bytes()
    assert kept["icd10.csv"] == (files.HERE / "icd10.csv").read_bytes()
    assert files.digest_of({name[:-4]: files.sm3(body) for name, body in kept.items()}) == candidate.digest


def test_kept_bytes_that_were_changed_are_not_put_in_force(candidate):
    from luodi.terms.kept import Content

    file = Content.objects.get(digest=files.sm3(_kept(candidate.version, "rules")))
    file.packed = zlib.compress(b"code\n")
    file.save()
    with pytest.raises(versions.Broken):
        actions.enact(system("test"), candidate.version)
    assert grade() == "refuse"


def _kept(pk: int, name: str) -> bytes:
    with versions.folder(pk) as place:
        return (place / f"{name}.csv").read_bytes()


def test_what_a_file_says_of_its_own_status_is_not_believed(loaded, tmp_path):
    folder = changed(tmp_path, "rulesets", "luodi-base,1,compiled", "luodi-base,2,approved")
    made = actions.load(loaded, folder)
    actions.enact(system("test"), made.version)
    assert queries.provenance().status == "compiled"
    assert versions.live().status == "compiled"


def test_the_set_in_force_gets_its_files_when_they_are_loaded(loaded):
    assert versions.live().version == versions.versions()[0].pk
    assert versions.versions()[0].live


def test_a_version_that_comes_back_is_in_force_as_it_was(loaded, tmp_path):
    extra = "M9001," + (files.HERE / "medicines.csv").read_text(encoding="utf-8").splitlines()[1].partition(",")[2]
    folder = changed(tmp_path)
    (folder / "medicines.csv").open("a", encoding="utf-8").write("\n" + extra)
    first = versions.live().version
    before = queries.ruleset(DAY)
    with clock.at(AT):
        made = actions.load(loaded, folder)
        actions.enact(system("test"), made.version)
        assert "M9001" in queries.ruleset(DAY).drugs
        assert queries.medicine("M9001") is not None
    with clock.at(AT + timedelta(days=1)):
        actions.enact(system("test"), first)
        after = queries.ruleset(clock.today())
        assert after.digest == before.digest
        assert after.of("kinds")[0].grade == "refuse"
        assert "M9001" not in after.drugs
        assert queries.medicine("M9001") is not None, "what was signed meanwhile can still be read"
    assert queries.ruleset(DAY).digest == made.digest, "that day keeps its version"


def test_in_production_nothing_goes_live_unapproved(real, candidate):
    for by in (system("worker"), member("committee_secretary")):
        with pytest.raises(warrant.Unapproved):
            actions.enact(by, candidate.version)
    assert grade() == "refuse"


def test_in_production_not_even_the_first_set_goes_live_by_loading(real, loaded, tmp_path):
    Rule.objects.all().delete()
    RuleSet.objects.all().delete()
    made = actions.load(loaded)
    assert not made.live
    assert versions.live() is None


def test_a_mode_that_nobody_knows_is_bound(monkeypatch):
    for mode in ("production", "", "Demo", "staging"):
        monkeypatch.setattr(settings, "LUODI", dataclasses.replace(settings.LUODI, mode=mode))
        assert warrant.bound()
    monkeypatch.delattr(settings, "LUODI")
    assert warrant.bound()


def test_two_members_put_it_in_force_and_every_row_says_so(real, candidate):
    with clock.at(AT):
        pair = [signed(member(post), candidate.digest) for post in ("committee_chair", "committee_pharmacist")]
        actions.enact(system("worker"), candidate.version, pair)
        assert grade() == "ask"
        said = queries.provenance()
    assert (said.status, said.approved, versions.live().status) == ("approved", True, "approved")
    assert said.counts["medicine"] == {"approved": Medicine.objects.filter(effective_to=None).count()}


def test_what_does_not_prove_an_approval(real, candidate):
    chair, pharmacist = member("committee_chair"), member("committee_pharmacist")
    other = member("committee_pharmacist", "p2")
    outsider = member("director")
    digest = candidate.digest
    one, two = signed(chair, digest), signed(pharmacist, digest)
    refused = {
        "one": [one],
        "one twice": [one, signed(chair, digest)],
        "another digest": [one, signed(pharmacist, "0" * 64)],
        "no chair": [two, signed(other, digest)],
        "no pharmacist": [one, signed(member("committee_chair", "c2"), digest)],
        "a rejection": [one, signed(pharmacist, digest, "reject")],
        "no member": [one, signed(outsider, digest)],
        "another's key": [one, two._replace(key_id=one.key_id)],
        "another's name": [one, one._replace(staff=pharmacist.staff)],
        "changed bytes": [one, two._replace(message=two.message.replace(b"approve", b"Approve"))],
        "other words": [one, two._replace(message=two.message.replace(b'"reason":""', b'"reason":"-"'))],
        "no bytes": [one, two._replace(message=b"\xff")],
    }
    for name, warrants in refused.items():
        with pytest.raises(warrant.Unapproved):
            actions.enact(system("worker"), candidate.version, warrants)
        assert grade() == "refuse", name
    assert warrant.approved(digest, [one, two])


def test_no_policy_lets_one_person_alone(candidate, monkeypatch):
    monkeypatch.setattr(warrant.policy, "number", lambda key: 0)
    assert warrant.needed() == (2, False, False)


def test_only_who_may_puts_in_force(candidate, loaded):
    with pytest.raises(Forbidden):
        actions.enact(loaded, candidate.version)


def test_what_is_live_is_not_put_in_force_again(loaded):
    with pytest.raises(actions.AlreadyLive):
        actions.enact(system("test"), versions.live().version)


def test_a_hospital_of_before_goes_on_and_is_told(real, loaded):
    RuleSet.objects.update(version_of=None)
    assert versions.live().version is None
    assert grade() == "refuse"
    assert "从未批准" in queries.provenance().sentence


def test_a_review_holds_for_exactly_what_was_seen(loaded, candidate):
    pharmacist = member("committee_pharmacist")
    live = versions.live().version
    actions.review(pharmacist, live, "rule", "vague-usage", "核对处方管理办法第六条")
    actions.review(pharmacist, live, "rule", "five", "核对处方管理办法第六条第七项")
    marked = {row.code: row.status for row in Rule.objects.filter(ruleset__effective_to=None)}
    assert {code for code, status in marked.items() if status == "reviewed"} == {"vague-usage", "five"}
    actions.enact(system("test"), candidate.version)
    marked = {row.code: row.status for row in Rule.objects.filter(ruleset__effective_to=None)}
    assert {code for code, status in marked.items() if status == "reviewed"} == {"vague-usage"}, "five has changed"
    assert [r.key for r in versions.reviews_of(candidate.version, "rule")] == ["vague-usage"]


def test_a_whole_table_is_reviewed_at_once_and_shown_in_force(loaded):
    rule = queries.ruleset(DAY)
    actions.review(member("committee_pharmacist"), versions.live().version, "contraindication", "", "逐条核对说明书")
    assert queries.provenance().counts["contraindication"] == {"reviewed": Contraindication.objects.count()}
    again = queries.ruleset(DAY)
    assert again is not rule
    assert "药师已审核" in again.contraindications[0].source


def test_a_review_needs_a_note_a_row_and_the_right(loaded):
    live = versions.live().version
    pharmacist = member("committee_pharmacist")
    for key, note in (("five", "  "), ("no such rule", "核对")):
        with pytest.raises(Refusal):
            actions.review(pharmacist, live, "rule", key, note)
    with pytest.raises(Forbidden):
        actions.review(loaded, live, "rule", "five", "核对")


def test_sources_grow_stale_by_age_by_date_and_by_silence(loaded):
    def stale(on: date) -> set[str]:
        return {each.code for each in standing.stale("test", on)}

    standing._sources.cache_clear()
    assert stale(date(2026, 11, 24)) == {"ansm"}, "the edition of August 2016 is more than ten years old"
    assert "compiled" in stale(date(2027, 11, 24))
    KnowledgeSource.objects.filter(code="onc").update(dated=None)
    standing._sources.cache_clear()
    assert "onc" in stale(date(2026, 11, 24))
    KnowledgeSource.objects.update(effective_to=DAY)
    standing._sources.cache_clear()
    assert [each.code for each in standing.stale("test", DAY)] == [""], "nobody knows how old it is"
    standing._sources.cache_clear()


def test_the_screens_say_that_a_source_is_stale(loaded):
    with clock.at(AT):
        assert any("2016-08" in words for words in queries.provenance().stale)
    with clock.at(datetime(2026, 7, 1, tzinfo=UTC)):
        assert queries.provenance().stale == ()
