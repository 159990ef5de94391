#!/usr/bin/env python3
"""Checks the rules of the house that a compiler does not see. Prints every breach as file:line: text; fails on any.

  source_rules.py FOLDER        checks a tree
  source_rules.py --self-test   checks that each rule catches an example that breaks it

Rules: includes go down (cli -> signer, ca -> hsm -> base); signer sees ca/x509 alone of ca/; ca and signer see hsm's
interfaces, never a module; ca/authority, ca/foreign, ca/personal, ca/status and ca/log see store.h, never a driver; a foreign header is in its adapter's
.cc alone; ca/units sees base alone, ca/personal no token, ca/migration and ca/reorganisation nothing that writes; what a Secret holds is
taken out in the files of REVEALS alone; nobody asks the store for all certificates at once; no host of a real authority and no unfinished
work is in what we ship.
"""

import re
import sys
import tempfile
from pathlib import Path

PRODUCTION = ("base", "hsm", "ca", "signer", "cli")
SEES = {
    "base": {"base"},
    "hsm": {"base", "hsm"},
    "ca": {"base", "hsm", "ca"},
    "signer": {"base", "hsm", "ca", "signer"},
    "cli": {"base", "hsm", "ca", "signer", "cli"},
}
# Pattern of the header -> where it may be included. A folder ending in .cc means: in the .cc files of that folder.
FOREIGN = {
    r"p11-kit/|pkcs11\.h": ("hsm/pkcs11/",),
    r"sqlite3\.h": ("ca/store/*.cc", "cli/http/*.cc"),
    r"botan/": ("ca/x509/*.cc", "ca/backup/*.cc"),
    r"qpdf/": ("signer/pdf/*.cc",),
    r"pango/|cairo|glib": ("signer/page/*.cc", "signer/page/glib_ptr.h"),
    r"zip\.h": ("signer/asic/*.cc", "signer/dossier/*.cc"),
    r"libxml/": ("signer/*.cc",),
    r"boost/": ("cli/*.cc",),
    r"CLI/": ("cli/commands/command_line.cc", "cli/commands/help_format.cc", "cli/antind.cc"),
    r"toml\+\+/": ("cli/wiring/*.cc",),
    r"nlohmann/json\.hpp|valijson/": ("*.cc", "cli/commands/session.h"),
    r"utf8proc\.h": ("base/*.cc", "cli/sample/*.cc"),
}
# Where a PIN, a passphrase, a backup's key or an API token becomes octets: docs/ARCHITECTURE.md lists them with what each does.
REVEALS = {
    "base/secret.h",
    "hsm/pin_source.cc", "hsm/terminal.cc",
    "hsm/pkcs11/import_key.cc", "hsm/pkcs11/module.cc", "hsm/pkcs11/session_pool.cc", "hsm/pkcs11/tray.cc",
    "hsm/software/private_key_file.cc", "hsm/software/software_key.cc",
    "ca/backup/botan_threshold.cc", "ca/backup/cipher.cc", "ca/backup/container.cc", "ca/backup/escrow.cc",
    "cli/wiring/tokens.cc",
    "cli/commands/ca_import_command.cc", "cli/commands/personal_desk.cc", "cli/commands/personalise_command.cc",
    "cli/commands/pin_letter.cc", "cli/commands/system_command.cc", "cli/commands/token_command.cc", "cli/commands/token_making.cc",
}
REVEAL = re.compile(r"\breveal\s*\(")
REAL_HOST = re.compile(r"[a-z0-9-]\.gov\.vn|\bvgca\.(vn|gov)", re.IGNORECASE)
WHOLE_STORE = re.compile(r"(->|\.)certificates\(\{\},")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def allowed(path, places):
    for place in places:
        folder, star, ending = place.partition("*")
        if path.startswith(folder) and (not star or path.endswith(ending)):
            return True
    return False


def direction(path, header):
    """Why `path` may not include our own `header`, or None."""
    top, target = path.split("/")[0], header.split("/")[0]
    if target == "tests":
        return "production code includes a test's header"
    if target not in SEES:
        return None
    if target not in SEES[top]:
        return f"{top} may not see {target}"
    if top == "signer" and target == "ca" and not header.startswith("ca/x509/"):
        return "signer may see ca/x509 and nothing else of ca"
    if top in ("ca", "signer") and header.startswith(("hsm/pkcs11/", "hsm/software/")):
        return f"{top} may see hsm's interfaces, never a module"
    if path.startswith(("ca/authority/", "ca/foreign/", "ca/personal/", "ca/status/", "ca/log/")) and header.startswith("ca/store/") and header != "ca/store/store.h":
        return "only store.h of ca/store may be seen here"
    if path.startswith("ca/issuance/") and header.startswith(("ca/store/", "ca/authority/", "ca/status/", "ca/log/")):
        return "ca/issuance is pure: no store"
    if path.startswith("ca/policy/") and target in ("hsm", "ca") and not header.startswith("ca/policy/"):
        return "ca/policy sees base alone"
    if path.startswith("ca/forms/") and target in ("hsm", "ca") and not header.startswith(("ca/forms/", "ca/policy/")):
        return "ca/forms sees base and ca/policy alone"
    if path.startswith("ca/units/") and target in ("hsm", "ca") and not header.startswith("ca/units/"):
        return "ca/units sees base alone"
    if path.startswith("ca/personal/") and target == "hsm":
        return "ca/personal touches no token"
    if path.startswith(("ca/migration/", "ca/reorganisation/")) and header.startswith(("ca/store/", "ca/log/", "ca/status/")):
        return "what is read or planned here is written by ca/authority"
    if path.startswith("ca/lint/") and target in ("hsm", "ca") and not header.startswith(("ca/lint/", "ca/x509/")):
        return "ca/lint sees base and ca/x509 alone"
    if path.startswith("ca/x509/") and header.startswith("ca/") and not header.startswith("ca/x509/"):
        return "ca/x509 stands below the rest of ca"
    return None


