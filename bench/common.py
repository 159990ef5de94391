"""What every benchmark uses: running antin, figures of several runs, programs of bench/, tables."""

import json
import resource
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ANTIN = str(ROOT / "build/bin/antin")
ANTIND = str(ROOT / "build/bin/antind")


def run(*words, home=None, parse=False, accepted=(0,)):
    command = [ANTIN, *(["--home", str(home)] if home else []), *map(str, words), *(["--json"] if parse else [])]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in accepted:
        sys.exit(f"{' '.join(command)}: exit code {done.returncode}: {done.stderr[-800:]}{done.stdout[-800:]}")
    return json.loads(done.stdout) if parse else None


def cpu_of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def approve(home, submitted):
    for officer in ("officer-1", "officer-2"):
        run("roster", "approve", submitted, "--officer", officer, home=home)


def approved_home(folder, roster, key):
    """A home that waits with an approved roster."""
    home = folder / "home"
    run("init", "--issuing-key", key, home=home)
    submitted = run("roster", "submit", roster, home=home, parse=True)["roster"]
    approve(home, submitted)
    return home, submitted


def line(name, unit, ours, peer, peer_name, limit, digits=1, **more):
    middle = statistics.median(ours)
    return {"name": name, "unit": unit, "ours": round(middle, digits), "peer": round(peer, 1) if peer else None, "peer_name": peer_name,
            "ratio": round(middle / peer, 2) if peer else None, "spread": round((max(ours) - min(ours)) / middle, 3) if middle else None, "limit": limit, **more}


def built(program):
    """A program of bench/, built when it is asked for."""
    subprocess.run(["cmake", "--build", ROOT / "build", "--target", program], check=True, stdout=subprocess.DEVNULL)
    return str(ROOT / "build/bench" / program)


def values_of(*command):
    """What a program of bench/ prints, one JSON object a line."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: {done.stderr}")
    return [json.loads(text) for text in done.stdout.splitlines()]


def parts_of(*command):
    """What a program of bench/ prints: microseconds by part."""
    return {part["name"]: round(part["us"], 1) for part in values_of(*command)}


def print_table(title, parts, options):
    """For people, and for those who read the lines on the standard output, on the error stream."""
    out = sys.stderr if options.json else sys.stdout
    print(title, file=out)
    for name, us in parts.items():
        print(f"  {name:<44}{us:>9.1f} µs", file=out)


def token_rate(home, label, threads=2):
    return run("token", "bench", label, "--threads", threads, "--seconds", 2, home=home, parse=True)["signatures_per_second"]
