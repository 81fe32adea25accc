#!/usr/bin/env bash
# './sknet prepare folder' of 20,000 JPEGs made from photographs, and 'tar -x' of the same: wall and processor time, resident memory.
# Needs python3-pil and a folder of photographs (Debian's opencv-doc), and 7 GB of disk. The images are made once for each WORK.
# Usage: bench/prepare-20k.sh WORK [--images N] [--photographs DIR] [--master MASTER]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

# Debian's own Python is the one that Debian's package is for.
python=${PYTHON:-/usr/bin/python3}
work=$(readlink -f "${1:?Cannot start: no folder to work in (expected WORK as the first argument)}")
shift
images=20000
photographs=/usr/share/doc/opencv-doc/examples/data
# One JVM, so that its figures are all there is.
master=local[2]
while (($#)); do
    case $1 in
        --images) images=$2 ;;
        --photographs) photographs=$2 ;;
        --master) master=$2 ;;
        *) echo "Cannot use $1 (expected --images, --photographs or --master)" >&2; exit 2 ;;
    esac
    shift 2
done

source=$work/images-$images
if [[ ! -e $source.tar ]]; then
    rm -rf "$source"
    "$python" bench/photographs.py --photographs "$photographs" --images "$images" --out "$source"
    tar -cf "$source.part" -C "$source" train val
    mv "$source.part" "$source.tar"
fi
./sknet --version > /dev/null

rm -rf "$work/untarred" "$work/dataset"
mkdir "$work/untarred"
trap 'rm -rf "$work/untarred" "$work/dataset"' EXIT
"$python" - "$source.tar" "$work" "$master" << 'PYTHON'
import os
import subprocess
import sys
import time

archive, work, master = sys.argv[1:]
megabytes = os.path.getsize(archive) / 1e6


def measure(name, command):
    subprocess.run(["sync"], check=True)
    load = os.getloadavg()[0]
    start = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        sys.exit(f"Cannot measure {name}: it ended with status {status} (expected 0)")
    cpu = usage.ru_utime + usage.ru_stime
    print(f"{name}: {megabytes:.0f} MB, wall {wall:.1f} s, processor {cpu:.1f} s ({megabytes / cpu:.0f} MB/s), "
          f"peak memory {usage.ru_maxrss / 1024:.0f} MiB, load before {load:.1f}", flush=True)
    return cpu


extract = measure("tar -x", ["tar", "-xf", archive, "-C", f"{work}/untarred"])
prepare = measure("prepare", ["./sknet", "--master", master, "prepare", "folder", archive.removesuffix(".tar"), f"file:{work}/dataset"])
print(f"prepare takes {prepare / extract:.1f} times the processor time of tar -x ({extract / prepare:.0%} of its speed)")
PYTHON
