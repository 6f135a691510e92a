"""Guessing passwords against a whole instance, with everything that might give more tries."""

import httpx

from tests.forms import PASSWORD
from tests.servers import Instance


def test_a_password_is_guessed_ten_times_however_it_is_tried() -> None:
    """Not more by another web process, another name, a forged address (CVE-2023-49952), an empty
    Valkey, or a start of everything anew.
    """
    with Instance(WANDELGANG_WEB_PROCESSES="2") as instance:
        words = ("--email", "anna@example.org", "--password", PASSWORD)
        instance.command("user", "create", "anna", *words)
        answers = []
        for n in range(14):
            login = ("anna", "ANNA", "anna@example.org")[n % 3]
            form = {"login": login, "password": f"guess {n}"}
            # A new connection each time, so that both processes are asked.
            forged = {"X-Forwarded-For": f"198.51.100.{n}", "Forwarded": f"for=198.51.100.{n}"}
            answers.append(sign_in(instance, form, forged))
            if n == 4:
                instance.flush_valkey()
        assert answers == [422] * 10 + [429] * 4
        instance.stop()
        instance.start()
        assert sign_in(instance, {"login": "anna", "password": PASSWORD}) == 429


def sign_in(instance: Instance, form: dict[str, str], headers: dict[str, str] | None = None) -> int:
    url = f"{instance.url}/auth/sign_in"
    return httpx.post(url, data=form, headers=headers, timeout=60).status_code
