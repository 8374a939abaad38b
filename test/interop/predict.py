"""Runs model.onnx in Python's ONNX Runtime as `whippet.json` describes it; prints logits and probabilities as JSON.

Usage: predict.py MODEL_FOLDER PICTURE...
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

folder = Path(sys.argv[1])
manifest = json.loads((folder / "whippet.json").read_text())
preprocessing = manifest["preprocessing"]
session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])


def crop(path):
    """Shorter side to `resize`, centre crop of `size`, as torchvision's Resize and CenterCrop do."""
    size, resize = preprocessing["size"], preprocessing["resize"]
    kernel = Image.Resampling.BICUBIC if preprocessing["interpolation"] == "bicubic" else Image.Resampling.BILINEAR
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    if resize == "squash":
        return np.asarray(picture.resize((size, size), kernel))
    width, height = picture.size
    short = min(width, height)
    target = (resize, int(resize * height / short)) if width <= height else (int(resize * width / short), resize)
    picture = picture.resize(target, kernel)
    left, top = round((picture.width - size) / 2), round((picture.height - size) / 2)
    return np.asarray(picture.crop((left, top, left + size, top + size)))


pixels = np.stack([crop(path) for path in sys.argv[2:]])
logits, features = session.run(["logits", "features"], {"pixels": pixels})
scaled = (logits - logits.max(axis=1, keepdims=True)) / manifest["temperature"]
probabilities = np.exp(scaled) / np.exp(scaled).sum(axis=1, keepdims=True)
print(json.dumps({"logits": logits.tolist(), "probabilities": probabilities.tolist(), "features": list(features.shape)}))
