#!/usr/bin/env python3
"""Writes the tables of playbook/tracking/*.json as C: tracking.py FACTS.json OUT.h TABLE.json...

The name of a table's file is the code system. Codes are sorted as strcasecmp() compares them, for a binary search."""
import json
import pathlib
import re
import sys


def ident(text):
    name = re.sub(r"[^A-Za-z0-9]+", "_", text).upper()
    return "_" + name if name[0].isdigit() else name


def rows_of(path, states):
    codes = json.loads(path.read_text(encoding="utf-8"))["codes"]
    seen = set()
    for code, row in sorted(codes.items(), key=lambda item: item[0].lower()):
        if row["state"] not in states and row["state"] != "moving":
            sys.exit(f"{path}: {code}: no such state: {row['state']}")
        if code.lower() in seen:
            sys.exit(f"{path}: {code} stands twice")
        seen.add(code.lower())
        state = "TRACKING_MOVING" if row["state"] == "moving" else f"SHIPMENT_STATE_{ident(row['state'])}"
        yield f'    {{"{code}", {state}}},'


def main():
    facts, out, *tables = sys.argv[1:]
    words = json.loads(pathlib.Path(facts).read_text(encoding="utf-8"))["words"]
    lines = ["/* Made from playbook/tracking/ by tools/tracking.py. */"]
    index = []
    for path in map(pathlib.Path, tables):
        if path.stem not in words["code_system"]:
            sys.exit(f"{path}: no such code system: {path.stem}")
        name = f"codes_of_{path.stem}"
        lines += ["", f"static const struct tracking_code {name}[] = {{", *rows_of(path, words["shipment_state"]), "};"]
        index += [f"    [CODE_SYSTEM_{ident(path.stem)}] = {{{name}, sizeof {name} / sizeof *{name}}},"]
    lines += ["", "static const struct tracking_codes tracking_tables[CODE_SYSTEM_COUNT] = {", *index, "};", ""]
    pathlib.Path(out).write_text("\n".join(lines), encoding="utf-8")


main()
