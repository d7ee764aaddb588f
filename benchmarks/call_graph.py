"""Who can call whom, and on which line: read from the source of `known_programs.py`.

A stack is possible if it begins with the frames that stood above the program, if every function
in it is called by the one before it, on the line that the one before it stands on, and if every
line lies in its function. Anything else was never there. The innermost frame may have no line (0)
where the compiler made instructions without one, and it may be a function of C.
"""

import ast
from pathlib import Path
from types import CodeType
from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple, Union

FunctionNode = Union[ast.FunctionDef, ast.AsyncFunctionDef]


class Frame(NamedTuple):
    """A frame as a profiler reports it; line 0 if it doesn't know."""

    name: str
    file: str
    line: int


Stack = Tuple[Frame, ...]  # outermost first


class CallGraph:
    """The calls that one source file makes between its own functions."""

    def __init__(self, file: str) -> None:
        self.file = file
        source = Path(file).read_text()
        tree = ast.parse(source)
        self.lineless = set(_functions_with_lineless_code(compile(source, file, "exec")))
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        self.lines: Dict[str, range] = {node.name: _lines_of(node) for node in nodes}
        if len(self.lines) != len(nodes):
            raise ValueError(f"two functions in {file} have the same name")
        # A call of the class enters this.
        self.classes: Dict[str, str] = {
            node.name: "__init__"
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and "__init__" in [_name(item) for item in node.body]
        }
        self.calls: Dict[Tuple[str, str], Set[int]] = {}
        for node in nodes:
            for callee, lines in self._calls_in(node):
                self.calls.setdefault((node.name, callee), set()).update(lines)

    def _calls_in(self, function: FunctionNode) -> Iterator[Tuple[str, range]]:
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                yield from self._callee(node, node)
                # What is handed over may be called back by C code.
                for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
                    if isinstance(argument, ast.Name) and argument.id in self.lines:
                        yield argument.id, range(node.lineno, (node.end_lineno or node.lineno) + 1)
            elif isinstance(node, ast.For) and isinstance(node.iter, ast.Call):
                # A generator is entered again and again from the head of its loop.
                yield from self._callee(node.iter, node)

    def _callee(
        self, call: ast.Call, statement: Union[ast.Call, ast.For]
    ) -> Iterator[Tuple[str, range]]:
        function = call.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        name = self.classes.get(name, name)
        if name in self.lines:
            yield name, range(statement.lineno, (call.end_lineno or call.lineno) + 1)

    def fault(self, stack: Stack, root: Sequence[Frame]) -> Optional[str]:
        """Why this stack can't have been, or None if it can.

        ``root`` holds the frames above the program's first function. A line 0 in it stands for
        any line.
        """
        if not _begins_with(stack, root):
            return "wrong root: " + _show(stack[: len(root) + 1])
        inner = stack[len(root) :]
        for frame in inner:
            is_innermost = frame is inner[-1]
            if is_innermost and frame.file == "<built-in>":
                break
            if frame.file != self.file or frame.name not in self.lines:
                return "unknown function: " + _show([frame])
            if is_innermost and frame.line == 0 and frame.name in self.lineless:
                break
            if frame.line not in self.lines[frame.name]:
                return "line outside of its function: " + _show([frame])
        python = [frame for frame in inner if frame.file == self.file]
        for caller, callee in zip(python, python[1:]):
            lines = self.calls.get((caller.name, callee.name))
            if lines is None:
                return "no such call: " + _show([caller, callee])
            if caller.line not in lines:
                return "not a line that calls: " + _show([caller, callee])
        return None


def _lines_of(function: FunctionNode) -> range:
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return range(first, (function.end_lineno or first) + 1)


def _name(statement: ast.stmt) -> str:
    return statement.name if isinstance(statement, ast.FunctionDef) else ""


def _functions_with_lineless_code(code: CodeType) -> Iterator[str]:
    """Names of functions with an instruction that belongs to no line, such as a jump back."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if any(line is None for _, _, line in constant.co_lines()):
                yield constant.co_name
            yield from _functions_with_lineless_code(constant)


def _begins_with(stack: Stack, root: Sequence[Frame]) -> bool:
    if len(stack) < len(root):
        return False
    return all(
        seen.name == known.name and seen.file == known.file and known.line in (0, seen.line)
        for seen, known in zip(stack, root)
    )


def _show(frames: Sequence[Frame]) -> str:
    parts: List[str] = [f"{frame.name} (line {frame.line})" for frame in frames]
    return " > ".join(parts)
