"""Writes evaluation.json: an evaluation of formula-made logits by NumPy and scikit-learn, to check ours against.

    python make.py        (numpy, scikit-learn, scipy; versions are recorded in the output)

Logits come from an integer formula that JavaScript repeats exactly, so no matrix is stored.
"""
import json
import pathlib

import numpy as np
import scipy
import scipy.stats
import sklearn
from sklearn import metrics

PICTURES, CLASSES, TEMPERATURE = 500, 17, 1.7


def formula(pictures, classes):
    i = np.arange(pictures, dtype=np.int64)[:, None]
    c = np.arange(classes, dtype=np.int64)[None, :]
    noise = ((i * 7919 + c * 104729 + i * c * 31) % 1009).astype(np.float64) / 1009.0
    # Uneven classes: class 0 is frequent, the last one is missing.
    labels = np.where(i[:, 0] % 3 == 0, 0, (i[:, 0] * 13) % (classes - 1))
    logits = 4.0 * noise + 1.5 * (c == labels[:, None]) + 0.8 * (c == ((labels[:, None] + 1) % classes))
    return logits.astype(np.float32), labels


def softmax(x):
    e = np.exp(x - x.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def ece(probabilities, labels, bins=15):
    confidence, correct = probabilities.max(1), probabilities.argmax(1) == labels
    edges = np.linspace(0, 1, bins + 1)
    total = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            total += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return total


def macro(labels, predicted, present):
    return metrics.f1_score(labels, predicted, labels=present, average="macro", zero_division=0)


def percentiles(values):
    return [float(v) for v in np.quantile(values, [0.025, 0.975])]


def main():
    logits, labels = formula(PICTURES, CLASSES)
    x = logits.astype(np.float64)
    calibrated, raw = softmax(x / TEMPERATURE), softmax(x)
    predicted = x.argmax(1)
    present = sorted(set(labels.tolist()))
    losses = -np.log(calibrated[np.arange(PICTURES), labels])
    rng = np.random.default_rng(0)
    means = [losses[rng.integers(0, PICTURES, PICTURES)].mean() for _ in range(5000)]
    confidence = calibrated.max(1)
    perfect = [
        ece_from(confidence, rng.random(PICTURES) < confidence) for _ in range(20000)
    ]
    macro_f1 = macro(labels, predicted, present)
    by_class = [np.flatnonzero(labels == c) for c in present]
    resampled = []
    for _ in range(2000):
        drawn = np.concatenate([rng.choice(rows, len(rows)) for rows in by_class])
        resampled.append(macro(labels[drawn], predicted[drawn], present))
    macro_f1_interval = [v + macro_f1 - float(np.mean(resampled)) for v in percentiles(resampled)]
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predicted, labels=range(CLASSES), zero_division=0
    )
    correct = int((predicted == labels).sum())
    largest = np.bincount(labels).max() / PICTURES
    wilson = scipy.stats.binomtest(correct, PICTURES).proportion_ci(method="wilson")
    result = {
        "made_by": f"numpy {np.__version__}, scikit-learn {sklearn.__version__}, scipy {scipy.__version__}",
        "pictures": PICTURES,
        "classes": CLASSES,
        "temperature": TEMPERATURE,
        "top1": metrics.accuracy_score(labels, predicted),
        "top1_interval": [wilson.low, wilson.high],
        "top5": metrics.top_k_accuracy_score(labels, x, k=5, labels=range(CLASSES)),
        "raw_cross_entropy": metrics.log_loss(labels, raw, labels=range(CLASSES)),
        "cross_entropy": metrics.log_loss(labels, calibrated, labels=range(CLASSES)),
        "cross_entropy_interval": percentiles(means),
        "macro_f1": macro_f1,
        "macro_f1_interval": macro_f1_interval,
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "confusion": metrics.confusion_matrix(labels, predicted, labels=range(CLASSES)).tolist(),
        "ece": ece(calibrated, labels),
        "raw_ece": ece(raw, labels),
        "perfect_ece": [float(np.mean(perfect)), *percentiles(perfect)],
        "p_value": scipy.stats.binomtest(correct, PICTURES, largest, alternative="greater").pvalue,
        "binomial_tails": [
            [k, n, p, float(scipy.stats.binom.sf(k - 1, n, p))]
            for k, n, p in [(0, 10, 0.3), (1, 10, 0.3), (3, 10, 0.3), (10, 10, 0.3), (37, 836, 0.05), (700, 836, 0.01), (500, 1000, 0.5), (100, 1000, 0.5), (60, 100000, 0.001)]
        ],
        "wilson": [
            [k, n, *scipy.stats.binomtest(k, n).proportion_ci(method="wilson")]
            for k, n in [(0, 6), (6, 6), (3, 6), (720, 836), (1, 100000)]
        ],
    }
    path = pathlib.Path(__file__).with_name("evaluation.json")
    path.write_text(json.dumps(result, indent=1) + "\n")


def ece_from(confidence, correct, bins=15):
    index = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    gaps = np.bincount(index, weights=correct - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))


if __name__ == "__main__":
    main()
