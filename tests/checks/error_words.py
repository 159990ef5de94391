#!/usr/bin/env python3
"""Every sentence that an Error can carry has a Vietnamese entry in cli/words.

  error_words.py FOLDER PROGRAM   PROGRAM prints, of the messages on its standard input, those without an entry
  error_words.py --self-test      checks that sentences are found in code

A sentence is the text given to fail() or to a helper that makes an Error of a text. What is put in by a variable is X1.
"""

import re
import subprocess
import sys
from pathlib import Path

FOLDERS = ("base", "hsm", "ca", "signer", "cli")
MAKERS = re.compile(r"\b(?:fail|bad|refuse|mismatch|disagree|broken|not_der|malformed|no_container|damaged|system_failure|io_error|ckr_error|say_usage_error)\(")
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"')


def call(text, begin):
    """What stands between the parentheses that open before `begin`."""
    depth, at, quoted = 1, begin, False
    while depth and at < len(text):
        c = text[at]
        if quoted:
            if c == "\\":
                at += 1
            elif c == '"':
                quoted = False
        elif c == '"':
            quoted = True
        elif c == "'" and text[at + 1 : at + 3].endswith("'"):
            at += 2
        elif c in "({[":
            depth += 1
        elif c in ")}]":
            depth -= 1
        at += 1
    return text[begin : at - 1]


def split(text, mark):
    """At `mark` outside of quotes and parentheses."""
    parts, depth, last, at, quoted = [], 0, 0, 0, False
    while at < len(text):
        c = text[at]
        if quoted:
            if c == "\\":
                at += 1
            elif c == '"':
                quoted = False
        elif c == '"':
            quoted = True
        elif c in "({[":
            depth += 1
        elif c in ")}]":
            depth -= 1
        elif c == mark and depth == 0:
            parts.append(text[last:at])
            last = at + 1
        at += 1
    return parts + [text[last:]]


def sentence(argument):
    """The text that an expression of literals and variables joined by + makes."""
    made = ""
    for part in split(argument, "+"):
        part = part.strip()
        inner = re.fullmatch(r"std::string\((.*)\)", part, re.S)
        if inner and TOKEN.fullmatch(inner.group(1).strip()):
            part = inner.group(1).strip()
        literal = re.fullmatch(r'(?:"(?:[^"\\]|\\.)*"\s*)+', part)
        text = "".join(TOKEN.findall(part)) if literal else "X1"
        made += text.replace('\\"', '"').replace("\\\\", "\\").replace("\\n", " ")
    return made


def sentences(code):
    for found in MAKERS.finditer(code):
        if code[: found.start()].endswith(("::", "Error> ")):
            continue
        for argument in split(call(code, found.end()), ","):
            text = sentence(argument) if '"' in argument else ""
            if re.search("[A-Za-z]{2}", text.replace("X1", "")):
                yield text


def self_test():
    code = 'return fail(ErrorCode::not_found, "store: " + file.string() + ": it \\"is\\" gone " "for ever"); bad(line, std::string("odd ") + why);'
    found = list(sentences(code))
    return [] if found == ['store: X1: it "is" gone for ever', "odd X1"] else [f"found {found}"]


def main():
    if sys.argv[1:] == ["--self-test"]:
        wrong = self_test()
    else:
        where = {}
        for file in sorted(f for top in FOLDERS for f in (Path(sys.argv[1]) / top).rglob("*.[ch]*")):
            for text in sentences(file.read_text(encoding="utf-8")):
                where.setdefault(text, file.relative_to(sys.argv[1]).as_posix())
        if len(where) < 300:
            sys.exit(f"only {len(where)} sentences were found: the search is broken")
        unknown = subprocess.run([sys.argv[2]], input="\n".join(where) + "\n", capture_output=True, text=True, check=True).stdout.splitlines()
        wrong = [f"{where[text]}: no Vietnamese for: {text}" for text in unknown]
    print("\n".join(wrong) if wrong else "every sentence has an entry")
    return 1 if wrong else 0


sys.exit(main())
