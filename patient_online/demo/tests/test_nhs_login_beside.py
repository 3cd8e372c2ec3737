"""The demonstration offers NHS login by a stand-in beside it, whose people are those of the made-up practice."""

import re
import signal
import subprocess
from pathlib import Path

import pytest
import requests

from patient_online.demo.tests.test_demo import PATIENCE, answer_of, descendants, gone
from patient_online.demo.tests.test_demo import demo as demo
from patient_online.demo.tests.test_demo import environment as environment
from patient_online.demo.tests.test_demo import port as port
from patient_online.patients.models import Patient


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_demonstration_offers_nhs_login_with_its_own_people(
    demo: subprocess.Popen[str], port: int, tmp_path: Path
) -> None:
    """From its sign-in page to the list of made-up people, and in; nothing is left when it ends."""
    assert "Continue with NHS login" in answer_of(port, "/sign-in")[1]
    assert (tmp_path / "nhs-login" / "our-key.pem").stat().st_mode & 0o077 == 0
    visitor, ours = requests.Session(), f"http://localhost:{port}"
    visitor.trust_env = False
    page = visitor.get(f"{ours}/nhs-login").text
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    people = visitor.post(f"{ours}/nhs-login", {"csrfmiddlewaretoken": token}, headers={"Origin": ours})
    assert "A stand-in for NHS login: nobody real." in people.text
    assert Patient.objects.filter(family_name="Leapday-Madeup").exists()
    chosen = visitor.post(people.url, {"person": "made-up-febe"})
    home = visitor.post(chosen.url, {"do": "agree"})
    assert home.url == f"{ours}/"
    assert "Febe Leapday-Madeup" in home.text
    started = descendants(demo.pid)
    demo.send_signal(signal.SIGHUP)
    demo.communicate(timeout=PATIENCE)
    assert all(gone(pid) for pid in started)
