#!/usr/bin/env python3
"""Spoils signed files on purpose: tamper.py byte|page|manifest IN OUT. For the demo's bad examples."""

import re
import sys
import zipfile
from pathlib import Path


def byte(content):
    """Changes one octet inside the signed revision, one that no reader needs."""
    at = content.index(b"(An Tin demo)")
    return content[: at + 8] + b"X" + content[at + 9 :]


def page(content):
    """Adds a page by an incremental update, as an editor would that leaves the signatures where they are."""
    last = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    size = max(int(n) for n in re.findall(rb"/Size (\d+)", content))
    root = re.findall(rb"/Root (\d+ \d+ R)", content)[-1]
    objects = {
        size: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        2: b"<< /Type /Pages /Kids [3 0 R %d 0 R] /Count 2 >>" % size,
    }
    out, table = content, b"xref\n"
    for number in sorted(objects):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    trailer = b"trailer\n<< /Size %d /Root %s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (size + 1, root, last, len(out))
    return out + table + trailer


def manifest(source, target):
    """Writes the dossier anew with one letter of its largest JSON entry changed: the manifest that the signature covers."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        entries = old.infolist()
        chosen = max((e for e in entries if e.filename.endswith(".json")), key=lambda e: e.file_size).filename
        for entry in entries:
            content = old.read(entry)
            if entry.filename == chosen:
                content = content.replace(b"221228", b"221229", 1)
            new.writestr(entry, content, zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED)


def main():
    how, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    if how == "manifest":
        manifest(source, target)
    else:
        target.write_bytes({"byte": byte, "page": page}[how](source.read_bytes()))


main()
