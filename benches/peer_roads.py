"""1,000 places x 30 hospitals on a road graph, with SciPy and with pandana.

The graph is the one of `benches/roads.rs`, which leaves it as a list of edges. Run both in turn:

    ROAD_EDGES=edges.csv cargo bench --bench roads
    python -m venv venv
    venv/bin/pip install numpy scipy pandas pandana
    venv/bin/python benches/peer_roads.py edges.csv

Both are checked against the sum that the bench prints. They add up tenths of a second, the bench whole
seconds: over 30,000 journeys the sums differ by what rounding does. The three take one thread each;
pandana's table of pairs uses all cores.
"""

import statistics
import sys
import time

import numpy as np
import pandana
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

RUNS = 5


def spread(number, junctions):
    gap = junctions // number
    return np.arange(number) * gap + gap // 2


def median(work):
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


edges = pd.read_csv(sys.argv[1])
junctions = int(edges[["from", "to"]].max().max()) + 1
side = round(junctions**0.5)
places, hospitals = spread(1_000, junctions), spread(30, junctions)

# Times to a hospital are times from it on the graph turned round.
turned = csr_matrix((edges.seconds, (edges.to, edges["from"])), shape=(junctions, junctions))
seconds, times = median(lambda: dijkstra(turned, indices=hospitals))
print(f"scipy: 1,000 x 30 in {seconds:.3f} s, {np.nansum(times[:, places]):,.1f} s in all")
seconds, times = median(lambda: dijkstra(turned, indices=hospitals[:1]))
print(f"scipy: to one of {junctions:,} in {seconds * 1000:.1f} ms")

numbers = np.arange(junctions)
start = time.perf_counter()
network = pandana.Network(
    pd.Series(numbers % side, numbers, dtype=float),
    pd.Series(numbers // side, numbers, dtype=float),
    edges["from"],
    edges.to,
    edges[["seconds"]],
    twoway=False,
)
print(f"pandana: {time.perf_counter() - start:.1f} s to prepare")
starts, ends = np.tile(places, len(hospitals)), np.repeat(hospitals, len(places))
seconds, times = median(lambda: network.shortest_path_lengths(starts, ends))
print(f"pandana: 1,000 x 30 in {seconds:.3f} s, {np.sum(times):,.1f} s in all")
