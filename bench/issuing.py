"""Issuing: a roster beside `openssl ca` and the primitives, and rows a transaction."""

import json
import shutil
import statistics
import subprocess
import tempfile
import textwrap
import time
from pathlib import Path

from common import approved_home, built, cpu_of_children, line, parts_of, print_table, run, token_rate, values_of


def issue(home, submitted, opinion):
    """Issues in a copy of the home; certificates a second, and microseconds of CPU a certificate."""
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy)
        config = copy / "antin.toml"
        config.write_text(config.read_text().replace('second_opinion = "full"', f'second_opinion = "{opinion}"'))
        cpu, began = cpu_of_children(), time.perf_counter()
        issued = run("roster", "issue", submitted, home=copy, parse=True)["issued"]
        return issued / (time.perf_counter() - began), (cpu_of_children() - cpu) / issued * 1e6


def requests_of(roster, place):
    """The requests of a roster as PEM files."""
    place.mkdir(parents=True, exist_ok=True)
    requests = []
    for row in [json.loads(line) for line in open(roster, encoding="utf-8")][1:]:
        body = row.get("request") or row.get("csr")
        if not body:
            continue
        name = place / f"{row['code']}.csr"
        name.write_text("-----BEGIN CERTIFICATE REQUEST-----\n" + "\n".join(textwrap.wrap(body, 64)) + "\n-----END CERTIFICATE REQUEST-----\n")
        requests.append(name)
    return requests


def openssl_ca(folder, roster, key):
    """The same requests through `openssl ca` in one batch, with a key in a file."""
    place = folder / "peer"
    (place / "new").mkdir(parents=True)
    (place / "index.txt").touch()
    (place / "serial").write_text("1000\n")
    (place / "ca.cnf").write_text(textwrap.dedent(f"""\
        [ca]
        default_ca = demo
        [demo]
        dir = {place}
        database = $dir/index.txt
        new_certs_dir = $dir/new
        serial = $dir/serial
        certificate = $dir/ca.pem
        private_key = $dir/ca.key
        default_days = 1825
        default_md = sha256
        policy = any
        unique_subject = no
        x509_extensions = leaf
        utf8 = yes
        [any]
        countryName = optional
        commonName = optional
        [leaf]
        basicConstraints = critical,CA:FALSE
        keyUsage = critical,digitalSignature,nonRepudiation
        subjectKeyIdentifier = hash
        authorityKeyIdentifier = keyid
        """))
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["openssl", "req", "-x509", *KEYS[key], "-nodes", "-days", "3650", "-subj", "/CN=peer", "-keyout", place / "ca.key", "-out", place / "ca.pem"], **quiet)
    requests = requests_of(roster, place / "requests")
    began = time.perf_counter()
    subprocess.run(["openssl", "ca", "-batch", "-notext", "-config", place / "ca.cnf", "-infiles", *requests], **quiet)
    rate = len(requests) / (time.perf_counter() - began)
    shutil.rmtree(place)
    return rate


# What keys of a CA are called here, and how `openssl req` makes one.
KEYS = {"p256": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa-2048": ["-newkey", "rsa:2048"], "rsa-3072": ["-newkey", "rsa:3072"]}
IN_THE_SUM = ("token sign", "OpenSSL parse", "OpenSSL verify", "Botan parse", "Botan verify", "SQL and log, durable")


def primitives(home, submitted, options):
    """Certificates a second that both cores could do with the primitives alone, by second_opinion; the table is printed."""
    program = built("issue_primitives")
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy)
        run("roster", "issue", submitted, home=copy)
        parts = parts_of(program, copy, "government", submitted, folder)
    print_table("primitives of one certificate, both cores (proof of possession is checked at submit, not here)", parts, options)
    full = sum(parts[name] for name in IN_THE_SUM)
    return {"full": 1e6 / full, "fields": 1e6 / (full - parts["Botan verify"])}


def bench_issue(folder, options, key):
    roster = folder / "roster.jsonl"
    run("roster", "sample", "-o", roster)
    home, submitted = approved_home(folder, roster, key)
    results = []
    for opinion in ("full", "fields"):
        ours, cpus, peers, tokens, computed = [], [], [], [], []
        for _ in range(options.runs):
            computed.append(primitives(home, submitted, options)[opinion])
            tokens.append(token_rate(home, "government"))
            rate, cpu = issue(home, submitted, opinion)
            ours.append(rate)
            cpus.append(cpu)
            peers.append(openssl_ca(folder, roster, key))
        token, middle = statistics.median(tokens), statistics.median(ours)
        one = token_rate(home, "government", threads=1)
        results.append(line(f"issue-{key}" + ("" if opinion == "full" else "-fields"), "certificates/s", ours, statistics.median(peers), "openssl ca",
                            "the primitives: signing, parsing twice and verifying on 2 cores", second_opinion=opinion, token_rate=round(token), of_token=round(middle / token, 3),
                            token_rate_one_thread=round(one), of_token_one_thread=round(middle / one, 3),
                            of_primitives=round(middle / statistics.median(computed), 3), cpu_us=round(statistics.median(cpus)),
                            own_cpu_us=round(statistics.median(cpus) - 2e6 / token)))
    return results


def bench_ways(folder, options):
    """One by one, each durable before the next; grouped; a whole roster: the same rows with each kind of key."""
    roster = folder / "roster.jsonl"
    run("roster", "sample", "--rows", "1000", "-o", roster)
    program, results = built("issue_ways"), []
    for key in KEYS:
        place = folder / key
        place.mkdir()
        home, submitted = approved_home(place, roster, key)
        for rows in (1, 16, 256, 1000):
            rates = []
            for _ in range(options.runs):
                with tempfile.TemporaryDirectory(dir=place) as copies:
                    copy = Path(copies) / "home"
                    shutil.copytree(home, copy)
                    done = values_of(program, copy, submitted, rows, 2)[0]
                    rates.append(done["issued"] / done["seconds"])
            results.append(line(f"issue-{key}-by-{rows}", "certificates/s", rates, None, None,
                                "a durable commit each" if rows == 1 else "the token and the two libraries on 2 cores", rows_a_transaction=rows))
    return results


def bench_large(folder, options):
    """100,000 rows, of which 778 are keys in the token."""
    roster = folder / "roster.jsonl"
    run("roster", "sample", "--rows", "100000", "-o", roster)
    began = time.perf_counter()
    home, submitted = approved_home(folder, roster, "p256")
    submitting = time.perf_counter() - began
    results = []
    for opinion in ("full", "fields"):
        seconds = []
        for _ in range(options.runs):
            rate, _ = issue(home, submitted, opinion)
            seconds.append(100_000 / rate)
        results.append(line("roster-100000" + ("" if opinion == "full" else "-fields"), "s", seconds, None, None, "the two libraries and the token on 2 cores",
                            second_opinion=opinion, init_submit_approve_s=round(submitting)))
    return results
