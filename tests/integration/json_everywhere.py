"""The commands of json_everywhere.sh, in an order in which each has what it needs."""

import hashlib
import json
import os
import re
import subprocess
import sys

PROGRAM, DOCUMENT = sys.argv[1:]
# Commands that are not run here, each with its reason.
EXCEPTIONS = {
    "authority run": "it serves until it is told to stop and prints no value of its own; its socket speaks JSON lines, which authority_socket.sh tests",
    "ca cross publish": "it wants a certificate that another authority signed for us: cross.sh makes one, and asks with --json",
}
# Rows of the table that promise a document of its own schema in place of members.
DOCUMENTS = {"policy show": {"name", "from", "acts", "sources"}, "verify": {"indication"}}


def fail(text):
    sys.exit("FAILED: " + text)


def run(words, home=None, stdin=""):
    environment = dict(os.environ, **({"ANTIN_HOME": os.path.abspath(home)} if home else {}))
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, input=stdin, env=environment)


# ---- The commands there are: those of the program's own completion that have none under them.


def leaves():
    found = {}
    for path, words in re.findall(r'^\s*"antin ?([^"]*)"\) words="([^"]*)"', run(["completion", "bash"]).stdout, re.M):
        found[path] = [word for word in words.split() if not word.startswith("--")]
    return {path for path, under in found.items() if path and not under}


# ---- The members that the table promises.


def top_level(text):
    """Members of `{"a","b" or "c","d":[…]}`: a list of sets, of which one member each must be there."""
    depth, parts, part = 0, [], ""
    for c in text[1:-1]:
        depth += (c in "{[") - (c in "}]")
        if c == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += c
    parts.append(part)
    members = []
    for one in parts:
        names = re.findall(r'"([a-z_0-9]+)"', re.sub(r":[\[{].*", "", one))
        if names:
            members.append(set(names))
    return members


def table():
    text = open(DOCUMENT, encoding="utf-8").read().split("\n## JSON\n")[1].split("\n## ")[0]
    shapes, arrays, before, borrowed = {}, set(), "", []
    for line in text.splitlines():
        cells = re.fullmatch(r"\| (`.*?) \| (.*) \|", line)
        if not cells:
            continue
        names, group = [], ""
        for name, is_array in re.findall(r"`([^`]+)`( \(array\))?", cells[1]):
            if f"{group} {name}" in LEAVES:
                name = f"{group} {name}"  # `lint cert`, `crl`
            elif " " in name:
                group = name.rsplit(" ", 1)[0]
            name = name.removesuffix(" --all")  # which `export` wants
            if " of such a one" in cells[1]:
                name += " --foreign"
            names.append(name)
            if is_array:
                arrays.add(name)
        objects = [top_level(one) for one in re.findall(r"`(\{[^`]*\})`", cells[2])]
        other = re.match(r"(?:of the proposal, as|as|the members of) `([a-z -]+)`(.*)", cells[2])
        same = re.match(r"(the same|a member of that list), and (.*)", cells[2])
        if other and other[1] in LEAVES:
            borrowed += [(name, other[1], []) for name in names]
        elif cells[2].startswith("the same members as"):
            borrowed += [(name, "ca import propose", []) for name in names]
        elif same:
            more = re.findall(r"`([a-z_]+)(?:\[\])?`", same[2].split(";")[0].split("(")[0])
            base = before if same[1] == "the same" else "token list --personal"
            borrowed += [(name, base, [{name} for name in more]) for name in names]
        # `{…}`; `{…}`: one for each command of the row.
        each = [top_level(one[1]) for one in map(re.compile(r" *`(\{[^`]*\})`").match, cells[2].split(";")) if one]
        if len(names) == len(each) and len(names) > 1:
            for name, one in zip(names, each):
                shapes[name] = [one]
        else:
            for name in names:
                shapes[name] = objects
        before = names[0]
    for name, base, more in borrowed:  # a row before, or `as profile propose`, which comes later
        of_base = shapes[base][-1] if base == "ca import propose" else shapes[base][0]
        shapes[name] = [of_base + more, *shapes[name]]
    return shapes, arrays


LEAVES = leaves()
SHAPES, ARRAYS = table()
seen = set()


def leaf_of(words):
    plain = [word for word in words if not word.startswith("-")]
    for count in (3, 2, 1):
        if " ".join(plain[:count]) in LEAVES:
            return " ".join(plain[:count])
    fail(f"no command is {words}")


