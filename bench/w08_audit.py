"""W8: what the audit triggers add to one save and to a bulk write. The floor is the same write without them."""

from collections.abc import Callable, Iterator

from bench import ground
from bench.data import GIANT, Size
from bench.harness import Comparison, Target, Way, ab, same
from deployments.models import Deployment
from portal.embedded.servers import Servers
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

SAVES = 100
TABLE = "deployments_deployment"
WITHOUT, WITH = "floor: without audit", "ours: with audit triggers"


def run(servers: Servers, database: str, size: Size) -> Iterator[Comparison]:
    """Load, save and commit one row a hundred times; then change a thousand rows in one statement."""
    turn = iter(range(10**9))

    def switched(on: bool) -> Callable[[], int]:
        return lambda: switch_triggers(servers, database, on=on) or next(turn)

    def both(work: Callable[[int], object]) -> dict[str, Way]:
        return {WITHOUT: Way(work, switched(False)), WITH: Way(work, switched(True))}

    same({"without": saved(next(turn)), "with": saved(next(turn))})
    prove(servers, database, switched)
    target = Target(WITH, WITHOUT, most=1.3)
    yield ab(f"W8: {SAVES} × load, save, commit", both(save_one_by_one), rounds=size.rounds * 3, targets=[target])
    yield ab("W8: update() of 1,000 rows in one statement", both(save_in_bulk), rounds=size.rounds)


def switch_triggers(servers: Servers, database: str, *, on: bool) -> None:
    """Only the three audit triggers; foreign keys stay at work in both ways."""
    with ground.admin(servers, database) as connection:
        for verb in ("insert", "update", "delete"):
            connection.execute(f"ALTER TABLE {TABLE} {'ENABLE' if on else 'DISABLE'} TRIGGER audit_{verb}")


def saved(turn: int) -> int:
    """One save: how many rows hold the new note."""
    save_one_by_one(turn)
    with acting(Tenant(pk=GIANT), actor="system:bench"):
        return Deployment.objects.filter(note=f"turn {turn}").count()


def save_one_by_one(turn: int) -> None:
    """As a form does: load, change one field, save, commit."""
    for number in range(1, SAVES + 1):
        with acting(Tenant(pk=GIANT), actor="system:bench", verb="deployment.change"):
            row = Deployment.objects.get(pk=number)
            row.note = f"turn {turn}"
            row.save(update_fields=["note"])


def save_in_bulk(turn: int) -> None:
    with acting(Tenant(pk=GIANT), actor="system:bench", verb="deployment.change"):
        Deployment.objects.filter(pk__lte=1_000).update(note=f"turn {turn}")


def prove(servers: Servers, database: str, switched: Callable[[bool], Callable[[], int]]) -> None:
    """With triggers each save is one event, without none: else the comparison compares nothing."""
    events = []
    for on in (False, True):
        turn = switched(on)()
        before = count_events(servers, database)
        save_one_by_one(turn)
        events.append(count_events(servers, database) - before)
    same({"expected": [0, SAVES], "events written": events})


def count_events(servers: Servers, database: str) -> int:
    with ground.admin(servers, database) as connection:
        return connection.execute("SELECT count(*) FROM audit_auditevent").fetchone()[0]
