"""Mutants: all small changes of a module's functions, each of which makes another program."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
UNCHANGED = -1  # the number of no change
GUARD = 1e-6  # numbers below it keep from dividing by nothing, and may be any other as small
INDICES = {"act", "day", "decider", "end", "fuel", "step", "twin", "way", "channel", "at", "seat"}
PAIRS: list[tuple[Any, Any]] = [
    (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot),
    (ast.In, ast.NotIn), (ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.BitAnd, ast.BitOr),
    (ast.And, ast.Or),
]  # fmt: skip
OTHER = {one: other for pair in PAIRS for one, other in (pair, pair[::-1])}
OTHER |= {ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult}
TURNED = {ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt}
NAMED = {"min": "max", "max": "min", "any": "all", "all": "any", "mean": "max", "sum": "max"}
NAMED |= {"minimum": "maximum", "maximum": "minimum", "exp": "expm1", "expm1": "exp"}
SKIPPED = (ast.Raise, ast.Assert, ast.JoinedStr, ast.arguments, ast.Import, ast.ImportFrom)
UNSAID = ("__repr__", "__str__", "_summary")  # what is shown, not what is worked out


class Mutant(NamedTuple):
    """A change of one function of a file, by its number among all changes of the file."""

    file: str
    number: int
    function: str
    line: int
    source: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.file} {self.function} | {self.source} | {self.before} -> {self.after}"


class Place(NamedTuple):
    """A node of a function: where it hangs, and in which function of the module."""

    function: str
    parent: ast.AST
    field: str
    index: int | None

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutants_of(file: Path) -> list[Mutant]:
    """Return all mutants of a file."""
    text = file.read_text(encoding="utf-8")
    lines, name = text.splitlines(), file.relative_to(ROOT).as_posix()
    return [
        Mutant(
            name, number, place.function, node.lineno, lines[node.lineno - 1].strip(),
            ast.unparse(node), ast.unparse(new),
        )
        for number, (place, node, new) in enumerate(_changes(ast.parse(text)))
    ]  # fmt: skip


def changed_code(mutant: Mutant) -> CodeType:
    """Return the code of a mutant's function, changed unless its number is that of no change."""
    path = ROOT / mutant.file
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for number, (place, _, new) in enumerate(_changes(tree)):
        if number == mutant.number:
            place.put(new)
            break
    module = compile(ast.fix_missing_locations(tree), str(path), "exec")
    found = [code for code in _codes(module) if code.co_qualname == mutant.function]
    return min(found, key=lambda code: (code.co_firstlineno > mutant.line, -code.co_firstlineno))


def _codes(code: CodeType) -> Iterator[CodeType]:
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield const
            yield from _codes(const)


def _changes(tree: ast.Module) -> Iterator[tuple[Place, Any, ast.AST]]:
    """Yield each change: the place, what stands there, and what would."""
    for place, node in _nodes(tree, "", False):
        for new in _changed(node, place):
            yield place, node, ast.copy_location(new, node)


def _nodes(node: ast.AST, scope: str, inside: bool) -> Iterator[tuple[Place, Any]]:
    """Yield what functions are made of; neither hints, nor texts, nor errors."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        several = isinstance(value, list)
        for index, child in enumerate(value if several else [value]):
            if not isinstance(child, ast.AST) or isinstance(child, SKIPPED):
                continue
            if isinstance(child, ast.FunctionDef | ast.ClassDef) and not inside:
                name = f"{scope}.{child.name}" if scope else child.name
                if child.name not in UNSAID:
                    yield from _nodes(child, name, isinstance(child, ast.FunctionDef))
                continue
            if inside:
                yield Place(scope, node, field, index if several else None), child
            yield from _nodes(child, scope, inside)


def _changed(node: Any, place: Place) -> Iterator[ast.AST]:
    """Yield what could stand in the place of a node."""
    match node:
        case ast.Compare():
            for n, op in enumerate(node.ops):
                for other in (OTHER.get(type(op)), TURNED.get(type(op))):
                    if other is not None:
                        yield _with(node, ops=[*node.ops[:n], other(), *node.ops[n + 1 :]])
        case ast.BinOp() | ast.BoolOp() if type(node.op) in OTHER:
            yield _with(node, op=OTHER[type(node.op)]())
        case ast.AugAssign():
            if type(node.op) in OTHER:
                yield _with(node, op=OTHER[type(node.op)]())
            yield ast.Pass()
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield ast.Constant(node.value + 1)
        case ast.Constant(value=float()) if node.value == 0.0 or abs(node.value) >= GUARD:
            yield ast.Constant(2.0 * node.value or 1.0)
        case ast.Call(func=ast.Name(id=name)) if name in NAMED:
            yield _with(node, func=ast.Name(NAMED[name], ast.Load()))
        case ast.Call(func=ast.Attribute(attr=name)) if name in NAMED:
            yield _with(node, func=_with(node.func, attr=NAMED[name]))
        case ast.Subscript():
            yield from _off_by_one(node)
        case ast.Expr(value=ast.Call()) | ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Assign() if all(
            isinstance(t, ast.Subscript | ast.Attribute) for t in node.targets
        ):
            yield ast.Pass()
        case ast.Return() if isinstance(place.parent, ast.If):
            yield ast.Pass()
    if place.field in ("test", "ifs") and not isinstance(node, ast.Compare):
        yield ast.UnaryOp(ast.Not(), node)


def _off_by_one(node: ast.Subscript) -> Iterator[ast.AST]:
    """Yield an entry with one of its indices less by one; the last in place of the first."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for n, index in enumerate(parts):
        if isinstance(index, ast.Name) and (len(index.id) == 1 or index.id in INDICES):
            less = [*parts[:n], ast.BinOp(index, ast.Sub(), ast.Constant(1)), *parts[n + 1 :]]
            new = ast.Tuple(less, ast.Load()) if len(parts) > 1 else less[0]
            yield _with(node, slice=new)


def _with(node: Any, **fields: Any) -> Any:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new
