"""Writes pillow-reference.json: SHA-256 of what Pillow and torchvision make of pictures that a formula draws.

Run with Pillow 10 or newer and torchvision: python pillow-reference.py > pillow-reference.json
"""

import hashlib
import json

import numpy as np
from PIL import Image
from torchvision import transforms

SIZES = [(224, 224), (500, 375), (375, 500), (531, 500), (97, 61), (40, 300), (3, 2), (1, 1), (256, 257)]
MODES = {"bilinear": transforms.InterpolationMode.BILINEAR, "bicubic": transforms.InterpolationMode.BICUBIC}


def picture(width, height):
    x, y, c = np.meshgrid(np.arange(width), np.arange(height), np.arange(3), indexing="xy")
    # Smooth waves with hard edges on them: bicubic overshoots there and must be clipped.
    value = x * x * (c + 1) // 7 + y * 5 + ((x // 9 + y // 7) % 2) * 128
    return Image.fromarray((value & 255).astype(np.uint8))


def resize(image, shape, mode):
    """transforms.Resize, horizontally first. Pillow up to 12 always does that; 13 takes the cheaper order, a level off at most."""
    width, height = transforms.Resize(shape, interpolation=mode)(image).size
    resample = Image.Resampling.BILINEAR if mode == MODES["bilinear"] else Image.Resampling.BICUBIC
    return image.resize((width, image.height), resample).resize((width, height), resample)


def main():
    cases = []
    for width, height in SIZES:
        image = picture(width, height)
        for name, mode in MODES.items():
            for wanted, size in [(256, 224), (64, 64), ("squash", 96)]:
                shape = (size, size) if wanted == "squash" else wanted
                scaled = resize(image, shape, mode)
                pixels = transforms.CenterCrop(size)(scaled).tobytes()
                cases.append(
                    {
                        "width": width,
                        "height": height,
                        "resize": wanted,
                        "size": size,
                        "interpolation": name,
                        "sha256": hashlib.sha256(pixels).hexdigest(),
                    }
                )
    print("[\n" + ",\n".join("  " + json.dumps(case) for case in cases) + "\n]")


main()
