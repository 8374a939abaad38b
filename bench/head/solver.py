"""The independent solver: scikit-learn's softmax regression (L-BFGS) on standardised features, its regularisation chosen on valid.

    python solver.py FOLDER     with {train,valid,test}.f32 (float32 rows) and {train,valid,test}.i32 (int32 labels) in it

Prints one JSON object: the accuracies of the choice.
"""

import json
import pathlib
import sys
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
folder = pathlib.Path(sys.argv[1])
labels = {split: np.fromfile(folder / f"{split}.i32", np.int32) for split in ("train", "valid", "test")}
features = {s: np.fromfile(folder / f"{s}.f32", np.float32).reshape(len(labels[s]), -1) for s in labels}
mean = features["train"].mean(0, dtype=np.float64)
deviation = features["train"].std(0, dtype=np.float64)
deviation[deviation < 1e-9] = 1
features = {split: (x - mean) / deviation for split, x in features.items()}
best = None
for decay in (0.1, 0.03, 0.01, 0.003, 0.001):
    solver = LogisticRegression(C=1 / (decay * len(labels["train"])), max_iter=300)
    solver.fit(features["train"], labels["train"])
    valid = solver.score(features["valid"], labels["valid"])
    if best is None or valid > best["valid"]:
        best = {"decay": decay, "valid": valid, "test": solver.score(features["test"], labels["test"])}
print(json.dumps(best))
