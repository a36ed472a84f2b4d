#!/usr/bin/env python3
"""Reads the output of go test -json and prints what the tests that failed or were skipped have printed, and a count.

The exit status is 1 if a test failed or was skipped, or if there was none.
"""
import collections, json, sys

printed = collections.defaultdict(list)
passed, failed, skipped = [], [], []
for line in sys.stdin:
    event = json.loads(line)
    key = (event.get("Package") or event.get("ImportPath"), event.get("Test"))
    action = event["Action"]
    if action in ("output", "build-output"):
        printed[key].append(event["Output"])
    elif action in ("fail", "build-fail"):
        failed.append(key)
    elif action == "skip" and key[1]:  # without a test: a package that has none
        skipped.append(key)
    elif action == "pass" and key[1]:
        passed.append(key)

for key in failed + skipped:
    print("".join(printed[key]), end="")
for package, test in skipped:
    print(f"skipped: {package} {test}")
print(f"note: {len(passed)} tests passed, {len(failed)} failed, {len(skipped)} skipped")
sys.exit(1 if failed or skipped or not passed else 0)
