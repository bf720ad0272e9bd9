"""A hospital from keys to backup and back, by the commands alone."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from luodi.cli.postgres import free_port
from tests.cli.conftest import ROOT, Command
from tests.running import running_on


def one_line(text: str) -> bool:
    return len(text.strip().splitlines()) == 1 and "Traceback" not in text


def test_nothing_starts_without_keys(luodi: Command) -> None:
    refused = luodi("migrate")
    assert refused.returncode == 2
    assert one_line(refused.stderr)
    assert "LUODI_SECRET" in refused.stderr


def test_keys_are_made_once_and_for_their_owner(luodi: Command, tmp_path: Path) -> None:
    luodi("keys")
    keys = sorted((tmp_path / "data" / "keys").iterdir())
    assert [key.name for key in keys] == ["root.key", "secret.key"]
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}
    before = [key.read_bytes() for key in keys]
    luodi("keys")
    assert [key.read_bytes() for key in keys] == before


def test_whatever_lies_in_the_folder_is_its_owners_alone(trial: Command, tmp_path: Path) -> None:
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert "hospital.sqlite3" in {path.name for path in files}
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in files} == {path.name: "0o0" for path in files}


def test_serve_refuses_a_database_that_is_behind(luodi: Command) -> None:
    luodi("keys")
    refused = luodi("serve")
    assert refused.returncode == 1
    assert one_line(refused.stderr)
    assert "luodi migrate" in refused.stderr


def test_doctor_names_what_is_missing(luodi: Command, trial: Command, tmp_path: Path) -> None:
    well = json.loads(luodi("doctor", "--json").stdout)
    assert all(finding["good"] for finding in well if finding["needed"])
    (tmp_path / "data" / "keys" / "root.key").unlink()
    ill = luodi("doctor", "--json")
    assert ill.returncode == 1
    assert [f["mend"] for f in json.loads(ill.stdout) if f["needed"] and not f["good"]] == ["luodi keys"]


def test_a_backup_comes_back_and_verifies(trial: Command, tmp_path: Path) -> None:
    assert trial("backup", str(tmp_path / "b"), "--with-keys").returncode == 0
    (source,) = (tmp_path / "b").iterdir()
    restored = trial("restore", str(source), "--data", str(tmp_path / "again"))
    assert restored.returncode == 0, restored.stderr
    before = json.loads(trial("ledger", "head", "--json").stdout)
    after = json.loads(trial("ledger", "head", "--json", "--data", str(tmp_path / "again")).stdout)
    assert before == after
    assert before["head"] > 0


def test_a_restore_never_overwrites(trial: Command, tmp_path: Path) -> None:
    trial("backup", str(tmp_path / "b"), "--with-keys")
    (source,) = (tmp_path / "b").iterdir()
    refused = trial("restore", str(source))
    assert refused.returncode == 2
    assert one_line(refused.stderr)


def test_a_changed_backup_is_refused(trial: Command, tmp_path: Path) -> None:
    trial("backup", str(tmp_path / "b"), "--with-keys")
    (source,) = (tmp_path / "b").iterdir()
    with (source / "hospital.sqlite3").open("r+b") as file:
        file.seek(5000)
        file.write(b"\xff")
    refused = trial("restore", str(source), "--data", str(tmp_path / "again"))
    assert refused.returncode == 1
    assert "hospital.sqlite3" in refused.stderr
    assert not (tmp_path / "again").exists()


def test_a_restore_without_keys_says_so(trial: Command, tmp_path: Path) -> None:
    trial("backup", str(tmp_path / "b"))
    (source,) = (tmp_path / "b").iterdir()
    refused = trial("restore", str(source), "--data", str(tmp_path / "again"))
    assert refused.returncode == 2
    assert "--keys" in refused.stderr
    given = trial("restore", str(source), "--data", str(tmp_path / "again"), "--keys", str(tmp_path / "data" / "keys"))
    assert given.returncode == 0, given.stderr


def test_ledger_verify_names_a_changed_entry(trial: Command, tmp_path: Path) -> None:
    trial("ledger", "seal")
    assert json.loads(trial("ledger", "verify", "--json").stdout)["ok"]
    with sqlite3.connect(tmp_path / "data" / "hospital.sqlite3") as behind_its_back:
        behind_its_back.execute("DROP TRIGGER trust_entry_no_update")
        behind_its_back.execute("UPDATE trust_entry SET verb = 'nothing' WHERE id = (SELECT MIN(id) FROM trust_entry)")
    behind_its_back.close()
    found = trial("ledger", "verify", "--json")
    assert found.returncode == 1
    assert json.loads(found.stdout)["fault"]["what"] == "changed"


def test_the_demo_leaves_a_real_hospital_alone(trial: Command, tmp_path: Path) -> None:
    refused = trial("demo")
    assert refused.returncode == 2
    assert one_line(refused.stderr)
    assert (tmp_path / "data" / "hospital.sqlite3").exists()


def test_the_demo_stays_on_this_machine(luodi: Command) -> None:
    refused = luodi("demo", "--host", "0.0.0.0")
    assert refused.returncode == 2
    assert "--anyone" in refused.stderr


def _answer(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def test_serve_answers_and_ends_its_processes(trial: Command, tmp_path: Path) -> None:
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LUODI_", "DJANGO_"))}
    environment |= {"LUODI_MODE": "trial", "LUODI_HOSTS": "127.0.0.1", "LUODI_DATA": str(tmp_path / "data")}
    log = (tmp_path / "log").open("wb")
    serving = subprocess.Popen(
        [sys.executable, "-m", "luodi", "serve", "--port", str(port)],
        cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 40
        answer = (0, b"")
        while answer[0] != 200 and time.monotonic() < deadline:
            time.sleep(0.2)
            try:
                answer = _answer(f"http://127.0.0.1:{port}/healthz")
            except OSError:
                continue
        assert answer[0] == 200, (tmp_path / "log").read_text()
        assert json.loads(answer[1]) == {"ready": True, "faults": {}}
        assert _answer(f"http://127.0.0.1:{port + 1}/live/?topics=review")[0] == 401
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait(30)
    assert serving.returncode == 0, (tmp_path / "log").read_text()
    assert not running_on(tmp_path / "data"), "a process was left behind"


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_a_process_that_does_not_end_is_ended_with_its_workers(tmp_path: Path, told: signal.Signals) -> None:
    deaf = "import os,signal,time; [signal.signal(n, signal.SIG_IGN) for n in (15, 2, 1)]; os.fork(); time.sleep(60)"
    script = f"""
