from server.text.languages import LANGUAGES, names_in


def test_all_languages_have_a_name_in_both() -> None:
    english, dutch = names_in("en"), names_in("nl")
    assert english.keys() == dutch.keys() == LANGUAGES.keys()
    assert (english["nl"], dutch["nl"], dutch["de"]) == ("Dutch", "Nederlands", "Duits")
    for names in (english, dutch):
        assert list(names.values()) == sorted(names.values(), key=str.casefold)
        assert len(set(names.values())) == len(names)