def one_value(done, words, code):
    if done.returncode != code:
        fail(f"exit code {done.returncode}, not {code}: {' '.join(words)}\n{done.stdout}{done.stderr}")
    if not done.stdout.endswith("\n") or done.stdout.count("\n") != 1:
        fail(f"not one line: {' '.join(words)}\n{done.stdout!r}")
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        fail(f"no JSON: {' '.join(words)}: {error}\n{done.stdout!r}")


def check(name, value, words, shape):
    if name in DOCUMENTS:
        objects = [[{member} for member in DOCUMENTS[name]]]
    else:
        objects = SHAPES.get(name) or fail(f"docs/cli.md names no members of {name}")
    if (name in ARRAYS) != isinstance(value, list):
        fail(f"{name}: docs/cli.md and the program differ on whether it is an array")
    if isinstance(value, list) and not value:
        fail(f"{name}: an empty array shows no member: {words}")
    for one in value if isinstance(value, list) else [value]:
        missing = [" or ".join(sorted(names)) for names in objects[shape] if not names & one.keys()]
        if missing:
            fail(f"{' '.join(words)}: docs/cli.md names {missing}, which are not in {sorted(one)}")


def antin(code, *words, shape=0, variant="", **more):
    """One command: its exit code, one line of JSON, the members of the table's row (its object number `shape`)."""
    words = [str(word) for word in words]
    value = one_value(run([*words, "--json"], **more), words, code)
    leaf = leaf_of(words)
    check(leaf + variant, value, words, shape)
    seen.add(leaf)
    return value


