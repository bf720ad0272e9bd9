"""A disk that is really full: the hospital says so, takes no new work, shows its records, and goes on with room."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from luodi.cli.postgres import free_port
from luodi.simulator.crew import PASSWORD
from tests.journeys.arranging import Patient, arranged
from tests.journeys.served import copy, demo, environment, health, session, soon, token, verified

FULL_ZH, FULL_EN = "服务器磁盘已满，本次操作没有保存", "disk is full"


class SmallDisk:
    """A file system of its own, in memory, that only the commands given to `run` can see."""

    def __init__(self, at: Path, megabytes: int) -> None:
        at.mkdir()
        self.at = at
        script = f"mount -t tmpfs -o size={megabytes}m luodi '{at}' && echo mounted && exec sleep 600"
        self.holder = subprocess.Popen(
            ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script], stdout=subprocess.PIPE, text=True
        )
        assert self.holder.stdout is not None
        self.mounted = self.holder.stdout.readline() == "mounted\n"
        self.inside = ("nsenter", "-t", str(self.holder.pid), "-U", "-m", "--preserve-credentials", "--")

    def run(self, *words: str) -> str:
        return subprocess.run([*self.inside, *words], check=True, capture_output=True, text=True).stdout

    def rows(self, sql: str, *values: object) -> list[list[object]]:
        """Ask (or tell) the database on it."""
        script = (
            "import json, sqlite3, sys; link = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)\n"
            "print(json.dumps(link.execute(sys.argv[2], json.loads(sys.argv[3])).fetchall()))"
        )
        out = self.run("python3", "-c", script, str(self.at / "hospital.sqlite3"), sql, json.dumps(values))
        found: list[list[object]] = json.loads(out)
        return found

    def fill(self) -> None:
        """To the last byte."""
        subprocess.run([*self.inside, "dd", "if=/dev/zero", f"of={self.at}/filler", "bs=64k"], capture_output=True)
        subprocess.run(
            [*self.inside, "dd", "if=/dev/zero", f"of={self.at}/filler", "bs=512", "oflag=append", "conv=notrunc"],
            capture_output=True,
        )

    def free(self) -> None:
        self.run("rm", f"{self.at}/filler")


@pytest.fixture
def disk(hospital, tmp_path: Path) -> Iterator[SmallDisk]:
    """The demo hospital, copied onto a disk with little room."""
    if not (shutil.which("unshare") and shutil.which("nsenter")):
        pytest.skip("util-linux's unshare and nsenter are not here")
    copy(hospital.data, tmp_path / "copy")
    size = sum(file.stat().st_size for file in (tmp_path / "copy").rglob("*") if file.is_file()) >> 20
    disk = SmallDisk(tmp_path / "disk", size + 110)
    try:
        if not disk.mounted:
            pytest.skip("this account may not make a mount of its own")
        disk.run("cp", "-a", f"{tmp_path}/copy/.", f"{disk.at}/")
        yield disk
    finally:
        disk.holder.kill()
        disk.holder.communicate()


@pytest.fixture(scope="module")
def patients(hospital) -> list[Patient]:
    return arranged(hospital.data, "placed", "placed")


@pytest.fixture
def url(disk: SmallDisk, patients: list[Patient], tmp_path: Path) -> Iterator[str]:
    port = free_port()
    process = demo(disk.at, port, tmp_path / "demo.log", inside=disk.inside)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def measure(client: httpx.Client, patient: int, pulse: int) -> httpx.Response:
    return client.post(f"/ward/patients/{patient}/signs/", data={"HR": str(pulse), "BT": "36.8", **token(client)})


def until_full(write: Callable[[int], httpx.Response], acknowledged: list[int]) -> httpx.Response:
    """Write until the disk takes no more; what was acknowledged on the way is noted."""
    for pulse in range(40, 240):
        answer = write(pulse)
        if answer.status_code != 303:
            return answer
        acknowledged.append(pulse)
    raise AssertionError("the disk never filled")


def test_a_full_disk_is_said_refuses_work_and_loses_nothing(disk: SmallDisk, url: str, patients: list[Patient]) -> None:
    mine, other = patients
    nurse, english = session(url, "nurse1"), session(url, "nurse2")
    english.cookies.set("luodi_language", "en")
    acknowledged: list[int] = []
    assert measure(nurse, mine.pk, 39).status_code == 303
    # a session that was last seen a while ago is touched by its next request, full disk or not
    disk.rows("UPDATE trust_session SET seen = datetime(seen, '-5 minutes') WHERE ended IS NULL")
    disk.fill()

    refused = until_full(lambda pulse: measure(nurse, mine.pk, pulse), acknowledged)
    assert refused.status_code in (422, 507)
    assert FULL_ZH in refused.text
    assert 'value="36.8"' in refused.text, "what was typed is still there"
    assert FULL_EN in measure(english, other.pk, 88).text
    status, faults = health(url)
    assert status == 503
    assert set(json.loads(faults)["faults"]) == {"disk"}

    pages = [f"/ward/rounds/patients/{patient.pk}/" for patient in patients] + [f"/ward/patients/{mine.pk}/signs/"]
    spooled = 0
    for page in pages:
        shown = nurse.get(page)
        assert shown.status_code == 200, page
        spooled += "X-Luodi-Spool" in shown.headers
        assert ("账本暂时无法写入" in shown.text) == ("X-Luodi-Spool" in shown.headers)
    assert spooled, "who read what is kept where there is no room for a row"
    login = httpx.Client(base_url=url, headers={"Origin": url})
    login.get("/trust/login/")
    told = login.post("/trust/login/", data={"login": "nurse1", "password": PASSWORD, **token(login)})
    assert FULL_ZH in told.text
    assert told.status_code == 507

    disk.free()
    assert soon(lambda: health(url)[0] == 200)
    assert measure(nurse, mine.pk, 250).status_code == 303
    kept = {int(float(str(row[0]))) for row in disk.rows(
        "SELECT value FROM chart_observation WHERE patient_id = ? AND code = 'HR'", mine.pk)}  # fmt: skip
    assert {39, 250, *acknowledged} <= kept
    assert not disk.rows("SELECT 1 FROM chart_observation WHERE patient_id = ? AND value = 88", other.pk)
    folded = "SELECT count(*) FROM trust_entry WHERE verb = 'read' AND facts LIKE '%\"spooled\":true%'"
    assert soon(lambda: disk.rows(folded)[0][0] >= spooled, 70)
    assert verified(disk.at, *disk.inside)


def test_a_start_on_a_full_disk_is_refused_in_one_line_and_succeeds_when_there_is_room(
    disk: SmallDisk, tmp_path: Path
) -> None:
    disk.fill()
    command = [*disk.inside, sys.executable, "-m", "luodi", "demo", "--port", str(free_port()), "--data", str(disk.at)]
    refused = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 1, refused.stderr
    assert "磁盘已满" in refused.stderr
    disk.free()
    port = free_port()
    process = demo(disk.at, port, tmp_path / "demo.log", inside=disk.inside)
    try:
        session(f"http://127.0.0.1:{port}", "nurse1").close()
    finally:
        process.terminate()
        process.wait(30)
    assert verified(disk.at, *disk.inside)
