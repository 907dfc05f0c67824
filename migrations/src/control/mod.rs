//! The control plane: accounts, products, applications, IM applications, authorisations, credentials, plans.
//!
//! Times are milliseconds since 1970. Columns named `sealed` or ending in `_sealed` hold records of the vault.

mod m20261123_01_accounts;
mod m20261123_02_products;
mod m20261123_03_im;
mod m20261123_04_channels;
mod m20261123_05_plans;
mod m20261124_06_receipts;
mod m20261124_07_quotas;
mod m20261124_08_packages;
mod m20261124_09_rights;
mod m20261124_10_audit;
mod m20261124_11_sign_in;
mod m20261124_12_api_keys;
mod m20261124_13_passkeys;
mod m20261124_14_account_names;
mod m20261124_15_pushes;
mod m20261124_16_identities;
mod m20261124_17_webhooks;
mod m20261124_19_time_zones;
mod m20261124_20_alarms;
mod m20261124_21_alarm_places;
mod m20261124_22_alarm_recipients;

use sea_orm_migration::{
    DbErr, MigrationTrait, MigratorTrait, SchemaManager,
    async_trait::async_trait,
    sea_query::{ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index, IndexCreateStatement, Table},
};

/// The migrator of the control database.
#[derive(Debug)]
pub struct Control;

#[async_trait]
impl MigratorTrait for Control {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_01_accounts::Migration),
            Box::new(m20261123_02_products::Migration),
            Box::new(m20261123_03_im::Migration),
            Box::new(m20261123_04_channels::Migration),
            Box::new(m20261123_05_plans::Migration),
            Box::new(m20261124_06_receipts::Migration),
            Box::new(m20261124_07_quotas::Migration),
            Box::new(m20261124_08_packages::Migration),
            Box::new(m20261124_09_rights::Migration),
            Box::new(m20261124_10_audit::Migration),
            Box::new(m20261124_11_sign_in::Migration),
            Box::new(m20261124_12_api_keys::Migration),
            Box::new(m20261124_13_passkeys::Migration),
            Box::new(m20261124_14_account_names::Migration),
            Box::new(m20261124_15_pushes::Migration),
            Box::new(m20261124_16_identities::Migration),
            Box::new(m20261124_17_webhooks::Migration),
            Box::new(m20261124_19_time_zones::Migration),
            Box::new(m20261124_20_alarms::Migration),
            Box::new(m20261124_21_alarm_places::Migration),
            Box::new(m20261124_22_alarm_recipients::Migration),
        ]
    }
}

/// A foreign key that refuses to leave orphans: what is pointed at cannot be deleted.
fn guarded(
    table: &'static str,
    column: &'static str,
    to: &'static str,
    key: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(to, key)
        .on_delete(ForeignKeyAction::Restrict)
        .to_owned()
}

/// A foreign key of a row that is part of what it points at and goes with it.
fn owned(table: &'static str, column: &'static str, to: &'static str, key: &'static str) -> ForeignKeyCreateStatement {
    guarded(table, column, to, key)
        .on_delete(ForeignKeyAction::Cascade)
        .to_owned()
}

/// A unique index over columns.
fn unique(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table).unique().to_owned();
    for column in columns {
        index.col(*column);
    }
    index
}

/// A plain index over columns.
fn index(name: &'static str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    index
}

/// Drops tables in the order given.
async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}
