//! Further package names of an application, and whose vendor keys a row speaks of: 0 for the main package's.
//!
//! The package joins three primary keys, which SQLite changes by making the table anew.

use super::{drop_tables, owned, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, big_pk_auto, boolean, text},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        package_names(manager).await?;
        let column = ColumnDef::new("package_id")
            .big_integer()
            .not_null()
            .default(0)
            .to_owned();
        manager
            .alter_table(Table::alter().table("vendor_channels").add_column(column).to_owned())
            .await?;
        one_card_per(manager, &["application_id", "package_id", "channel"]).await?;
        for table in REKEYED {
            table.make_anew(manager, true).await?;
        }
        receipt_doors_by_secret(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in REKEYED {
            table.make_anew(manager, false).await?;
        }
        receipt_doors_by_secret(manager).await?;
        run(manager, "DELETE FROM vendor_channels WHERE package_id <> 0").await?;
        one_card_per(manager, &["application_id", "channel"]).await?;
        let without = Table::alter()
            .table("vendor_channels")
            .drop_column("package_id")
            .to_owned();
        manager.alter_table(without).await?;
        drop_tables(manager, &["package_names"]).await
    }
}

async fn package_names(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("package_names")
                .col(big_pk_auto("id"))
                .col(big_integer("application_id"))
                .col(text("name"))
                .col(big_integer("created_at"))
                .foreign_key(&mut owned("package_names", "application_id", "applications", "id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique(
            "package_names_name",
            "package_names",
            &["application_id", "name"],
        ))
        .await
}

async fn one_card_per(manager: &SchemaManager<'_>, columns: &[&'static str]) -> Result<(), DbErr> {
    let name = "vendor_channels_application";
    manager
        .drop_index(Index::drop().name(name).table("vendor_channels").to_owned())
        .await?;
    manager.create_index(unique(name, "vendor_channels", columns)).await
}

async fn receipt_doors_by_secret(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_index(unique("receipt_doors_hash", "receipt_doors", &["secret_hash"]))
        .await
}

/// A table whose primary key gains the package.
struct Rekeyed {
    name: &'static str,
    made_as: &'static str,
    key: &'static [&'static str],
    others: &'static [&'static str],
    columns: fn() -> Vec<ColumnDef>,
}

const REKEYED: &[Rekeyed] = &[
    Rekeyed {
        name: "channel_troubles",
        made_as: "channel_troubles_anew",
        key: &["channel"],
        others: &["credential_version", "since", "vendor_code", "vendor_text"],
        columns: || {
            vec![
                big_integer("credential_version"),
                big_integer("since"),
                text("vendor_code"),
                text("vendor_text"),
            ]
        },
    },
    Rekeyed {
        name: "channel_verifications",
        made_as: "channel_verifications_anew",
        key: &["channel", "environment"],
        others: &[
            "credential_version",
            "verified_at",
            "works",
            "vendor_code",
            "vendor_text",
        ],
        columns: || {
            vec![
                big_integer("credential_version"),
                big_integer("verified_at"),
                boolean("works"),
                text("vendor_code"),
                text("vendor_text"),
            ]
        },
    },
    Rekeyed {
        name: "receipt_doors",
        made_as: "receipt_doors_anew",
        key: &["channel"],
        others: &["secret_sealed", "secret_hash", "last_receipt_at"],
        columns: || {
            vec![
                text("secret_sealed"),
                text("secret_hash"),
                big_integer_null("last_receipt_at"),
            ]
        },
    },
];

impl Rekeyed {
    async fn make_anew(&self, manager: &SchemaManager<'_>, packages: bool) -> Result<(), DbErr> {
        let (name, anew) = (self.name, self.made_as);
        manager.create_table(self.table(packages)).await?;
        let copied = [self.key, self.others].concat().join(", ");
        let copy = if packages {
            format!(
                "INSERT INTO {anew} (application_id, package_id, {copied}) SELECT application_id, 0, {copied} FROM {name}"
            )
        } else {
            format!(
                "INSERT INTO {anew} (application_id, {copied}) SELECT application_id, {copied} FROM {name} WHERE package_id = 0"
            )
        };
        run(manager, &copy).await?;
        drop_tables(manager, &[name]).await?;
        run(manager, &format!("ALTER TABLE {anew} RENAME TO {name}")).await
    }

    fn table(&self, packages: bool) -> TableCreateStatement {
        let mut table = Table::create()
            .table(self.made_as)
            .col(big_integer("application_id"))
            .to_owned();
        let mut key = Index::create().col("application_id").to_owned();
        if packages {
            table.col(big_integer("package_id"));
            key.col("package_id");
        }
        for column in self.key {
            table.col(text(*column));
            key.col(*column);
        }
        for column in (self.columns)() {
            table.col(column);
        }
        table
            .primary_key(&mut key)
            .foreign_key(&mut owned(self.made_as, "application_id", "applications", "id"))
            .to_owned()
    }
}

async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(sql).await.map(drop)
}
