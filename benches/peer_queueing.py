"""Five queueing models in SimPy and Ciw: how fast they are, and figures to compare the crate with.

M/M/10, M/G/60/60 and a network of 20 hospitals three times: beds without limit, with blocking, with
diversion. Run, and repeat, with Python 3.11:

    python -m venv venv
    venv/bin/pip install ciw==3.2.7 simpy==4.1.2 numpy==2.4.6 scipy==1.17.1
    venv/bin/python benches/peer_queueing.py --output peers.json  # Ciw alone takes some 40 minutes
    venv/bin/python benches/peer_queueing.py --scale 'ciw:net20*=0.2' --output peers.json
    venv/bin/python benches/peer_queueing.py --from peers.json --json-of verbund crate.json

The models are read from ../shared/data/queueing, relative to the checkout, or from --data FOLDER.
Seeds are 1, 2, ... (--seed for the first), one per replication and the same for both tools, whose
draws differ all the same. --scale X keeps the warm-up and cuts what follows it to that share.
--models and --tools choose. --from reads an earlier output instead of running anything, and shows
all sides beside each other; --json-of NAME FILE adds a side, a list of {model, figure, station,
mean, half_width}, stations by name or number, null for the whole model.

An event is an arrival of a customer at a station or an end of service, from the start on, warm-up
included. An arrival counts once, whether admitted, waiting, lost, diverted or blocked: a blocked
customer's later move is no event of its own, nor is each alternate that is asked. A transfer is two
events, then: the end of a stay and an arrival; the three parts are given, should another count be
wanted. Seconds are process time from building a model to its figures, reading the file excepted.

Figures are of the time from warm-up to horizon, from an empty start; means over replications with
95 % intervals by Student's t. Two sides agree where |m1 - m2| <= 1.2 sqrt(h1^2 + h2^2); with ten
replications each, about one figure in seventy does not by chance alone; rare things, 0 ± 0 in a
short run, more often.

    p_wait, Wq        of customers whose service begins in that time
    Lq, utilisation   over time: customers waiting, servers busy of all
    census            over time: beds taken, blocked ones included
    share_lost        lost of external arrivals: of all, and of those who arrived at that station
    share_diverted    the same for those admitted at an alternate
    diverted_in       admissions at this station as an alternate, per unit of time
    blocked           transfers that found the destination full, per unit of time, by origin
    blocked_beds      over time: beds held by blocked customers, by origin
    blocked_time      mean time blocked: blocked_beds / blocked

SimPy: a process per customer and one per source, beds as plain counters with a queue of events, not
simpy.Resource, which is slower. A freed bed is handed over without being free in between. Ciw: its
own blocking and its own records; diversion is an ArrivalNode that asks the alternates. In both, two
customers blocked towards each other's station stay so until some bed is freed: no swaps.
"""

import argparse
import gc
import json
import math
import platform
import random
import sys
import time
from bisect import bisect
from collections import deque
from fnmatch import fnmatch
from functools import partial
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from types import SimpleNamespace

import ciw
import numpy as np
import simpy
from scipy import stats

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "queueing"
MODELS = ("mmc", "mgcc", "net20_inf", "net20_bas", "net20_divert")
# What is counted at a station. Arrivals, lost, diverted: from outside, where they first arrived.
COUNTS = ("arrived", "lost", "diverted", "diverted_in", "begun", "waited", "wait", "queue_time",
          "bed_time", "transfers", "ends", "blocked", "blocked_time")  # fmt: skip


def read_model(folder, name, scale):
    """One form for all models: stations with beds, stays, alternates and a row of the routing."""
    raw = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    horizon = raw["warmup"] + scale * (raw["horizon"] - raw["warmup"])
    model = SimpleNamespace(name=name, unit=raw["time_unit"], warmup=raw["warmup"], horizon=horizon)
    if raw["type"] == "net":
        beds = [math.inf if raw["capacity"] == "infinite" else n["beds"] for n in raw["nodes"]]
        divert = name == "net20_divert"
        model.stations = [
            SimpleNamespace(name=node["name"], beds=bed, rate=node["lambda"], stay=node["los"],
                            alternates=node["divert"] if divert else [], row=row)
            for node, bed, row in zip(raw["nodes"], beds, raw["routing"])
        ]  # fmt: skip
    else:
        stay = raw.get("los") or {"dist": "exponential", "mean": 1 / raw["mu"]}
        model.stations = [SimpleNamespace(name=None, beds=raw["servers"], rate=raw["lambda"],
                                          stay=stay, alternates=[], row=[0.0])]  # fmt: skip
    model.queues = raw["type"] == "MMc"  # else who finds no bed from outside is lost
    return model


def lognormal(stay):
    """Mean and standard deviation of the logarithm."""
    variance = math.log(1 + stay["cv"] ** 2)
    return math.log(stay["mean"]) - variance / 2, math.sqrt(variance)


