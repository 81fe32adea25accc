"""Makes a folder of many JPEGs from few photographs, for './sknet prepare folder': each a random part at a random size and quality."""

import argparse
import io
import multiprocessing
import pathlib
import random

from PIL import Image

CLASSES = 20
VALIDATION = 20  # one image of so many


def load(path):
    image = Image.open(path)
    return image if image.mode == "RGB" and image.width * image.height >= 100_000 else None


def write(task):
    number, path, folder = task
    draw = random.Random(number)
    image = Image.open(path)
    image.load()
    share = draw.uniform(0.7, 1)
    width, height = int(image.width * share), int(image.height * share)
    left, top = draw.randint(0, image.width - width), draw.randint(0, image.height - height)
    longer = draw.randint(480, 840)
    size = tuple(max(1, round(side * longer / max(width, height))) for side in (width, height))
    part = image.resize(size, Image.BICUBIC, (left, top, left + width, top + height))
    split = "val" if number % VALIDATION == 0 else "train"
    out = folder / split / f"class-{number // VALIDATION % CLASSES:02d}" / f"{number:06d}.jpg"
    out.parent.mkdir(parents=True, exist_ok=True)
    data = io.BytesIO()
    # Half of them with Huffman tables of their own, as many programs write them, and some progressive, as a few of ImageNet's are.
    part.save(data, "jpeg", quality=draw.randint(86, 98), optimize=number % 2 == 0, progressive=number % 100 == 1)
    out.write_bytes(data.getvalue())
    return len(data.getvalue())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--photographs", required=True, type=pathlib.Path)
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    options = parser.parse_args()
    paths = [path for path in sorted(options.photographs.iterdir()) if path.suffix.lower() in (".jpg", ".jpeg") and load(path)]
    tasks = ((number, paths[number % len(paths)], options.out) for number in range(options.images))
    with multiprocessing.Pool() as pool:
        total = sum(pool.imap_unordered(write, tasks, 64))
    print(f"{options.images} images of {len(paths)} photographs, {total / options.images:.0f} bytes on average")


if __name__ == "__main__":
    main()
