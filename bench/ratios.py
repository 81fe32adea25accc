"""The rounds of compare.sh as a table, and the medians of their ratios. Usage: ratios.py WORKLOAD DIRECTORY ROUNDS"""

import json
import statistics
import sys

# Of each workload: the name of the figure, the key in both programs' JSON, that of the best of a round, and whether more is better.
FIGURES = {
    "train": ("images/s", "imagesPerSecond", None, True),
    "infer": ("images/s", "imagesPerSecond", None, True),
    "allreduce": ("ms", "medianMillis", "fastestMillis", False),
    "data": ("images/s", "imagesPerSecondPerThread", "fastest", True),
}


def main():
    workload, work, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    unit, median, best, more_is_better = FIGURES[workload]
    ours, peer = ([load(work, who, r + 1) for r in range(rounds)] for who in ("ours", "peer"))

    def ratios(key):
        return [a[key] / b[key] if more_is_better else b[key] / a[key] for a, b in zip(ours, peer)]

    print(f"round  sknet {unit}  peer {unit}  times as fast" + ("  the fastest of each" if best else ""))
    for r, ratio in enumerate(ratios(median)):
        line = f"{r + 1:5} {ours[r][median]:{7 + len(unit)}.2f} {peer[r][median]:{6 + len(unit)}.2f} {ratio:14.2f}"
        print(line + (f" {ratios(best)[r]:21.2f}" if best else ""))
    memory = ""
    if "peakMemoryMiB" in ours[0]:
        memory = f", peak memory {statistics.median(a['peakMemoryMiB'] / b['peakMemoryMiB'] for a, b in zip(ours, peer)):.2f}"
    print(f"median of the ratios: speed {statistics.median(ratios(median)):.2f}{memory}")


def load(work, who, r):
    with open(f"{work}/{who}-{r}.json") as file:
        return json.load(file)


main()
