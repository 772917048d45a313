"""Size caps: a Python file has at most 300 lines, a function 40. Prints what is over; 1 if any."""

import ast
import subprocess
import sys
from pathlib import Path

FILE_LINES, FUNCTION_LINES = 300, 40
ROOT = Path(__file__).resolve().parent.parent


def over(path: Path) -> list[str]:
    """Return what is too long in a file."""
    text = path.read_text("utf-8")
    name = path.relative_to(ROOT)
    found = []
    if (lines := text.count("\n")) > FILE_LINES:
        found.append(f"{name}: {lines} lines, at most {FILE_LINES}")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > FUNCTION_LINES:
                found.append(f"{name}:{node.lineno} {node.name}: {size} lines, at most 40")
    return found


def main() -> int:
    """Check every tracked Python file outside tests/."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    paths = [p for p in paths if p.is_file() and p.relative_to(ROOT).parts[0] != "tests"]
    found = [line for path in paths for line in over(path)]
    print("\n".join(found) if found else f"caps: {len(paths)} files fit")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
