"""Signing PDFs by the API of antind, and what antind needs at rest."""

import concurrent.futures
import contextlib
import http.client
import random
import string
import subprocess
import sys
import time
from pathlib import Path

from common import ANTIN, ANTIND, approve, built, line, parts_of, print_table, run


@contextlib.contextmanager
def daemon(home):
    """antind on loopback; gives its address, an API token and its process."""
    port = home / "port"
    token = subprocess.run([ANTIN, "--home", home, "system", "add", "bench", "--signer", "*"], capture_output=True, text=True, check=True).stdout.strip()
    process = subprocess.Popen([ANTIND, "--home", home, "--listen", "127.0.0.1:0", "--port-file", port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not (port.exists() and port.read_text().strip()):
            if process.poll() is not None:
                sys.exit("antind ended before it listened")
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port.read_text().strip()}", token, process
    finally:
        process.terminate()
        process.wait(30)


def letter(size):
    """A PDF of one page and about `size` octets."""
    text = random.Random(1).choices(string.ascii_letters + " ", k=size * 80 // 90)
    lines = "\n".join("(" + "".join(text[at:at + 80]) + ") Tj T*" for at in range(0, len(text), 80))
    content = f"BT /F1 8 Tf 40 800 Td 9 TL\n{lines}\nET\n"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
               f"<< /Length {len(content)} >>\nstream\n{content}endstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    out, places = "%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (out + f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n").encode()


def sign_over_http(address, token, signer, document, count, clients=4):
    """Documents a second: `count` sent by `clients` connections that stay open."""
    body = (b'--b\r\nContent-Disposition: form-data; name="signer"\r\n\r\n' + signer.encode() +
            b'\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="letter.pdf"\r\nContent-Type: application/pdf\r\n\r\n' + document + b"\r\n--b--\r\n")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=b"}

    def client(share):
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
        for _ in range(share):
            connection.request("POST", "/v1/sign", body, headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200 or not content.startswith(document):
                raise RuntimeError(f"POST /v1/sign: {answer.status} {content[:300]!r}")

    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        for done in [pool.submit(client, count // clients) for _ in range(clients)]:
            done.result()
    return count / (time.perf_counter() - began)


def bench_sign(folder, options, algorithm):
    home, roster, file = folder / "home", folder / "roster.jsonl", folder / "letter.pdf"
    document = letter(100_000)
    file.write_bytes(document)
    run("init", home=home)
    run("roster", "sample", "--rows", "40", "--key", "p256" if algorithm == "ec-p256" else algorithm, "-o", roster)
    submitted = run("roster", "submit", roster, home=home, parse=True)["roster"]
    approve(home, submitted)
    run("roster", "issue", submitted, home=home)
    signer = next(row["id"] for row in run("cert", "list", home=home, parse=True) if row["kind"] == "organisation" and row["key"] == "token")
    parts = parts_of(built("sign_parts"), home, signer, file, 300)
    print_table(f"CPU of signing a PDF of {len(document) // 1000} kB, {algorithm}, one thread", parts, options)
    with daemon(home) as (address, token, process):
        sign_over_http(address, token, signer, document, 40)
        rates = [sign_over_http(address, token, signer, document, 1000) for _ in range(options.runs)]
    own = parts["all of signing"] - parts["token"] + parts["receive (form)"] + parts["write (audit record)"]
    return [line(f"sign-pdf-{'p256' if algorithm == 'ec-p256' else 'rsa'}", "documents/s", rates, None, None, "the client shares the 2 cores", own_cpu_us=round(own), parts=parts)]


def resident_mb(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(next(l for l in status.splitlines() if l.startswith("VmRSS")).split()[1]) / 1024


def bench_memory(folder, options):
    home = folder / "home"
    run("init", home=home)
    with daemon(home) as (_, _, process):
        time.sleep(1)
        resident = resident_mb(process)
    return [line("memory", "MB", [resident], None, None, "64 MB at rest")]
