"""Many networks of one table: any analysis over all of them, with its spread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from netcluster.core.errors import NetclusterError
from netcluster.core.progress import track
from netcluster.core.result import Note, Result
from netcluster.core.seeds import child
from netcluster.network.network import Network
from netcluster.reconstruction.reconstruct import Prepared, Reconstruction, make, prepare

if TYPE_CHECKING:
    import pandas as pd

    from netcluster.tables.firms import FirmTable
    from netcluster.tables.iotable import IOTable

#: The ends of the interval between members.
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Networks drawn from one fitted model, made one at a time as they are asked for; member 0 is the seed's own."""

    ready: Prepared
    members: int
    seed: int
    jobs: int = 1

    def __len__(self) -> int:
        return self.members

    def __iter__(self) -> Iterator[Reconstruction]:
        return (self.member(m) for m in range(self.members))

    def member(self, number: int) -> Reconstruction:
        """Return one network; it does not depend on the others."""
        if not 0 <= number < self.members:
            raise NetclusterError(f"There is no member {number} of {self.members}.", "Count from 0.")
        own = self.seed if number == 0 else child(self.seed, "reconstruction", "member", number)
        return make(self.ready, own, self.jobs)


def ensemble(
    table: IOTable, firms: FirmTable, *, members: int = 10, seed: int = 0, jobs: int = 1, **options: Any
) -> Ensemble:
    """Return an ensemble of networks; `options` are those of `reconstruct`. The model is fitted once."""
    if members < 2:
        raise NetclusterError(f"An ensemble of {members} has no spread.", "Ask for 2 members or more.")
    return Ensemble(prepare(table, firms, seed=seed, **options), members, seed, jobs)


def over(networks: Ensemble, function: Callable[[Network], Result]) -> Result:
    """Return an analysis of every network of an ensemble, put together: a row a subject and measure.

    Subjects are the analysis's labels (its columns that are no measures and hold text). `mean` and `sd` are over the
    members in which the subject has the measure, `members` how many these are; `low` and `high` are the 5 % and 95 %
    quantiles.
    """
    frames, notes = [], list[Note]()
    for made in track(networks, "Members", len(networks)):
        result = function(made.network)
        frames.append(_long(result))
        notes += result.notes
    return Result(
        spread(frames),
        ("mean", "sd", "low", "median", "high"),
        MappingProxyType({**networks.ready.parameters, "members": len(networks), "seed": networks.seed}),
        tuple(dict.fromkeys(notes)),
    )


def spread(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return mean, spread and quantiles of long frames (labels, measure, value), in the order first met."""
    import pandas as pd

    whole = pd.concat(frames, ignore_index=True)
    labels = [column for column in whole if column != "value"]
    groups = whole.groupby(labels, sort=False, dropna=False)["value"]
    low, median, high = (groups.quantile(q) for q in (LOW, 0.5, HIGH))
    frame = pd.DataFrame(
        {
            "mean": groups.mean(),
            "sd": groups.std(),
            "low": low,
            "median": median,
            "high": high,
            "members": groups.count(),
        }
    )
    return frame.reset_index()


def _long(result: Result) -> pd.DataFrame:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    frame = result.frame
    numbers = [c for c in result.measures if is_numeric_dtype(frame[c]) and not is_bool_dtype(frame[c])]
    if not numbers:
        raise NetclusterError("The analysis has no measure that is a number.", "Give another one to run.")
    texts = [c for c in frame if c not in result.measures and not is_numeric_dtype(frame[c])]
    return frame.astype(dict.fromkeys(numbers, "float64")).melt(
        id_vars=texts, value_vars=numbers, var_name="measure", value_name="value"
    )


def with_spread(networks: Ensemble) -> tuple[Reconstruction, Result]:
    """Return the first network, and its validation report with mean, sd and quantiles over all of them."""
    import pandas as pd

    made, first = [], None
    for one in track(networks, "Members", len(networks)):
        first = first or one
        made.append(one.frame[["measure", "reached"]].rename(columns={"reached": "value"}))
    assert first is not None
    wide = spread([frame.assign(order=range(len(frame))) for frame in made]).drop(columns=["order", "members"])
    frame = pd.concat([first.frame, wide.drop(columns="measure")], axis=1)
    parameters = MappingProxyType({**first.parameters, "members": len(networks)})
    return first, Result(frame, (*first.measures, "mean", "sd", "low", "median", "high"), parameters, first.notes)
