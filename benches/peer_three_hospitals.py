"""Three hospitals in SimPy beside the crate: the same model, other random numbers, another program.

The model is what `verbund simulate --export-model` writes of the network `small` (three hospitals, ten wards) with
patients of full wards in other wards of the house, discharges by hour and day of the week, and a season. It is run by
`verbund queue` and, written anew from the docs of `verbund::queueing`, by SimPy; both start empty. For each ward the
means of several figures must lie within each other's 95 % intervals, but for the one in twenty that chance allows.

    pip install simpy==4.1.2
    cargo build --release
    python3 benches/peer_three_hospitals.py --verbund target/release/verbund

SimPy: a process for each stream and each stay. What the model does not use (blocking, closures, teams, patience,
batches) is refused, not left out.
"""

import argparse
import bisect
import json
import math
import random
import subprocess
import tempfile
from pathlib import Path

import simpy

SEASON = (
    '[(specialties: ["internal_medicine", "paediatrics"],'
    " months: (1.3, 1.3, 1.1, 1, 0.9, 0.8, 0.7, 0.7, 0.9, 1, 1.1, 1.2))]"
)
# 97.5 % quantiles of Student's t by degrees of freedom.
STUDENT = {4: 2.776, 9: 2.262, 19: 2.093, 29: 2.045, 39: 2.023}
FIGURES = ["mean_busy", "admitted", "diverted", "received_here", "forced_in"]


def refuse(what):
    raise SystemExit(f"not in this copy: {what}")


def drawn(law, numbers):
    """A length by its law."""
    (name, value), = law.items()
    if name == "Lognormal":
        if value["cv"] == 0:
            return value["mean"]
        variance = math.log(1 + value["cv"] ** 2)
        return numbers.lognormvariate(math.log(value["mean"]) - variance / 2, math.sqrt(variance))
    if name == "Deterministic":
        return value
    if name == "Exponential":
        return numbers.expovariate(1 / value["mean"])
    return refuse(f"law {name}")


class Ward:
    """Beds, who waits, and what is counted."""

    def __init__(self, written):
        (kind, servers), = written["servers"].items()
        if kind != "Finite":
            refuse("infinitely many servers")
        for key in ("shifts", "hours", "team", "service"):
            if written.get(key):
                refuse(key)
        self.key, self.servers, self.capacity = written["key"], servers, servers
        (_, self.places), = written["waiting_room"].items()
        self.absence = written.get("absence")
        self.set_up = written.get("set_up")
        self.alternates = written.get("alternates", [])
        self.routes = {route.get("class"): route for route in written.get("routes", [])}
        self.busy = self.setting_up = 0
        self.owed = 0.0
        self.waiting = []
        self.counts = dict.fromkeys(FIGURES, 0)
        self.area, self.last = 0.0, 0.0

    def has_free(self):
        return self.busy + self.setting_up < self.capacity

    def touch(self, now):
        self.area += self.busy * (now - self.last)
        self.last = now


class Patient:
    def __init__(self, kind_class, first, by_appointment):
        self.kind_class, self.first, self.by_appointment = kind_class, first, by_appointment
        self.home = first
        self.way = None


