"""Find small changes of Python code that should make a test fail."""

import ast
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

OPERATORS: dict[type[ast.AST], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.And: "or",
    ast.Or: "and",
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.BitOr: "&",
    ast.BitAnd: "|",
}

Node = ast.stmt | ast.expr | ast.keyword
# A line and a column
Position = tuple[int, int]
# Code between two positions, and the code that replaces it
Replacement = tuple[Position, Position, str]


@dataclass(frozen=True)
class Change:
    """A change of a file: `source` is its new text; `text` shows the changed lines."""

    path: str
    lines: range
    in_function: bool
    text: str
    source: str


def changes(path: str, source: str) -> Iterator[Change]:
    """Yield all changes of a file."""
    lines = source.encode().splitlines(keepends=True)
    tree = ast.parse(source)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    functions = [range(body[0].lineno, (body[-1].end_lineno or 0) + 1) for body in bodies]
    for (first, start), (last, end), new in replacements(tree):
        old = b"".join(lines[first - 1 : last])
        changed = lines[first - 1][:start] + new.encode() + lines[last - 1][end:]
        text = f"{one_line(old)} -> {one_line(changed)}"
        in_function = any(first in function for function in functions)
        code = b"".join([*lines[: first - 1], changed, *lines[last:]]).decode()
        if new or is_valid(code):
            yield Change(path, range(first, last + 1), in_function, text, code)


def is_valid(source: str) -> bool:
    with suppress(SyntaxError):
        return bool(ast.parse(source))
    return False


def one_line(code: bytes) -> str:
    return " ".join(code.decode().split())


def replacements(tree: ast.AST) -> Iterator[Replacement]:
    """Yield each change of a tree: it replaces a statement or an expression, or removes a part."""
    for node in parts(tree):
        if isinstance(node, ast.stmt):
            yield from ((*span(node), new) for new in other_statements(node, tree))
        elif isinstance(node, ast.expr):
            yield from ((*span(node), new) for new in other_expressions(node))
        yield from ((*span(expression), new) for expression, new in conditions(node))
        yield from ((start, end, "") for start, end in removals(node))
        yield from replacements(node)


def span(node: Node) -> tuple[Position, Position]:
    end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
    return (node.lineno, node.col_offset), end


def parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a node, except for docstrings, annotations, types and f-strings."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "bases"}:
            continue
        values = value if isinstance(value, list) else [value]
        if name == "args" and isinstance(node, ast.Call) and ast.unparse(node.func) == "cast":
            values = values[1:]
        for part in values:
            docstring = isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
            if isinstance(part, ast.AST) and not docstring and not isinstance(part, ast.JoinedStr):
                yield part


def other_statements(node: ast.stmt, parent: ast.AST) -> Iterator[str]:
    match node:
        case ast.Return(value=ast.Constant(value=None)):
            pass
        case ast.Return(value=ast.expr()):
            yield "return None"
        case ast.Expr() | ast.Raise() | ast.AugAssign() | ast.Delete():
            yield "pass"
        case ast.AnnAssign(value=None):
            pass
        case ast.Assign() | ast.AnnAssign() if isinstance(parent, ast.Module | ast.ClassDef):
            yield "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "pass"


def other_expressions(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            yield join(OPERATORS[type(operator)], left, right)
        case ast.BoolOp(op=operator, values=values):
            yield join(OPERATORS[type(operator)], *values)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
            yield join(OPERATORS[type(operator)], left, right)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield ast.unparse(operand)
        case ast.Constant(value=bool() as value):
            yield str(not value)
        case ast.Constant(value=int() as value):
            yield str(value + 1)
        case ast.Constant(value=str() as value):
            yield repr(f"XX{value}")


def conditions(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Yield conditions, decorators, iterables, exceptions and contexts that can be replaced."""
    match node:
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield test, f"not ({ast.unparse(test)})"
        case ast.For(iter=iterable):
            yield iterable, "()"
        case ast.comprehension(ifs=tests):
            for test in tests:
                yield test, "True"
        case ast.ExceptHandler(type=ast.expr() as exception):
            yield exception, "()"
        case ast.FunctionDef(decorator_list=decorators) | ast.ClassDef(decorator_list=decorators):
            for decorator in decorators:
                yield decorator, "(lambda decorated: decorated)"
        case ast.withitem(context_expr=context, optional_vars=None):
            yield context, "__import__('contextlib').nullcontext()"


def removals(node: ast.AST) -> Iterator[tuple[Position, Position]]:
    """Yield the span of each element of a list or tuple, item of a dict and keyword argument."""
    match node:
        case ast.List(elts=elements) | ast.Tuple(elts=elements, ctx=ast.Load()):
            spans = [span(element) for element in elements]
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            spans = [(span(key)[0], span(value)[1]) for key, value in pairs if key]
        case ast.Call(args=arguments, keywords=keywords):
            spans = sorted([*map(span, arguments), *map(span, keywords)])
            named = {span(keyword) for keyword in keywords}
            yield from (removal(spans, i) for i, each in enumerate(spans) if each in named)
            return
        case _:
            return
    yield from (removal(spans, index) for index in range(len(spans)))


def removal(spans: Sequence[tuple[Position, Position]], index: int) -> tuple[Position, Position]:
    """Return the span of an item with the comma after it, or before it if it is the last one."""
    start, end = spans[index]
    if index + 1 < len(spans):
        return start, spans[index + 1][0]
    return spans[index - 1][1] if index else start, end


def join(operator: str, *operands: ast.expr) -> str:
    return "(" + f" {operator} ".join(f"({ast.unparse(operand)})" for operand in operands) + ")"
