"""Reference features of torchvision's ResNets on weights and pictures made by formula (generated.ts has the same formulas).

    pip install torch torchvision pillow numpy
    python make_reference.py            # writes reference.json beside this file

The versions used stand in reference.json. Nothing is downloaded.
"""

import base64
import hashlib
import json
import pathlib
import platform
import sys

import numpy as np
import PIL
import torch
import torchvision
from PIL import Image

DEPTHS = (18, 50, 101, 152)


def fnv1a(text):
    h = 0x811C9DC5
    for byte in text.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def hashed(seed, count):
    """lowbias32 (Chris Wellons) of seed + index: uint32 [count]."""
    x = (np.arange(count, dtype=np.uint64) + seed).astype(np.uint32)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return x


def uniform(name, count, low, high):
    """float32 [count], uniform in [low, high), computed in float64."""
    return (low + (high - low) * (hashed(fnv1a(name), count).astype(np.float64) / 2**32)).astype(np.float32)


def generate(name, shape):
    """He-like convolutions (variance 2 ÷ fan-in) and batch norms near the identity; the last one of a block adds a third."""
    count = int(np.prod(shape))
    if len(shape) == 4:
        bound = np.sqrt(6 / (shape[1] * shape[2] * shape[3]))
        values = uniform(name, count, -bound, bound)
    elif name.startswith("fc."):
        values = uniform(name, count, -0.02, 0.02)
    elif name.endswith("running_mean"):
        values = uniform(name, count, -0.1, 0.1)
    elif name.endswith("running_var"):
        values = uniform(name, count, 0.6, 1.4)
    elif name.endswith("bias"):
        values = uniform(name, count, -0.2, 0.2)
    else:
        values = uniform(name, count, 0.8, 1.2)
    return values.reshape(shape)


def last_norm(depth):
    return ".bn2.weight" if depth < 50 else ".bn3.weight"


def load(depth):
    network = getattr(torchvision.models, f"resnet{depth}")(weights=None)
    digest = hashlib.sha256()
    state = {}
    for name, tensor in network.state_dict().items():
        if name.endswith("num_batches_tracked"):
            state[name] = tensor
            continue
        values = generate(name, tuple(tensor.shape))
        if name.endswith(last_norm(depth)):
            values = values * np.float32(0.3)
        digest.update(values.tobytes())
        state[name] = torch.from_numpy(values)
    network.load_state_dict(state)
    network.fc = torch.nn.Identity()
    return network.eval(), digest.hexdigest()


def triangle(values):
    """0…255…0 with a period of 512."""
    folded = values % 512
    return np.where(folded < 256, folded, 511 - folded)


def picture(seed, width, height):
    """uint8 [height, width, 3]: slow waves in all colours and a little noise, in integers only."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    slow = triangle(2 * x + y + 90 * c + 31 * seed)
    wavy = triangle(3 * y - 2 * x + x * y // 64 + 170 * c + 1024)
    noise = (hashed(seed, width * height * 3).reshape(height, width, 3) >> np.uint32(28)).astype(np.int64)
    return ((slow * 5 + wavy * 2) // 8 + noise).astype(np.uint8)


def features_of(network, batch):
    with torch.no_grad():
        return network(batch).numpy()


def packed(values):
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def main():
    weights = torchvision.models.ResNet50_Weights
    normalise = torchvision.transforms.Compose(
        [
            torchvision.transforms.ToTensor(),
            torchvision.transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ]
    )
    pictures = [picture(seed, 224, 224) for seed in (1, 2)]
    batch = torch.stack([normalise(Image.fromarray(one)) for one in pictures])
    photo = picture(3, 500, 375)
    # PIL's resize to 232 and crop to 224, as torchvision itself prescribes for the V2 weights.
    v2 = weights.IMAGENET1K_V2.transforms()(Image.fromarray(photo)).unsqueeze(0)
    v2_crop = torchvision.transforms.Compose(
        [torchvision.transforms.Resize(232), torchvision.transforms.CenterCrop(224)]
    )(Image.fromarray(photo))
    reference = {
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "torchvision": torchvision.__version__,
            "pillow": PIL.__version__,
            "numpy": np.__version__,
        },
        "pictures": {
            "sha256": [hashlib.sha256(one.tobytes()).hexdigest() for one in (*pictures, photo)],
        },
        "networks": {},
    }
    for depth in DEPTHS:
        network, digest = load(depth)
        entry = {"weightsSha256": digest, "features": packed(features_of(network, batch))}
        if depth == 50:
            entry["v2Features"] = packed(features_of(network, v2))
            entry["v2Crop"] = base64.b64encode(np.asarray(v2_crop)[::16, ::16].tobytes()).decode()
        reference["networks"][f"resnet{depth}"] = entry
        print(depth, features_of(network, batch).mean(), features_of(network, batch).std(), file=sys.stderr)
    path = pathlib.Path(__file__).with_name("reference.json")
    path.write_text(json.dumps(reference, indent=1) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
