#!/usr/bin/env python3
"""Drives schemathesis with docs/api/openapi.json against a server of its own: target/debug/homing in a new folder, with
one IM application. Asks every operation with made-up input; an answer that is 5xx, or not as described, is a failure.
Started by `make schemathesis`, from the environment that holds schemathesis; what is given goes on to it."""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOMING = ROOT / "target/debug/homing"
PASSWORD = "correct horse battery"
DESCRIPTION = f"""
root = {{ name = "root", password = "{PASSWORD}" }}
products = [{{ name = "Shop", access_point = "ap-guangzhou", applications = [{{ platform = "android", identifier = "com.example.shop", channels = {{ huawei = {{ app_id = "104000001", app_secret = "s" }} }} }}] }}]
im_applications = [{{ name = "Chat", access_point = "ap-guangzhou" }}]
authorisations = [{{ im_application = "Chat", product = "Shop", platform = "android" }}]
devices = [{{ im_application = "Chat", user = "bob", platform = "android", channel = "fcm", identifier = "com.example.shop", vendor_token = "token" }}]
"""


def user_sig(application, key, user):
    """As IM back ends make it (TLSSigAPIv2)."""
    now, life = int(time.time()), 86400
    text = f"TLS.identifier:{user}\nTLS.sdkappid:{application}\nTLS.time:{now}\nTLS.expire:{life}\n"
    signature = base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
    ticket = {
        "TLS.ver": "2.0", "TLS.identifier": user, "TLS.sdkappid": application,
        "TLS.expire": life, "TLS.time": now, "TLS.sig": signature,
    }
    packed = base64.b64encode(zlib.compress(json.dumps(ticket).encode())).decode()
    return packed.replace("+", "*").replace("/", "-").replace("=", "_")


class KeepRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def posted(url, path, fields, cookie=""):
    """What a form of the console is answered."""
    form = urllib.parse.urlencode(fields).encode()
    headers = {"Accept": "text/html", "Origin": url, "Referer": f"{url}/", "Cookie": cookie}
    request = urllib.request.Request(f"{url}{path}", form, headers)
    try:
        return urllib.request.build_opener(KeepRedirects()).open(request)
    except urllib.error.HTTPError as redirect:
        return redirect


def signed_in(url):
    """The cookie of the root account."""
    answer = posted(url, "/ui/session/sign-in", {"name": "root", "password": PASSWORD, "next": "/"})
    return answer.headers["Set-Cookie"].split(";")[0]


def receipt_secret(url, cookie, access_id):
    """The secret part of Huawei's receipt address, read as the console reads it."""
    headers = {"Cookie": cookie, "Accept": "application/json"}
    page = urllib.request.Request(f"{url}/ui/basic-configs/get?access_id={access_id}", headers=headers)
    return re.search(r"/receipts/huawei/([A-Za-z0-9_-]{43})", urllib.request.urlopen(page).read().decode()).group(1)


def provisioning_key(url, cookie):
    """An API key for provisioning, made as the console makes it."""
    fields = {"name": "made-up calls", "scopes[]": "provision", "days": "30", "form_key": "schemathesis"}
    page = posted(url, "/ui/api-keys/create", fields, cookie).headers["Location"]
    return re.search(r"hmk_[0-9]+_[A-Za-z0-9_-]{43}", posted(url, page, {}, cookie).read().decode()).group(0)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="homing-schemathesis-"))
    settings = {
        "HOMING_DATA__DIR": str(folder / "data"), "HOMING_HTTP__LISTEN": "127.0.0.1:0", "HOMING_METRICS__LISTEN": "",
        # What is slowed down would not be asked.
        "HOMING_LIMITS__IM_CALLS_PER_SEC": "0", "HOMING_LIMITS__DEVICE_CALLS_PER_SEC": "0",
        "HOMING_LIMITS__DEVICE_CALLS_PER_USER_PER_MIN": "0", "HOMING_LIMITS__PROVISIONING_CALLS_PER_MIN": "0",
    }
    environment = {**os.environ, **settings}
    (folder / "apply.toml").write_text(DESCRIPTION)
    applied = subprocess.run([HOMING, "apply", folder / "apply.toml"], env=environment, check=True, capture_output=True)
    report = json.loads(applied.stdout)
    im = report["im_applications"][0]
    log = open(folder / "log", "w")
    server = subprocess.Popen([HOMING, "serve"], env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    failed = True
    try:
        url = re.search(r"Homing listens on (\S+)", server.stdout.readline()).group(1)
        sdk_app_id, key = im["sdk_app_id"], im["key"]
        cookie = signed_in(url)
        secret = receipt_secret(url, cookie, report["products"][0]["applications"][0]["access_id"])
        (folder / "schemathesis.toml").write_text(f"""
[parameters]
"query.sdkappid" = {sdk_app_id}
"query.identifier" = "administrator"
"query.usersig" = "{user_sig(sdk_app_id, key, "administrator")}"
"path.secret" = "{secret}"

[auth.openapi.UserSig]
api_key = "{user_sig(sdk_app_id, key, "bob")}"
[auth.openapi.Identifier]
api_key = "bob"
[auth.openapi.Sdkappid]
api_key = "{sdk_app_id}"
[auth.openapi.ApiKey]
bearer = "{provisioning_key(url, cookie)}"
""")
        specification = json.loads((ROOT / "docs/api/openapi.json").read_text())
        for schema in ("StateReport", "Ack"):
            # A made-up token would never be that of a device.
            known = specification["components"]["schemas"][schema]["properties"]["token"]
            known["enum"] = [report["devices"][0]["token"], "00000000-0000-4000-8000-000000000000"]
        (folder / "openapi.json").write_text(json.dumps(specification))
        command = [
            str(pathlib.Path(sys.executable).parent / "schemathesis"),
            "--config-file", str(folder / "schemathesis.toml"),
            "run", str(folder / "openapi.json"), "--url", url,
            "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance",
            "--mode", "all", "--seed", "1", "--generation-database", "none", "--suppress-health-check", "all", *sys.argv[1:],
        ]
        failed = subprocess.run(command, cwd=folder).returncode != 0
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()
    faults = [line for line in (folder / "log").read_text().splitlines() if "ERROR" in line or "panicked" in line]
    for line in faults:
        print(line, file=sys.stderr)
    if failed or faults:
        print(f"the server's folder with its log: {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
