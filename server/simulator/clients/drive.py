"""Drives a running simulator with aioapns, firebase-admin and python-huawei-push-admin.

    drive.py CONTROL_URL CA_FILE

Prints one line per check and exits with 1 at the first one that fails. Credentials and addresses come from the control
API; nothing is patched in the clients but the host they talk to.
"""

import asyncio
import base64
import json
import logging
import os
import secrets
import ssl
import sys
import tempfile
import time
import types
import warnings
import urllib.parse
import urllib.request

CONTROL, CA_FILE = sys.argv[1], sys.argv[2]
# requests and httpx read these when a session is made.
os.environ["REQUESTS_CA_BUNDLE"] = CA_FILE
os.environ["SSL_CERT_FILE"] = CA_FILE

import aioapns  # noqa: E402
import aioapns.connection  # noqa: E402
import firebase_admin  # noqa: E402
from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: E402
from firebase_admin import credentials, exceptions, messaging  # noqa: E402

# The Huawei package installs `push_admin` and imports it as `src.push_admin`, as its own repository is laid out.
src = types.ModuleType("src")
src.__path__ = [os.path.dirname(os.path.dirname(firebase_admin.__file__))]
sys.modules["src"] = src
# `status_code is not 200` in it draws a warning from newer interpreters.
warnings.filterwarnings("ignore", category=SyntaxWarning)

from src import push_admin as huawei  # noqa: E402
from src.push_admin import messaging as huawei_messaging  # noqa: E402

# The SDK recommends installation ids in place of registration tokens; Homing is handed registration tokens.
warnings.filterwarnings("ignore", message="Message.token is deprecated")

GONE_SINCE_MS = 1_700_000_000_123


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


