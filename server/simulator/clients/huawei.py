"""Huawei, with python-huawei-push-admin. What it posts goes out with the authority file it is given per call."""

import json
import os
import sys
import types
import warnings

import requests

from panel import CA_FILE, check, control, inbox, raises

# The Huawei package installs `push_admin` and imports it as `src.push_admin`, as its own repository is laid out.
src = types.ModuleType("src")
src.__path__ = [os.path.dirname(os.path.dirname(requests.__file__))]
sys.modules["src"] = src
# `status_code is not 200` in it draws a warning from newer interpreters.
warnings.filterwarnings("ignore", category=SyntaxWarning)

from src import push_admin  # noqa: E402
from src.push_admin import messaging  # noqa: E402


def message_with_everything(tokens):
    """A message that uses every Android field the client can write: the simulator refuses names it does not know."""
    parts = messaging
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


def data(tokens):
    return messaging.Message(data="{}", token=tokens)


def drive(own, addresses):
    own = own["huawei"]
    at = {"token_server": addresses["huawei_token"], "push_open_url": addresses["huawei"]}
    push_admin.initialize_app(own["app_id"], own["app_secret"], **at)

    def send(message, **arguments):
        return messaging.send_message(message, verify_peer=CA_FILE, **arguments)

    answer = send(message_with_everything(["hw-1", "hw-2"]))
    check("Huawei takes a message with every field", (answer.code, answer.reason) == ("80000000", "Success"), answer.reason)
    record = inbox(vendor="huawei", token="hw-2")[0]
    check("for both devices", record["tokens"] == ["hw-1", "hw-2"] and record["id"] == "tag-1", record)
    seen = len(inbox(vendor="huawei", path="/token"))
    check("Huawei validates only", send(data(["hw-1"]), validate_only=True).code == "80000000", answer.code)
    check("with the access token it had", len(inbox(vendor="huawei", path="/token")) == seen == 1, seen)

    control("POST", "/_devices", {"vendor": "huawei", "token": "hw-gone", "state": "unregistered"})
    answer = send(data(["hw-1", "hw-gone"]))
    illegal = json.loads(answer.reason)["illegal_tokens"]
    check("Huawei 80100000 names the dead token", (answer.code, illegal) == ("80100000", ["hw-gone"]), answer.reason)
    check("Huawei 80300007 when all are dead", send(data(["hw-gone"])).code == "80300007", answer.code)

    control("POST", "/_script", {"vendor": "huawei", "errorCode": "80300002", "times": 1})
    check("Huawei 80300002 by script", send(data(["hw-1"])).code == "80300002", answer.code)
    control("POST", "/_script", {"vendor": "huawei", "status": 503, "times": 1})
    error = raises(messaging.ApiCallError, lambda: send(data(["hw-1"])))
    check("Huawei 503 by script", "503" in str(error), error)
    endless = messaging.Message(
        data="{}", android=messaging.AndroidConfig(ttl="1296001s"), token=["hw-1"]
    )
    error = raises(messaging.ApiCallError, lambda: send(endless))
    check("Huawei 400 for a TTL above 15 days", "400" in str(error), error)

    push_admin.initialize_app(own["app_id"] + "0", "a guess", **at)
    error = raises(messaging.ApiCallError, lambda: send(data(["hw-1"]), app_id=own["app_id"] + "0"))
    check("an unknown Huawei application gets no access token", "get access token" in str(error), error)
