//! `homing account …`: the first account without a browser, further tenants, and letting somebody in again.
//!
//! Who may run this can read the database anyway. Each reset stands in the tenant's audit log.

use crate::{
    assembly::{Purpose, Services},
    settings::Settings,
};
use anyhow::{Context, bail};
use domain::{
    AccountId, Problem, Secret,
    account::{Actor, NewRoot, Origin},
    ports::Accounts,
};
use figment::providers::Env;
use std::io::{BufRead, IsTerminal, Write};

/// The subcommands of `homing account`.
#[derive(clap::Subcommand, Debug)]
pub enum Account {
    /// Create a root account. The password comes from the variable `HOMING_PASSWORD`, else from standard input; never from an argument,
    /// which every user of the machine could read
    CreateRoot {
        /// 3 to 60 letters, digits, '.', '_', '-'
        name: String,
    },
    /// Print a one-time link with which somebody sets the password of an account, within 72 hours
    ResetLink {
        /// The account: a root account's name, or a sub-account's as NAME@ROOT
        name: String,
    },
    /// Set the password of an account and end its sessions. The password comes as for create-root
    ResetPassword {
        /// The account: a root account's name, or a sub-account's as NAME@ROOT
        name: String,
    },
    /// Take one-time codes, passkeys and recovery codes from an account, whose owner then signs in with the password alone
    RemoveFactors {
        /// The account: a root account's name, or a sub-account's as NAME@ROOT
        name: String,
    },
}

impl Account {
    /// Runs the subcommand.
    pub async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let password = match &self {
            Self::CreateRoot { .. } | Self::ResetPassword { .. } => Some(given_password()?),
            Self::ResetLink { .. } | Self::RemoveFactors { .. } => None,
        };
        let services = Services::open(&settings, Purpose::Tool).await?;
        let done = self.act(&settings, &services, password.unwrap_or_default()).await;
        services.close().await?;
        println!("{}", done?);
        Ok(())
    }

    /// Does it, and says what was done.
    async fn act(self, settings: &Settings, services: &Services, password: Secret) -> anyhow::Result<String> {
        let control = &services.control;
        match self {
            Self::CreateRoot { name } => {
                let root = NewRoot {
                    name: name.clone(),
                    password,
                };
                let account = control.accounts.create_root(root).await.map_err(told)?;
                Ok(format!("root account {name} was created, number {account}"))
            }
            Self::ResetLink { name } => {
                let (account, name, actor) = found(services, &name).await?;
                let token = control.links.make_for(&actor, account, &name).await.map_err(told)?;
                let address = settings.http.base_url(settings.http.listen);
                Ok(format!("{address}/set-password/{}", token.reveal()))
            }
            Self::ResetPassword { name } => {
                let (account, name, actor) = found(services, &name).await?;
                let reset = control.links.reset(account, &name, &password, &actor.origin).await;
                reset.map_err(told)?;
                Ok(format!("the password of {name} was set, and its sessions were ended"))
            }
            Self::RemoveFactors { name } => {
                let (account, name, actor) = found(services, &name).await?;
                control.factors.remove_for(&actor, account, &name).await.map_err(told)?;
                Ok(format!("{name} signs in with the password alone now"))
            }
        }
    }
}

/// The account of a name, the name as it stands in the books, and its tenant's root as whom the command line acts.
async fn found(services: &Services, typed: &str) -> anyhow::Result<(AccountId, String, Actor)> {
    let accounts = &services.control.accounts;
    let Some(account) = accounts.find(typed).await.map_err(told)? else {
        bail!("there is no account {typed}");
    };
    let Some(its) = accounts.actor(account).await.map_err(told)? else {
        bail!("there is no account {typed}");
    };
    let Some(actor) = accounts.actor(its.tenant).await.map_err(told)? else {
        bail!("there is no account {typed}");
    };
    let origin = Origin::command_line("");
    Ok((account, its.name, Actor { origin, ..actor }))
}

fn told(problem: Problem) -> anyhow::Error {
    anyhow::anyhow!("{problem} ({})", problem.code())
}

fn given_password() -> anyhow::Result<Secret> {
    match Env::var("HOMING_PASSWORD") {
        Some(password) => Ok(Secret::new(password)),
        None => read_password(),
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
