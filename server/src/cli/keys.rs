//! `homing keys`: which master keys there are, a new one, and the end of the old ones.
//!
//! All of it works beside a running server, which notices that the key file has changed.

use crate::{
    assembly::{databases, open_control},
    settings::Settings,
};
use anyhow::Context;
use clap::Subcommand;
use domain::account::Origin;
use store::control::{Control, KeyState, KeyUse};

/// The commands of `homing keys`.
#[derive(Subcommand, Clone, Copy, Debug)]
pub enum Keys {
    /// Show the master keys by their ids, and how many records each has sealed
    Status,
    /// Make a new master key and seal everything with it; goes on where it was cut off
    Rotate,
    /// Remove older master keys from the key file, once no record needs them
    Forget,
}

impl Keys {
    /// Runs a command to its end.
    pub async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let databases = databases::open(settings).await?;
        let control = open_control(settings, &databases.control).await?;
        let done = match self {
            Self::Status => status(&control).await,
            Self::Rotate => rotate(&control).await,
            Self::Forget => forget(&control).await,
        };
        drop(control);
        databases.close().await?;
        done
    }
}

async fn status(control: &Control) -> anyhow::Result<()> {
    let keys = control.keys().await.context("the records cannot be counted")?;
    println!("{:<10} {:<9} {:>8}", "key", "state", "records");
    for key in &keys {
        println!("{:<10} {:<9} {:>8}", key.id, word(key.state), key.records);
    }
    if let Some(next) = advice(&keys) {
        println!("{next}");
    }
    Ok(())
}

const fn word(state: KeyState) -> &'static str {
    match state {
        KeyState::Current => "current",
        KeyState::Old => "old",
        KeyState::Missing => "missing",
    }
}

/// What to do next.
fn advice(keys: &[KeyUse]) -> Option<&'static str> {
    let records = |state| keys.iter().filter(move |key| key.state == state).map(|key| key.records);
    if keys.iter().any(|key| key.state == KeyState::Missing) {
        return Some("Records are sealed with a key that is missing: put it back into the key file from a backup.");
    }
    if records(KeyState::Old).sum::<u64>() > 0 {
        return Some("The rotation has not ended: `homing keys rotate` goes on with it.");
    }
    records(KeyState::Old)
        .next()
        .map(|_| "Nothing is sealed with the old key any more. Keep it as long as backups of that time; `homing keys forget` removes it here.")
}

async fn rotate(control: &Control) -> anyhow::Result<()> {
    let rotation = control
        .rotate(Origin::command_line(""))
        .await
        .context("the master key cannot be rotated")?;
    println!(
        "{}",
        if rotation.began {
            "A new master key was made. The old one stays readable."
        } else {
            "Going on with the rotation to the current master key."
        }
    );
    let mut all = 0;
    loop {
        let done = rotation.step().await.with_context(|| {
            format!("stopped after {all} records; nothing is lost: repair what is wrong and rotate again")
        })?;
        if done == 0 {
            break;
        }
        all += done;
    }
    println!("{all} records are sealed with the current key now. Back up the key file, then the databases.");
    status(control).await
}

async fn forget(control: &Control) -> anyhow::Result<()> {
    let gone = control.forget_keys().await.context("no key was forgotten")?;
    match gone.as_slice() {
        [] => println!("There is no older key."),
        gone => println!("Forgotten: {}", gone.join(", ")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(state: KeyState, records: u64) -> KeyUse {
        KeyUse {
            id: "AAAAAAAA".into(),
            state,
            records,
        }
    }

    #[test]
    fn the_operator_is_told_what_to_do_next() {
        let told = |keys: &[KeyUse]| advice(keys).unwrap_or_default();
        assert_eq!(told(&[key(KeyState::Current, 7)]), "");
        assert!(told(&[key(KeyState::Current, 5), key(KeyState::Old, 2)]).contains("homing keys rotate"));
        assert!(told(&[key(KeyState::Current, 7), key(KeyState::Old, 0)]).contains("homing keys forget"));
        assert!(told(&[key(KeyState::Current, 5), key(KeyState::Missing, 2)]).contains("backup"));
    }
}
