"""The simulator's control API, and how a check is told."""

import json
import sys
import urllib.parse
import urllib.request

CONTROL, CA_FILE = sys.argv[1], sys.argv[2]


def control(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        CONTROL + path, data=data, method=method, headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def inbox(**query):
    return control("GET", "/_inbox?" + urllib.parse.urlencode(query))["records"]


def check(name, condition, seen):
    if not condition:
        print(f"FAILED  {name}: {seen}")
        sys.exit(1)
    print(f"ok      {name}")


def raises(kind, send):
    try:
        send()
    except kind as error:
        return error
    except Exception as error:  # another kind is the failure that is reported
        print(f"FAILED  expected {kind.__name__}, got {error!r}")
        sys.exit(1)
    print(f"FAILED  expected {kind.__name__}, got an acceptance")
    sys.exit(1)
