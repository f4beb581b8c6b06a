"""A service that is measured: started on a free port, waited for, ended."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from servers_kit import processes
from servers_kit.failure import Failure, tail

# Seconds. The first lexical index of 85,000 products takes 93 of them.
PATIENCE = 300
# No proxy stands between processes of one machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def get(url, token=None, timeout=5):
    """Status and JSON of an address; status 0 where nobody answers."""
    request = urllib.request.Request(url, headers={"authorization": f"Bearer {token}"} if token else {})
    try:
        with OPENER.open(request, timeout=timeout) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, None
    except (OSError, ValueError):
        return 0, None


class Service:
    """`serve`, or something that speaks as it does."""

    def __init__(self, name, command, environment, log, ready="/health/ready"):
        self.name = name
        self.command = [str(part) for part in command]
        self.environment = environment
        self.log = log
        self.ready = ready
        self.port = free_port()
        self.child = None
        self.ready_seconds = None

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        begun = time.monotonic()
        address = {"AUSKUNFT_LISTEN": f"127.0.0.1:{self.port}", "PORT": str(self.port)}
        with open(self.log, "ab") as output:
            self.child = subprocess.Popen(
                self.command,
                env=self.environment | address,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while get(self.base + self.ready)[0] != 200:
            if self.child.poll() is not None:
                raise Failure(f"{self.name} ended before it was ready:{tail(self.log)}")
            if time.monotonic() - begun > PATIENCE:
                self.kill()
                raise Failure(f"{self.name} is not ready after {PATIENCE} s:{tail(self.log)}")
            time.sleep(0.01)
        self.ready_seconds = time.monotonic() - begun
        return self

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def root(self):
        """Its first process; None where it does not run."""
        status = processes.status(self.child.pid) if self.child and self.child.poll() is None else None
        return status and status.process

    def signal(self, which):
        if self.child and self.child.poll() is None:
            self.child.send_signal(which)

    def stop(self):
        """Asks it to end; the exit code."""
        self.signal(signal.SIGTERM)
        try:
            return self.child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self):
        """Ends it and its children at once."""
        if self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGKILL)
        return self.child.wait()
