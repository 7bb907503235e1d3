@pytest.mark.parametrize("value", ["0", "36501", "1.5", "-1", "a month"])
def test_impossible_number_of_days_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("SOMETHING", value)
    with pytest.raises(SystemExit, match=r"^SOMETHING is not valid: .*$"):
        env.variable("SOMETHING", env.days)
