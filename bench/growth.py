"""The store with a thousand, a hundred thousand and a million certificates: finding, listing, adding, a list, memory at rest."""

import shutil
import time
from pathlib import Path

from common import approve, approved_home, built, line, run, values_of
from signing import daemon, resident_mb

SIZES = (1_000, 100_000, 1_000_000)


def seconds_of(*words, **how):
    began = time.perf_counter()
    run(*words, **how)
    return time.perf_counter() - began


def bench_growth(folder, options):
    roster = folder / "roster.jsonl"
    run("roster", "sample", "--rows", "500", "-o", roster)
    home, submitted = approved_home(folder, roster, "p256")
    run("roster", "issue", submitted, home=home)
    program, results = built("store_growth"), []
    for size in SIZES:
        for value in values_of(program, home, size):
            unit, ours = ("\u00b5s", value["us"]) if "us" in value else ("ms", value["p99"])
            more = {"p50_ms": round(value["p50"], 3)} if "p50" in value else {"count": value["count"]}
            results.append(line(f"{value['name']}, {size:,}", unit + (" p99" if unit == "ms" else ""), [ours], None, None, "the index and the row", digits=3, **more))
        list_s = seconds_of("crl", "build", "--issuer", "government", home=home)
        show_s = min(seconds_of("cert", "show", "document-service", home=home) for _ in range(5))
        with daemon(home) as (_, _, process):
            time.sleep(1)
            resident = resident_mb(process)
        results.append(line(f"crl build, {size:,}", "s", [list_s], None, None, "one pass over the revoked, one in twenty"))
        results.append(line(f"cert show, {size:,}", "ms", [show_s * 1000], None, None, "the start of the program"))
        results.append(line(f"antind at rest, {size:,}", "MB", [resident], None, None, "64 MB at rest"))
    # Issuing into the full store, and its size.
    full = folder / "more.jsonl"
    run("roster", "sample", "--seed", "7", "--rows", "1000", "-o", full)
    submitted = run("roster", "submit", full, home=home, parse=True)["roster"]
    approve(home, submitted)
    issuing = 1000 / seconds_of("roster", "issue", submitted, home=home)
    results.append(line(f"roster issue into {SIZES[-1]:,}", "certificates/s", [issuing], None, None, "as with an empty store", store_mb=round((home / "store/antin.sqlite").stat().st_size / 1e6)))
    return results
