"""Which devices no valid sign warns of: the law's function, the query of the lists, and a count by hand agree."""

import random
import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from deployments.coverage import Coverage, Gap, read_coverage
from deployments.facts import deployment_facts
from deployments.models import CaptureArea, Deployment, Device, Sign, SignInspection
from tests import build

RESULTS = ("conspicuous", "obscured", "damaged", "missing")


def look(sign: Sign, result: str, on: date = date(2026, 9, 1)) -> SignInspection:
    """An inspection of a sign as the service writes it."""
    return SignInspection.objects.create(
        tenant=sign.tenant, pip=sign.pip, sign=sign, inspected_on=on, result=result, inspected_at=timezone.now()
    )


def generated(house: build.House, seed: int, *, deployments: int = 5, devices: int = 100) -> None:
    """A site with deployments of ten areas each; signs of every kind, some looked at several times."""
    dice = random.Random(seed)
    owned = {"tenant": house.tenant, "pip": house.pip}
    for number in range(deployments):
        place = build.deployment(house.pip, f"D{number}")
        areas = CaptureArea.objects.bulk_create(
            CaptureArea(**owned, deployment=place, name=f"Lane {lane}") for lane in range(10)
        )
        somewhere = [*areas, None]
        Device.objects.bulk_create(
            Device(
                **owned,
                deployment=place,
                serial=f"SN-{number}-{one:03}",
                capture_area=dice.choice(somewhere),
                removed_on=date(2026, 8, 1) if dice.random() < 0.1 else None,
            )
            for one in range(devices)
        )
        # Some places have a sign for all of them, good or spoilt.
        places = areas * 2 if number % 2 else [*areas, None]
        signs = Sign.objects.bulk_create(
            Sign(
                **owned,
                deployment=place,
                code=f"SG-{number}-{one:02}",
                location="lane",
                capture_area=area,
                posted_on=date(2026, 1, 5) if dice.random() < 0.9 else None,
                removed_on=date(2026, 8, 1) if dice.random() < 0.2 else None,
            )
            for one, area in enumerate(places)
        )
        SignInspection.objects.bulk_create(
            SignInspection(
                **owned,
                sign=sign,
                inspected_on=date(2026, 2, 1) + timedelta(days=dice.randrange(3)),
                result=dice.choice(RESULTS),
                inspected_at=timezone.now(),
                ticket=uuid.UUID(int=dice.getrandbits(128)),
            )
            for sign in signs
            for _look in range(dice.randrange(4))
        )


def by_hand() -> list[str]:
    """Serial numbers without a valid sign, row by row, as a person would go through the lists."""
    bare = []
    for device in Device.objects.select_related("deployment").order_by("deployment__code", "serial"):
        if device.removed_on is not None:
            continue
        warned = False
        for sign in Sign.objects.filter(deployment=device.deployment):
            looks = sorted((one.inspected_on, one.pk, one.result) for one in sign.inspections.all())
            is_good = not looks or looks[-1][2] == "conspicuous"
            is_here = sign.capture_area_id is None or sign.capture_area_id == device.capture_area_id
            warned |= sign.posted_on is not None and sign.removed_on is None and is_good and is_here
        if not warned:
            bare.append(device.serial)
    return bare


@pytest.mark.parametrize("seed", [1, 2])
def test_coverage_of_a_site_of_500_devices_equals_a_count_by_hand(house, seed):
    generated(house, seed)
    used = Device.objects.filter(removed_on__isnull=True).count()
    expected = by_hand()
    found = read_coverage(Device.objects.all(), Sign.objects.all(), by="deployment_id")
    assert Device.objects.count() == 500 and 0 < len(expected) < used
    assert [gap.device["serial"] for gap in found.gaps] == expected
    assert (found.devices, found.covered) == (used, used - len(expected))
    assert sum(part.devices for part in found.parts.values()) == used
    assert sum(part.covered for part in found.parts.values()) == found.covered


@pytest.mark.parametrize("seed", [3, 4])
def test_query_of_the_lists_agrees_with_the_law(house, seed):
    generated(house, seed, deployments=8, devices=6)
    facts = deployment_facts(house.pip)
    bare = {serial for place in facts for serial in place.uncovered}
    assert set(Device.objects.all().without_sign().values_list("serial", flat=True)) == bare
    places = {place.code for place in facts if place.uncovered}
    assert 0 < len(places) < 8
    assert set(Deployment.objects.all().without_sign().values_list("code", flat=True)) == places


@pytest.mark.parametrize("result", RESULTS)
def test_spoilt_sign_counts_again_once_it_is_found_good(house, result):
    place = build.deployment(house.pip)
    build.device(place)
    sign = build.sign(place)
    look(sign, result, date(2026, 9, 1))
    assert Device.objects.all().without_sign().exists() == (result != "conspicuous")
    look(sign, "conspicuous", date(2026, 9, 2))
    assert not Device.objects.all().without_sign().exists()


def test_of_two_inspections_on_one_day_the_later_one_stands(house):
    place = build.deployment(house.pip)
    build.device(place)
    sign = build.sign(place)
    look(sign, "damaged")
    look(sign, "conspicuous")
    assert not Deployment.objects.all().without_sign().exists()


def test_sign_of_an_area_warns_of_no_device_elsewhere(house):
    place = build.deployment(house.pip)
    lane = build.area(place)
    for serial, area in (("HERE", lane), ("THERE", build.area(place, "Lane 2")), ("SOMEWHERE", None)):
        build.device(place, serial, capture_area=area)
    build.sign(place, capture_area=lane)
    found = read_coverage(Device.objects.all(), Sign.objects.all(), by="capture_area_id")
    assert [gap.device["serial"] for gap in found.gaps] == ["SOMEWHERE", "THERE"]
    assert found.percent == 33


@pytest.mark.parametrize(
    ("covered", "devices", "percent"), [(0, 0, 100), (0, 5, 0), (499, 500, 99), (500, 500, 100), (1, 3, 33)]
)
def test_percentage_never_flatters(covered, devices, percent):
    assert Coverage(devices, [Gap({}, [])] * (devices - covered)).percent == percent


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ((), date(2026, 4, 5)),  # 90 days after posting
        ((("conspicuous", date(2026, 3, 1)),), date(2026, 5, 30)),
        ((("conspicuous", date(2026, 3, 1)), ("damaged", date(2026, 4, 1))), date(2026, 4, 1)),
        ((("damaged", date(2026, 4, 1)), ("conspicuous", date(2026, 4, 2))), date(2026, 7, 1)),
    ],
)
def test_next_inspection_follows_from_the_last_one_and_the_interval_of_the_site(house, looks, expected):
    sign = build.sign(build.deployment(house.pip), posted_on=date(2026, 1, 5))
    for result, on in looks:
        look(sign, result, on)
    assert Sign.objects.all().scheduled().get().next_on == expected


def test_interval_of_the_site_moves_every_next_inspection(house):
    place = build.deployment(house.pip)
    build.sign(place, posted_on=date(2026, 1, 5))
    type(place.site).objects.update(inspection_days=30)
    assert Sign.objects.all().scheduled().get().next_on == date(2026, 2, 4)


def test_sign_that_is_not_posted_yet_warns_nobody_and_has_no_inspection_due(house):
    place = build.deployment(house.pip)
    build.device(place)
    build.sign(place, posted_on=None)
    assert Deployment.objects.all().without_sign().exists()
    assert Sign.objects.all().scheduled().get().next_on is None
    assert deployment_facts(house.pip)[0].sign_posted_on is None
