"""Writes training.json: the head's training on a small problem, by PyTorch in float64.

    python make-reference.py        (torch, numpy; the file is committed, so the tests need no Python)

PyTorch's own layers, loss, autograd and optimisers do the work; nothing is shared with the engine but the conventions:
weights [inputs x outputs], biases not decayed, a batch's loss divided by its number of rows. The losses that are written are plain
cross-entropies, without the smoothing and the weights of what is minimised.
"""

import json
import pathlib

import numpy as np
import torch

ROWS, INPUTS, CLASSES, BATCH, EPOCHS = 50, 7, 4, 16, 4

CASES = [
    {"name": "linear, SGD, no momentum", "optimizer": "sgd", "momentum": 0.0, "weight_decay": 0.0, "label_smoothing": 0.0, "hidden": 0, "weighted": False, "learning_rate": 0.1, "schedule": "constant"},
    {"name": "linear, SGD, momentum, decay, cosine", "optimizer": "sgd", "momentum": 0.9, "weight_decay": 0.05, "label_smoothing": 0.1, "hidden": 0, "weighted": True, "learning_rate": 0.05, "schedule": "cosine"},
    {"name": "linear, Adam", "optimizer": "adam", "momentum": 0.0, "weight_decay": 0.0, "label_smoothing": 0.0, "hidden": 0, "weighted": False, "learning_rate": 0.01, "schedule": "constant"},
    {"name": "linear, Adam, decay, smoothing, weights", "optimizer": "adam", "momentum": 0.0, "weight_decay": 0.02, "label_smoothing": 0.2, "hidden": 0, "weighted": True, "learning_rate": 0.01, "schedule": "cosine"},
    {"name": "linear, AdamW, decay, cosine", "optimizer": "adamw", "momentum": 0.0, "weight_decay": 0.5, "label_smoothing": 0.1, "hidden": 0, "weighted": False, "learning_rate": 0.02, "schedule": "cosine"},
    {"name": "MLP, SGD, momentum, decay", "optimizer": "sgd", "momentum": 0.9, "weight_decay": 0.01, "label_smoothing": 0.0, "hidden": 5, "weighted": False, "learning_rate": 0.05, "schedule": "constant"},
    {"name": "MLP, Adam, smoothing, weights", "optimizer": "adam", "momentum": 0.0, "weight_decay": 0.0, "label_smoothing": 0.1, "hidden": 5, "weighted": True, "learning_rate": 0.01, "schedule": "constant"},
    {"name": "MLP, AdamW, decay, cosine", "optimizer": "adamw", "momentum": 0.0, "weight_decay": 0.3, "label_smoothing": 0.1, "hidden": 5, "weighted": True, "learning_rate": 0.02, "schedule": "cosine"},
]


def numbers(array):
    return np.asarray(array).ravel().tolist()


def float32(array):
    """Values that float32 holds exactly: both sides start from the same numbers."""
    return np.asarray(array, np.float32).astype(np.float64)


def train(case, x, y, class_weights, start, orders):
    widths = [INPUTS, *([case["hidden"]] if case["hidden"] else []), CLASSES]
    layers = [torch.nn.Linear(a, b, dtype=torch.float64) for a, b in zip(widths, widths[1:])]
    with torch.no_grad():
        for i, layer in enumerate(layers):
            layer.weight.copy_(torch.tensor(start[f"weight{i}"]).reshape(widths[i], widths[i + 1]).T)
            layer.bias.copy_(torch.tensor(start[f"bias{i}"]))
    groups = [
        {"params": [layer.weight for layer in layers], "weight_decay": case["weight_decay"]},
        {"params": [layer.bias for layer in layers], "weight_decay": 0.0},
    ]
    kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    optimizer = (
        torch.optim.SGD(groups, lr=1.0, momentum=case["momentum"])
        if case["optimizer"] == "sgd"
        else kinds[case["optimizer"]](groups, lr=1.0)
    )
    steps = EPOCHS * -(-ROWS // BATCH)
    step, losses, norms = 0, [], []
    for order in orders:
        loss_sum, norm_sum, batches = 0.0, 0.0, 0
        for at in range(0, ROWS, BATCH):
            rows = torch.tensor(order[at : at + BATCH])
            z = x[rows]
            for i, layer in enumerate(layers):
                z = layer(torch.relu(z) if i else z)
            each = torch.nn.functional.cross_entropy(z, y[rows], reduction="none", label_smoothing=case["label_smoothing"])
            loss = (each * class_weights[y[rows]]).mean() if case["weighted"] else each.mean()
            told = torch.nn.functional.cross_entropy(z, y[rows]).item()
            factor = (1 + np.cos(np.pi * step / steps)) / 2 if case["schedule"] == "cosine" else 1.0
            for group in optimizer.param_groups:
                group["lr"] = case["learning_rate"] * factor
            optimizer.zero_grad()
            loss.backward()
            parameters = [p for layer in layers for p in layer.parameters()]
            norm_sum += torch.sqrt(sum((p.grad**2).sum() for p in parameters)).item()
            optimizer.step()
            step += 1
            batches += 1
            loss_sum += told * len(rows)
        losses.append(loss_sum / ROWS)
        norms.append(norm_sum / batches)
    final = {}
    for i, layer in enumerate(layers):
        final[f"weight{i}"] = numbers(layer.weight.detach().T)
        final[f"bias{i}"] = numbers(layer.bias.detach())
    return {"final": final, "losses": losses, "norms": norms}


def main():
    random = np.random.default_rng(7)
    centres = random.normal(size=(CLASSES, INPUTS))
    y = np.concatenate([np.arange(CLASSES), random.choice(CLASSES, ROWS - CLASSES, p=[0.5, 0.25, 0.15, 0.1])])
    x = float32(centres[y] + random.normal(size=(ROWS, INPUTS)))
    counts = np.bincount(y, minlength=CLASSES)
    class_weights = float32(ROWS / (CLASSES * counts))
    orders = [random.permutation(ROWS).tolist() for _ in range(EPOCHS)]
    starts = {}
    for hidden in (0, 5):
        widths = [INPUTS, *([hidden] if hidden else []), CLASSES]
        starts[hidden] = {}
        for i, (a, b) in enumerate(zip(widths, widths[1:])):
            starts[hidden][f"weight{i}"] = numbers(float32(random.normal(size=(a, b)) * 0.3))
            starts[hidden][f"bias{i}"] = numbers(float32(random.normal(size=b) * 0.1))
    tx, ty, tw = torch.tensor(x), torch.tensor(y), torch.tensor(class_weights)
    cases = [{**case, "start": starts[case["hidden"]], **train(case, tx, ty, tw, starts[case["hidden"]], orders)} for case in CASES]
    problem = {"rows": ROWS, "inputs": INPUTS, "classes": CLASSES, "batch_size": BATCH, "features": numbers(x), "labels": numbers(y), "classWeights": numbers(class_weights), "orders": orders}
    target = pathlib.Path(__file__).with_name("training.json")
    target.write_text(json.dumps({"madeBy": f"PyTorch {torch.__version__}, float64", "problem": problem, "cases": cases}) + "\n")


main()
