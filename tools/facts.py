#!/usr/bin/env python3
"""Writes facts_gen.h and facts_gen.c from playbook/facts.json: facts.py FACTS.json OUT.h OUT.c"""
import json
import re
import sys

TYPES = ["text", "word", "flag", "count", "number", "money", "date", "time", "country", "list"]


def ident(text):
    name = re.sub(r"[^A-Za-z0-9]+", "_", text).upper()
    return "_" + name if name[0].isdigit() else name


def main():
    source, header_path, code_path = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        spec = json.load(file)
    facts, words, reads = spec["facts"], spec["words"], spec["reads"]
    paths = [fact["path"] for fact in facts]
    if len(set(paths)) != len(paths):
        sys.exit("facts.json: a path stands twice")

    header = ["/* Made from playbook/facts.json by tools/facts.py. */", "#ifndef REPLYD_FACTS_GEN_H",
              "#define REPLYD_FACTS_GEN_H", "", "enum fact {"]
    header += [f"    FACT_{ident(path)}," for path in paths] + ["    FACT_COUNT", "};"]
    for name, values in words.items():
        header += ["", f"enum {name} {{"]
        header += [f"    {ident(name)}_{ident(value)}," for value in values]
        header += [f"    {ident(name)}_COUNT", "};", f"extern const char *const words_{name}[]; /* NULL-ended */"]
    header += ["", "/* What is read from the database on demand: bits. */", "enum case_reads {"]
    header += [f"    CASE_READS_{ident(name)} = {1 << bit}," for bit, name in enumerate(reads)] + ["};"]
    for fact in facts:
        if "of" in fact:
            header += ["", f"enum field_{fact['path'].replace('.', '_')} {{"]
            header += [f"    FIELD_{ident(fact['path'])}_{ident(field['name'])}," for field in fact["of"]]
            header += ["};"]
    header += ["", "#endif", ""]

    code = ["/* Made from playbook/facts.json by tools/facts.py. */", '#include "replyd/facts.h"', ""]
    for name, values in words.items():
        listed = ", ".join(f'"{value}"' for value in values)
        code += [f"const char *const words_{name}[] = {{{listed}, NULL}};"]

    def entry(name, item):
        if item["type"] not in TYPES:
            sys.exit(f"facts.json: {name}: unknown type {item['type']}")
        currency = paths.index(item["currency"]) if "currency" in item else -1
        listed = f"words_{item['words']}" if "words" in item else "NULL"
        always = "true" if item.get("always") else "false"
        daily = "true" if item.get("daily") else "false"
        free = "true" if item.get("free") else "false"
        return f'.path = "{name}", .type = FACT_TYPE_{item["type"].upper()}, .words = {listed}, ' \
               f".always = {always}, .daily = {daily}, .free = {free}, .currency = {currency}"

    def reads_of(path):
        """The bits of what a fact is made of: named by its group, or whole."""
        return sum(1 << bit for bit, groups in enumerate(reads.values())
                   if any(path == group or path.startswith(group + ".") for group in groups))

    code += [""]
    for fact in facts:
        if "of" in fact:
            fields = ",\n    ".join("{" + entry(field["name"], field) + "}" for field in fact["of"])
            code += [f"static const struct fact_info fields_{fact['path'].replace('.', '_')}[] = {{\n    {fields}}};"]
    code += ["", "const struct fact_info facts_info[FACT_COUNT] = {"]
    for fact in facts:
        row = entry(fact["path"], fact) + f", .reads = {reads_of(fact['path'])}"
        if "of" in fact:
            row += f", .fields = fields_{fact['path'].replace('.', '_')}, .field_count = {len(fact['of'])}"
        code += [f"    {{{row}}},"]
    code += ["};", ""]

    for path, lines in ((header_path, header), (code_path, code)):
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))


main()
