#!/usr/bin/env python3
"""Puts the migrations into C: embed_sql.py OUT.c NNNN-*.sql... (see include/replyd/migrate.h)"""
import pathlib
import re
import sys


def main():
    out, *files = sys.argv[1:]
    lines = ["/* Made from sql/ by tools/embed_sql.py. */", '#include "replyd/migrate.h"', "",
             "const struct migration migrations[] = {"]
    for expected, path in enumerate(sorted(map(pathlib.Path, files), key=lambda path: path.name), 1):
        found = re.fullmatch(r"(\d{4})-[a-z0-9-]+\.sql", path.name)
        if not found or int(found[1]) != expected:
            sys.exit(f"{path.name}: expected the name {expected:04}-<words>.sql")
        text = path.read_text(encoding="utf-8")
        if f"VALUES ({expected}, '{path.name}')" not in text:
            sys.exit(f"{path.name}: does not register itself in replyd_data.migrations")
        lines += [f'    {{{expected}, "{path.name}",']
        for line in text.splitlines():
            line = line.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
            lines += [f'     "{line}\\n"']
        lines += ["    },"]
    lines += ["    {0, 0, 0},", "};", ""]
    pathlib.Path(out).write_text("\n".join(lines), encoding="utf-8")


main()
