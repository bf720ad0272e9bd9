"""What a hospital sets, read from the environment (`LUODI_*`) or a TOML file, and refused where it is unsafe.

The environment wins over the file. Every refusal is one line that names the setting, Chinese first.
"""

import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MODES = ("demo", "trial", "production", "test")
SECRET_LENGTH = 50
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_OFF = ("", "0", "false", "no", "off")


class Unsafe(Exception):
    """A setting that must not be started with; the message is for the person at the terminal and holds no secret."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True)
class Config:
    """The validated settings. `database` is "" for the SQLite file in `data`, else a postgresql:// address."""

    mode: str
    data: Path
    secret: str
    root_key: str
    database: str = ""
    hosts: tuple[str, ...] = ()
    tls: str = "none"
    host: str = "127.0.0.1"
    port: int = 8000
    live_port: int = 0
    live_url: str = ""
    workers: int = 2
    anyone: bool = False
    hospital: str = "落地示范医院"
    sms: str = ""

    @property
    def engine(self) -> str:
        """ "sqlite" or "postgresql"."""
        return "postgresql" if self.database else "sqlite"

    @property
    def live(self) -> int:
        """Port of the live process: the one after the web port unless it was set."""
        return self.live_port or self.port + 1


def load(environ: Mapping[str, str]) -> Config:
    """The configuration of this start. Raises Unsafe."""
    given = _file(environ.get("LUODI_CONFIG", "")) | _environment(environ)
    if str(given.pop("debug", "")).lower() not in _OFF:
        raise Unsafe(
            "LUODI_DEBUG 不存在：错误页会泄露患者数据", "debug pages would show patient data; unset LUODI_DEBUG"
        )
    config = _typed(given)
    _check_mode(config)
    _check_key_file(config.root_key)
    _check_secret(config.secret)
    _check_sms(config)
    _check_network(config)
    _check_database(config)
    return config


def _file(name: str) -> dict[str, Any]:
    if not name:
        return {}
    try:
        given = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise Unsafe(f"读不了配置文件 LUODI_CONFIG：{fault}", f"cannot read LUODI_CONFIG: {fault}") from None
    unknown = given.keys() - _names() - {"secret_file"}
    if unknown:
        raise Unsafe(
            f"配置文件里有不认识的设置：{sorted(unknown)}", f"unknown settings in LUODI_CONFIG: {sorted(unknown)}"
        )
    return given


def _names() -> set[str]:
    return {field.name for field in fields(Config)} | {"debug"}


def _environment(environ: Mapping[str, str]) -> dict[str, Any]:
    names = _names() | {"secret_file"}
    return {name: environ[f"LUODI_{name.upper()}"] for name in names if f"LUODI_{name.upper()}" in environ}


def _typed(given: dict[str, Any]) -> Config:
    data = Path(given.pop("data", "") or "hospital").expanduser().absolute()
    hosts = given.pop("hosts", "")
    given["hosts"] = tuple(h.strip() for h in (hosts.split(",") if isinstance(hosts, str) else hosts) if h.strip())
    for name in ("port", "live_port", "workers"):
        if name in given:
            given[name] = _number(name, given[name])
    given["anyone"] = str(given.get("anyone", "")).lower() not in _OFF
    secret_file = Path(given.pop("secret_file", "") or data / "keys" / "secret.key")
    given.setdefault("secret", _secret(secret_file))
    given.setdefault("root_key", f"file:{data / 'keys' / 'root.key'}")
    given.setdefault("mode", "")
    if given["mode"] in ("demo", "test"):
        given.setdefault("sms", f"file:{data / 'outbox' / 'messages.jsonl'}")
    return Config(data=data, **given)


def _number(name: str, value: object) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = 0
    if not 0 < number < 65536:
        raise Unsafe(
            f"LUODI_{name.upper()} 应为 1 到 65535 的整数", f"LUODI_{name.upper()} must be a number, 1 to 65535"
        )
    return number


