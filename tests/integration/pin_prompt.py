"""Runs `antin token doctor seals` on a terminal of its own, as a shell would, and types: pin_prompt.py PROGRAM FILE_WITH_THE_PIN."""

import os
import pty
import select
import signal
import sys
import termios
import time

program, pin = sys.argv[1], open(sys.argv[2]).read().strip()


def shell(report):
    """The session's leader: runs the program in the foreground and reports what becomes of it."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.setpgid(0, 0)
        while os.tcgetpgrp(0) != os.getpgrp():
            time.sleep(0.01)
        os.execv(program, [program, "token", "doctor", "seals", "--lang", "en"])
    os.setpgid(job, job)
    os.tcsetpgrp(0, job)
    os.write(report, f"{job}\n".encode())
    while True:
        _, status = os.waitpid(job, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            os.write(report, b"stopped\n")
            continue
        os.tcsetpgrp(0, os.getpgrp())
        os.write(report, f"signal {os.WTERMSIG(status)}\n".encode() if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}\n".encode())
        os.read(0, 1)  # until the terminal is closed: who hangs up must be the test
        os._exit(0)


class Run:
    def __init__(self):
        reader, writer = os.pipe()
        self.leader, self.terminal = pty.fork()
        if self.leader == 0:
            shell(writer)
        os.close(writer)
        self.report, self.shown = os.fdopen(reader), b""
        self.job = int(self.report.readline())
        self.wait_for(b"PIN (seals): ")

    def wait_for(self, text):
        end = time.time() + 30
        while text not in self.shown:
            assert time.time() < end, f"not shown: {text}; but {self.shown}"
            if select.select([self.terminal], [], [], 0.1)[0]:
                self.shown += os.read(self.terminal, 4096)
        for _ in range(300):  # the question is written once the echo is off
            if not self.echo():
                return
            time.sleep(0.01)
        raise AssertionError("echo is on while the PIN is asked for")

    def echo(self):
        return bool(termios.tcgetattr(self.terminal)[3] & termios.ECHO)

    def type(self, octets):
        os.write(self.terminal, octets)

    def ends(self, how, saying=b""):
        got = self.report.readline().strip()
        while select.select([self.terminal], [], [], 0.1)[0]:
            self.shown += os.read(self.terminal, 4096)
        assert got == how, f"{got}, not {how}: {self.shown}"
        assert saying in self.shown, f"not said: {saying}; but {self.shown}"
        assert self.echo(), f"{how}: the terminal was left without echo"
        assert pin.encode() not in self.shown, "the PIN is on the screen"

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.leader, 0)


def case(what, octets, how, saying=b""):
    run = Run()
    run.type(octets)
    run.ends(how, saying)
    run.close()
    print(what)


case("a PIN is read without echo and shown nowhere", pin.encode() + b"\n", "exit 0", b"seals")
case("a wrong PIN is refused and shown nowhere", b"00000000\n", "exit 5", b"CKR_PIN_INCORRECT")
case("no PIN is refused", b"\n", "exit 5", b"none was typed")
case("the end of input is refused", b"\x04", "exit 5", b"none was typed")
case("a PIN that is too long is refused and not tried", b"1" * 300 + b"\n", "exit 5", b"too long")
case("Ctrl-C ends the program", b"123\x03", f"signal {int(signal.SIGINT)}")

run = Run()
os.kill(run.job, signal.SIGTERM)
run.ends(f"signal {int(signal.SIGTERM)}")
run.close()
print("a signal from outside ends the program")

run = Run()
run.type(b"123\x1a")
run.ends("stopped")
run.shown = b""
os.kill(run.job, signal.SIGCONT)
run.wait_for(b"PIN (seals): ")
run.type(pin.encode() + b"\n")
run.ends("exit 0")
run.close()
print("Ctrl-Z stops it, and it asks again when it goes on")
