"""The all-reduce of PyTorch's gloo among processes of this machine, as './sknet bench allreduce' measures ours."""

import argparse
import json
import os
import statistics
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as mp


def work(rank, options, results):
    torch.set_num_threads(1)
    os.environ["MASTER_ADDR"] = "127.0.0.1"
    os.environ["MASTER_PORT"] = str(options.port)
    dist.init_process_group("gloo", rank=rank, world_size=options.executors)
    vector = torch.ones(options.floats)
    times = []
    for _ in range(options.warm_up + options.sums):
        start = time.perf_counter()
        dist.all_reduce(vector)
        times.append((time.perf_counter() - start) * 1e3)
    results.put(times[options.warm_up:])
    dist.barrier()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--executors", type=int, default=2)
    parser.add_argument("--floats", type=int, default=27_550_000)
    parser.add_argument("--sums", type=int, default=20)
    parser.add_argument("--warm-up", type=int, default=10)
    parser.add_argument("--port", type=int, default=29500)
    options = parser.parse_args()
    context = mp.get_context("spawn")
    results = context.Queue()
    processes = [context.Process(target=work, args=(rank, options, results)) for rank in range(options.executors)]
    for process in processes:
        process.start()
    by_rank = [results.get() for _ in processes]
    for process in processes:
        process.join()
    # A sum is over when the last process has it, as in our own benchmark.
    millis = [max(times) for times in zip(*by_rank)]
    print(json.dumps({"executors": options.executors, "medianMillis": statistics.median(millis), "fastestMillis": min(millis), "slowestMillis": max(millis)}))


if __name__ == "__main__":
    main()