class Copy:
    """One replication."""

    def __init__(self, model, seed):
        if model["time_unit"] != "d" or model.get("changes") or model.get("teams"):
            refuse("other units of time, changes, teams")
        self.model, self.numbers = model, random.Random(seed)
        self.env = simpy.Environment()
        self.wards = {written["key"]: Ward(written) for written in model["stations"]}
        self.classes = {written["key"]: written for written in model["classes"]}
        for written in model["classes"]:
            if written.get("patience") or written.get("ageing"):
                refuse("patience and ageing")
        self.there_by = {}
        self.turn = 0

    def run(self):
        model = self.model
        for stream in model["streams"]:
            self.env.process(self.stream(stream))
        for ward in self.wards.values():
            if ward.absence:
                self.env.process(self.absence(ward))
        self.env.run(until=model["warm_up"])
        for ward in self.wards.values():
            ward.counts = dict.fromkeys(FIGURES, 0)
            ward.area, ward.last = 0.0, self.env.now
        self.env.run(until=model["horizon"])
        figures = {}
        for key, ward in self.wards.items():
            ward.touch(model["horizon"])
            ward.counts["mean_busy"] = ward.area / (model["horizon"] - model["warm_up"])
            for name in FIGURES:
                figures[key, name] = ward.counts[name]
        return figures

    def absence(self, ward):
        absence = ward.absence
        if absence.get("pool"):
            refuse("staff pools")
        while True:
            share = absence["mean"] * (1 + absence["cv"] * self.numbers.gauss(0, 1))
            share = min(max(share, 0.0), 0.9)
            if share == 0:
                ward.capacity = ward.servers
            else:
                wanted = ward.servers * (1 - share) + ward.owed
                # Half a bed up, as the crate rounds.
                whole = min(max(math.floor(wanted + 0.5), 0), ward.servers)
                ward.capacity = whole
                if absence.get("carries"):
                    ward.owed = wanted - whole
            self.fill(ward)
            yield self.env.timeout(absence["every"])

    def stream(self, stream):
        (kind, arrivals), = stream["arrivals"].items()
        if kind != "Poisson" or arrivals.get("curve"):
            refuse("arrivals that are no Poisson process of the whole run")
        week = arrivals.get("week") or [1.0]
        year = arrivals.get("year") or [1.0]
        days = [year[day * len(year) // 365] for day in range(365)]
        week = [rate * len(week) / sum(week) for rate in week]
        days = [rate * 365 / sum(days) for rate in days]
        keeps = stream.get("keeps")
        most = max(week) * max(days)
        while True:
            yield self.env.timeout(self.numbers.expovariate(arrivals["rate"] * most))
            hour = int(self.env.now * 24 + self.model["starts_at_hour"])
            day = int(self.env.now) + self.model["starts_on_day"]
            if self.numbers.random() * most >= week[hour % len(week)] * days[day % 365]:
                continue
            if keeps:
                step = math.floor((self.env.now - keeps["from"]) / keeps["step"])
                if 0 <= step < len(keeps["factors"]):
                    if self.numbers.random() >= keeps["factors"][step]:
                        continue
            self.arrive(stream)

    def preference(self, kind):
        """The first that holds at this hour."""
        hour = int(self.env.now * 24 + self.model["starts_at_hour"]) % 168
        for preference in kind["preferences"]:
            if preference.get("from") is not None or preference.get("until") is not None:
                refuse("preferences of a part of the run")
            if preference.get("least_full"):
                refuse("the least full first")
            if is_open(preference.get("hours"), hour):
                return preference
        return None

    def arrive(self, stream):
        kind = self.numbers.choices(stream["kinds"], [own["share"] for own in stream["kinds"]])[0]
        preference = self.preference(kind)
        if preference is None:
            return
        keys, weights = zip(*preference["first"])
        first = self.wards[self.numbers.choices(keys, weights)[0]]
        by_appointment = kind.get("by_appointment", False)
        patient = Patient(kind.get("class"), first, by_appointment)
        others = [self.wards[key] for key in preference.get("then", []) if key != first.key]
        to, queued, forced = None, None, False
        if first.has_free():
            to = first
        if to is None:
            to = self.by_alternate(patient, first, by_appointment, None)
        when_full = kind.get("when_full", "Wait")
        if to is None and when_full == "WaitFirst":
            for ward in [first, *others]:
                if ward is not first and ward.has_free():
                    to = ward
                    break
                if len(ward.waiting) < ward.places:
                    queued = ward
                    break
        elif to is None:
            to = next((ward for ward in others if ward.has_free()), None)
            if to is None and when_full == "Force":
                to, forced = first, True
            elif to is None and when_full == "Wait" and len(first.waiting) < first.places:
                queued = first
            elif to is None and when_full not in ("Wait", "Leave"):
                refuse(f"kinds that {when_full} when all is full")
        patient.home = self.wards[preference["home"]] if preference.get("home") else to or queued or first
        if to is not None:
            if to is first:
                first.counts["admitted"] += 1
                first.counts["forced_in"] += forced
            else:
                first.counts["diverted"] += 1
                to.counts["received_here"] += 1
            self.start(patient, to)
        elif queued is not None:
            self.queue(patient, queued)

    def by_alternate(self, patient, ward, by_appointment, but):
        """The first alternate of a full ward that takes the patient."""
        for number, way in enumerate(ward.alternates):
            for key in ("hours", "from", "until"):
                if way.get(key) is not None:
                    refuse(f"{key} of an alternate")
            to = self.wards[way["to"]]
            group = (way["to"], way["group"]) if way.get("group") else (ward.key, number)
            used = self.there_by.get(group, 0)
            if to is but or way.get("without_appointment") and by_appointment:
                continue
            if to.has_free() and used < way.get("at_most", math.inf):
                patient.way = (group, 1 + way.get("extra", 0.0))
                return to
        return None

    def queue(self, patient, ward):
        self.turn += 1
        priority = self.classes[patient.kind_class].get("priority", 0)
        bisect.insort(ward.waiting, (priority, self.turn, patient), key=lambda entry: entry[:2])

    def start(self, patient, ward):
        ward.touch(self.env.now)
        ward.busy += 1
        if patient.way:
            group, _ = patient.way
            self.there_by[group] = self.there_by.get(group, 0) + 1
        self.env.process(self.stay(patient, ward))

    def length(self, patient):
        own = self.classes[patient.kind_class]
        length = drawn(own["service"], self.numbers)
        if patient.way:
            length *= patient.way[1]
        ends = own.get("ends")
        return self.end(ends, self.env.now + length) - self.env.now if ends else length

    def end(self, ends, over):
        """When a stay ends whose length is over at a time."""
        start, numbers = self.model["starts_at_hour"], self.numbers
        days = [sum(ends[(24 * day + hour) % len(ends)] for hour in range(24)) for day in range(7)]
        step = 1 if numbers.random() < 0.5 else -1
        day = math.floor((start + over * 24) / 24)
        for _ in range(30):
            if numbers.random() < days[day % 7] / max(days):
                hours = [ends[(24 * (day % 7) + hour) % len(ends)] for hour in range(24)]
                at = 24 * day + numbers.choices(range(24), hours)[0] + numbers.random()
                if at > start + self.env.now * 24:
                    return (at - start) / 24
                step = 1
            day += step
        return over

    def stay(self, patient, ward):
        """All services at one ward, until the patient goes."""
        stays = True
        while stays:
            yield self.env.timeout(self.length(patient))
            stays = self.end_service(patient, ward)

    def end_service(self, patient, ward):
        """Whether the patient goes on in the same bed."""
        route = ward.routes.get(patient.kind_class) or ward.routes.get(None)
        branch = self.branch(route) if route else None
        if branch is None:
            return self.go(patient, ward, None, None, False)
        patient.kind_class = branch.get("class") or patient.kind_class
        if branch["to"] == "Here":
            return True
        at_home = branch["to"] == "Home"
        target = patient.home if at_home else self.wards[branch["to"]["Station"]]
        if target is ward:
            if not at_home:
                refuse("branches back to the own ward by its key")
            return True
        old, patient.way = patient.way, None
        for to in [target, *(self.wards[key] for key in branch.get("then", []))]:
            if to.has_free():
                return self.go(patient, ward, old, to, False)
        if branch.get("alternates"):
            to = self.by_alternate(patient, target, False, ward)
            if to is not None:
                return self.go(patient, ward, old, to, False)
        when_full = branch.get("when_full", "Wait")
        if when_full == "Stay":
            patient.way = old
            return True
        if when_full == "Leave":
            return self.go(patient, ward, old, None, False)
        if when_full != "Force":
            refuse(f"branches that {when_full} when all is full")
        return self.go(patient, ward, old, target, True)

    def branch(self, route):
        number, total = self.numbers.random(), 0.0
        for branch in route.get("branches", []):
            for key in ("hours", "from", "until"):
                if branch.get(key) is not None:
                    refuse(f"{key} of a branch")
            total += branch.get("share", 1.0)
            if number < total:
                return branch
        return route.get("rest")

    def go(self, patient, ward, old, to, forced):
        """Frees the bed, which is made ready, and goes on."""
        ward.touch(self.env.now)
        ward.busy -= 1
        old = old or (patient.way if to is None else None)
        if old:
            self.there_by[old[0]] -= 1
        if ward.set_up:
            ward.setting_up += 1
            self.env.process(self.make_ready(ward))
        if to is not None:
            to.counts["forced_in"] += forced
            self.start(patient, to)
        self.fill(ward)
        return False

    def make_ready(self, ward):
        yield self.env.timeout(drawn(ward.set_up, self.numbers))
        ward.setting_up -= 1
        self.fill(ward)

    def fill(self, ward):
        while ward.waiting and ward.has_free():
            _, _, patient = ward.waiting.pop(0)
            if ward is patient.first:
                ward.counts["admitted"] += 1
            else:
                patient.first.counts["diverted"] += 1
                ward.counts["received_here"] += 1
            self.start(patient, ward)


def is_open(hours, hour):
    """Whether hours of the week, as a file writes them, have this hour."""
    if hours is None:
        return True
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    for part in hours.split(";"):
        words = part.split()
        spans = [word.split("-") for word in words]
        day = spans[0] if spans[0][0] in days else ["Mon", "Sun"]
        times = next((span for span in spans if span[0][0].isdigit()), ["0", "24"])
        first, last = days.index(day[0]), days.index(day[-1])
        in_days = first <= hour // 24 <= last if first <= last else not last < hour // 24 < first
        if in_days and int(times[0]) <= hour % 24 < int(times[-1]):
            return True
    return False


def exported(verbund, folder):
    """The model of three hospitals, from empty wards, over two years behind 200 days of warm-up."""
    path = Path(folder) / "three.json"
    command = [verbund, "simulate", "--network", "small", "--days", "730", "--warm-up", "200"]
    command += ["--set", f"rhythm.seasons={SEASON}", "--replications", "1", "--export-model", path]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    model = json.loads(path.read_text())
    model.pop("present", None)
    path.write_text(json.dumps(model))
    return path, model


def of_crate(verbund, path, seed):
    command = [verbund, "queue", path, "--replications", "1", "--seed", str(seed), "--format", "json"]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    figures = {}
    for row in told["tables"]["stations"]:
        for name in FIGURES:
            figures[row["station"], name] = row[name]
        figures[row["station"], "admitted"] += row["admitted_earlier"]
    return figures


def interval(values):
    count = len(values)
    mean = sum(values) / count
    variance = sum((value - mean) ** 2 for value in values) / (count - 1)
    return mean, STUDENT[count - 1] * math.sqrt(variance / count)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--verbund", default="target/release/verbund")
    parser.add_argument("--replications", type=int, default=20, choices=[count + 1 for count in STUDENT])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path, model = exported(arguments.verbund, folder)
        seeds = range(1, arguments.replications + 1)
        crate = [of_crate(arguments.verbund, path, seed) for seed in seeds]
    peer = [Copy(model, seed).run() for seed in seeds]
    apart, count = [], 0
    for key in crate[0]:
        own, own_half = interval([figures[key] for figures in crate])
        other, other_half = interval([figures[key] for figures in peer])
        meets = abs(own - other) <= own_half + other_half
        mark = "" if meets else "  apart"
        print(f"{key[0]:32} {key[1]:14} {own:10.2f} ± {own_half:6.2f} {other:10.2f} ± {other_half:6.2f}{mark}")
        count += 1
        apart += [] if meets else [key]
    print(f"{count - len(apart)} of {count} figures have intervals that meet")
    raise SystemExit(len(apart) > count // 20)


if __name__ == "__main__":
    main()
