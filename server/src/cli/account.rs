//! `homing account create-root`: the first account without a browser, or a further tenant.

use crate::{
    assembly::{Purpose, Services},
    settings::Settings,
};
use anyhow::{Context, bail};
use domain::{Secret, account::NewRoot};
use figment::providers::Env;
use std::io::{BufRead, IsTerminal, Write};

/// The subcommands of `homing account`.
#[derive(clap::Subcommand, Debug)]
pub enum Account {
    /// Create a root account. The password comes from the variable `HOMING_PASSWORD`, else from standard input; never from an argument,
    /// which every user of the machine could read
    CreateRoot {
        /// 3 to 60 letters, digits, '.', '_', '-', '@'
        name: String,
    },
}

impl Account {
    /// Runs the subcommand.
    pub async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let Self::CreateRoot { name } = self;
        let password = match Env::var("HOMING_PASSWORD") {
            Some(password) => Secret::new(password),
            None => read_password()?,
        };
        let services = Services::open(&settings, Purpose::Tool).await?;
        let created = services
            .control
            .accounts
            .create_root(NewRoot {
                name: name.clone(),
                password,
            })
            .await;
        services.close().await?;
        match created {
            Ok(account) => println!("root account {name} was created, number {account}"),
            Err(problem) => bail!("{problem} ({})", problem.code()),
        }
        Ok(())
    }
}

fn read_password() -> anyhow::Result<Secret> {
    let input = std::io::stdin();
    if input.is_terminal() {
        let first =
            rpassword::prompt_password("Password (at least 12 characters): ").context("no password was read")?;
        let second = rpassword::prompt_password("The same again: ").context("no password was read")?;
        if first != second {
            bail!("the two passwords differ");
        }
        return Ok(Secret::new(first));
    }
    std::io::stdout().flush()?;
    let mut line = String::new();
    input
        .lock()
        .read_line(&mut line)
        .context("no password was read from standard input")?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}
