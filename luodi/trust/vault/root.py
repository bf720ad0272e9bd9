"""Where the root key lives. The program only asks it to wrap and unwrap, as a PKCS#11 token would."""

import base64
import os
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from django.conf import settings

from luodi.trust.vault import sm

# fewer different bytes, fewer different steps or nothing but typed characters: once in some six million random keys
_DIFFERENT, _STEPS = 8, 8


class RootKey(Protocol):
    """Shape of a root key provider: a token of the hospital's may keep the key inside and do both itself."""

    def wrap(self, key: bytes) -> bytes: ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """Raises sm.Forged for what another root key wrapped."""
        ...


class RootKeyUnavailable(Exception):
    """The root key cannot be had; the message names what to mend and holds no key."""


class SoftwareRoot:
    """A root key held in memory, 16 bytes, from a file or the environment."""

    def __init__(self, key: bytes) -> None:
        if len(key) != sm.KEY:
            raise RootKeyUnavailable("the root key is not 16 bytes, base64")
        self._key = key

    @property
    def weak(self) -> bool:
        """True for a key that somebody thought up: few different bytes, an even step, or typed text."""
        steps = {(b - a) % 256 for a, b in pairwise(self._key)}
        typed = all(0x20 <= byte < 0x7F for byte in self._key)
        return len(set(self._key)) < _DIFFERENT or len(steps) < _STEPS or typed

    def wrap(self, key: bytes) -> bytes:
        return sm.sm4_seal(self._key, key, b"root")

    def unwrap(self, wrapped: bytes) -> bytes:
        return sm.sm4_open(self._key, wrapped, b"root")


class Ring:
    """The root keys of a hospital that changes from one to another: the first wraps, whichever fits opens."""

    def __init__(self, roots: Sequence[RootKey]) -> None:
        self._roots = tuple(roots)

    def wrap(self, key: bytes) -> bytes:
        return self._roots[0].wrap(key)

    def unwrap(self, wrapped: bytes) -> bytes:
        for one in self._roots:
            with suppress(sm.Forged):
                return one.unwrap(wrapped)
        raise sm.Forged


def make_file(path: Path) -> None:
    """Write a new root key to `path`, readable by its owner alone; leaves an existing one as it is."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(sm.KEY)))
        file.flush()
        os.fsync(file.fileno())


def _from_file(name: str) -> RootKey:
    path = Path(name)
    try:
        mode = path.stat().st_mode
        text = path.read_bytes()
    except OSError as fault:
        raise RootKeyUnavailable(f"root key file: {fault.strerror}") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise RootKeyUnavailable("root key file: readable by others, run chmod 600 on it")
    return SoftwareRoot(_decoded(text))


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except ValueError:
        raise RootKeyUnavailable("the root key is not 16 bytes, base64") from None


def _from_environment(name: str) -> RootKey:
    if name not in os.environ:
        raise RootKeyUnavailable(f"environment variable {name} is not set")
    return SoftwareRoot(_decoded(os.environ[name].encode()))


def _from_module(name: str) -> RootKey:
    module, _, factory = name.partition(":")
    root: RootKey = getattr(import_module(module), factory)()
    return root


_PROVIDERS = {"file": _from_file, "env": _from_environment, "module": _from_module}


@lru_cache(maxsize=4)
def provider(spec: str) -> RootKey:
    """The provider that `spec` names: "file:/path", "env:NAME" or "module:package.module:factory"; several with ";"."""
    if len(parts := parted(spec)) > 1:
        return Ring([provider(one) for one in parts])
    kind, _, rest = spec.strip().partition(":")
    if kind not in _PROVIDERS or not rest:
        raise RootKeyUnavailable("the root key setting is none of file:, env:, module:")
    return _PROVIDERS[kind](rest)


def parted(spec: str) -> list[str]:
    """The providers of a setting that names several: the one that takes over, then those it takes over from."""
    return [one.strip() for one in spec.split(";") if one.strip()]


def root() -> RootKey:
    """The configured root key. Raises RootKeyUnavailable."""
    return provider(settings.LUODI_ROOT_KEY)


def first() -> RootKey:
    """The root key that wraps: the first of the setting. Raises RootKeyUnavailable."""
    return provider(parted(settings.LUODI_ROOT_KEY)[0])


def require_fit(spec: str) -> None:
    """Raises RootKeyUnavailable where the first root key of `spec` is weak, or is one of those behind it again."""
    takes_over, *others = (provider(one) for one in parted(spec))
    if isinstance(takes_over, SoftwareRoot) and takes_over.weak:
        raise RootKeyUnavailable("the new root key is weak: make one at random with `luodi keys`")
    if any(same(takes_over, other) for other in others):
        raise RootKeyUnavailable("the new root key is the same as the old one")


def same(one: RootKey, other: RootKey) -> bool:
    """True where one root key opens what the other wrapped."""
    with suppress(sm.Forged):
        one.unwrap(other.wrap(secrets.token_bytes(sm.KEY)))
        return True
    return False
