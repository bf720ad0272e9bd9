"""Theme, density and language are kept in cookies that nobody else can read or turn into something else."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse


@pytest.fixture
def client():
    return Client()


def send(client, **data):
    return client.post(reverse("web:preferences"), data)


def test_a_choice_is_kept_and_leads_back(client):
    answer = send(client, theme="dark", next="/keys/")
    assert answer.status_code == 303
    assert answer["Location"] == "/keys/"
    cookie = answer.cookies["luodi_theme"]
    assert cookie.value == "dark"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_script_stays_where_it_is(client):
    answer = client.post(reverse("web:preferences"), {"density": "touch"}, headers={"Accept": "application/json"})
    assert answer.status_code == 204
    assert answer.cookies["luodi_density"].value == "touch"


@pytest.mark.parametrize("place", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_it_never_leads_to_another_site(client, place):
    assert send(client, theme="dark", next=place)["Location"] == "/"


@pytest.mark.parametrize("value", ["purple", "", '"><script>'])
def test_an_unknown_value_is_not_kept(client, value):
    assert "luodi_theme" not in send(client, theme=value).cookies


def test_it_takes_no_get(client):
    assert client.get(reverse("web:preferences")).status_code == 405


def test_the_language_switches(client):
    assert send(client, language="en").cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
