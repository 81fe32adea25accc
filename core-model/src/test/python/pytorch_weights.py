#!/usr/bin/env python3
"""Writes core-model/src/test/resources/pytorch: weights of narrow networks in PyTorch, named as torchvision, timm and transformers name
theirs, and what the networks answer. Needs Debian's python3-torch and, for DenseNet and ShuffleNet, python3-torchvision; the format is
written by hand.

ResNets and SKNets are of the families' usual shape: a 7x7/2 stem, max pooling, bottleneck blocks whose stride is in the 3x3 convolution.
"""
import json
import pathlib
import struct

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

MEAN = torch.tensor([0.485, 0.456, 0.406])
STD = torch.tensor([0.229, 0.224, 0.225])
CAFFE_MEAN_BGR = torch.tensor([104.0, 117.0, 123.0])
OTHER_DATA_MEAN = torch.tensor([120.0, 110.0, 100.0])
CLASSES = 5
STEM = 8
STAGES = ((2, 8, 16, 1), (1, 16, 32, 2))
TYPES = {torch.float32: 'F32', torch.float16: 'F16', torch.bfloat16: 'BF16', torch.float64: 'F64', torch.int64: 'I64'}


def write(path, tensors, metadata=None):
    header, data = {'__metadata__': metadata} if metadata else {}, b''
    for name, tensor in tensors.items():
        contiguous = tensor.detach().contiguous()
        bits = contiguous.view(torch.int16) if contiguous.dtype is torch.bfloat16 else contiguous
        values = bits.numpy().tobytes()
        header[name] = {'dtype': TYPES[tensor.dtype], 'shape': list(tensor.shape), 'data_offsets': [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    path.write_bytes(struct.pack('<Q', len(text)) + text + data)


class ConvNorm(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1, dilation=1, groups=1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, dilation * (kernel - 1) // 2, dilation, groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.bn(self.conv(x))


class Attention(nn.Module):
    def __init__(self, channels, paths, width):
        super().__init__()
        self.fc_reduce = nn.Conv2d(channels, width, 1, bias=False)
        self.bn = nn.BatchNorm2d(width)
        self.fc_select = nn.Conv2d(width, channels * paths, 1, bias=False)

    def forward(self, paths):
        scores = self.fc_select(F.relu(self.bn(self.fc_reduce(sum(paths).mean((2, 3), keepdim=True)))))
        return scores.unflatten(1, (len(paths), -1)).softmax(1).unbind(1)


class SelectiveKernel(nn.Module):
    def __init__(self, channels, stride, groups, width):
        super().__init__()
        self.paths = nn.ModuleList(ConvNorm(channels, channels, 3, stride, dilation, groups) for dilation in (1, 2))
        self.attn = Attention(channels, 2, width)

    def forward(self, x):
        paths = [F.relu(path(x)) for path in self.paths]
        return sum(path * weight for path, weight in zip(paths, self.attn(paths)))


class Bottleneck(nn.Module):
    """With torchvision's names."""

    def __init__(self, inputs, width, outputs, stride, groups):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, groups=groups, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, outputs, 1, bias=False), nn.BatchNorm2d(outputs)
        self.downsample = shortcut(inputs, outputs, stride)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        return F.relu(self.bn3(self.conv3(y)) + self.downsample(x))


class SelectiveBottleneck(nn.Module):
    """With timm's names."""

    def __init__(self, inputs, width, outputs, stride, groups):
        super().__init__()
        self.conv1 = ConvNorm(inputs, width, 1)
        self.conv2 = SelectiveKernel(width, stride, groups, max(width // 4, 4))
        self.conv3 = ConvNorm(width, outputs, 1)
        self.downsample = shortcut(inputs, outputs, stride)

    def forward(self, x):
        return F.relu(self.conv3(self.conv2(F.relu(self.conv1(x)))) + self.downsample(x))


def shortcut(inputs, outputs, stride):
    if stride == 1 and inputs == outputs:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))


class Network(nn.Module):
    def __init__(self, block, groups):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, STEM, 7, 2, 3, bias=False), nn.BatchNorm2d(STEM)
        channels = STEM
        for number, (blocks, width, outputs, stride) in enumerate(STAGES, 1):
            layer = nn.Sequential()
            for b in range(blocks):
                layer.append(block(channels, width, outputs, stride if b == 0 else 1, groups))
                channels = outputs
            self.add_module(f'layer{number}', layer)
        self.fc = nn.Linear(channels, CLASSES)

    def forward(self, x, padding=torch.zeros(3)):
        """The logits; padding is what the first convolution sees around the image."""
        frame = padding.to(x.dtype)[:, None, None]
        x = F.conv2d(F.pad(x - frame, (3, 3, 3, 3)) + frame, self.conv1.weight, stride=2)
        x = F.max_pool2d(F.relu(self.bn1(x)), 3, 2, 1)
        for number in range(1, len(STAGES) + 1):
            x = getattr(self, f'layer{number}')(x)
        return self.fc(x.mean((2, 3)))


def network(make, dtype):
    """A seeded network in evaluation mode whose values are exact in a type."""
    torch.manual_seed(7)
    net = make().eval()
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
            nn.init.normal_(module.running_mean, 0, 0.3)
            nn.init.uniform_(module.running_var, 0.5, 2)
    return net.to(dtype).double()


def stored(net, dtype):
    return {name: tensor.to(dtype) if tensor.is_floating_point() else tensor for name, tensor in net.state_dict().items()}


def as_transformers(name):
    parts = name.split('.')
    if name.startswith('fc.'):
        return f'classifier.1.{parts[1]}'
    kind = 'convolution' if parts[-2] in ('0', 'conv1', 'conv2', 'conv3') else 'normalization'
    if not name.startswith('layer'):
        return f'resnet.embedder.embedder.{kind}.{parts[-1]}'
    part = 'shortcut' if parts[2] == 'downsample' else f'layer.{int(parts[2][-1]) - 1}'
    return f'resnet.encoder.stages.{int(parts[0][-1]) - 1}.layers.{parts[1]}.{part}.{kind}.{parts[-1]}'


def main():
    directory = pathlib.Path(__file__).parents[1] / 'resources' / 'pytorch'
    torch.manual_seed(1)
    # Patches of one colour: noise alone looks the same to a network whatever the image.
    patches = torch.randint(0, 200, (2, 3, 4, 4)).repeat_interleave(8, 2).repeat_interleave(8, 3)
    pixels = (patches + torch.randint(0, 56, (2, 3, 32, 32))).double()
    images = (pixels / 255 - MEAN.double()[:, None, None]) / STD.double()[:, None, None]
    expected = {'pixels': pixels.half()}
    for name, block, groups, dtype in (('resnet', Bottleneck, 1, torch.float32), ('resnext', Bottleneck, 4, torch.float16),
                                       ('sknet', SelectiveBottleneck, 4, torch.bfloat16)):
        net = network(lambda: Network(block, groups), dtype)
        write(directory / f'{name}.safetensors', stored(net, dtype), {'format': 'pt'})
        expected[f'{name}.logits'] = net(images)
        expected[f'{name}.logits_other_mean'] = net(images, (OTHER_DATA_MEAN / 255 - MEAN) / STD)
        expected[f'{name}.logits_caffe'] = net(pixels.flip(1) - CAFFE_MEAN_BGR.double()[:, None, None])
        if name == 'resnet':
            renamed = {as_transformers(key): tensor for key, tensor in stored(net, torch.float64).items()}
            write(directory / 'resnet-transformers.safetensors', renamed)
    models = torchvision.models
    for name, make in (('densenet', lambda: models.DenseNet(8, (2, 3), 16, num_classes=CLASSES)),
                       ('shufflenet', lambda: models.ShuffleNetV2([2, 1, 1], [24, 16, 32, 64, 1024], CLASSES))):
        net = network(make, torch.float16)
        write(directory / f'{name}.safetensors', stored(net, torch.float16), {'format': 'pt'})
        expected[f'{name}.logits'] = net(images)
    write(directory / 'expected.safetensors', expected)


main()
