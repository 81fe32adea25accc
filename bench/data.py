"""torchvision's decoding and transforming of JPEGs in memory, as './sknet bench data' measures ours."""

import argparse
import io
import json
import multiprocessing
import pathlib
import statistics
import time

import torch
from PIL import Image
from torchvision import transforms


def rates(options):
    torch.set_num_threads(1)
    images = [path.read_bytes() for path in files(options)]
    crop = ([transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip()] if options.transform == "train"
            else [transforms.Resize(256), transforms.CenterCrop(224)])
    transform = transforms.Compose(crop + [transforms.ToTensor(), transforms.Normalize([.485, .456, .406], [.229, .224, .225])])
    found = []
    for _ in range(options.warm_up + options.rounds):
        start = time.perf_counter()
        for image in images:
            transform(Image.open(io.BytesIO(image)).convert("RGB"))
        found.append(len(images) / (time.perf_counter() - start))
    return found[options.warm_up:]


def files(options):
    return sorted(path for path in pathlib.Path(options.data).iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))[:500]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--transform", choices=("train", "eval"), default="train")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--warm-up", type=int, default=1)
    options = parser.parse_args()
    # Processes, as torch's DataLoader has them.
    with multiprocessing.Pool(options.threads) as pool:
        found = sorted(rate for part in pool.map(rates, [options] * options.threads) for rate in part)
    paths = files(options)
    print(json.dumps({"transform": options.transform, "images": len(paths), "meanBytes": sum(p.stat().st_size for p in paths) // len(paths),
                      "threads": options.threads, "rounds": options.rounds, "imagesPerSecondPerThread": statistics.median(found),
                      "fastest": found[-1], "slowest": found[0]}))


if __name__ == "__main__":
    main()
