#!/usr/bin/env python3
"""Prints findings in one form, whichever program they come from: "file:line: rule: message", sorted, each once.

usage: findings.py directory < output

The output is that of poolvet -json, of go vet -json, or of golangci-lint's JSON. File names are made relative to the
directory. No finding at all is an error: there would be nothing to compare. Files with //line comments are left
out: golangci-lint names the place in the file, and not the one that the comment gives.
"""
import json, os, re, sys

def objects(text):
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        value, end = decoder.raw_decode(text, at)
        yield value
        at = text.find("{", end)

def findings(value):
    if "Issues" in value:  # golangci-lint: the message begins with the rule
        for issue in value["Issues"] or []:
            yield issue["Pos"]["Filename"], issue["Pos"]["Line"], issue["Text"]
        return
    for rules in value.values():
        for rule, diagnostics in rules.items():
            if not isinstance(diagnostics, list):
                sys.exit(f"{rule}: {diagnostics}")  # an analyzer has failed
            for d in diagnostics:
                file, line = re.match(r"(.*?):(\d+)", d["posn"]).groups()
                yield file, int(line), f"{rule}: {d['message']}"

root = os.path.realpath(sys.argv[1])
found = {
    (os.path.relpath(os.path.realpath(file), root), line, text)
    for value in objects(sys.stdin.read()) for file, line, text in findings(value)
}
found = {f for f in found if not f[0].startswith("lostrelease/lines/")}
if not found:
    sys.exit("no findings")
for file, line, text in sorted(found):
    print(f"{file}:{line}: {text}")