import sys, django
django.setup()
from luodi.cli import processes
processes._PATIENCE = 1.0
crew = processes.Crew()
crew.commands = {{"deaf": [sys.executable, "-c", {deaf!r}]}}
crew.run()
"""
    environment = os.environ | {"LUODI_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "luodi.web.settings"}
    (tmp_path / "data").mkdir()
    crew = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment)
    deadline = time.monotonic() + 30
    while len(running_on(tmp_path / "data")) < 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(running_on(tmp_path / "data")) == 3
    crew.send_signal(told)
    assert crew.wait(30) == 0
    assert not running_on(tmp_path / "data")


def test_a_head_noted_outside_is_taken_back_as_an_anchor(trial: Command) -> None:
    trial("ledger", "seal")
    head = json.loads(trial("ledger", "head", "--json").stdout)
    good = trial("ledger", "verify", "--anchor", f"{head['block']}:{head['digest']}")
    assert good.returncode == 0, good.stderr
    cut = trial("ledger", "verify", "--anchor", f"{head['block'] + 1}:{head['digest']}")
    assert cut.returncode == 1
    assert one_line(trial("ledger", "verify", "--anchor", "nonsense").stderr)


def test_the_first_administrator_is_made_once(trial: Command) -> None:
    made = trial("administrator", "Root1", "系统管理员", "--password", "First-1-word!")
    assert made.returncode == 0, made.stderr
    again = trial("administrator", "root2", "系统管理员", "--password", "First-1-word!")
    assert again.returncode == 1
    assert one_line(again.stderr)


def test_measures_of_an_empty_hospital_have_no_value(trial: Command) -> None:
    readings = json.loads(trial("measures", "--json").stdout)
    assert {reading["measure"] for reading in readings} >= {"closed_loop_rate", "minutes_to_doctor", "returned_per_100"}
    assert all(reading["value"] is None for reading in readings)


def test_a_trial_is_founded_with_master_data_and_nobody_in_it(trial: Command, tmp_path: Path) -> None:
    seeded = trial("seed")
    assert seeded.returncode == 0, seeded.stderr
    assert "luodi administrator" in seeded.stdout
    link = sqlite3.connect(tmp_path / "data" / "hospital.sqlite3")
    count = {
        table: link.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
        for table in ("trust_staff", "trust_post", "terms_medicine", "terms_rule")
    }
    assert count["trust_staff"] == 0, "no account with a public password"
    assert min(count["trust_post"], count["terms_medicine"], count["terms_rule"]) > 0
    loads = link.execute("SELECT staff, device FROM trust_entry WHERE verb = 'terms.load'").fetchall()
    assert loads == [(0, "command")]
    link.close()
    assert not (tmp_path / "data" / "demo-logins.json").exists()
    refused = trial("simulate", "--visits", "1")
    assert refused.returncode == 2
    assert one_line(refused.stderr)
    assert "luodi demo" in refused.stderr
    assert json.loads(trial("ledger", "verify", "--json").stdout)["ok"]
