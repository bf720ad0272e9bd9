"""Who writes rows, and from where they are called: read from the source, no module is imported.

A call is followed where a name or a member of an imported module says which function is meant; functions passed on as
values count as called by whoever names them.
"""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from tests.house.tree import ROOT, code

_ROWS = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
_SQL = re.compile(r"^\s*(INSERT|UPDATE|DELETE)\b")


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _writes(function: ast.AST) -> bool:
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "Insert":
            return True
        if not isinstance(node.func, ast.Attribute):
            continue
        name, source = node.func.attr, ast.unparse(node.func.value)
        rows = ".objects" in source or re.search(r"\.(filter|exclude|all)\(", source)
        if (name in _ROWS and rows) or (name in ("update", "delete") and rows):
            return True
        if (name == "save" and source != "form") or (name == "delete" and not node.args):
            return True
        first = node.args[0] if node.args else None
        if name in ("execute", "executemany") and isinstance(first, ast.Constant) and _SQL.match(str(first.value)):
            return True
    return False


def _is_act(function: ast.FunctionDef) -> bool:
    return any("act(" in ast.unparse(decorator) for decorator in function.decorator_list)


class Graph:
    """The functions of the product by full name: which write, which are acts, and who calls each."""

    def __init__(self) -> None:
        self.writers: set[str] = set()
        self.acts: set[str] = set()
        self.callers: dict[str, set[str]] = defaultdict(set)
        self._trees = {_module(path): (path, ast.parse(path.read_text(encoding="utf-8"))) for path in code()}
        self._defined = {
            name: {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            for name, (_path, tree) in self._trees.items()
        }
        self._exports = {name: self._names(name) for name in self._trees}
        for name in self._trees:
            self._read(name)

    def _names(self, module: str) -> dict[str, str]:
        """What the names of a module mean: a function or a module, by full name."""
        path, tree = self._trees[module]
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        found = {name: f"{module}.{name}" for name in self._defined[module]}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    up = package.split(".")[: len(package.split(".")) - node.level + 1]
                    base = ".".join([*up, *([base] if base else [])])
                found |= {alias.asname or alias.name: f"{base}.{alias.name}" for alias in node.names}
        return found

    def _resolved(self, full: str, depth: int = 0) -> str:
        """Past what packages show again, to where it is defined."""
        module, _dot, name = full.rpartition(".")
        again = self._exports.get(module, {}).get(name)
        return full if depth > 5 or again in (None, full) else self._resolved(again, depth + 1)  # type: ignore[arg-type]

    def _meant(self, module: str, node: ast.AST) -> str:
        if isinstance(node, ast.Name):
            return self._resolved(self._exports[module].get(node.id, ""))
        if isinstance(node, ast.Attribute) and (base := self._meant(module, node.value)):
            return self._resolved(f"{base}.{node.attr}")
        return ""

    def _read(self, module: str) -> None:
        for top in self._trees[module][1].body:
            mine = f"{module}.{top.name}" if isinstance(top, ast.FunctionDef | ast.ClassDef) else f"{module}.<module>"
            if isinstance(top, ast.FunctionDef | ast.ClassDef) and _writes(top):
                self.writers.add(mine)
            if isinstance(top, ast.FunctionDef) and _is_act(top):
                self.acts.add(mine)
            if isinstance(top, ast.Import | ast.ImportFrom):
                continue
            for node in ast.walk(top):
                if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                    meant = self._meant(module, node)
                    if meant and meant != mine:
                        self.callers[meant].add(mine)

    def inside(self) -> set[str]:
        """Functions that run inside an act whoever calls them: the acts, and those called by such alone."""
        safe = set(self.acts)
        while more := {name for name, by in self.callers.items() if name not in safe and by and by <= safe}:
            safe |= more
        return safe


@cache
def graph() -> Graph:
    return Graph()
