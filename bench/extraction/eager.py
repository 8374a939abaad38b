"""PyTorch eager beside extraction: ResNet-50 on the pictures whose paths come on stdin, batch 8, all cores.

Prints {"forward": images/s of the forward pass on decoded pictures, "whole": images/s with Pillow decoding in worker processes}.
"""
import json
import os
import sys
import time

try:
    import torch
    import torchvision
    from PIL import Image
except ImportError as error:
    sys.exit(f"skip: {error}")

paths = sys.stdin.read().split("\n")
torch.set_num_threads(os.cpu_count())
model = torchvision.models.resnet50(weights=None).eval()
model.fc = torch.nn.Identity()
prepare = torchvision.transforms.Compose(
    [
        torchvision.transforms.Resize(256),
        torchvision.transforms.CenterCrop(224),
        torchvision.transforms.ToTensor(),
        torchvision.transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ]
)


class Pictures(torch.utils.data.Dataset):
    def __len__(self):
        return len(paths)

    def __getitem__(self, index):
        return prepare(Image.open(paths[index]).convert("RGB"))


with torch.inference_mode():
    some = torch.stack([Pictures()[index] for index in range(8)])
    model(some)
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < 4:
        model(some)
        done += 8
    forward = done / (time.perf_counter() - start)

    start = time.perf_counter()
    for batch in torch.utils.data.DataLoader(Pictures(), batch_size=8, num_workers=os.cpu_count()):
        model(batch)
    whole = len(paths) / (time.perf_counter() - start)

print(json.dumps({"forward": forward, "whole": whole, "torch": torch.__version__}))
