"""A page speaks one language, and says which."""

from django.conf import settings
from django.test import Client


def test_a_browser_of_another_language_gets_a_page_in_one_language_only(
    client: Client, db: None
) -> None:
    page = client.get("/", headers={"accept-language": "tr,kk;q=0.8,ru;q=0.5"})

    assert '<html lang="en">' in page.text
    assert "Run a class" in page.text
    assert "Kullanıcı adı" not in page.text


def test_every_language_on_offer_has_a_catalogue() -> None:
    offered = {code for code, _ in settings.LANGUAGES} - {"en"}
    present = {path.parts[-3] for path in settings.LOCALE_PATHS[0].glob("*/LC_MESSAGES/*.mo")}

    assert offered <= present