class Complaints(logging.Handler):
    """aioapns only logs frames it does not expect; here they are failures."""

    def __init__(self):
        super().__init__(level=logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def device():
    return secrets.token_hex(32)


def alert(token, text="Hello"):
    return aioapns.NotificationRequest(
        device_token=token,
        message={"aps": {"alert": {"title": "Ann", "body": text}, "badge": 3, "sound": "default"}},
        time_to_live=3600,
        priority=10,
        push_type=aioapns.PushType.ALERT,
    )


def point_at(protocol, url):
    parts = urllib.parse.urlsplit(url)
    protocol.APNS_SERVER, protocol.APNS_PORT = parts.hostname, parts.port


def token_client(own, **changes):
    token = own["apns"]
    arguments = {
        "key": token["p8"],
        "key_id": token["key_id"],
        "team_id": token["team_id"],
        "topic": token["topic"],
        "ssl_context": ssl.create_default_context(cafile=CA_FILE),
        "max_connections": 1,
    }
    arguments.update(changes)
    return aioapns.APNs(**arguments)


async def apns_with_token(own):
    client = token_client(own)
    first = await client.send_notification(alert(device()))
    check("APNs takes a message by provider token", first.status == "200", first.description)

    gone = device()
    control(
        "POST",
        "/_devices",
        {"vendor": "apns", "token": gone, "state": "unregistered", "gone_since_ms": GONE_SINCE_MS},
    )
    answer = await client.send_notification(alert(gone))
    seen = (answer.status, answer.description, answer.timestamp)
    check("APNs 410 tells since when", seen == ("410", "Unregistered", GONE_SINCE_MS), seen)

    answer = await client.send_notification(alert("zz" * 32))
    seen = (answer.status, answer.description)
    check("APNs 400 for a token that is none", seen == ("400", "BadDeviceToken"), seen)

    foreign = device()
    control("POST", "/_devices", {"vendor": "apns", "token": foreign, "environment": "sandbox"})
    answer = await client.send_notification(alert(foreign))
    check("APNs 400 for a token of the sandbox", answer.description == "BadDeviceToken", answer.description)

    control("POST", "/_script", {"vendor": "apns", "reason": "TooManyRequests", "times": 1})
    answer = await client.send_notification(alert(device()))
    check("APNs 429 by script", (answer.status, answer.description) == ("429", "TooManyRequests"), answer.status)

    answer = await client.send_notification(alert(device(), "x" * 4200))
    check("APNs 413 for a large payload", answer.description == "PayloadTooLarge", answer.description)

    control("POST", "/_script", {"vendor": "apns", "delay_ms": 30})
    tokens = [device() for _ in range(200)]
    started = time.monotonic()
    answers = await asyncio.gather(*(client.send_notification(alert(token)) for token in tokens))
    took = time.monotonic() - started
    control("DELETE", "/_script")
    check("APNs takes 200 messages at once", {answer.status for answer in answers} == {"200"}, answers)
    connections = {record["connection"] for token in tokens for record in inbox(token=token)}
    check("the 200 went over one connection", len(connections) == 1, connections)
    check("the 200 went side by side", took < 3, f"{took:.1f} s, one after the other would be 6 s")
    client.pool.close()


async def apns_refuses_keys(own):
    stranger = token_client(own, key_id="UNKNOWNKEY")
    answer = await stranger.send_notification(alert(device()))
    check("APNs 403 for an unknown key", (answer.status, answer.description) == ("403", "InvalidProviderToken"), answer.description)
    stranger.pool.close()


async def apns_sandbox(own):
    client = token_client(own, use_sandbox=True)
    token = device()
    answer = await client.send_notification(alert(token))
    check("APNs sandbox takes a message", answer.status == "200", answer.description)
    check("it arrived at the sandbox", inbox(token=token)[0]["environment"] == "sandbox", inbox(token=token))
    client.pool.close()


async def apns_with_certificate(own):
    certificate = own["apns_certificate"]
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as pem:
        pem.write(certificate["certificate_pem"] + certificate["private_key_pem"])
        pem.flush()
        client = aioapns.APNs(
            client_cert=pem.name, ssl_context=ssl.create_default_context(cafile=CA_FILE), max_connections=1
        )
    token = device()
    answers = await asyncio.gather(*(client.send_notification(alert(token, str(n))) for n in range(20)))
    check("APNs takes messages by certificate", {answer.status for answer in answers} == {"200"}, answers)
    record = inbox(token=token)[0]
    check(
        "without provider token, to the certificate's topic",
        "authorization" not in record["headers"] and record["topic"] == certificate["topic"],
        record,
    )
    client.pool.close()


def key_stores(own):
    certificate = own["apns_certificate"]
    for form in ("p12_base64", "p12_legacy_base64"):
        key, leaf, _ = pkcs12.load_key_and_certificates(
            base64.b64decode(certificate[form]), certificate["password"].encode()
        )
        check(f"{form} opens", key is not None and certificate["topic"] in leaf.subject.rfc4514_string(), leaf)


def everything(token):
    """A message that uses every field the SDK can write: the simulator refuses names it does not know."""
    return messaging.Message(
        token=token,
        data={"homing_delivery": "d-1", "ext": "{}"},
        notification=messaging.Notification("Ann", "Hello", image="https://example.com/a.png"),
        fcm_options=messaging.FCMOptions(analytics_label="label"),
        android=messaging.AndroidConfig(
            collapse_key="c",
            priority="high",
            ttl=3600.5,
            restricted_package_name="com.example",
            data={"k": "v"},
            direct_boot_ok=True,
            fcm_options=messaging.AndroidFCMOptions("label"),
            notification=messaging.AndroidNotification(
                title="t", body="b", icon="i", color="#aabbcc", sound="s", tag="g", click_action="c",
                body_loc_key="k", body_loc_args=["1"], title_loc_key="k", title_loc_args=["2"], channel_id="im",
                image="https://example.com/a.png", ticker="t", sticky=True, local_only=False, priority="high",
                vibrate_timings_millis=[100, 200], default_vibrate_timings=False, default_sound=True,
                light_settings=messaging.LightSettings("#aabbcc", 100, 200), default_light_settings=False,
                visibility="private", notification_count=3,
            ),
        ),
        apns=messaging.APNSConfig(
            headers={"apns-priority": "10"},
            payload=messaging.APNSPayload(messaging.Aps(alert="a", badge=1, thread_id="t"), own="key"),
            fcm_options=messaging.APNSFCMOptions("label", "https://example.com/a.png"),
        ),
        webpush=messaging.WebpushConfig(
            headers={"TTL": "1"}, data={"k": "v"}, notification=messaging.WebpushNotification("t", "b"),
            fcm_options=messaging.WebpushFCMOptions("https://example.com"),
        ),
    )


def plain(token):
    return messaging.Message(token=token, data={"k": "v"})


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


def fcm(own, addresses):
    messaging._MessagingService.FCM_URL = addresses["fcm"] + "/v1/projects/{0}/messages:send"
    firebase_admin.initialize_app(credentials.Certificate(own["fcm"]["service_account"]))
    name = messaging.send(everything("registration-token-1"))
    check("FCM takes a message with every field", name.startswith("projects/homing-simulator/messages/0:"), name)
    check("FCM validates only", messaging.send(plain("token-2"), dry_run=True).endswith("fake_message_id"), name)

    raises(messaging.UnregisteredError, lambda: messaging.send(plain("sim-unregistered-1")))
    print("ok      FCM UNREGISTERED is UnregisteredError")
    raises(messaging.QuotaExceededError, lambda: messaging.send(plain("sim-quota-exceeded-1")))
    print("ok      FCM QUOTA_EXCEEDED is QuotaExceededError")
    raises(messaging.SenderIdMismatchError, lambda: messaging.send(plain("sim-sender-id-mismatch-1")))
    print("ok      FCM SENDER_ID_MISMATCH is SenderIdMismatchError")
    raises(messaging.ThirdPartyAuthError, lambda: messaging.send(plain("sim-third-party-auth-error-1")))
    print("ok      FCM THIRD_PARTY_AUTH_ERROR is ThirdPartyAuthError")
    error = raises(exceptions.InvalidArgumentError, lambda: messaging.send(plain("sim-invalid-argument-1")))
    check("FCM INVALID_ARGUMENT names the token", "registration token" in str(error), error)
    large = messaging.Message(token="token-3", data={"k": "x" * 4096})
    error = raises(exceptions.InvalidArgumentError, lambda: messaging.send(large))
    check("FCM 400 for a large message", "too big" in str(error), error)

    control("POST", "/_script", {"vendor": "fcm", "token": "later", "errorCode": "UNAVAILABLE", "headers": {"retry-after": "1"}, "times": 1})
    messaging.send(plain("later"))
    tries = inbox(token="later")
    gap = tries[1]["received_ms"] - tries[0]["received_ms"]
    check("FCM 503 is tried again after Retry-After", [t["status"] for t in tries] == [503, 200] and gap >= 990, tries)

    grants = len(inbox(vendor="oauth"))
    control("POST", "/_script", {"vendor": "fcm", "token": "renew", "status": 401, "times": 1})
    messaging.send(plain("renew"))
    check("FCM 401 makes the client fetch a new access token", len(inbox(vendor="oauth")) == grants + 1, grants)

    batch = messaging.send_each([plain(f"each-{n}") for n in range(50)])
    check("FCM takes 50 messages in parallel", batch.success_count == 50, batch.failure_count)


async def fcm_over_http2():
    messages = [plain(f"h2-{n}") for n in range(30)] + [plain("sim-unregistered-2")]
    batch = await messaging.send_each_async(messages, dry_run=False)
    failed = [answer.exception for answer in batch.responses if not answer.success]
    check("FCM over HTTP/2 takes 30 of 31", batch.success_count == 30, failed)
    check("and knows the dead one", isinstance(failed[0], messaging.UnregisteredError), failed)


def fcm_with_a_foreign_key(own):
    foreign = dict(own["fcm"]["service_account"], client_email="stranger@example.com")
    app = firebase_admin.initialize_app(credentials.Certificate(foreign), name="stranger")
    error = raises(Exception, lambda: messaging.send(plain("token-4"), app=app))
    check("an unknown service account gets no access token", "invalid_grant" in str(error), error)


def huawei_message(tokens):
    """A message that uses every Android field the client can write: the simulator refuses names it does not know."""
    parts = huawei_messaging
    notification = parts.AndroidNotification(
        title="Ann", body="Hello", icon="/raw/ic", color="#AACCDD", sound="/raw/s", default_sound=True, tag="tag",
        click_action=parts.AndroidClickAction(action_type=1, intent="intent://com.example/chat#Intent;end"),
        body_loc_key="k", body_loc_args=("1",), title_loc_key="k", title_loc_args=("2",), channel_id="im",
        notify_summary="s", image="https://example.com/a.png", style=1, big_title="t", big_body="b", notify_id=486,
        group="g", badge=parts.AndroidBadgeNotification(add_num=1, set_num=2, clazz="com.example.Main"), ticker="t",
        auto_cancel=False, when="2026-11-05T10:00:00Z", importance="NORMAL", use_default_vibrate=True,
        use_default_light=False, vibrate_config=["1.5", "2"], visibility="PUBLIC",
        light_settings=parts.AndroidLightSettings(
            color=parts.AndroidLightSettingsColor(alpha=0, red=0, green=1, blue=1),
            light_on_duration="3.5", light_off_duration="5s",
        ),
        foreground_show=True,
    )
    android = parts.AndroidConfig(
        collapse_key=-1, urgency="HIGH", ttl="3600s", bi_tag="tag-1", fast_app_target=1, notification=notification,
    )
    return parts.Message(
        notification=parts.Notification(title="Ann", body="Hello", image="https://example.com/a.png"),
        android=android, token=tokens,
    )


def huawei_data(tokens):
    return huawei_messaging.Message(data="{}", token=tokens)


def huawei_drive(own, addresses):
    own = own["huawei"]
    at = {"token_server": addresses["huawei_token"], "push_open_url": addresses["huawei"]}
    huawei.initialize_app(own["app_id"], own["app_secret"], **at)

    def send(message, **arguments):
        return huawei_messaging.send_message(message, verify_peer=CA_FILE, **arguments)

    answer = send(huawei_message(["hw-1", "hw-2"]))
    check("Huawei takes a message with every field", (answer.code, answer.reason) == ("80000000", "Success"), answer.reason)
    record = inbox(vendor="huawei", token="hw-2")[0]
    check("for both devices", record["tokens"] == ["hw-1", "hw-2"] and record["id"] == "tag-1", record)
    seen = len(inbox(vendor="huawei", path="/token"))
    check("Huawei validates only", send(huawei_data(["hw-1"]), validate_only=True).code == "80000000", answer.code)
    check("with the access token it had", len(inbox(vendor="huawei", path="/token")) == seen == 1, seen)

    control("POST", "/_devices", {"vendor": "huawei", "token": "hw-gone", "state": "unregistered"})
    answer = send(huawei_data(["hw-1", "hw-gone"]))
    illegal = json.loads(answer.reason)["illegal_tokens"]
    check("Huawei 80100000 names the dead token", (answer.code, illegal) == ("80100000", ["hw-gone"]), answer.reason)
    check("Huawei 80300007 when all are dead", send(huawei_data(["hw-gone"])).code == "80300007", answer.code)

    control("POST", "/_script", {"vendor": "huawei", "errorCode": "80300002", "times": 1})
    check("Huawei 80300002 by script", send(huawei_data(["hw-1"])).code == "80300002", answer.code)
    control("POST", "/_script", {"vendor": "huawei", "status": 503, "times": 1})
    error = raises(huawei_messaging.ApiCallError, lambda: send(huawei_data(["hw-1"])))
    check("Huawei 503 by script", "503" in str(error), error)
    endless = huawei_messaging.Message(
        data="{}", android=huawei_messaging.AndroidConfig(ttl="1296001s"), token=["hw-1"]
    )
    error = raises(huawei_messaging.ApiCallError, lambda: send(endless))
    check("Huawei 400 for a TTL above 15 days", "400" in str(error), error)

    huawei.initialize_app(own["app_id"] + "0", "a guess", **at)
    error = raises(huawei_messaging.ApiCallError, lambda: send(huawei_data(["hw-1"]), app_id=own["app_id"] + "0"))
    check("an unknown Huawei application gets no access token", "get access token" in str(error), error)


async def drive():
    complaints = Complaints()
    logging.getLogger("aioapns").addHandler(complaints)
    own, addresses = control("GET", "/_credentials"), control("GET", "/_addresses")
    point_at(aioapns.connection.APNsProductionClientProtocol, addresses["apns"])
    point_at(aioapns.connection.APNsDevelopmentClientProtocol, addresses["apns_sandbox"])
    await apns_with_token(own)
    await apns_refuses_keys(own)
    await apns_sandbox(own)
    await apns_with_certificate(own)
    unexpected = [line for line in complaints.lines if not line.startswith("Status of notification")]
    check("aioapns met no frame it did not expect", not unexpected, unexpected)
    key_stores(own)
    fcm(own, addresses)
    await fcm_over_http2()
    fcm_with_a_foreign_key(own)
    huawei_drive(own, addresses)


asyncio.run(drive())
