//! The audit log: a chain per tenant, kept by the database itself from being changed (docs/decisions/0006-audit-chain.md).
//!
//! Entries are never updated, and deleted only up to the cut of their chain, which only grows.

use super::{drop_tables, index};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, text, text_null},
    sea_orm::DbBackend,
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        chains(manager).await?;
        entries(manager).await?;
        let statements = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES,
            _ => SQLITE,
        };
        for statement in statements {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_entries", "audit_chains"]).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            let connection = manager.get_connection();
            connection
                .execute_unprepared("DROP FUNCTION audit_guard_entries()")
                .await?;
            connection
                .execute_unprepared("DROP FUNCTION audit_guard_chains()")
                .await?;
        }
        Ok(())
    }
}

/// No foreign key: a chain outlives its tenant. Tenant 0 is the server itself.
async fn chains(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("audit_chains")
                .col(big_integer("tenant"))
                .col(big_integer("length"))
                .col(text("head"))
                .col(text("head_seal"))
                .col(big_integer("cut"))
                .col(text("cut_head"))
                .col(text("cut_seal"))
                .primary_key(Index::create().col("tenant"))
                .to_owned(),
        )
        .await
}

async fn entries(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("audit_entries")
                .col(big_integer("tenant"))
                .col(big_integer("number"))
                .col(big_integer("recorded_at"))
                .col(big_integer_null("account_id"))
                .col(text("account_name"))
                .col(text("address"))
                .col(text("door"))
                .col(text("deed"))
                .col(text_null("object_kind"))
                .col(text_null("object_number"))
                .col(text_null("object_name"))
                .col(big_integer_null("access_id"))
                .col(text_null("application_name"))
                .col(text("before_fields"))
                .col(text("after_fields"))
                .col(text("outcome"))
                .col(text_null("reason"))
                .col(big_integer("times"))
                .col(text("hash"))
                .primary_key(Index::create().col("tenant").col("number"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index(
            "audit_entries_time",
            "audit_entries",
            &["tenant", "recorded_at", "number"],
        ))
        .await
}

const SQLITE: &[&str] = &[
    "CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries \
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_entries_kept BEFORE DELETE ON audit_entries \
     WHEN NOT EXISTS (SELECT 1 FROM audit_chains WHERE tenant = OLD.tenant AND OLD.number <= cut) \
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_chains_grow BEFORE UPDATE ON audit_chains \
     WHEN NEW.tenant <> OLD.tenant OR NEW.length < OLD.length OR NEW.cut < OLD.cut OR NEW.cut > NEW.length \
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_chains_kept BEFORE DELETE ON audit_chains \
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
];

const POSTGRES: &[&str] = &[
    "CREATE FUNCTION audit_guard_entries() RETURNS trigger LANGUAGE plpgsql AS $$ \
     BEGIN \
       IF TG_OP = 'DELETE' THEN \
         PERFORM 1 FROM audit_chains WHERE tenant = OLD.tenant AND OLD.number <= cut; \
         IF FOUND THEN RETURN OLD; END IF; \
       END IF; \
       RAISE EXCEPTION 'the audit log is append-only'; \
     END $$",
    "CREATE FUNCTION audit_guard_chains() RETURNS trigger LANGUAGE plpgsql AS $$ \
     BEGIN \
       IF TG_OP = 'UPDATE' THEN \
         IF NEW.tenant = OLD.tenant AND NEW.length >= OLD.length AND NEW.cut >= OLD.cut AND NEW.cut <= NEW.length \
         THEN RETURN NEW; END IF; \
       END IF; \
       RAISE EXCEPTION 'the audit log is append-only'; \
     END $$",
    "CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries \
     FOR EACH ROW EXECUTE FUNCTION audit_guard_entries()",
    "CREATE TRIGGER audit_entries_kept BEFORE TRUNCATE ON audit_entries \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_guard_entries()",
    "CREATE TRIGGER audit_chains_grow BEFORE UPDATE OR DELETE ON audit_chains \
     FOR EACH ROW EXECUTE FUNCTION audit_guard_chains()",
    "CREATE TRIGGER audit_chains_kept BEFORE TRUNCATE ON audit_chains \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_guard_chains()",
];
