"""README says what the program does."""
import harness

README = (harness.ROOT / "README.md").read_text(encoding="utf-8")


def test_the_settings_are_the_programs_own():
    table = harness.replyd("serve", "--help=markdown").stdout
    assert table.count("\n") > 8
    assert table in README, "put the output of `replyd serve --help=markdown` into README.md"


def test_every_command_is_named_by_help():
    told = harness.replyd("--help").stdout
    for command in ("serve", "migrate", "shop", "key", "suggest", "classify", "eval", "check"):
        assert f"  {command} " in told
