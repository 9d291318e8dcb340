"""Reads every output format back into the same shape: (rule, file, line, column, severity, status, text) for each finding."""

import json
import re
import urllib.parse
import xml.etree.ElementTree as xml

FORMATS = ["text", "json", "sarif", "junit", "github", "gitlab"]


def paragraph(finding):
    """Message and remedy as one text, from the JSON."""
    parts = []
    if finding["pointer"]:
        parts.append("at " + finding["pointer"])
    if finding["help"]:
        parts.append(finding["help"])
    if "waiver" in finding:
        waiver = finding["waiver"]
        parts.append(f"waived by {waiver['owner']} until {waiver['expires']}: {waiver['reason']}")
    elif finding["status"] == "baselined":
        parts.append("known from the baseline")
    return finding["message"] + (f" ({'; '.join(parts)})" if parts else "")


def from_json(text):
    return [(f["rule"], f["file"], f["line"], f["column"], f["severity"], f["status"], paragraph(f)) for f in json.loads(text)["findings"]]


HEAD = re.compile(r"^(?P<file>.+?)(?::(?P<line>\d+):(?P<column>\d+))?: (?P<severity>error|warning|note)(?: \((?P<status>waived|baselined)\))?: "
                  r"(?P<message>.*) \[(?P<rule>[^\]]+)\]$")


def from_text(text):
    found = []
    for line in text.splitlines():
        head = HEAD.match(line)
        if head:
            found.append([head["rule"], head["file"], int(head["line"] or 0), int(head["column"] or 0), head["severity"], head["status"] or "open", head["message"]])
        elif line.startswith("      = ") and found:
            found[-1][-1] += f" ({line[8:]})"
    return [tuple(one) for one in found]


def from_sarif(text):
    found = []
    for run in json.loads(text)["runs"]:
        for result in run["results"]:
            place = result["locations"][0]["physicalLocation"]
            region = place.get("region", {})
            status = "open"
            for suppression in result.get("suppressions", []):
                status = "baselined" if "baseline" in suppression["justification"] else "waived"
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
            found.append((result["ruleId"], urllib.parse.unquote(place["artifactLocation"]["uri"]), region.get("startLine", 0), region.get("startColumn", 0),
                          result["level"], status, result["message"]["text"]))
    return found


def unescape(text):
    for escape, character in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def from_github(text):
    """Annotations have three levels: what is waived or known is told as a notice."""
    found = []
    for line in text.splitlines():
        head = re.match(r"^::(error|warning|notice) ([^:]*)::(.*)$", line)
        if not head:
            continue
        fields = dict(field.split("=", 1) for field in head[2].split(","))
        found.append((unescape(fields["title"]), unescape(fields["file"]), int(fields.get("line", 0)), int(fields.get("col", 0)), head[1], None, unescape(head[3])))
    return found


def from_gitlab(text):
    """One severity for what is a note, waived or known."""
    found = []
    for issue in json.loads(text):
        begin = issue["location"].get("positions", {}).get("begin", {})
        found.append((issue["check_name"], issue["location"]["path"], begin.get("line", 0), begin.get("column", 0), issue["severity"], None, issue["description"]))
    return found


def from_junit(text):
    """Of each test case that is a finding; rules without one are test cases with nothing in them."""
    found = []
    for case in xml.fromstring(text.encode()).iter("testcase"):
        if len(case) == 0:
            continue
        place = re.match(r"^(.*?):(\d+):(\d+): ", case.attrib["name"]) or re.match(r"^(.*?)()(): ", case.attrib["name"])
        failure, skipped, told = case.find("failure"), case.find("skipped"), case.find("system-out")
        if failure is not None:
            severity, status, message = failure.attrib["type"], "open", failure.text
        elif skipped is not None:
            status, message = skipped.attrib["message"].split(": ", 1)
            severity = None
        else:
            severity, message = told.text.split(": ", 1)
            status = "open"
        found.append((case.attrib["classname"], place[1], int(place[2] or 0), int(place[3] or 0), severity, status, message))
    return found


READERS = {"text": from_text, "json": from_json, "sarif": from_sarif, "junit": from_junit, "github": from_github, "gitlab": from_gitlab}


def expected(name, findings):
    """What the format can say of the findings that the JSON has."""
    wanted = []
    for rule, file, line, column, severity, status, text in findings:
        if name == "github":
            severity = "notice" if status != "open" or severity == "note" else severity
            status = None
        elif name == "gitlab":
            severity = "info" if status != "open" else {"error": "critical", "warning": "minor", "note": "info"}[severity]
            status = None
        elif name == "junit" and status != "open":
            severity = None
        elif name == "sarif":  # what is about a whole file stands at its beginning
            line, column = line or 1, column or 1
        wanted.append((rule, file, line, column, severity, status, text))
    return wanted