def officers(*words):
    for officer in ("officer-1", "officer-2"):
        antin(0, *words, "--officer", officer)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def lines(path, *values):
    write(path, "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values))


# ---- Of every command: its help, and a wrong use of it.

for leaf in sorted(LEAVES):
    value = one_value(run([*leaf.split(), "--help", "--json"]), [leaf, "--help"], 0)
    if not {"command", "help"} <= value.keys():
        fail(f"{leaf} --help --json: {value}")
    value = one_value(run([*leaf.split(), "--no-such-option", "--json"]), [leaf, "--no-such-option"], 2)
    if value.get("error", {}).get("code") != "usage" or not {"message", "hint"} <= value["error"].keys():
        fail(f"{leaf} --no-such-option --json: {value}")
value = one_value(run(["--version", "--json"]), ["--version"], 0)
if not {"program", "version"} <= value.keys():
    fail(f"--version --json: {value}")

# ---- A home, a roster, certificates.

antin(0, "init")
antin(0, "roster", "sample", "--rows", 12, "-o", "roster.jsonl")
antin(0, "roster", "check", "roster.jsonl")
antin(0, "roster", "submit", "roster.jsonl")
run(["roster", "status", "roster.jsonl"])
officers("roster", "approve", "roster.jsonl")
antin(0, "roster", "issue", "roster.jsonl")
antin(0, "roster", "status", "roster.jsonl")
antin(0, "roster", "list")
rows = [json.loads(line) for line in open("roster.jsonl", encoding="utf-8")][1:]
everybody = antin(0, "cert", "list")
persons = [one["id"] for one in everybody if one["kind"] == "personal"]
antin(0, "cert", "show", persons[0])
antin(0, "cert", "export", persons[0], "-o", "one.pem")
antin(0, "cert", "export", "--all", "-o", "certs")
config = os.path.join(os.environ["ANTIN_HOME"], "antin.toml")
text = open(config, encoding="utf-8").read()
open(config, "w", encoding="utf-8").write(text.replace("suspension = false", "suspension = true"))
antin(0, "cert", "suspend", persons[1])
antin(0, "cert", "resume", persons[1])
antin(0, "cert", "revoke", persons[1], "--requested-by", "000.00.90.H36", "--reason", "superseded")
device = ["cert", "device", "--csr", "device.csr", "--dns", "device.lamdong.test", "--organisation", "ĐƠN VỊ THỬ", "--requested-by", "000.00.90.H36", "-o", "device.pem"]
antin(4, *device, shape=1)
officers("roster", "approve", "device device.lamdong.test")
antin(0, *device)
antin(0, "cert", "import", "foreign")
foreign = antin(0, "cert", "list", "--foreign", variant=" --foreign")
antin(0, "cert", "show", foreign[0]["id"], variant=" --foreign")

# ---- What a month changes, and a reorganisation.

head = {"format": "antin-roster-1", "name": "tháng sau"}
lines("next.jsonl", head, *rows[:-1])
antin(0, "roster", "diff", "roster.jsonl", "next.jsonl", "-o", "difference.jsonl", "--requested-by", "000.00.90.H36")
body = next(row for row in rows if row["kind"] == "organisation")
lines("mapping.jsonl",
      {"format": "antin-reorganisation-1", "name": "sắp xếp", "at": "2025-07-01T00:00:00+07:00", "requested_by": "000.00.90.H36"},
      {"from": body["code"], "kind": "ended"})
antin(0, "roster", "reorganise", "mapping.jsonl", "-o", "acts.jsonl")
antin(0, "body", "show", body["code"])
antin(0, "unit", "list")
antin(0, "unit", "show", "000.92.90.H36")

# ---- Forms and requests.

antin(0, "form", "list")
antin(0, "form", "print", "mau-01", "--roster", "roster.jsonl", "-o", "forms")
outside = {"row": 1, "code": "XN-1", "kind": "personal", "bloc": "government", "profile": "personal", "key": "csr",
           "fields": {"cn": "Nguyễn Văn Thử", "o": "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)", "ou": "SỞ NỘI VỤ", "mail": "xn1@lamdong.test"},
           "csr": "".join(open("person.csr").read().split("-----")[2].split())}
lines("outside.jsonl", {"format": "antin-roster-1", "name": "gửi ngoài", "requested_by": "000.00.90.H36"}, outside)
to = ["--authority", "CA của nơi khác"]
antin(0, "request", "collect", "outside.jsonl", *to)
antin(0, "request", "export", *to, "-o", "handed")
request = antin(0, "request", "list")[0]["id"]
antin(0, "request", "refuse", request, "--remark", "thiếu văn bản")

# ---- Lists.

antin(0, "crl", "build")
antin(0, "crl", "show", "home/out/crl/government.crl")
antin(0, "crl", "verify", "government", shape=0)
antin(0, "crl", "diff", "old/crl.pem", "old/crl.pem", "--ca", "old/cacert.pem")
antin(0, "lint", "cert", "one.pem")
antin(0, "lint", "crl", "home/out/crl/government.crl")
antin(0, "lint", "ocsp", "answer.der")
antin(0, "lint", "tst", "stamp.tsr")

# ---- Keys and incidents.

antin(0, "key", "check", "lost.key")
antin(0, "key", "block", "lost.key", "--reason", "thử")
antin(0, "key", "compromise", "--proof", "person.key")
antin(0, "key", "list")
antin(4, "incident", "create", "thử", "--select", "kind=personal", "--reason", "superseded", "--deadline", "24h", "--reissue")
antin(0, "incident", "show", "thử")
antin(4, "incident", "status", "thử")
antin(0, "incident", "list")
officers("incident", "approve", "thử")
antin(0, "incident", "reissue", "thử", "-o", "again.jsonl", "--requested-by", "000.00.90.H36")
antin(0, "incident", "run", "thử")
antin(0, "incident", "report", "thử", "-o", "report.pdf")

# ---- Profiles, roles, proposals.

antin(0, "profile", "list")
antin(0, "profile", "show", "personal")
text = run(["profile", "show", "personal"]).stdout
profile = json.loads(text[text.index("\n{"):])
profile["version"] += 1
profile["validity"]["years"] = 3
write("personal.json", json.dumps(profile))
antin(0, "profile", "check", "personal.json")
antin(0, "profile", "explain", "personal")
antin(3, "profile", "diff", "personal", "personal.json")
os.makedirs("home/profiles", exist_ok=True)
write("home/profiles/personal.json", json.dumps(profile))
number = antin(4, "profile", "propose")["number"]
antin(0, "proposal", "show", number)
officers("proposal", "approve", number)
number = antin(4, "role", "grant", "auditor", "officer-1", "--remark", "thử")["number"]
officers("proposal", "approve", number)
antin(0, "role", "list")
antin(4, "role", "withdraw", "auditor", "officer-1")
antin(0, "proposal", "list")
antin(0, "policy", "show")

# ---- Issuers: a roll-over, and another system's authority.

antin(0, "ca", "list")
number = antin(4, "ca", "roll-over", "propose", "party", "--key", "p384", "--from", "2035-01-01T00:00:00Z")["number"]
officers("proposal", "approve", number)
antin(0, "ca", "roll-over", "complete", "party-2")
antin(0, "ca", "check", "old")
subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "neighbour.key", "-out", "neighbour.pem", "-utf8",
                "-subj", "/C=VN/O=TỈNH BẠN (DỮ LIỆU GIẢ LẬP)/CN=CA Tỉnh Bạn", "-days", "3000", "-addext", "keyUsage=critical,keyCertSign,cRLSign"], check=True, capture_output=True)
neighbour = subprocess.run(["openssl", "x509", "-in", "neighbour.pem", "-outform", "DER"], check=True, capture_output=True).stdout
number = antin(4, "ca", "cross", "propose", "cross-neighbour", "--certificate", "neighbour.pem", "--sha256", hashlib.sha256(neighbour).hexdigest(), "--until", "2031-01-01T00:00:00Z",
               "--path-length", 0, "--policy", "2.5.29.32.0", "--permit", "mail:tinhban.test")["number"]
