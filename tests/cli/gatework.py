"""What a test does inside a hospital made by the commands: `python -m tests.cli.gatework weigh|go-on|replay …`.

weigh: define a gate, weigh and sign it; prints the weighing's number. go-on NUMBER: acts and amendments after it, with
patients numbered from there. replay WEIGHING: prints verdict and figures, frozen and computed again.
"""

import json
import sys
from decimal import Decimal
from random import Random
from typing import Any

MEASURES = {
    "closed_loop_rate": (">=", "50"),
    "minutes_to_doctor": ("<=", "600"),
    "returned_per_100": ("<=", "50"),
}


def _weigh(crew: Any) -> dict[str, Any]:
    from luodi.rollout import actions
    from luodi.rollout.actions import CriterionWish

    wishes = [CriterionWish(code, bound, Decimal(target), 7, 1) for code, (bound, target) in MEASURES.items()]
    gate = actions.define(crew("pm1"), "proof", name="恢复后重算", phase="pilot", criteria=wishes)
    weighing = actions.weigh(crew("pm1"), gate)
    actions.sign(crew("director1"), weighing, decision="go")
    return {"weighing": weighing}


def _go_on(crew: Any, serial: int) -> dict[str, Any]:
    """A prescription stopped, a note and an identity amended, one signed and left open, and a gate weighed again."""
    from luodi.chart import actions as chart
    from luodi.orders import actions as orders
    from luodi.orders import wording
    from luodi.patients import actions as patients
    from luodi.rollout import actions, queries
    from luodi.simulator.place import Hospital
    from luodi.trust.clock import now
    from tests.journeys.walk_in import ROXITHROMYCIN, bring

    place = Hospital(Random(serial), crew, now())
    place.serial = serial
    stopped, _open = (bring(place, number, "signed", *ROXITHROMYCIN) for number in (1, 2))
    doctor = crew("edoctor1")
    orders.stop(doctor, stopped.rx, wording.choices("stop_reasons")[0][0])
    note = chart.note(doctor, stopped.encounter, "plan", "对症处理")
    chart.note(doctor, stopped.encounter, "plan", "对症处理，三天后复诊", supersedes=note, reason="更正")
    patients.correct(crew("clerk1"), stopped.pk, {"phone": "19900007777"}, "本人更正")
    gate = next(gate for gate in queries.gates() if gate.code == "proof")
    return {"weighing": actions.weigh(crew("pm1"), gate.pk)}


def _replay(weighing: int) -> dict[str, Any]:
    from luodi.rollout import queries

    found = queries.weighing(weighing)
    again = queries.replay(found)
    return {
        "same": again.same,
        "verdict": again.verdict,
        "head": found.head,
        "signed": [row.valid for row in queries.signatories(found)],
        "figures": [[str(row.frozen.value), str(row.again.value)] for row in again.rows],
    }


def main(word: str, *rest: str) -> None:
    from luodi.cli.place import open_hospital

    open_hospital()
    from luodi.simulator.crew import Crew

    ways = {"weigh": lambda: _weigh(Crew()), "go-on": lambda: _go_on(Crew(), int(rest[0]))}
    found = ways[word]() if word in ways else _replay(int(rest[0]))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
