"""What duties and vendor files name a row by is given once: the form shows it and takes no other."""

from tests import build


def test_code_of_a_deployment_stays_whatever_is_posted(house):
    place = build.deployment(house.pip, "D1")
    client = house.client("officer")
    address = house.url(f"register/deployments/{place.pk}/edit/")
    form = client.get(address).context["form"]
    posted = {name: form[name].value() or "" for name in form.fields} | {"code": "D2", "site": "S1", "note": "moved"}
    client.post(address, posted)
    place.refresh_from_db()
    assert (place.code, place.note) == ("D1", "moved")


def test_credit_code_of_a_pip_stays_whatever_is_posted(house):
    client = house.client("owner")
    address = house.url(f"register/pips/{house.pip.uscc}/edit/")
    form = client.get(address).context["form"]
    posted = {name: form[name].value() or "" for name in form.fields}
    client.post(address, posted | {"uscc": "91370200MA90002570", "industry": "aviation"})
    house.pip.refresh_from_db()
    assert (house.pip.uscc, house.pip.industry) == (build.USCC, "aviation")
