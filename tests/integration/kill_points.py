#!/usr/bin/env python3
"""Chooses where a program is killed: kill_points.py LOG COUNT SEED prints the numbers of some changes of a counted run, one a line.

LOG is what tests/faults/killer wrote, `NUMBER CALL PATH` a line. COUNT moments are spread over the whole run, one drawn from each of
COUNT parts of equal length; and the first and last change of every place (folder, store, published list …) are added, so that none
is missed because it is short.
"""

import random
import re
import sys

TOKEN = re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}")


def place(path):
    """The folder or file that a person would name: ca/tokens, store, out/crl."""
    parts = TOKEN.sub("", path).split("/")
    return parts[0] if parts[0] == "store" else "/".join(parts[:2]) if len(parts) > 2 or parts[0] == "out" else parts[0]


def main():
    log, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    draw = random.Random(seed)
    lines = [line.split(" ", 2) for line in open(log, encoding="utf-8").read().splitlines()]
    total = len(lines)
    chosen = {min(total, 1 + int((part + draw.random()) * total / count)) for part in range(count)}
    ends = {}
    for number, _, path in lines:
        ends.setdefault(place(path), []).append(int(number))
    for numbers in ends.values():
        chosen |= {numbers[0], numbers[-1]}
    print(*sorted(chosen), sep="\n")


main()