def run_simpy(model, seed):
    """One replication: counts by station from warm-up to horizon, and events in three parts."""
    env, rng = simpy.Environment(), random.Random(seed)
    stations = []
    for given in model.stations:
        station = SimpleNamespace(**dict.fromkeys(COUNTS, 0), beds=given.beds, rate=given.rate)
        station.taken, station.in_queue, station.held = 0, 0, 0  # held: by blocked customers
        station.waiting = deque()  # events of those who get the next beds, from here or elsewhere
        station.ways = list(accumulate(given.row))
        if given.stay["dist"] == "lognormal":
            station.draw_stay = partial(rng.lognormvariate, *lognormal(given.stay))
        else:
            station.draw_stay = partial(rng.expovariate, 1 / given.stay["mean"])
        stations.append(station)
    for station, given in zip(stations, model.stations):
        station.alternates = [stations[a] for a in given.alternates]

    # Times are sums of ends less sums of beginnings, what still lasts is added in counted().
    def take(station):
        station.taken += 1
        station.bed_time -= env.now

    def free(station):
        if station.waiting:
            station.waiting.popleft().succeed()  # the bed is handed over, not free in between
        else:
            station.taken -= 1
            station.bed_time += env.now

    def customer(station, has_bed=True):
        if not has_bed:
            since = env.now
            station.in_queue += 1
            station.queue_time -= since
            bed = env.event()
            station.waiting.append(bed)
            yield bed
            station.in_queue -= 1
            station.queue_time += env.now
            station.waited += 1
            station.wait += env.now - since
        while True:
            station.begun += 1
            yield env.timeout(station.draw_stay())
            station.ends += 1
            way = bisect(station.ways, rng.random())
            if way == len(stations):
                free(station)
                return
            goal = stations[way]
            station.transfers += 1
            if goal.taken < goal.beds:
                take(goal)
            else:
                station.blocked += 1
                station.held += 1
                station.blocked_time -= env.now
                bed = env.event()
                goal.waiting.append(bed)
                yield bed
                station.held -= 1
                station.blocked_time += env.now
            free(station)
            station = goal

    def source(station):
        while True:
            yield env.timeout(rng.expovariate(station.rate))
            station.arrived += 1
            if station.taken < station.beds:
                take(station)
                env.process(customer(station))
            elif model.queues:
                env.process(customer(station, has_bed=False))
            else:
                for other in station.alternates:
                    if other.taken < other.beds:
                        station.diverted += 1
                        other.diverted_in += 1
                        take(other)
                        env.process(customer(other))
                        break
                else:
                    station.lost += 1

    def counted():
        lasting = {"queue_time": "in_queue", "bed_time": "taken", "blocked_time": "held"}
        rows = [[getattr(s, c) + (getattr(s, lasting[c]) * env.now if c in lasting else 0)
                 for c in COUNTS] for s in stations]  # fmt: skip
        return np.array(rows, float)

    for station in stations:
        env.process(source(station))
    env.run(until=model.warmup)
    before = counted()
    env.run(until=model.horizon)
    parts = [sum(getattr(s, c) for s in stations) for c in ("arrived", "transfers", "ends")]
    return counted() - before, parts


class Diverting(ciw.ArrivalNode):
    """Who finds a station full is sent to its first alternate with a free bed, else is lost."""

    alternates = ()  # of each station, as Ciw numbers them

    def __init__(self, simulation):
        super().__init__(simulation)
        self.diverted = []  # time, from, to

    def release_individual(self, next_node, next_individual):
        if next_node.number_of_individuals >= next_node.node_capacity:
            for other in self.alternates[next_node.id_number - 1]:
                node = self.simulation.nodes[other]
                if node.number_of_individuals < node.node_capacity:
                    times = (self.simulation.current_time, next_node.id_number, other)
                    self.diverted.append(times)
                    next_node = node
                    break
        super().release_individual(next_node, next_individual)


