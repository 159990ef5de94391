"""100,000 certificates revoked by an incident, with the list that tells it; the list also by `openssl ca`."""

import shutil
import subprocess
import tempfile
import textwrap
import time
from pathlib import Path

from common import approved_home, line, run

COUNT = 100_000


def openssl_list(folder, count):
    """Seconds that `openssl ca -gencrl` takes with `count` revoked certificates in its index, and a key in a file."""
    place = folder / "peer"
    place.mkdir()
    rows = (f"R\t351231235959Z\t261101000000Z,superseded\t{0x4000000000000000000000000000000000000000 + 977 * number:040X}\tunknown\t/CN=r{number}\n" for number in range(count))
    (place / "index.txt").write_text("".join(rows))
    (place / "crlnumber").write_text("1000\n")
    (place / "ca.cnf").write_text(textwrap.dedent(f"""\
        [ca]
        default_ca = demo
        [demo]
        database = {place}/index.txt
        crlnumber = {place}/crlnumber
        certificate = {place}/ca.pem
        private_key = {place}/ca.key
        default_md = sha256
        default_crl_days = 7
        unique_subject = no
        """))
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650", "-subj", "/CN=peer",
                    "-keyout", place / "ca.key", "-out", place / "ca.pem"], **quiet)
    began = time.perf_counter()
    subprocess.run(["openssl", "ca", "-gencrl", "-config", place / "ca.cnf", "-out", place / "crl.pem"], **quiet)
    seconds = time.perf_counter() - began
    shutil.rmtree(place)
    return seconds


def bench_revoke(folder, options):
    roster = folder / "roster.jsonl"
    run("roster", "sample", "--rows", str(COUNT), "-o", roster)
    home, submitted = approved_home(folder, roster, "p256")
    run("roster", "issue", submitted, home=home)
    run("incident", "create", "bench", "--select", f"roster={submitted}", "--reason", "superseded", "--deadline", "24h", home=home, accepted=(0, 4))
    for officer in ("officer-1", "officer-2"):
        run("incident", "approve", "1", "--officer", officer, home=home)
    seconds, lists, peers = [], [], []
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            copy = Path(place) / "home"
            shutil.copytree(home, copy)
            began = time.perf_counter()
            done = run("incident", "run", "1", home=copy, parse=True)
            seconds.append(time.perf_counter() - began)
            if done["done"] < COUNT or done["lists_due"]:
                raise RuntimeError(f"incident run did not end what it should: {done}")
            began = time.perf_counter()
            run("crl", "build", home=copy)
            lists.append(time.perf_counter() - began)
            peers.append(openssl_list(Path(place), COUNT))
    middle = sorted(peers)[len(peers) // 2]
    return [line(f"revoke {COUNT:,}", "s", seconds, None, None, "the rows, their log entries and 512 a durable transaction; the lists are in it", digits=2),
            line(f"crl build, {COUNT:,} revoked", "s", lists, middle, "openssl ca -gencrl", "one pass over the revoked, and the checks before it is published", digits=2)]
