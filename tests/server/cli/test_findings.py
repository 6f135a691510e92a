from server.cli.findings import ill, well


def test_sentences_are_said_in_both_languages() -> None:
    finding = ill(
        "Port {port} is taken by {owner}.",
        "Stop that, or choose another port for Wandelgang, like --port 3001.",
        port=3000,
        owner="process 7",
    )
    assert not finding.is_well
    assert finding.what.say("en") == "Port 3000 is taken by process 7."
    assert finding.what.say("nl") == "Poort 3000 is bezet door process 7."
    assert finding.advice
    assert "andere poort" in finding.advice.say("nl")
    assert well("The queue answers.").is_well