def run_ciw(model, seed):
    """As `run_simpy`, from Ciw's records."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(s.rate) for s in model.stations],
        service_distributions=[
            ciw.dists.Lognormal(*lognormal(s.stay)) if s.stay["dist"] == "lognormal"
            else ciw.dists.Exponential(1 / s.stay["mean"]) for s in model.stations
        ],
        routing=[s.row for s in model.stations],
        number_of_servers=[s.beds for s in model.stations],
        queue_capacities=[math.inf if model.queues else 0 for _ in model.stations],
    )  # fmt: skip
    numbered = [[a + 1 for a in s.alternates] for s in model.stations]
    arrivals = type("Arrivals", (Diverting,), {"alternates": numbered})
    ciw.seed(seed)
    simulation = ciw.Simulation(network, arrival_node_class=arrivals)
    simulation.simulate_until_max_time(model.horizon)

    begin, end = model.warmup, model.horizon
    counts = np.zeros((len(model.stations), len(COUNTS)))
    column = {name: i for i, name in enumerate(COUNTS)}
    ends, transfers = 0, 0

    def add(node, what, value=1):
        counts[node - 1, column[what]] += value

    def overlap(since, until):
        return max(0.0, min(until, end) - max(since, begin))

    seen, moved_in = set(), {(moment, to) for moment, _, to in simulation.nodes[0].diverted}
    records = simulation.get_all_records(only=["service", "rejection"], include_incomplete=True)
    for r in records:
        # The first record of a customer tells of the arrival from outside.
        if r.id_number not in seen:
            seen.add(r.id_number)
            if r.arrival_date >= begin and (r.arrival_date, r.node) not in moved_in:
                add(r.node, "arrived")
                if r.record_type == "rejection":
                    add(r.node, "lost")
        if r.record_type == "rejection":
            continue
        left = end if r.exit_date is None else r.exit_date
        started = r.service_start_date
        if started is None:  # waits still
            add(r.node, "queue_time", overlap(r.arrival_date, end))
            continue
        if model.queues and started > r.arrival_date:
            add(r.node, "queue_time", overlap(r.arrival_date, started))
        if started >= begin:
            add(r.node, "begun")
            if started > r.arrival_date:
                add(r.node, "waited")
                add(r.node, "wait", started - r.arrival_date)
        add(r.node, "bed_time", overlap(started, left))
        if r.service_end_date is None:
            continue
        ends += 1
        moves = r.exit_date is None or r.destination != -1  # ended and still there: blocked
        transfers += moves
        if r.service_end_date >= begin:
            add(r.node, "ends")
            add(r.node, "transfers", moves)
        if r.service_end_date < left:
            add(r.node, "blocked_time", overlap(r.service_end_date, left))
            if r.service_end_date >= begin:
                add(r.node, "blocked")
    for moment, origin, other in simulation.nodes[0].diverted:
        if moment >= begin:
            add(origin, "arrived")
            add(origin, "diverted")
            add(other, "diverted_in")
    return counts, [simulation.nodes[0].number_of_individuals, transfers, ends]


def figures(model, counts):
    """Figures of one replication by name and station (None: the whole model)."""
    span, found = model.horizon - model.warmup, {}
    rows = [(station.name, row) for station, row in zip(model.stations, counts)]
    if len(rows) > 1:
        rows.insert(0, (None, counts.sum(axis=0)))
    for station, row in rows:
        n = SimpleNamespace(**dict(zip(COUNTS, row)))
        if model.queues:
            found["p_wait", station] = n.waited / n.begun
            found["Wq", station] = n.wait / n.begun
            found["Lq", station] = n.queue_time / span
            found["utilisation", station] = n.bed_time / span / model.stations[0].beds
            continue
        found["census", station] = n.bed_time / span
        if math.isinf(model.stations[0].beds):
            continue
        found["share_lost", station] = n.lost / n.arrived
        if len(counts) == 1:
            continue
        found["blocked", station] = n.blocked / span
        found["blocked_beds", station] = n.blocked_time / span
        if station is None:
            found["blocked_time", station] = n.blocked_time / n.blocked if n.blocked else 0.0
        if model.stations[0].alternates:
            found["share_diverted", station] = n.diverted / n.arrived
            if station is not None:
                found["diverted_in", station] = n.diverted_in / span
    return found


def run(tool, model, scale, seeds):
    """All replications of a model with a tool."""
    step = {"simpy": run_simpy, "ciw": run_ciw}[tool]
    samples, parts, cpu, wall = [], [], [], []
    for seed in seeds:
        gc.collect()  # what the last replication left is not this one's business
        start = time.process_time(), time.perf_counter()
        counts, events = step(model, seed)
        samples.append(figures(model, counts))
        cpu.append(time.process_time() - start[0])
        wall.append(time.perf_counter() - start[1])
        parts.append(events)
    parts = np.sum(parts, axis=0)
    factor = stats.t.ppf(0.975, len(seeds) - 1) / math.sqrt(len(seeds)) if len(seeds) > 1 else None
    rows = []
    for figure, station in sorted(samples[0], key=lambda key: (key[0], key[1] or "")):
        values = np.array([sample[figure, station] for sample in samples])
        half = factor * values.std(ddof=1) if factor else None
        rows.append({"model": model.name, "figure": figure, "station": station,
                     "mean": values.mean(), "half_width": half})  # fmt: skip
    return {
        "model": model.name, "tool": tool, "seeds": seeds, "replications": len(seeds),
        "time_unit": model.unit, "warmup": model.warmup, "horizon": model.horizon, "scale": scale,
        "events": int(parts.sum()), "external_arrivals": int(parts[0]),
        "transfers": int(parts[1]), "ends_of_service": int(parts[2]),
        "process_seconds": sum(cpu), "wall_seconds": sum(wall),
        "process_seconds_each": cpu, "events_per_second": parts.sum() / sum(cpu), "figures": rows,
    }  # fmt: skip


def compare(sides):
    """Prints all figures, a column for each side, and how many intervals overlap pair by pair."""
    keys = list(dict.fromkeys(key for side in sides.values() for key in side))
    pairs = [(a, b) for i, a in enumerate(sides) for b in list(sides)[i + 1:]]
    print(f"{'model':<13}{'figure':<15}{'at':<5}" + "".join(f"{name:>25}" for name in sides))
    agreed = {pair: [] for pair in pairs}
    for model, figure, station in keys:
        found = {name: side.get((model, figure, station)) for name, side in sides.items()}
        cells = (f"{v[0]:.5g} ± {v[1]:.2g}" if v else "-" for v in found.values())
        apart = []
        for a, b in pairs:
            if found[a] and found[b]:
                gap = 1.2 * math.hypot(found[a][1], found[b][1])
                agreed[a, b].append(abs(found[a][0] - found[b][0]) <= gap)
                if not agreed[a, b][-1]:
                    apart.append(f"{a}/{b}")
        row = f"{model:<13}{figure:<15}{station or '':<5}" + "".join(f"{c:>25}" for c in cells)
        print(f"{row}  {'apart: ' + ', '.join(apart) if apart else ''}".rstrip())
    for (a, b), found in agreed.items():
        print(f"{a} and {b}: {sum(found)} of {len(found)} intervals overlap")


def side(rows, names):
    """Mean and half width by model, figure and station; a number stands for the station's name."""
    found = {}
    for r in rows:
        at = names[r["station"]] if isinstance(r["station"], int) else r["station"]
        found[r["model"], r["figure"], at] = r["mean"], r["half_width"] or 0.0
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the models")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    parser.add_argument("--tools", nargs="+", choices=("simpy", "ciw"), default=("simpy", "ciw"))
    parser.add_argument("--replications", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1, help="of the first replication")
    parser.add_argument("--scale", nargs="+", default=[], metavar="[TOOL:MODEL=]SHARE",
                        help="of the time after warm-up; ciw:net20*=0.2 for some")  # fmt: skip
    parser.add_argument("--output", type=Path, help="instead of standard output")
    parser.add_argument("--from", type=Path, dest="earlier", help="an earlier output: run nothing")
    parser.add_argument("--json-of", nargs=2, metavar=("NAME", "FILE"), help="another side")
    asked = parser.parse_args()

    if asked.earlier:
        report = json.loads(asked.earlier.read_text(encoding="utf-8"))
    else:
        missing = [m for m in asked.models if not (asked.data / f"{m}.json").is_file()]
        if missing:
            sys.exit(f"{', '.join(missing)}: not in {asked.data}; name the folder with --data")
        tools = ("simpy", "ciw", "numpy", "scipy")
        report = {
            "versions": {"python": platform.python_version(), **{t: version(t) for t in tools}},
            "event": "an arrival of a customer at a station (from outside or by transfer, whether "
                     "admitted, waiting, lost, diverted or blocked) or an end of service; "
                     "a blocked customer's later move is none",
            "skipped": [],  # models a tool cannot express: none so far
            "runs": [],
        }  # fmt: skip
        seeds = list(range(asked.seed, asked.seed + asked.replications))
        for name in asked.models:
            for tool in asked.tools:
                scale = 1.0
                for entry in asked.scale:
                    pattern, _, share = entry.rpartition("=")
                    if fnmatch(f"{tool}:{name}", pattern or "*"):
                        scale = float(share)
                done = run(tool, read_model(asked.data, name, scale), scale, seeds)
                report["runs"].append(done)
                if asked.output:  # after each run: what is done is kept
                    asked.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
                print(f"{name:<14}{tool:<7}scale {scale:<6g}{done['events']:>10} events"
                      f"{done['process_seconds']:>9.1f} s{done['events_per_second']:>10.0f}/s",
                      file=sys.stderr, flush=True)  # fmt: skip
    if asked.earlier or asked.json_of:
        rows = {tool: [row for r in report["runs"] if r["tool"] == tool for row in r["figures"]]
                for tool in dict.fromkeys(r["tool"] for r in report["runs"])}  # fmt: skip
        known = dict.fromkeys(r["station"] for part in rows.values() for r in part if r["station"])
        names = sorted(known)  # H00, H01, ...: their order in the data
        sides = {}
        if asked.json_of:
            given = json.loads(Path(asked.json_of[1]).read_text(encoding="utf-8"))
            sides[asked.json_of[0]] = side(given, names)
        compare(sides | {tool: side(part, names) for tool, part in rows.items()})
    elif not asked.output:
        print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
