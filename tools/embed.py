#!/usr/bin/env python3
"""Writes the playbook's files into one C file: embed.py PLAYBOOK_DIR OUT.c OUT.d

Left out is what other tools compile in (the corpus, the tracking codes, the mains), the schemas and the build file;
playbook_dir.c knows the same list. OUT.d names every file and folder, so that a new file is seen by the next build."""
import os
import sys

LEFT_OUT = {"intents", "concepts", "mood", "tracking", "words", "world", "schema", "meson.build"}


def files_below(top, folders):
    found = []
    for folder, names, files in os.walk(top):
        if folder == top:
            names[:] = [name for name in names if name not in LEFT_OUT]
            files = [name for name in files if name not in LEFT_OUT]
        names[:] = sorted(name for name in names if not name.startswith("."))
        folders.append(folder)
        found += [os.path.join(folder, name) for name in files if not name.startswith(".")]
    return sorted(found, key=lambda path: os.path.relpath(path, top))


def literal(data):
    """C string literals, a line of the file each."""
    lines = data.split(b"\n")
    parts = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    quoted = []
    for part in parts:
        text = "".join(
            {0x22: '\\"', 0x5C: "\\\\", 0x0A: "\\n"}.get(byte) or (chr(byte) if 0x20 <= byte < 0x7F and byte != 0x3F else f"\\{byte:03o}")
            for byte in part)
        quoted.append(f'    "{text}"')
    return "\n".join(quoted) or '    ""'


def main():
    top, out, depfile = sys.argv[1:]
    folders = []
    files = files_below(top, folders)
    code = ["/* Made from playbook/ by tools/embed.py. */", '#include "replyd/playbook.h"', "",
            "const struct playbook_file playbook_embedded[] = {"]
    for path in files:
        with open(path, "rb") as file:
            data = file.read()
        code += [f'{{"{os.path.relpath(path, top)}",', literal(data) + f", {len(data)}}},"]
    code += ["{NULL, NULL, 0}};", ""]
    with open(out, "w", encoding="ascii") as file:
        file.write("\n".join(code))
    with open(depfile, "w", encoding="utf-8") as file:
        depends = " ".join(path.replace(" ", "\\ ") for path in folders + files)
        file.write(f"{os.path.basename(out)}: {depends}\n")


main()
