"""Writes gaussian-process.json: likelihood, posterior and expected improvement by scikit-learn and mpmath.

    python make-reference.py        (scikit-learn, numpy, mpmath; the file is committed, so the tests need no Python)

scikit-learn knows no categories: they are given to it as one-hot codes of length 1/sqrt(2) with equal length scales, which is what our
kernel says of them.
"""

import json
import pathlib

import mpmath
import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

ROWS, QUERIES = 12, 6

CASES = [
    {"name": "one parameter", "categories": [0], "lengthScales": [0.3], "signal": 1.7, "noise": 1e-3},
    {"name": "three parameters, noisy", "categories": [0, 0, 0], "lengthScales": [0.2, 0.9, 4.0], "signal": 0.6, "noise": 0.2},
    {"name": "a number and two categories", "categories": [0, 3, 5], "lengthScales": [0.4, 0.8, 2.5], "signal": 1.2, "noise": 1e-4},
]


def one_hot(rows, categories):
    columns = []
    for k, count in enumerate(categories):
        if count == 0:
            columns.append(rows[:, k : k + 1])
        else:
            columns.append(np.eye(count)[rows[:, k].astype(int)] / np.sqrt(2))
    return np.hstack(columns)


def make(case, random):
    categories = case["categories"]

    def draw(count):
        return np.stack([random.integers(n, size=count) if n else random.random(count) for n in categories], axis=1).astype(float)

    x, queries, y = draw(ROWS), draw(QUERIES), random.standard_normal(ROWS)
    queries[0] = x[0]
    scales = np.concatenate([np.full(max(1, n), length) for n, length in zip(categories, case["lengthScales"])])
    prior = ConstantKernel(case["signal"]) * Matern(scales, nu=2.5)
    process = GaussianProcessRegressor(prior + WhiteKernel(case["noise"]), optimizer=None, alpha=0)
    process.fit(one_hot(x, categories), y)
    value, gradient = process.log_marginal_likelihood(process.kernel_.theta, eval_gradient=True)
    # Equal length scales of one category are one parameter: its derivative is the sum of theirs.
    owner = np.concatenate([np.full(max(1, n), k) for k, n in enumerate(categories)])
    by_scale = [gradient[1:-1][owner == k].sum() for k in range(len(categories))]
    # Without the noise of an observation: the posterior of the function itself.
    mean, deviation = process.predict(one_hot(queries, categories), return_std=True)
    return {
        **case,
        "x": x.tolist(),
        "y": y.tolist(),
        "queries": queries.tolist(),
        "logLikelihood": float(value),
        "gradient": [*map(float, by_scale), float(gradient[0]), float(gradient[-1])],
        "mean": mean.tolist(),
        "variance": (deviation**2 - case["noise"]).tolist(),
    }


def log_improvements():
    mpmath.mp.dps = 60
    cases = []
    for mean, variance, best in [(0, 1, 0), (0.3, 0.04, 0.1), (-2, 0.5, 1), (1, 0.01, 0), (5, 1, 0), (5, 0.01, 0), (1e3, 1e-4, 0), (-4, 1, 0)]:
        deviation = mpmath.sqrt(mpmath.mpf(variance))
        z = (mpmath.mpf(best) - mpmath.mpf(mean)) / deviation
        if abs(z) < 200:
            # phi and z Phi cancel but for 1/z^2 of them, and are about exp(-z^2/2).
            with mpmath.workdps(60 + int(z * z)):
                density = mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mpmath.pi)
                below = mpmath.erfc(-z / mpmath.sqrt(2)) / 2
                value = mpmath.log(deviation * (density + z * below))
        else:
            # phi(z) + z Phi(z) = phi(z) / z^2 (1 - 3/z^2 + 15/z^4 - ...) far below.
            value = mpmath.log(deviation) - z * z / 2 - mpmath.log(2 * mpmath.pi) / 2 - 2 * mpmath.log(-z)
            value += mpmath.log(1 - 3 / z**2 + 15 / z**4)
        cases.append({"mean": mean, "variance": variance, "best": best, "logImprovement": float(value)})
    return cases


def main():
    random = np.random.default_rng(7)
    reference = {"processes": [make(case, random) for case in CASES], "improvements": log_improvements()}
    path = pathlib.Path(__file__).with_name("gaussian-process.json")
    path.write_text(json.dumps(reference, indent=1) + "\n")


main()
