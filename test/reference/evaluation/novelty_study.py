"""Which measure of novelty tells pictures of other kinds best? Prints the table of docs/evaluation.md.

    python novelty_study.py DATA      (numpy, pillow, onnxruntime, scikit-learn; a few minutes)

DATA holds flowers/, dogs/ (train, valid, test with a folder per class) and weights/. Features are MobileNetV2's; the classifier is a
softmax regression on standardised features. Columns: a model of flowers shown dogs, one of dogs shown flowers, and models of half of
the species or breeds shown the other half (mean of 4 random halves). Numbers are AUROC over test pictures; `caught` is the share of
foreign pictures past the 95th percentile of the valid split, and `own` the share of the model's own test pictures past it.
"""
import pathlib
import sys

import numpy as np
import onnxruntime
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

MODEL = "weights/mobilenet_v2_1.0_224-imagenet1k-deq-tf2ptq.onnx"
MEAN, STD = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])


def pixels(path):
    image = Image.open(path).convert("RGB")
    scale = 256 / min(image.size)
    image = image.resize([round(side * scale) for side in image.size], Image.BILINEAR)
    left, top = [(side - 224) // 2 for side in image.size]
    crop = np.asarray(image.crop((left, top, left + 224, top + 224)), np.float32) / 255
    return ((crop - MEAN) / STD).transpose(2, 0, 1)


def extract(root, session):
    classes = sorted(path.name for path in (root / "train").iterdir())
    splits = {}
    for split in ("train", "valid", "test"):
        files = [(path, label) for label, name in enumerate(classes) for path in sorted((root / split / name).iterdir())]
        parts = []
        for start in range(0, len(files), 16):
            batch = np.stack([pixels(path) for path, _ in files[start : start + 16]])
            parts.append(session.run(["features"], {"input": batch})[0])
        features = np.concatenate(parts).reshape(len(files), -1).astype(np.float64)
        splits[split] = features, np.array([label for _, label in files])
    return splits


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def measures(train, labels):
    """By name, functions from features to how novel they are."""
    mean, deviation = train.mean(0), train.std(0) + 1e-6
    classes, index = np.unique(labels, return_inverse=True)
    z = (train - mean) / deviation
    solver = LogisticRegression(C=0.003, max_iter=300).fit(z, index)
    centres = np.stack([train[index == c].mean(0) for c in range(len(classes))])
    z_centres = (centres - mean) / deviation
    within = ((z - z_centres[index]) ** 2).sum(0) / (len(z) - len(classes))

    def standard(x):
        return (x - mean) / deviation

    def logits(x):
        scores = solver.decision_function(standard(x))
        return scores if scores.ndim == 2 else np.stack([-scores, scores], 1)

    def neighbours(x, reference, k=5):
        return 1 - np.sort(unit(x) @ unit(reference).T, 1)[:, -k:].mean(1)

    def mahalanobis(x):
        return np.min([(((standard(x) - centre) ** 2) / within).sum(1) for centre in z_centres], 0)

    def energy(x):
        scores = logits(x)
        top = scores.max(1)
        return -(top + np.log(np.exp(scores - top[:, None]).sum(1)))

    return {
        "5 nearest pictures, cosine, standardised": lambda x: neighbours(standard(x), z),
        "5 nearest pictures, cosine, raw": lambda x: neighbours(x, train),
        "class mean, cosine, standardised": lambda x: 1 - (unit(standard(x)) @ unit(z_centres).T).max(1),
        "class mean, cosine, raw": lambda x: 1 - (unit(x) @ unit(centres).T).max(1),
        "diagonal Mahalanobis": mahalanobis,
        "relative diagonal Mahalanobis": lambda x: mahalanobis(x) - (standard(x) ** 2).sum(1),
        "energy": energy,
        "highest logit": lambda x: -logits(x).max(1),
    }


def judge(values, valid, own, foreign):
    limit = np.quantile(values(valid), 0.95)
    a, b = values(own), values(foreign)
    truth = np.r_[np.zeros(len(a)), np.ones(len(b))]
    return roc_auc_score(truth, np.r_[a, b]), (b > limit).mean(), (a > limit).mean()


def study(train, labels, valid, own, foreign):
    found = measures(train, labels)

    def joined(*names):
        spread = [(found[name](valid).mean(), found[name](valid).std()) for name in names]
        return lambda x: sum((found[name](x) - m) / s for name, (m, s) in zip(names, spread))

    found["class mean, cosine, raw + energy"] = joined("class mean, cosine, raw", "energy")
    found["class mean, cosine, raw + highest logit"] = joined("class mean, cosine, raw", "highest logit")
    return {name: judge(values, valid, own, foreign) for name, values in found.items()}


def main():
    data = pathlib.Path(sys.argv[1])
    session = onnxruntime.InferenceSession(str(data / MODEL))
    sets = {name: extract(data / name, session) for name in ("flowers", "dogs")}
    columns = {}
    for name, other in (("flowers", "dogs"), ("dogs", "flowers")):
        own = sets[name]
        columns[f"{name}, {other}"] = study(*own["train"], own["valid"][0], own["test"][0], sets[other]["test"][0])
    random = np.random.default_rng(1)
    for name, own in sets.items():
        runs = []
        for _ in range(4):
            kept = random.permutation(own["train"][1].max() + 1)
            kept = kept[: len(kept) // 2]
            inside = {split: np.isin(labels, kept) for split, (_, labels) in own.items()}
            train, labels = (part[inside["train"]] for part in own["train"])
            test, seen = own["test"][0], inside["test"]
            runs.append(study(train, labels, own["valid"][0][inside["valid"]], test[seen], test[~seen]))
        columns[f"{name}, other half"] = {key: np.mean([run[key] for run in runs], 0) for key in runs[0]}
    print("| measure | " + " | ".join(columns) + " |")
    for key in next(iter(columns.values())):
        cells = ["{:.3f} ({:.0f} %, own {:.0f} %)".format(r[0], 100 * r[1], 100 * r[2]) for r in (c[key] for c in columns.values())]
        print(f"| {key} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
