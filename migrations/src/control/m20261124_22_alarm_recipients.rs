//! Who is told of alarms, and what waits to be told.

use super::{drop_tables, index, owned, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, big_pk_auto, boolean, integer, integer_null, small_integer, text, text_null,
    },
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(recipients()).await?;
        manager.create_table(notices()).await?;
        // Nobody was to be told of what is there: 2 says that nothing is left to tell.
        let told = Table::alter()
            .table("alarms")
            .add_column(small_integer("told").default(2))
            .to_owned();
        manager.alter_table(told).await?;
        for (name, table, column) in [
            ("alarm_recipients_account_id", "alarm_recipients", "account_id"),
            ("alarm_notices_recipient_id", "alarm_notices", "recipient_id"),
            ("alarms_told", "alarms", "told"),
        ] {
            manager.create_index(index(name, table, &[column])).await?;
        }
        let once = ["alarm_id", "recipient_id", "news"];
        manager
            .create_index(unique("alarm_notices_once", "alarm_notices", &once))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["alarm_notices", "alarm_recipients"]).await?;
        let index = Index::drop().name("alarms_told").table("alarms").to_owned();
        manager.drop_index(index).await?;
        let told = Table::alter().table("alarms").drop_column("told").to_owned();
        manager.alter_table(told).await
    }
}

fn recipients() -> TableCreateStatement {
    Table::create()
        .table("alarm_recipients")
        .col(big_pk_auto("id"))
        .col(big_integer("account_id"))
        .col(text("means"))
        .col(text("address"))
        .col(text("language"))
        .col(integer_null("quiet_from"))
        .col(integer_null("quiet_until"))
        .col(boolean("enabled"))
        .col(text_null("secret_sealed"))
        .col(text_null("hint"))
        // The node that is telling has its turn until then.
        .col(big_integer("turn_until"))
        .col(integer("failures"))
        .col(text("fault"))
        .col(big_integer("due_at"))
        .col(big_integer_null("told_at"))
        .col(text("created_by"))
        .col(big_integer("created_at"))
        .foreign_key(&mut owned("alarm_recipients", "account_id", "accounts", "id"))
        .to_owned()
}

fn notices() -> TableCreateStatement {
    Table::create()
        .table("alarm_notices")
        .col(big_pk_auto("id"))
        .col(big_integer("alarm_id"))
        .col(big_integer("recipient_id"))
        .col(text("news"))
        .col(big_integer("made_at"))
        .col(big_integer_null("told_at"))
        .foreign_key(&mut owned("alarm_notices", "alarm_id", "alarms", "id"))
        .foreign_key(&mut owned("alarm_notices", "recipient_id", "alarm_recipients", "id"))
        .to_owned()
}
