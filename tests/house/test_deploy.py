"""What a hospital copies from deploy/ can be read by the program that it is meant for."""

import configparser
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from luodi.web.config import load
from tests.house.tree import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("systemd/*.service"))


def test_the_example_starts_once_it_has_a_secret(tmp_path: Path) -> None:
    secret = tmp_path / "secret.key"
    secret.write_text("0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij")
    secret.chmod(0o600)
    example = DEPLOY / "luodi.example.toml"
    config = load({"LUODI_CONFIG": str(example), "LUODI_SECRET_FILE": str(secret)})
    assert (config.mode, config.engine, config.tls) == ("production", "postgresql", "proxy")
    assert tomllib.loads(example.read_text())["secret_file"].endswith("secret.key")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_units_start_words_that_exist(unit: Path) -> None:
    from typer.main import get_command

    from luodi.cli.app import app

    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(unit)
    service = parsed["Service"]
    program, *words = service["ExecStart"].split()
    assert program.endswith("/luodi")
    command = get_command(app).commands[words[0]]  # type: ignore[attr-defined]
    command.make_context(words[0], list(words[1:]))
    assert service["User"] == "luodi"
    assert service["NoNewPrivileges"] == "yes"


def test_the_three_processes_have_units() -> None:
    assert [unit.stem for unit in UNITS] == ["luodi-live", "luodi-web", "luodi-worker"]


def test_compose_runs_the_same_three_on_postgresql() -> None:
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = composed["services"]
    assert set(services) == {"database", "web", "live", "worker", "proxy"}
    settings = services["web"]["environment"]
    given = {key: re.sub(r"\$\{(\w+):\?[^}]*\}", "hospital.example", str(value)) for key, value in settings.items()}
    assert load(given | {"LUODI_SECRET": "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij"}).tls == "proxy"
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in composed["volumes"] or source.startswith("${") or (DEPLOY / source).exists()


@pytest.mark.parametrize("proxy", ["nginx.conf", "Caddyfile"])
def test_proxies_send_live_updates_to_the_live_process(proxy: str) -> None:
    text = (DEPLOY / proxy).read_text()
    assert text.count("{") == text.count("}")
    live = text.index("/live/")
    assert text.index("8001") > live
    assert "8000" in text
