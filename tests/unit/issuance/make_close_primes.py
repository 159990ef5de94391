#!/usr/bin/env python3
"""Makes close_primes.txt: pairs of 1024-bit primes that Fermat's method finds at a given round, and not one earlier.

Round r tries a = floor(sqrt(n)) + r; n = p*q is found at r = (p + q)/2 - floor(sqrt(n)). The same seed gives the same file.
"""
import random
from math import isqrt

ROUNDS = (1, 2, 50, 99, 100, 101, 102, 1000)
source = random.Random("Fermat")


def is_prime(n, tries=40):
    if any(n % small == 0 for small in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)):
        return False
    twos = ((n - 1) & -(n - 1)).bit_length() - 1
    for _ in range(tries):
        x = pow(source.randrange(2, n - 1), (n - 1) >> twos, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def next_prime(n):
    n |= 1
    while not is_prime(n):
        n += 2
    return n


def found_at(p, q):
    return (p + q) // 2 - isqrt(p * q)


def pair(rounds):
    p = next_prime((1 << 1023) + (1 << 1022) + source.getrandbits(1021))
    low, high = p + 2, p + (1 << 600)
    while high - low > 2:  # the least q that is found as late
        middle = (low + high) // 2
        low, high = (low, middle) if found_at(p, middle | 1) >= rounds else (middle, high)
    q = next_prime(high + source.getrandbits(400))
    assert found_at(p, q) == rounds and p.bit_length() == q.bit_length() == 1024
    return p, q


if __name__ == "__main__":
    print("# Made by make_close_primes.py. Round at which Fermat's method finds the factors, and both in hexadecimal.")
    for rounds in ROUNDS:
        p, q = pair(rounds)
        print(rounds, f"{p:x}", f"{q:x}")
