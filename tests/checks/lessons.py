#!/usr/bin/env python3
"""Every lesson of docs/lessons.md has its test: lessons.py FOLDER, or lessons.py --self-test.

Each number from 1 to 26 and from I1 to I22 stands there once, in order; its row names at least one test file or benchmark, or says that it
comes with the status service; and every file that is named exists.
"""

import re
import sys
import tempfile
from pathlib import Path

WANTED = [str(n) for n in range(1, 27)] + [f"I{n}" for n in range(1, 23)]
ROW = re.compile(r"^\| (I?\d+) \| (.+?) \| (.+) \|$")
FILE = re.compile(r"`((?:tests|scripts)/[^`\s]+)(?: [^`]*)?`")
LATER = "with the status service"


def faults(root):
    rows = [m.groups() for m in map(ROW.match, (root / "docs/lessons.md").read_text(encoding="utf-8").splitlines()) if m]
    numbers = [number for number, _, _ in rows]
    if numbers != WANTED:
        missing = [n for n in WANTED if n not in numbers]
        yield f"docs/lessons.md: rows are missing, twice or out of order{': ' + ', '.join(missing) if missing else ''}"
    for number, _, held in rows:
        files = FILE.findall(held)
        if not files and LATER not in held:
            yield f"docs/lessons.md: {number} names no test and no work that it waits for"
        for file in files:
            if not (root / file).is_file():
                yield f"docs/lessons.md: {number}: {file} is not there"


def self_test():
    good = [f"| {n} | what | `tests/a.cc` |" for n in WANTED]
    cases = {
        "good": (good, 0),
        "good later": (good[:-1] + ["| I22 | what | with the status service |"], 0),
        "a row is missing": (good[1:], 1),
        "a row stands twice": (good + good[-1:], 1),
        "no test": (good[:-1] + ["| I22 | what | we are careful |"], 1),
        "a test is gone": (good[:-1] + ["| I22 | what | `tests/gone.cc` |"], 1),
    }
    for name, (lines, wanted) in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "docs").mkdir()
            (root / "tests").mkdir()
            (root / "tests/a.cc").write_text("")
            (root / "docs/lessons.md").write_text("\n".join(lines))
            found = list(faults(root))
            if len(found) != wanted:
                yield f"{name}: {found}"


def main():
    found = list(self_test() if sys.argv[1] == "--self-test" else faults(Path(sys.argv[1])))
    print("\n".join(found) if found else f"{len(WANTED)} lessons, each with its test")
    return 1 if found else 0


sys.exit(main())
