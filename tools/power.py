#!/usr/bin/env python3
"""Writes playbook/world/power.json as a table of C: power.py POWER.json OUT.h"""
import json
import pathlib
import re
import sys

VOLTS_MAX = 3  # of power.c


def row(country, mains):
    volts, plugs = mains["volts"], mains["plugs"]
    if not re.fullmatch("[A-Z]{2}", country):
        sys.exit(f"{country} is no country")
    if not 1 <= len(volts) <= VOLTS_MAX or not all(isinstance(volt, int) and 100 <= volt <= 240 for volt in volts):
        sys.exit(f"{country}: 1 to {VOLTS_MAX} voltages from 100 to 240")
    if not plugs or plugs != sorted(set(plugs)) or not all(re.fullmatch("[A-O]", plug) for plug in plugs):
        sys.exit(f"{country}: plugs are letters from A to O, each once, in their order")
    return f'    {{"{country}", {{{", ".join(map(str, volts))}}}, "{"".join(plugs)}"}},'


def main():
    source, out = map(pathlib.Path, sys.argv[1:])
    countries = json.loads(source.read_text(encoding="utf-8"))["countries"]
    lines = ["/* Made from playbook/world/power.json by tools/power.py. */",
             "static const struct power_country power_countries[] = {",
             *(row(country, mains) for country, mains in sorted(countries.items())), "};", ""]
    out.write_text("\n".join(lines), encoding="utf-8")


main()
