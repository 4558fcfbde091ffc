#!/usr/bin/python3
"""Prints "PASSED FAILED" of a test run: totals.py meson testlog.json | pytest junit.xml. A program with cmocka counts by
its cases, any other as one."""
import json
import re
import sys
import xml.etree.ElementTree as ElementTree


def of_meson(path):
    passed = failed = 0
    for line in open(path, encoding="utf-8"):
        test = json.loads(line)
        output = test.get("stdout", "") + test.get("stderr", "")
        ran = sum(map(int, re.findall(r"^\[  PASSED  \] (\d+) test", output, re.M)))
        wrong = sum(map(int, re.findall(r"^\[  FAILED  \] \S*?:? ?(\d+) test", output, re.M)))
        if test["result"] == "OK":
            passed += ran or 1
        else:
            passed += ran
            failed += wrong or 1
    return passed, failed


def of_pytest(path):
    suite = ElementTree.parse(path).getroot().find("testsuite")
    total, *other = (int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped"))
    return total - sum(other), other[0] + other[1]


if __name__ == "__main__":
    print(*{"meson": of_meson, "pytest": of_pytest}[sys.argv[1]](sys.argv[2]))
