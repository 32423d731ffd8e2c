"""What rliable says of the scores on standard input; JSON in and out.

In: { "x", "y": [run][game], "curves": [run][game][point], "thresholds": [...], "repetitions": n, "seed": s }
Out: figures of x, the probability that x improves on y, profile of x, IQM of the curves; each [estimate, low, high].
"""

import json
import sys

import arch.bootstrap
import numpy as np
from rliable import library, metrics


def without_random_state(bootstrap):
    """rliable hands on a `random_state`, None here, that arch 8 knows no more (and draws by np.random anyway)."""
    begin = bootstrap.__init__
    bootstrap.__init__ = lambda self, *args, random_state=None, **named: begin(self, *args, **named)


without_random_state(arch.bootstrap.IIDBootstrap)
without_random_state(arch.bootstrap.IndependentSamplesBootstrap)


def main():
    given = json.load(sys.stdin)
    x, y, curves = (np.array(given[name], dtype=np.float64) for name in ("x", "y", "curves"))
    thresholds = np.array(given["thresholds"], dtype=np.float64)
    repetitions = given["repetitions"]
    np.random.seed(given["seed"])

    def intervals(scores, func):
        points, bounds = library.get_interval_estimates({"a": scores}, func, reps=repetitions)
        points, bounds = np.atleast_1d(points["a"]), bounds["a"].reshape(2, -1)
        return [[float(number) for number in column] for column in zip(points, *bounds)]

    aggregates = [
        metrics.aggregate_mean,
        metrics.aggregate_median,
        metrics.aggregate_iqm,
        metrics.aggregate_optimality_gap,
    ]
    profile, bands = library.create_performance_profile({"a": x}, thresholds, reps=repetitions)
    result = {
        "aggregates": intervals(x, lambda scores: np.array([aggregate(scores) for aggregate in aggregates])),
        "improvement": intervals((x, y), metrics.probability_of_improvement),
        "profile": [[float(number) for number in column] for column in zip(profile["a"], *bands["a"])],
        "curve": intervals(
            curves,
            lambda scores: np.array([metrics.aggregate_iqm(scores[..., i]) for i in range(scores.shape[-1])]),
        ),
    }
    json.dump(result, sys.stdout)


main()
