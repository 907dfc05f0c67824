"""Drives a running simulator with aioapns, firebase-admin and python-huawei-push-admin.

    drive.py CONTROL_URL CA_FILE

Prints one line per check and exits with 1 at the first one that fails. Credentials and addresses come from the control
API; nothing is patched in the clients but the host they talk to.
"""

import asyncio
import base64
import logging
import os
import secrets
import ssl
import tempfile
import time
import warnings
import urllib.parse

from panel import CA_FILE, check, control, inbox, raises

# requests and httpx read these when a session is made.
os.environ["REQUESTS_CA_BUNDLE"] = CA_FILE
os.environ["SSL_CERT_FILE"] = CA_FILE

import aioapns  # noqa: E402
import aioapns.connection  # noqa: E402
import firebase_admin  # noqa: E402
from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: E402
from firebase_admin import credentials, exceptions, messaging  # noqa: E402

import huawei  # noqa: E402

# The SDK recommends installation ids in place of registration tokens; Homing is handed registration tokens.
warnings.filterwarnings("ignore", message="Message.token is deprecated")

GONE_SINCE_MS = 1_700_000_000_123


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
    huawei.drive(own, addresses)


asyncio.run(drive())