def _secret(path: Path) -> str:
    try:
        mode, text = path.stat().st_mode, path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Unsafe(f"密钥文件 {path} 可被他人读取：chmod 600", f"{path} can be read by others: chmod 600 it")
    return text


def _check_mode(config: Config) -> None:
    if config.mode not in MODES:
        raise Unsafe(
            f"LUODI_MODE 应为 {'、'.join(MODES)} 之一", f"LUODI_MODE must say what this is: {', '.join(MODES)}"
        )


def _check_secret(secret: str) -> None:
    if len(secret) < SECRET_LENGTH or len(set(secret)) < 5:
        raise Unsafe(
            f"没有会话密钥或太短：运行 luodi keys，或设置 LUODI_SECRET（至少 {SECRET_LENGTH} 个字符）",
            f"no secret, or one under {SECRET_LENGTH} characters: run `luodi keys` or set LUODI_SECRET",
        )


def _check_key_file(root_key: str) -> None:
    for one in root_key.split(";"):
        _check_root(one.strip())


def _check_root(named: str) -> None:
    kind, _, rest = named.partition(":")
    if kind not in ("file", "env", "module") or not rest:
        raise Unsafe(
            "LUODI_ROOT_KEY 应为 file:、env: 或 module:", "LUODI_ROOT_KEY must begin with file:, env: or module:"
        )
    path = Path(rest)
    if kind == "file" and path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Unsafe(
            f"根密钥文件 {path} 可被他人读取：chmod 600", f"root key {path} can be read by others: chmod 600 it"
        )


def _check_sms(config: Config) -> None:
    kind, _colon, rest = config.sms.partition(":")
    if config.sms and (kind not in ("file", "module") or not rest):
        raise Unsafe("LUODI_SMS 应为 file: 或 module:", "LUODI_SMS must begin with file: or module:")
    if kind == "file" and config.mode == "production":
        raise Unsafe(
            "生产环境的短信不能写入文件：LUODI_SMS 应为 module:",
            "in production text messages go to a provider, not into a file: LUODI_SMS=module:…",
        )


def _check_network(config: Config) -> None:
    if config.tls not in ("none", "proxy"):
        raise Unsafe("LUODI_TLS 应为 none 或 proxy", "LUODI_TLS must be none or proxy")
    if config.mode == "demo":
        if config.host not in LOOPBACK and not config.anyone:
            raise Unsafe(
                "演示口令是公开的：只在本机监听，或明确加 --anyone",
                "the demo's passwords are public: it listens on loopback unless given --anyone",
            )
        return
    if config.mode == "production" and config.tls != "proxy":
        raise Unsafe("生产环境须经 TLS 代理：LUODI_TLS=proxy", "production needs a TLS proxy in front: LUODI_TLS=proxy")
    if config.mode != "test" and (not config.hosts or any("*" in host for host in config.hosts)):
        raise Unsafe(
            "LUODI_HOSTS 须写明域名，不能为空或含 *", "LUODI_HOSTS must name the hosts; empty and * are refused"
        )
    if config.tls == "none" and config.host not in LOOPBACK:
        raise Unsafe("没有 TLS 时只能在本机监听", "without TLS it listens on loopback only")


def _check_database(config: Config) -> None:
    if not config.database:
        if config.mode == "production":
            raise Unsafe(
                "生产环境用 PostgreSQL：设置 LUODI_DATABASE；单机试用请写 LUODI_MODE=trial",
                "production needs PostgreSQL: set LUODI_DATABASE, or say LUODI_MODE=trial for one machine",
            )
        return
    address = urlsplit(config.database)
    if address.scheme not in ("postgresql", "postgres") or not address.path.strip("/"):
        raise Unsafe(
            "LUODI_DATABASE 形如 postgresql://用户@主机/库名", "LUODI_DATABASE looks like postgresql://user@host/name"
        )
