#!/usr/bin/env python3
"""Every relative link and picture of the pages leads to a file of the tree: links.py FOLDER."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def pages(root):
    """What is kept: of a work tree the files that git knows, of an unpacked one all."""
    names = []
    if shutil.which("git"):  # not every machine that builds has it
        listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "*.md"], capture_output=True, text=True)
        names = [n for n in listed.stdout.split("\0") if n] if listed.returncode == 0 else []
    return [root / n for n in names] or [p for p in root.rglob("*.md") if "build" not in p.relative_to(root).parts[0]]


def main():
    root = Path(sys.argv[1])
    found = pages(root)
    dead = []
    for page in found:
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                dead.append(f"{page.relative_to(root)}: {target} is not there")
    print("\n".join(dead) if dead else f"{len(found)} pages, no dead link")
    return 1 if dead or not found else 0


sys.exit(main())
