//! Checking the chains, from the oldest entry to the newest.

use super::{
    super::{
        Control,
        entity::{account, audit_chain, audit_entry},
    },
    seals::{End, hash_of},
};
use crate::{Result, hex};
use domain::AccountId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::fmt;

/// Entries that are read at once.
const BATCH: u64 = 1000;

/// What was found of a chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChainReport {
    /// Whose; none for the server's own.
    pub tenant: Option<AccountId>,
    /// The root account's name; empty when it is gone.
    pub name: String,
    /// Entries that were checked.
    pub entries: i64,
    /// The number of the newest entry.
    pub length: i64,
    /// The number of the newest one that retention deleted; 0 when none was.
    pub cut: i64,
    /// The hash of the newest entry, as stored.
    pub head: String,
    /// What is wrong, if anything.
    pub broken: Option<Broken>,
}

/// Where a chain breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum Broken {
    /// An account without a chain.
    NoChain,
    /// The beginning was moved by somebody without the key.
    Cut,
    Missing {
        number: i64,
    },
    Changed {
        number: i64,
    },
    /// Entries at the end are gone, or the end was moved.
    Head {
        number: i64,
    },
    /// The entry that was noted elsewhere is another now.
    Noted {
        number: i64,
    },
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoChain => f.write_str("the whole log is gone"),
            Self::Cut => f.write_str("its beginning is not where retention has left it"),
            Self::Missing { number } => write!(f, "entry {number} is missing"),
            Self::Changed { number } => write!(f, "entry {number} was changed, or one before it was exchanged"),
            Self::Head { number } => write!(f, "after entry {number} something was taken away"),
            Self::Noted { number } => write!(f, "entry {number} is not the one whose hash was noted"),
        }
    }
}

/// The number and hash of an entry that somebody noted, as an earlier verification printed them.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Noted {
    pub tenant: Option<AccountId>,
    pub number: i64,
    pub hash: String,
}

impl Control {
    /// Checks every chain, and that every root account has one. `noted` are entries whose hashes are known from
    /// elsewhere.
    pub async fn verify_audit(&self, noted: &[Noted]) -> Result<Vec<ChainReport>> {
        let db = &self.connections.read;
        let chains = audit_chain::Entity::find()
            .order_by_asc(audit_chain::Column::Tenant)
            .all(db)
            .await?;
        let roots = account::Entity::find()
            .filter(account::Column::RootId.is_null())
            .all(db)
            .await?;
        let mut reports = Vec::with_capacity(chains.len());
        for chain in &chains {
            let root = roots.iter().find(|root| root.id == chain.tenant);
            let tenant = (chain.tenant != super::SERVER).then_some(AccountId(chain.tenant));
            let of_chain: Vec<&Noted> = noted.iter().filter(|noted| noted.tenant == tenant).collect();
            let (chain, entries, broken) = self.checked(chain.clone(), &of_chain).await?;
            reports.push(ChainReport {
                tenant,
                name: root.map(|root| root.name.clone()).unwrap_or_default(),
                entries,
                length: chain.length,
                cut: chain.cut,
                head: chain.head,
                broken,
            });
        }
        let lost = roots
            .iter()
            .filter(|root| chains.iter().all(|chain| chain.tenant != root.id));
        reports.extend(lost.map(|root| ChainReport {
            tenant: Some(AccountId(root.id)),
            name: root.name.clone(),
            entries: 0,
            length: 0,
            cut: 0,
            head: String::new(),
            broken: Some(Broken::NoChain),
        }));
        Ok(reports)
    }

    /// Walks a chain, once more when retention cut it meanwhile.
    async fn checked(
        &self,
        chain: audit_chain::Model,
        noted: &[&Noted],
    ) -> Result<(audit_chain::Model, i64, Option<Broken>)> {
        let mut chain = chain;
        loop {
            let (entries, broken) = self.walked(&chain, noted).await?;
            let found = audit_chain::Entity::find_by_id(chain.tenant)
                .one(&self.connections.read)
                .await?;
            match found.filter(|now| broken.is_some() && now.cut > chain.cut) {
                Some(now) => chain = now,
                None => return Ok((chain, entries, broken)),
            }
        }
    }

    /// How many entries were checked, and where the first is that is not what it was.
    async fn walked(&self, chain: &audit_chain::Model, noted: &[&Noted]) -> Result<(i64, Option<Broken>)> {
        let Some(mut before) = self.sealed(End::Cut, chain) else {
            return Ok((0, Some(Broken::Cut)));
        };
        let mut number = chain.cut;
        loop {
            let batch = audit_entry::Entity::find()
                .filter(audit_entry::Column::Tenant.eq(chain.tenant))
                .filter(audit_entry::Column::Number.gt(number))
                // What was appended since the chain was read is none of this check.
                .filter(audit_entry::Column::Number.lte(chain.length))
                .order_by_asc(audit_entry::Column::Number)
                .limit(BATCH)
                .all(&self.connections.read)
                .await?;
            let last = (batch.len() as u64) < BATCH;
            for entry in batch {
                if entry.number != number + 1 {
                    return Ok((number - chain.cut, Some(Broken::Missing { number: number + 1 })));
                }
                number = entry.number;
                let hash = self.seals.hash(&before, &entry);
                if hex::lower(&hash) != entry.hash {
                    return Ok((number - chain.cut, Some(Broken::Changed { number })));
                }
                if noted
                    .iter()
                    .any(|noted| noted.number == number && noted.hash != entry.hash)
                {
                    return Ok((number - chain.cut, Some(Broken::Noted { number })));
                }
                before = hash;
            }
            if last {
                break;
            }
        }
        let ends_here = number == chain.length && self.sealed(End::Head, chain) == Some(before);
        let beyond = noted.iter().find(|noted| noted.number > chain.length);
        let broken = match beyond {
            Some(noted) => Some(Broken::Noted { number: noted.number }),
            None if ends_here => None,
            None => Some(Broken::Head { number }),
        };
        Ok((number - chain.cut, broken))
    }

    /// The hash at an end of a chain, if its seal is ours.
    fn sealed(&self, end: End, chain: &audit_chain::Model) -> Option<[u8; 32]> {
        let (number, hash, seal) = match end {
            End::Head => (chain.length, &chain.head, &chain.head_seal),
            End::Cut => (chain.cut, &chain.cut_head, &chain.cut_seal),
        };
        let hash = hash_of(hash)?;
        (self.seals.seal(end, chain.tenant, number, &hash) == *seal).then_some(hash)
    }
}
