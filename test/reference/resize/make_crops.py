"""Pillow's and torchvision's view of photos, for compare.ts beside this file.

    python make_crops.py PHOTOS OUT [resize] [crop]

Reads every .jpg below PHOTOS, writes OUT/crops.bin (uint8 [n, crop, crop, 3]) and OUT/crops.json (names in that order, versions).
"""

import json
import pathlib
import sys

import numpy as np
import PIL
import torchvision
from PIL import Image, ImageOps


def main(photos, out, resize=256, crop=224):
    photos, out = pathlib.Path(photos), pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    transform = torchvision.transforms.Compose(
        [torchvision.transforms.Resize(int(resize)), torchvision.transforms.CenterCrop(int(crop))]
    )
    names = sorted(str(path.relative_to(photos)) for path in photos.rglob("*.jpg"))
    with open(out / "crops.bin", "wb") as file:
        for name in names:
            image = ImageOps.exif_transpose(Image.open(photos / name)).convert("RGB")
            file.write(np.asarray(transform(image)).tobytes())
    versions = {"pillow": PIL.__version__, "torchvision": torchvision.__version__}
    (out / "crops.json").write_text(json.dumps({"resize": int(resize), "size": int(crop), "names": names, "versions": versions}))


if __name__ == "__main__":
    main(*sys.argv[1:])