def breaches(root):
    for file in sorted(p for top in PRODUCTION for p in (root / top).rglob("*") if p.is_file()):
        path = file.relative_to(root).as_posix()
        code = path.endswith((".cc", ".h", ".cc.in"))
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if REAL_HOST.search(line):
                yield f"{path}:{number}: the host of a real authority"
            if code and WHOLE_STORE.search(line):
                yield f"{path}:{number}: all certificates at once: there may be a million, use for_each_certificate"
            if UNFINISHED.search(line):
                yield f"{path}:{number}: unfinished work"
            if code and REVEAL.search(line) and path not in REVEALS:
                yield f"{path}:{number}: takes out what a Secret holds: docs/ARCHITECTURE.md lists who may"
            found = INCLUDE.match(line) if code else None
            if not found:
                continue
            if found.group(1) == '"':
                why = direction(path, found.group(2))
                if why:
                    yield f'{path}:{number}: "{found.group(2)}": {why}'
                continue
            for pattern, places in FOREIGN.items():
                if re.match(pattern, found.group(2)) and not allowed(path.removesuffix(".in"), places):
                    yield f"{path}:{number}: <{found.group(2)}> belongs in {' '.join(places)}"


BROKEN = {
    "base/a.cc": '#include "hsm/token.h"',
    "hsm/a.cc": '#include "ca/x509/name.h"',
    "ca/x509/a.cc": '#include "signer/cms/cades.h"',
    "signer/cms/a.cc": '#include "ca/store/store.h"',
    "ca/issuance/a.h": '#include "hsm/pkcs11/module.h"',
    "signer/pipeline/a.cc": '#include "hsm/pkcs11/module.h"',
    "ca/authority/a.cc": '#include "ca/store/sqlite_driver.h"',
    "ca/lint/a.cc": '#include "ca/issuance/profile.h"',
    "ca/policy/a.cc": '#include "ca/store/store.h"',
    "ca/forms/a.cc": '#include "ca/store/store.h"',
    "ca/units/a.cc": '#include "ca/foreign/province.h"',
    "ca/personal/a.cc": '#include "hsm/token.h"',
    "ca/migration/a.cc": '#include "ca/store/store.h"',
    "ca/reorganisation/a.cc": '#include "ca/log/log.h"',
    "cli/commands/b_command.cc": "session.say(pin.reveal());",
    "ca/issuance/b.cc": '#include "ca/store/store.h"',
    "ca/store/a.h": "#include <sqlite3.h>",
    "cli/http/a.h": "#include <boost/beast.hpp>",
    "signer/page/print.h": "#include <pango/pangocairo.h>",
    "signer/pdf/a.h": "  #  include <qpdf/QPDF.hh>",
    "ca/x509/b.h": "#include <botan/x509cert.h>",
    "cli/commands/a_command.cc": "#include <CLI/CLI.hpp>",
    "cli/c.cc": "  ANTIN_TRY(const auto all, home.store->certificates({}, session.now()));",
    "cli/a.cc": '#include "tests/catch.h"',
    "cli/b.cc": 'const char* url = "http://ca.gov' + '.vn/crl";',
    "signer/b.cc": "// TO" + "DO: later",
}
SOUND = {
    "cli/wiring/a.cc": '#include "hsm/pkcs11/module.h"\n#include "ca/store/store.h"',
    "ca/store/a.cc": "#include <sqlite3.h>",
    "signer/pdf/a.cc": '#include <qpdf/QPDF.hh>\n#include "ca/x509/certificate.h"\n#include "hsm/signing_key.h"',
    "hsm/pin_source.cc": "write(secret.reveal());",
    "ca/migration/b.cc": '#include "ca/authority/adoption.h"\n#include "hsm/public_key.h"',
    "hsm/pkcs11/a.h": "#include <p11-kit/pkcs11.h>",
    "cli/commands/command_line.cc": "#include <CLI/CLI.hpp>",
}


def self_test():
    wrong = []
    for files, expected in ((BROKEN, 1), (SOUND, 0)):
        for path, text in files.items():
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / path
                file.parent.mkdir(parents=True)
                file.write_text(text + "\n")
                if len(list(breaches(Path(folder)))) != expected:
                    wrong.append(f"{path}: {text}: expected {expected} breach")
    return wrong


def main():
    found = self_test() if sys.argv[1:] == ["--self-test"] else list(breaches(Path(sys.argv[1])))
    print("\n".join(found) if found else "no breach")
    return 1 if found else 0


sys.exit(main())