officers("proposal", "approve", number)
antin(0, "ca", "cross", "complete", "cross-neighbour")
antin(0, "ca", "cross", "list")
config = open("home/antin.toml", encoding="utf-8").read()
write("home/antin.toml", config.replace("[tokens.ca.pins]\n", '[tokens.ca.pins]\ngovernment-old = "file:ca/pins/government-old.pin"\n'))
os.umask(0o077)
write("home/ca/pins/government-old.pin", "48151623")
os.umask(0o022)
antin(0, "token", "init", "government-old", "--in", "ca", "--so-pin", "env:SO")
antin(0, "ca", "import", "propose", "government-old", "old", "--dry-run", shape=1)
number = antin(4, "ca", "import", "propose", "government-old", "old", "--key", "old.key")["number"]
officers("proposal", "approve", number)
antin(0, "ca", "import", "complete", "government-old", "old")

# ---- Tokens.

antin(0, "token", "list")
antin(0, "token", "keygen", "officer-1", "k1")
antin(0, "token", "doctor", "officer-1", "--in", "officers")
antin(0, "token", "bench", "officer-1", "k1", "--seconds", 1)
antin(0, "backup", "officers")
subject = {"cn": "K'Brêu Thử", "o": "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)", "ou": "SỞ NỘI VỤ", "mail": "cb1@lamdong.test"}
lines("tray.jsonl", {"format": "antin-roster-1", "name": "khay", "requested_by": "000.00.90.H36"},
      {"row": 1, "code": "CB-1", "kind": "personal", "bloc": "government", "profile": "personal", "key": "token", "key_spec": "ec-p256", "fields": subject})
antin(0, "token", "personalise", "tray.jsonl", "-o", "tray-roster.jsonl")
antin(0, "roster", "submit", "tray-roster.jsonl")
officers("roster", "approve", "tray-roster.jsonl")
antin(0, "roster", "issue", "tray-roster.jsonl")
antin(0, "token", "finish", "-o", "letters")
antin(0, "token", "list", "--personal", variant=" --personal")
both = ["--officer", "officer-1", "--officer", "officer-2"]
antin(0, "token", "unblock", "CB-1", "-o", "letter.pdf", *both)
antin(0, "token", "recycle", "CB-1", "--remark", "thôi việc", *both)

# ---- Documents, systems, the log, the shell.

write("letter.txt", "nội dung\n")
antin(0, "sign", "letter.txt", "--signer", "930.91.90.H36", "--format", "cades", "-o", "letter.p7s")
antin(0, "verify", "letter.p7s", "--detached", "letter.txt")
antin(0, "system", "add", "thu", "--signer", "*")
antin(0, "system", "list")
antin(0, "system", "revoke-token", "thu")
antin(4, "status")
antin(0, "store", "check")
antin(0, "log", "verify")
antin(0, "log", "show", "--count", 3)
antin(0, "completion", "bash")

# ---- Leaving: an export, a backup, and the same home elsewhere.

antin(0, "export", "--all", "-o", "left")
antin(0, "backup", "create", "--to", "full.backup")
antin(0, "backup", "verify", "full.backup")
antin(0, "backup", "restore", "full.backup", "--without-segments", "--officers", "home/officers", *both, home="elsewhere")

# ---- A ceremony by a file, in a home of its own.

digest = hashlib.sha256(open("root.toml", "rb").read()).hexdigest()
antin(0, "ceremony", "check", "root.toml", home="third")
antin(0, "ceremony", "run", "root.toml", "--sha256", digest, home="third")
for name in ("party", "government"):
    antin(0, "ceremony", "run", name + ".toml", "--sha256", hashlib.sha256(open(name + ".toml", "rb").read()).hexdigest(), home="third")
antin(4, "ceremony", "verify", "root", home="third")
antin(0, "ceremony", "sign", "root", "--officer", "officer-1", home="third")
antin(0, "ceremony", "print", "root", "-o", "root.pdf", home="third")

left_out = LEAVES - seen - EXCEPTIONS.keys()
if left_out:
    fail(f"commands that nobody tried with --json: {sorted(left_out)}")
if EXCEPTIONS.keys() & seen or EXCEPTIONS.keys() - LEAVES:
    fail(f"an exception is none: {sorted(EXCEPTIONS.keys() & seen | EXCEPTIONS.keys() - LEAVES)}")
print(f"{len(seen)} of {len(LEAVES)} commands said one JSON value each; exceptions: {EXCEPTIONS}")
