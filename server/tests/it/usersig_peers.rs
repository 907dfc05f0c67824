//! Tickets made by the libraries that IM back ends use: tls-sig-api-v2 from the Python and the npm package index.
//!
//! Both are installed on first use under the target folder. Where that is not possible the test fails and says what is
//! missing: a door that nobody else's ticket has opened proves nothing.

use domain::{
    SdkAppId, Secret,
    time::{Clock, SystemClock},
};
use server::rest::im::usersig::{Expected, TicketFault, verify};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const PYTHON_PACKAGE: &str = "tls-sig-api-v2==1.1";
const NPM_PACKAGE: &str = "tls-sig-api-v2@1.0.2";
const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
const SDK_APP_ID: SdkAppId = SdkAppId(1_400_000_000);
const USERS: [&str; 4] = [
    "administrator",
    "xiaojun",
    "user_1-b",
    "00000000000000000000000000000000",
];

const PYTHON: &str = "
import sys, TLSSigAPIv2
api = TLSSigAPIv2.TLSSigAPIv2(int(sys.argv[1]), sys.argv[2])
for user in sys.argv[3:]:
    print(api.gen_sig(user))
    print(api.gen_sig_with_userbuf(user, 600, b'room\\x00\\xff'))
";
const NODE: &str = "
const [sdkappid, key, ...users] = process.argv.slice(1);
const api = new (require('tls-sig-api-v2').Api)(Number(sdkappid), key);
for (const user of users) {
    console.log(api.genSig(user, 15552000));
    console.log(api.genSig(user, 600));
}
";

#[test]
fn tickets_of_the_python_library_are_taken() {
    let folder = target().join("venv-usersig");
    let python = folder.join("bin/python");
    once(&folder, PYTHON_PACKAGE, || {
        let made = Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder)
            .output();
        succeeded(made, "install the packages python3 and python3-venv");
        let install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            PYTHON_PACKAGE,
        ];
        let installed = Command::new(&python).args(install).output();
        succeeded(installed, "pip needs its package index, or a mirror in PIP_INDEX_URL");
    });
    let signed = Command::new(&python).args(["-c", PYTHON]).args(arguments()).output();
    check(&succeeded(signed, "the Python library failed"));
}

#[test]
fn tickets_of_the_npm_library_are_taken() {
    let folder = target().join("npm-usersig");
    once(&folder, NPM_PACKAGE, || {
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("package.json"), "{\"private\": true}").unwrap();
        let install = ["install", "--no-audit", "--no-fund", "--silent", NPM_PACKAGE];
        let installed = Command::new("npm").args(install).current_dir(&folder).output();
        succeeded(installed, "install the packages nodejs and npm; npm needs its registry");
    });
    let signed = Command::new("node")
        .args(["-e", NODE])
        .args(arguments())
        .current_dir(&folder)
        .output();
    check(&succeeded(signed, "the npm library failed"));
}

fn arguments() -> Vec<String> {
    let first = [SDK_APP_ID.to_string(), KEY.to_owned()];
    first.into_iter().chain(USERS.map(str::to_owned)).collect()
}

/// Two tickets a user: each opens the door for that user, and for nobody else.
fn check(printed: &str) {
    let (key, other_key, now) = (Secret::new(KEY), Secret::new("0".repeat(64)), SystemClock.now());
    let tickets: Vec<_> = printed.lines().collect();
    assert_eq!(tickets.len(), USERS.len() * 2, "{printed}");
    for (index, usersig) in tickets.into_iter().enumerate() {
        let expected = Expected {
            sdk_app_id: SDK_APP_ID,
            identifier: USERS[index / 2],
            key: &key,
        };
        let valid_until = verify(usersig, expected, now).unwrap();
        assert!(valid_until > now.plus_secs(500), "{usersig}");
        let too_late = verify(usersig, expected, valid_until.plus_secs(1));
        assert_eq!(too_late, Err(TicketFault::Expired));
        assert_eq!(
            verify(
                usersig,
                Expected {
                    key: &other_key,
                    ..expected
                },
                now
            ),
            Err(TicketFault::OtherKey)
        );
        assert_eq!(
            verify(
                usersig,
                Expected {
                    identifier: "eve",
                    ..expected
                },
                now
            ),
            Err(TicketFault::OtherUser)
        );
    }
}

/// Installs unless exactly this was installed before.
fn once(folder: &Path, what: &str, install: impl FnOnce()) {
    let stamp = folder.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == what) {
        return;
    }
    install();
    fs::write(stamp, what).unwrap();
}

fn succeeded(output: std::io::Result<Output>, advice: &str) -> String {
    let output = output.unwrap_or_else(|error| panic!("{advice}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{advice}:\n{errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_path_buf()
}
