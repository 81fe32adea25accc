#!/usr/bin/env python3
"""Times steps of the same networks in PyTorch on the CPU: the peer of './sknet bench'. Needs Debian's python3-torch, and
python3-torchvision for those of its networks.

The networks are plain PyTorch, channels_last, the layout PyTorch is fastest with on these. Prints JSON with the keys of './sknet bench --json'.
"""
import argparse
import json
import resource
import time

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval


def conv_bn(inputs, outputs, kernel, stride=1, dilation=1, groups=1):
    padding = dilation * (kernel - 1) // 2
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, groups, bias=False), nn.BatchNorm2d(outputs))


class SelectiveKernel(nn.Module):
    def __init__(self, channels, stride, kernels, groups, reduction, minimum):
        super().__init__()
        width = max(channels // reduction, minimum)
        self.branches = nn.ModuleList(conv_bn(channels, channels, k, stride, d, groups) for k, d in kernels)
        self.squeeze = nn.Linear(channels, width, bias=False)
        self.norm = nn.BatchNorm1d(width)
        self.attend = nn.Linear(width, channels * len(kernels), bias=False)

    def forward(self, x):
        maps = [F.relu(branch(x), inplace=True) for branch in self.branches]
        code = F.relu(self.norm(self.squeeze(sum(maps).mean((2, 3)))))
        weights = self.attend(code).view(x.shape[0], len(maps), -1).softmax(1)
        return sum(m * weights[:, i, :, None, None] for i, m in enumerate(maps))


class SqueezeExcitation(nn.Module):
    def __init__(self, channels, reduction=16):
        super().__init__()
        self.gates = nn.Sequential(nn.AdaptiveAvgPool2d(1), *conv_bn(channels, channels // reduction, 1), nn.ReLU(inplace=True),
                                   *conv_bn(channels // reduction, channels, 1), nn.Sigmoid())

    def forward(self, x):
        return x * self.gates(x)


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, outputs, stride, middle, attention):
        super().__init__()
        self.reduce = conv_bn(inputs, width, 1)
        self.middle = middle(width, stride)
        self.increase = nn.Sequential(*conv_bn(width, outputs, 1), attention(outputs))
        self.shortcut = conv_bn(inputs, outputs, 1, stride) if stride != 1 or inputs != outputs else nn.Identity()

    def forward(self, x):
        y = self.increase(self.middle(F.relu(self.reduce(x), inplace=True)))
        return F.relu(y + self.shortcut(x), inplace=True)


def network(stem, stem_channels, stages, middle, classes, attention):
    layers, channels = list(stem), stem_channels
    for blocks, width, outputs, stride in stages:
        for block in range(blocks):
            layers.append(Bottleneck(channels, width, outputs, stride if block == 0 else 1, middle, attention))
            channels = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


def nothing(channels):
    return nn.Identity()


def image_net(blocks, middle, first=128, expansion=2, attention=nothing):
    stem = [*conv_bn(3, 64, 7, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
    stages = [(b, first << i, expansion * first << i, 1 if i == 0 else 2) for i, b in enumerate(blocks)]
    return network(stem, 64, stages, middle, 1000, attention)


def selective(width, stride):
    return SelectiveKernel(width, stride, [(3, 1), (3, 2)], 32, 16, 32)


def selective_cifar(width, stride):
    return SelectiveKernel(width, stride, [(3, 1), (1, 1)], 16, 32, 16)


def grouped(width, stride):
    return nn.Sequential(*conv_bn(width, width, 3, stride, groups=32), nn.ReLU(inplace=True))


def dense(width, stride):
    return nn.Sequential(*conv_bn(width, width, 3, stride), nn.ReLU(inplace=True))


def cifar():
    stages = [(3, 512, 256, 1), (3, 1024, 512, 2), (3, 2048, 1024, 2)]
    return network([*conv_bn(3, 64, 3), nn.ReLU(inplace=True)], 64, stages, selective_cifar, 10, nothing)


def torchvision(name):
    import torchvision.models
    return getattr(torchvision.models, name)()


def fold(model):
    """Folds batch norms into the convolutions before them."""
    for part in model.eval().modules():
        if isinstance(part, nn.Sequential):
            for i in range(len(part) - 1):
                if isinstance(part[i], nn.Conv2d) and isinstance(part[i + 1], nn.BatchNorm2d):
                    part[i], part[i + 1] = fuse_conv_bn_eval(part[i], part[i + 1]), nn.Identity()


MODELS = {
    "sknet-26": (lambda: image_net((2, 2, 2, 2), selective), 224, 1000),
    "sknet-50": (lambda: image_net((3, 4, 6, 3), selective), 224, 1000),
    "sknet-101": (lambda: image_net((3, 4, 23, 3), selective), 224, 1000),
    "resnext-50": (lambda: image_net((3, 4, 6, 3), grouped), 224, 1000),
    "resnet-50": (lambda: image_net((3, 4, 6, 3), dense, 64, 4), 224, 1000),
    "senet-50": (lambda: image_net((3, 4, 6, 3), grouped, attention=SqueezeExcitation), 224, 1000),
    "sknet-29": (cifar, 32, 10),
    "densenet-169": (lambda: torchvision("densenet169"), 224, 1000),
    "shufflenetv2-1.0-original": (lambda: torchvision("shufflenet_v2_x1_0"), 224, 1000),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workload", choices=("train", "infer"))
    parser.add_argument("--model", choices=MODELS, default="sknet-50")
    parser.add_argument("--size", type=int)
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--warm-up", type=int, default=3)
    options = parser.parse_args()
    make, size, classes = MODELS[options.model]
    size = options.size or size
    torch.set_num_threads(options.threads)
    model = make().to(memory_format=torch.channels_last)
    images = torch.randn(options.batch, 3, size, size).to(memory_format=torch.channels_last)
    labels = torch.arange(options.batch) % classes
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, weight_decay=1e-4)

    def forward():
        with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bf16"):
            return model(images)

    def train():
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(forward().float(), labels, label_smoothing=0.1).backward()
        optimizer.step()

    def infer():
        with torch.inference_mode():
            forward()

    step = train if options.workload == "train" else infer
    model.train(options.workload == "train")
    if options.workload == "infer":
        fold(model)
        model.to(memory_format=torch.channels_last)
    millis = []
    for i in range(-options.warm_up, options.steps):
        start = time.perf_counter()
        step()
        if i >= 0:
            millis.append((time.perf_counter() - start) * 1e3)
    millis.sort()
    median = millis[len(millis) // 2]
    print(json.dumps({
        "workload": options.workload, "model": options.model, "precision": options.precision, "size": size, "batch": options.batch, "threads": options.threads,
        "steps": options.steps, "imagesPerSecond": options.batch * 1e3 / median, "medianMillis": median, "fastestMillis": millis[0],
        "slowestMillis": millis[-1], "peakMemoryMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "parameters": sum(p.numel() for p in model.parameters())}, indent=2))


if __name__ == "__main__":
    main()
