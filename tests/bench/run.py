#!/usr/bin/python3
"""`./dev bench`: how many suggestions replyd answers a second, how fast, and how near that is to what the database alone
can do (tests/bench/limit.c), in turns on one machine. Durable PostgreSQL: fsync and synchronous_commit are on."""
import argparse
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
CLUSTER = BUILD / "bench/pg"
AS_OF = "2026-03-02T10:00:00Z"
SHOP = "bench"

TEXTS = [
    "Hi, my order still has not arrived!", "Where is my parcel?", "I have been waiting for weeks and nothing has come.",
    "Can you tell me where my order is right now?", "My package is late. You promised it would be here by now.",
    "when will my package arrive?", "I haven't received my dress yet, it should have been here ten days ago. What is going on?",
    "Hello,\n\ncould you give me an update on the delivery? The tracking page tells me little.\n\nThanks a lot\n",
    "Order never arrived. It is way past the delivery date and I would like to know what you are going to do about it.",
    "Is my parcel on its way?",
]


def tools_pg(*words):
    done = subprocess.run([str(ROOT / "tools/pg"), *words], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def psql(url, *words):
    subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, *words], check=True)


class Bench:
    def __init__(self, options):
        (BUILD / "bench").mkdir(parents=True, exist_ok=True)
        self.options = options
        self.server = None
        self.log = open(BUILD / "bench/replyd.log", "w", encoding="utf-8")
        self.first = 0
        self.result = {"orders": options.orders, "seconds": options.seconds, "rounds": options.rounds, "cores": os.cpu_count(),
                       "workers": options.workers, "limit": [], "load": [], "ready_ms": []}

    def run(self):
        try:
            self.prepare()
            self.measure()
        finally:
            self.stop_server()
            tools_pg("remove", str(CLUSTER))
        self.report()

    # --- what is measured ---

    def prepare(self):
        options = self.options
        print(f"preparing a durable database with {options.orders} orders ...", flush=True)
        tools_pg("remove", str(CLUSTER))
        self.url = tools_pg("start", str(CLUSTER), "-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "shared_buffers=512MB",
                            "-c", "max_wal_size=4GB")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("REPLYD_")}
        self.environment |= {"REPLYD_DATABASE_URL": self.url, "REPLYD_LISTEN": f"127.0.0.1:{free_port()}",
                             "REPLYD_WORKERS": str(options.workers)}
        self.replyd("migrate")
        self.replyd("shop", "create", SHOP, "--name", "Bench")
        self.environment["REPLYD_KEY"] = self.replyd("key", "create", "--shop", SHOP, "--scope", "suggest").strip()
        psql(self.url, "-v", f"shop={SHOP}", "-v", f"orders={options.orders}", "-f", str(ROOT / "tests/bench/data.sql"))
        psql(self.url, "-c", "VACUUM ANALYZE")
        self.bodies = BUILD / "bench/bodies"
        with open(self.bodies, "w", encoding="utf-8") as file:
            for i in range(5000):
                number = 1 + i * 7919 % options.orders
                message = {"id": "m-##########", "conversation_id": "c-##########", "channel": "email", "text": TEXTS[i % len(TEXTS)],
                           "received_at": "2026-03-02T09:14:00Z"}
                body = {"message": message, "order_number": str(100000 + number), "as_of": AS_OF,
                        "buyer": {"name": f"Buyer {number}", "email": f"buyer{number}@example.org"}}
                file.write(json.dumps(body) + "\n")

    def measure(self):
        self.result["ready_ms"] = [self.ready_time() for _ in range(5)]
        self.start_server()
        self.load(64, 2, keep=False)  # warms up, and leaves what the limit is measured with
        for number in range(self.options.rounds):
            print(f"round {number + 1} of {self.options.rounds}", flush=True)
            for connections in self.options.limit_connections:
                self.limit(connections)
            for connections in self.options.connections:
                self.load(connections, self.options.seconds)
        self.result["rss_kb"] = self.peak_memory()

    def limit(self, connections):
        psql(self.url, "-c", "CHECKPOINT")
        found = self.tool("limit", SHOP, connections, self.options.batch, self.options.seconds)
        self.result["limit"].append(found)
        print(f"  database alone, {connections} connections: {found['per_second']:.0f}/s", flush=True)

    def load(self, connections, seconds, keep=True):
        psql(self.url, "-c", "CHECKPOINT")
        before = self.server_cpu()
        found = self.tool("load", self.port(), "/v1/suggestions", self.bodies, connections, seconds, 1, self.first)
        self.first = found["next"]
        found["server_cpu_us"] = 1e6 * (self.server_cpu() - before) / max(1, found["answered"]) * seconds / (seconds + 1)
        if found["failed"]:
            sys.exit(f"bench: {found['failed']} requests were refused")
        if keep:
            self.result["load"].append(found)
            print(f"  replyd, {connections} connections: {found['per_second']:.0f}/s, p50 {found['p50']:.2f} ms, "
                  f"p99 {found['p99']:.2f} ms", flush=True)

    # --- programs ---

    def replyd(self, *words):
        done = subprocess.run([str(BUILD / "replyd"), *words], env=self.environment, check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
        return done.stdout

    def tool(self, name, *words):
        done = subprocess.run([str(BUILD / "tests/bench" / name), *map(str, words)], env=self.environment, stdout=subprocess.PIPE,
                              text=True)
        if not done.stdout:
            sys.exit(f"bench: {name} failed")
        return json.loads(done.stdout)

    def port(self):
        return int(self.environment["REPLYD_LISTEN"].split(":")[1])

    def start_server(self):
        """Gives the milliseconds from its start to the first good answer of /readyz."""
        began = time.perf_counter()
        self.server = subprocess.Popen([str(BUILD / "replyd"), "serve"], env=self.environment, stderr=self.log)
        while not self.ready():
            if self.server.poll() is not None or time.perf_counter() - began > 30:
                sys.exit(f"bench: replyd does not get ready; see {self.log.name}")
            time.sleep(0.0005)
        return 1000 * (time.perf_counter() - began)

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port()}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError):
            return False

    def stop_server(self):
        if self.server:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(20)
            self.server = None

    def ready_time(self):
        taken = self.start_server()
        self.stop_server()
        return taken

    def peak_memory(self):
        status = pathlib.Path(f"/proc/{self.server.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])

    def server_cpu(self):
        fields = pathlib.Path(f"/proc/{self.server.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    # --- the table ---

    def report(self):
        limits = {n: spread(run["per_second"] for run in self.result["limit"] if run["connections"] == n)
                  for n in self.options.limit_connections}
        best = max(limits, key=lambda n: limits[n][0])
        top = limits[best][0]
        print(f"\n{self.options.orders} orders, {self.options.rounds} rounds of {self.options.seconds} s, {os.cpu_count()} cores shared by "
              f"PostgreSQL, replyd ({self.options.workers or 'default'} workers) and the load; medians (lowest-highest)\n")
        print(f"{'':33} {'a second':>21} {'of D':>6} {'p50 ms':>21} {'p99 ms':>24} {'CPU us':>7}")
        for n, found in limits.items():
            mark = ", D" if n == best else ""
            print(f"{f'database alone, {n} connections{mark}':33} {shown(found, 0):>21} {found[0] / top:>6.2f}")
        summary = []
        for n in self.options.connections:
            runs = [run for run in self.result["load"] if run["connections"] == n]
            rate, p50, p99, cpu = (spread(run[name] for run in runs) for name in ("per_second", "p50", "p99", "server_cpu_us"))
            print(f"{f'replyd, {n} connections':33} {shown(rate, 0):>21} {rate[0] / top:>6.2f} {shown(p50, 2):>21} {shown(p99, 2):>24} {cpu[0]:>7.0f}")
            summary.append({"connections": n, "per_second": rate, "ratio": rate[0] / top, "p50": p50, "p99": p99, "cpu_us": cpu})
        ready = spread(self.result["ready_ms"])
        print(f"\nready {shown(ready, 0)} ms after exec; {self.result['rss_kb'] / 1024:.0f} MB at most")
        self.result["summary"] = {"limit": {"connections": best, "per_second": limits[best]}, "load": summary, "ready_ms": ready}
        file = BUILD / "bench/result.json"
        file.write_text(json.dumps(self.result, indent=1) + "\n")
        print(f"all of it: {file.relative_to(ROOT)}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def spread(values):
    values = sorted(values)
    return [statistics.median(values), values[0], values[-1]]


def shown(found, digits):
    return f"{found[0]:.{digits}f} ({found[1]:.{digits}f}-{found[2]:.{digits}f})"


def numbers(text):
    return [int(word) for word in text.split(",")]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20000, help="rows of the shop (20000)")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each kind, in turns (3)")
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement (5)")
    parser.add_argument("--connections", type=numbers, default=[1, 16, 64, 256], help="of the load (1,16,64,256)")
    parser.add_argument("--limit-connections", type=numbers, default=[1, 2, 4], help="of the database's own limit; the best is D (1,2,4)")
    parser.add_argument("--batch", type=int, default=64, help="cases in a batch of the limit (64)")
    parser.add_argument("--workers", type=int, default=0, help="REPLYD_WORKERS (0: its default)")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        Bench(parser.parse_args()).run()
    except KeyboardInterrupt:
        sys.exit(130)
