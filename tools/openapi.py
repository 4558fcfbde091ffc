#!/usr/bin/env python3
"""Puts the API's description into C, as YAML and as JSON: openapi.py openapi.yaml OUT.c"""
import json
import sys

import yaml


def literal(text):
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
    return "\n".join(f'     "{line}\\n"' for line in quoted.splitlines())


def main():
    source, out = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        text = file.read()
    # ASCII alone, so that no C string has bytes that a compiler may argue about
    as_json = json.dumps(yaml.safe_load(text), indent=1, default=str)
    code = ["/* Made from openapi/openapi.yaml by tools/openapi.py. */", '#include "replyd/api.h"', "",
            "const struct playbook_file openapi_embedded[] = {"]
    for path, body in (("openapi.yaml", text), ("openapi.json", as_json + "\n")):
        code += [f'    {{"{path}",', literal(body) + ",", f"     {len(body.encode('utf-8'))}}},"]
    code += ["    {NULL, NULL, 0},", "};", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(code))


main()
