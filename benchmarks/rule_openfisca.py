"""The rules of ``rule_stock`` in OpenFisca-core: variables of columns, conditions and verdicts.

What is missing is said by a second variable of each column and of each condition, so that a verdict
of three values and every condition that fails or is missing are kept, as we keep them. A condition
several rules share is worked out once. Numbers are kept as float32.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from openfisca_core import entities, periods
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.rule_stock import CODES, NUMBERS, TEXTS, Answer, Asked, Run, distinct, rules

Formula = Callable[[Any, Any], Any]
MONTH = "2026-11"
PLACES = {code: at for at, code in enumerate(CODES)}
FIRM = entities.build_entity(key="firm", plural="firms", label="a firm", is_person=True)


def openfisca(path: Path, count: int) -> Run:
    """Formulas over whole columns; setting the inputs is not timed."""
    inputs = read(path)
    rows = len(inputs[NUMBERS[0]])
    system = described(inputs, count)

    def run() -> tuple[float, Callable[[], Answer], float]:
        made = SimulationBuilder().build_default_simulation(system, rows)
        for name, values in inputs.items():
            made.set_input(name, MONTH, values)
        began = time.perf_counter()
        found = [
            (made.calculate(f"met{at}", MONTH), made.calculate(f"failed{at}", MONTH))
            for at in range(count)
        ]
        taken = time.perf_counter() - began
        answer = [(int(one.sum()), int(other.sum())) for one, other in found]
        return taken, lambda: answer, (2 * len(distinct(count)) + 2 * count) / count

    return run


def read(path: Path) -> dict[str, Any]:
    """Each column, zero where it is missing, and where it is known."""
    table = pq.read_table(path, read_dictionary=list(TEXTS))
    found: dict[str, Any] = {}
    for name in (*NUMBERS, *TEXTS):
        column = table[name].combine_chunks()
        column = column.chunk(0) if hasattr(column, "chunks") else column
        values = column.indices if name in TEXTS else column
        found[name] = np.nan_to_num(values.to_numpy(zero_copy_only=False))
        found[f"known_{name}"] = column.is_valid().to_numpy(zero_copy_only=False)
    return found


def described(inputs: Mapping[str, Any], count: int) -> Any:
    system = TaxBenefitSystem([FIRM])
    for name, values in inputs.items():
        kind = bool if values.dtype == bool else int if name in TEXTS else float
        system.add_variable(variable(name, kind))
    names = {one: str(at) for at, one in enumerate(distinct(count))}
    for one, name in names.items():
        system.add_variable(variable(f"true{name}", bool, condition(one, f"sure{name}")))
        system.add_variable(variable(f"sure{name}", bool, sure(one)))
    for at, rule in enumerate(rules(count)):
        asked = [names[one] for one in rule]
        system.add_variable(variable(f"met{at}", bool, met(asked)))
        system.add_variable(variable(f"failed{at}", bool, failed(asked)))
    return system


def variable(name: str, kind: type, formula: Formula | None = None) -> type:
    body: dict[str, Any] = {
        "value_type": kind,
        "entity": FIRM,
        "definition_period": periods.DateUnit.MONTH,
        "label": name,
    }
    if formula is not None:
        body["formula"] = formula
    return type(name, (Variable,), body)


def sure(one: Asked) -> Formula:
    def formula(firm: Any, period: Any) -> Any:
        found = firm(f"known_{one.column}", period)
        return found & firm(f"known_{one.other}", period) if one.other else found

    return formula


def condition(one: Asked, known: str) -> Formula:
    def formula(firm: Any, period: Any) -> Any:
        column, is_known = firm(one.column, period), firm(known, period)
        if one.texts:
            return is_known & np.isin(column, [PLACES[text] for text in one.texts])
        bound: Any = one.number * firm(one.other, period) if one.other else one.number
        return is_known & (column >= bound if one.order == ">=" else column <= bound)

    return formula


def met(names: Sequence[str]) -> Formula:
    def formula(firm: Any, period: Any) -> Any:
        found = firm(f"true{names[0]}", period)
        for name in names[1:]:
            found = found & firm(f"true{name}", period)
        return found

    return formula


def failed(names: Sequence[str]) -> Formula:
    def formula(firm: Any, period: Any) -> Any:
        found: Any = np.False_
        for name in names:
            found = found | (firm(f"sure{name}", period) & ~firm(f"true{name}", period))
        return found

    return formula
