"""Other authorities in the same hour: cfssl, step-ca and OpenBao, each over its own API on loopback with a P-256 key in a file.

Their clients share the two cores with them; `cpu_us` is what the server alone took for a certificate, ours what `roster issue` took.
"""

import base64
import concurrent.futures
import contextlib
import hashlib
import http.client
import json
import os
import shutil
import socket
import ssl
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from common import approved_home, line, run
from issuing import issue

REQUESTS, CLIENTS = 600, 2
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def openssl(*words):
    return subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True).stdout


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def serving(command, port, **how):
    process = subprocess.Popen([str(word) for word in command], **QUIET, **how)
    try:
        for _ in range(400):
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]} ended with {process.returncode}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def cpu_of(process):
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(connect, path, bodies, headers):
    """Certificates a second of `bodies` sent by a few connections that stay open."""
    def client(share):
        connection = connect()
        for body in share:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            content = answer.read()
            if answer.status not in (200, 201) or b"BEGIN CERTIFICATE" not in content:
                raise RuntimeError(f"{path}: {answer.status} {content[:300]!r}")

    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(client, bodies[i::CLIENTS]) for i in range(CLIENTS)]:
            done.result()
    return len(bodies) / (time.perf_counter() - began)


def material(folder):
    """A root with a P-256 key, and requests whose CN and SAN name a host."""
    key, root = folder / "ca.key", folder / "ca.pem"
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
    openssl("req", "-x509", "-new", "-key", key, "-days", "3650", "-subj", "/CN=peer", "-out", root)
    requests = []
    for number in range(REQUESTS):
        name = f"r{number}.lamdong.test"
        requests.append((name, openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null", "-subj", f"/CN={name}",
                                       "-addext", f"subjectAltName=DNS:{name}").decode()))
    return key, root, requests


def cfssl(folder, key, root, requests):
    port = free_port()
    config = folder / "cfssl.json"
    config.write_text(json.dumps({"signing": {"default": {"usages": ["digital signature"], "expiry": "8760h"}}}))
    command = ["cfssl", "serve", "-address", "127.0.0.1", "-port", port, "-ca", root, "-ca-key", key, "-config", config]
    with serving(command, port) as process:
        before = cpu_of(process)
        rate = ask(lambda: http.client.HTTPConnection("127.0.0.1", port), "/api/v1/cfssl/sign", [{"certificate_request": text} for _, text in requests], {})
        return rate, (cpu_of(process) - before) / len(requests) * 1e6, "keeps no record"


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def es256(key, text):
    """The signature of a JWT: r and s of 32 octets each."""
    der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text.encode(), check=True, capture_output=True).stdout
    numbers, at = [], 2
    for _ in range(2):
        length = der[at + 1]
        numbers.append(int.from_bytes(der[at + 2:at + 2 + length], "big").to_bytes(32, "big"))
        at += 2 + length
    return base64url(b"".join(numbers))


def step_ca(folder, key, root, requests):
    port, token_key = free_port(), folder / "token.key"
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", token_key)
    point = openssl("ec", "-in", token_key, "-pubout", "-outform", "DER")[-64:]
    jwk = {"crv": "P-256", "kty": "EC", "x": base64url(point[:32]), "y": base64url(point[32:])}
    jwk |= {"use": "sig", "alg": "ES256", "kid": base64url(hashlib.sha256(json.dumps(jwk, separators=(",", ":")).encode()).digest())}
    config = folder / "step.json"
    config.write_text(json.dumps({
        "root": str(root), "crt": str(root), "key": str(key), "address": f"127.0.0.1:{port}", "dnsNames": ["127.0.0.1"],
        "db": {"type": "bbolt", "dataSource": str(folder / "step.db")},
        "authority": {"disableIssuedAtCheck": True, "provisioners": [{"type": "JWK", "name": "bench", "key": jwk}]}}))
    bodies = []
    for name, text in requests:
        now = int(time.time())
        claims = {"aud": f"https://127.0.0.1:{port}/1.0/sign", "iss": "bench", "sub": name, "sans": [name], "nbf": now - 60, "iat": now - 60, "exp": now + 3600, "jti": name}
        signed = ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": "ES256", "typ": "JWT", "kid": jwk["kid"]}, claims))
        bodies.append({"csr": text, "ott": f"{signed}.{es256(token_key, signed)}"})
    trust = ssl._create_unverified_context()
    with serving(["step-ca", config], port, env={**os.environ, "STEPPATH": str(folder / "step")}) as process:
        before = cpu_of(process)
        rate = ask(lambda: http.client.HTTPSConnection("127.0.0.1", port, context=trust), "/1.0/sign", bodies, {})
        return rate, (cpu_of(process) - before) / len(requests) * 1e6, "bbolt, and a token a request that the client signed before"


def bao(folder, key, root, requests):
    port = free_port()
    headers = {"X-Vault-Token": "bench"}

    def call(path, body):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {answer.read()[:300]!r}")

    command = ["bao", "server", "-dev", "-dev-root-token-id", "bench", "-dev-no-store-token", "-dev-listen-address", f"127.0.0.1:{port}"]
    with serving(command, port, env={**os.environ, "HOME": str(folder)}) as process:
        time.sleep(1)
        call("/v1/sys/mounts/pki", {"type": "pki", "config": {"max_lease_ttl": "87600h"}})
        call("/v1/pki/config/ca", {"pem_bundle": key.read_text() + root.read_text()})
        call("/v1/pki/roles/leaf", {"allow_any_name": True, "ttl": "8760h", "key_type": "ec", "key_bits": 256, "no_store": False})
        before = cpu_of(process)
        rate = ask(lambda: http.client.HTTPConnection("127.0.0.1", port), "/v1/pki/sign/leaf", [{"csr": text, "common_name": name} for name, text in requests], headers)
        return rate, (cpu_of(process) - before) / len(requests) * 1e6, "in memory, not durable"


PEERS = {"cfssl": cfssl, "step-ca": step_ca, "bao": bao}


def bench_peers(folder, options):
    roster = folder / "roster.jsonl"
    run("roster", "sample", "--rows", "2000", "-o", roster)
    home, submitted = approved_home(folder, roster, "p256")
    key, root, requests = material(folder)
    results = []
    for name, peer in PEERS.items():
        if not shutil.which(name):
            results.append(line(f"issue beside {name}", "certificates/s", [0], None, name, f"{name} is not on the PATH: nothing was compared"))
            continue
        ours, cpus, theirs, their_cpus = [], [], [], []
        for _ in range(options.runs):
            rate, cpu = issue(home, submitted, "full")
            ours.append(rate)
            cpus.append(cpu)
            with tempfile.TemporaryDirectory(dir=folder) as place:
                rate, cpu, how = peer(Path(place), key, root, requests)
            theirs.append(rate)
            their_cpus.append(cpu)
        results.append(line(f"issue beside {name}", "certificates/s", ours, statistics.median(theirs), name, how,
                            cpu_us=round(statistics.median(cpus)), peer_cpu_us=round(statistics.median(their_cpus)),
                            cpu_ratio=round(statistics.median(their_cpus) / statistics.median(cpus), 2)))
    return results
