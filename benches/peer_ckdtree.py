"""Nearest hospitals, single closures, ranked lists and a care pathway of Germany in Python.

The questions of `benches/country.rs` and `benches/pathways.rs`, answered with SciPy's k-d tree and
NumPy. Run:

    python -m venv venv
    venv/bin/pip install numpy scipy pyproj
    venv/bin/python benches/peer_ckdtree.py        # [threads], default 2

The Rust figures come from `cargo bench --bench country -- country`, on as many threads with
RAYON_NUM_THREADS. The tables are read from ../shared/data, relative to the checkout.

Cell centres come from the inverse projection of EPSG:3035 (pyproj). The trees hold unit vectors,
and a chord gives its arc: exact great circles. All sites qualify here; the Rust bench draws two of
three, so fewer people are within 30 minutes. Both find 13,682,818 pairs within 60 minutes.

The pathway is the plain part of what `benches/pathways.rs` does: three stages, least time to the
last, who can do which stage drawn at random in the same shares, transfers with one penalty for all
and 10,000 cheaper pairs. No visiting teams, ties, routes, hours or loads: times only.
"""

import csv
import resource
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from pyproj import Transformer
from scipy.spatial import cKDTree

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
THREADS = int(sys.argv[1]) if len(sys.argv) > 1 else 2
EARTH_RADIUS_KM, DETOUR = 6371.0088, 1.3
LIMIT, CUTOFF = 1800, 3600  # seconds: 30 minutes, 60 minutes
BLOCK = 5000  # cells at a time: less memory and less time than all at once


def unit_vectors(lat, lon):
    lat, lon = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def seconds(chord):
    """Crow-fly model: 120 s, then 35 km/h to road-km 3, 60 to 15, 85 beyond; rounded half up."""
    road = DETOUR * EARTH_RADIUS_KM * 2 * np.arcsin(chord / 2)
    hours = np.minimum(road, 3) / 35 + np.clip(road - 3, 0, 12) / 60 + np.maximum(road - 15, 0) / 85
    return np.floor(120 + 3600 * hours + 0.5).astype(np.uint32)


def read_cells():
    table = DATA / "grid1km_germany_2011.csv.gz"  # x_km, y_km, pop, ...
    x, y, people = np.loadtxt(table, int, delimiter=",", skiprows=1, usecols=(0, 1, 2)).T.copy()
    to_degrees = Transformer.from_crs("EPSG:3035", "EPSG:4326")  # northing, easting to lat, lon
    return unit_vectors(*to_degrees.transform(1000.0 * y + 500, 1000.0 * x + 500)), people


def read_sites():
    kept = []
    with open(DATA / "hospitals_germany_2018.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = f"{row['hospital_name']} {row['site_name']}".lower()
            if not any(word in name for word in ("tagesklinik", "ambulanz", "pia")):
                kept.append((float(row["lat"]), float(row["lon"])))
    return unit_vectors(*np.array(kept).T)


def hits(cells, sites, k):
    """The k nearest sites of each cell and their times: tree and query."""
    chords, ids = cKDTree(sites).query(cells, k=k, workers=THREADS)
    return seconds(chords), ids


def single_closures(times, ids, people, count):
    """People who would be beyond the limit if only that site closed, for each site."""
    concerned = (times[:, 0] <= LIMIT) & (times[:, 1] > LIMIT)
    return np.bincount(ids[concerned, 0], weights=people[concerned], minlength=count)


def ranked_lists(cells, sites):
    """Length of each cell's list; sites and seconds of all lists, by time, ties by site."""
    tree = cKDTree(sites)
    road = 15 + 85 * ((CUTOFF + 0.5 - 120) / 3600 - 3 / 35 - 12 / 60)  # none longer is in time
    chord = 2 * np.sin(road / DETOUR / EARTH_RADIUS_KM / 2) * (1 + 1e-9)

    def block(start):
        part = cKDTree(cells[start:start + BLOCK])
        near = part.sparse_distance_matrix(tree, chord, output_type="ndarray")
        times = seconds(near["v"])
        # One number to sort by: cell, time (12 bits), site (12 bits).
        pairs = (near["i"] << 24 | times << 12 | near["j"])[times <= CUTOFF]
        pairs.sort()
        lengths = np.bincount(pairs >> 24, minlength=part.n).astype(np.uint32)
        return lengths, (pairs & 4095).astype(np.uint32), (pairs >> 12 & 4095).astype(np.uint16)

    with ThreadPoolExecutor(THREADS) as pool:
        blocks = list(pool.map(block, range(0, len(cells), BLOCK)))
    return [np.concatenate(column) for column in zip(*blocks)]


def pathway(journeys, able, cheaper, lists):
    """Least seconds to the end of three stages for each cell, from its list of doors."""
    lengths, doors, times = lists
    handing = journeys + 7320.0  # 92 minutes between two doors, 30 without an agreement
    handing[cheaper[0], cheaper[1]] -= 3720.0
    np.fill_diagonal(handing, 0.0)
    after = np.zeros(len(journeys))
    for stage in (2, 1, 0):
        done = np.where(able[stage], after + 1500.0, np.inf)
        after = (handing + done).min(axis=1) if stage else done
    starts = np.cumsum(lengths, dtype=np.int64) - lengths
    best = np.full(len(lengths), np.inf)
    some = lengths > 0
    best[some] = np.minimum.reduceat(after[doors] + times, starts[some])
    return best


def measure(what, step, *arguments):
    """Runs a step five times, prints the median and the peak memory so far, returns its result."""
    spans = []
    for _ in range(5):
        result = None  # never two results at a time
        start = time.perf_counter()
        result = step(*arguments)
        spans.append(1000 * (time.perf_counter() - start))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # KiB on Linux
    print(f"{what:<44}{statistics.median(spans):>11.2f} ms{peak:>8.0f} MiB at peak", flush=True)
    return result


(cells, people), sites = read_cells(), read_sites()
print(f"{len(cells)} cells, {len(sites)} sites, {people.sum()} people, {THREADS} threads")
first, _ = measure("1  tree and nearest site", hits, cells, sites, 1)
within = measure("1  people within 30 minutes of it", lambda: people[first <= LIMIT].sum())
times, ids = measure("2  tree, nearest and second nearest site", hits, cells, sites, 2)
lost = measure("2  all single closures", single_closures, times, ids, people, len(sites))
lists = measure("3  ranked lists within 60 minutes", ranked_lists, cells, sites)
lengths = lists[0]
draw, count = np.random.default_rng(20260101), len(sites)
able = [draw.random(count) < share for share in (2 / 3, 1 / 3, 1 / 20)]
cheaper = draw.integers(0, count, (2, 10_000))
chords = np.sqrt(np.maximum(0, 2 - 2 * sites @ sites.T))
journeys = seconds(chords).astype(float)
journeys[journeys > CUTOFF] = np.inf
ends = measure("4  a pathway of three stages, times only", pathway, journeys, able, cheaper, lists)
print(f"within 30 minutes: {within} of {people.sum()} people ({100 * within / people.sum():.3f} %)")
print(f"greatest single closure: {int(lost.max())} people, site {int(lost.argmax())}")
print(f"pairs within 60 minutes: {lengths.sum()}")
print(f"mean minutes to the end of the pathway: {np.mean(ends[np.isfinite(ends)]) / 60:.1f}")
