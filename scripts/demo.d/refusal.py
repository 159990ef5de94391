#!/usr/bin/env python3
"""What one refused document is told, held against what it must be: refusal.py NAME INDICATION SUB_INDICATION WORDS-VI WORDS-EN
REPORT-VI REPORT-EN. SUB_INDICATION may be changes=forbidden. Prints one JSON object with the verdict, the reasons in both languages and the line of the demo's table."""

import json
import sys


def main():
    name, indication, sub = sys.argv[1:4]
    words = {"vi": sys.argv[4], "en": sys.argv[5]}
    reports = {"vi": json.loads(sys.argv[6]), "en": json.loads(sys.argv[7])}
    told = {}
    for language, report in reports.items():
        worst = next((s for s in report["signatures"] if sub in (s["sub_indication"], f"changes={s['changes']}")), None)
        if report["indication"] != indication or worst is None:
            sys.exit(f"{name}: expected {indication} / {sub}: {json.dumps(report, ensure_ascii=False)}")
        told[language] = next((r for r in worst["reasons"] if words[language] in r), None)
        if told[language] is None:
            sys.exit(f"{name}: no reason says \"{words[language]}\": {json.dumps(worst, ensure_ascii=False)}")
    verdict = {"indication": indication, "sub_indication": worst["sub_indication"], "changes": worst["changes"]}
    line = f"{name}: {indication} / {worst['sub_indication']}\n      vi: {told['vi']}\n      en: {told['en']}"
    print(json.dumps({"file": name, **verdict, "reasons": told, "line": line}, ensure_ascii=False))


main()
