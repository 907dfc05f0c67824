//! Devices of half hours in a column of their own: most of a row, and only read where devices are counted.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager,
    async_trait::async_trait,
    sea_orm::{ConnectionTrait, Statement, Value},
};
use serde_json::Value as Json;

/// Rows that are rewritten at once.
const PAGE: i64 = 500;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000007_statistics_devices"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let on = manager.get_connection();
        on.execute_unprepared("ALTER TABLE statistics ADD COLUMN devices TEXT NOT NULL DEFAULT ''")
            .await?;
        // Made anew from the half hours.
        on.execute_unprepared("DELETE FROM statistics_days").await?;
        on.execute_unprepared("DELETE FROM statistics_devices").await?;
        let backend = on.get_database_backend();
        let (mut slot, mut application, mut part) = (i64::MIN, i64::MIN, i64::MIN);
        loop {
            let values: [Value; 4] = [slot.into(), application.into(), part.into(), PAGE.into()];
            let rows = on
                .query_all_raw(Statement::from_sql_and_values(backend, NEXT, values))
                .await?;
            for row in &rows {
                (slot, application, part) = (
                    row.try_get_by_index(0)?,
                    row.try_get_by_index(1)?,
                    row.try_get_by_index(2)?,
                );
                let (body, devices) = split(&row.try_get_by_index::<String>(3)?)?;
                let values: [Value; 5] = [
                    body.into(),
                    devices.into(),
                    slot.into(),
                    application.into(),
                    part.into(),
                ];
                on.execute_raw(Statement::from_sql_and_values(backend, UPDATE, values))
                    .await?;
            }
            if rows.is_empty() {
                return Ok(());
            }
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let on = manager.get_connection();
        // The form before cannot read these rows; homing stats rebuild makes them anew.
        on.execute_unprepared("DELETE FROM statistics").await?;
        on.execute_unprepared("ALTER TABLE statistics DROP COLUMN devices")
            .await?;
        Ok(())
    }
}

const NEXT: &str = "SELECT slot, application_id, part, body FROM statistics
    WHERE (slot, application_id, part) > ($1, $2, $3) ORDER BY slot, application_id, part LIMIT $4";

const UPDATE: &str =
    "UPDATE statistics SET body = $1, devices = $2 WHERE slot = $3 AND application_id = $4 AND part = $5";

/// The counts without their seventh places, and what stood there: `=` with numbers of eight bytes, `~` with a sketch.
fn split(body: &str) -> Result<(String, String), DbErr> {
    let damaged = || DbErr::Migration("a row of statistics is damaged: run homing stats rebuild before".into());
    let mut lines: Vec<Vec<Json>> = serde_json::from_str(body).map_err(|_| damaged())?;
    let mut devices = vec![];
    for line in &mut lines {
        devices.push(match (line.len() > 6).then(|| line.remove(6)) {
            None | Some(Json::Null) => String::new(),
            Some(Json::String(sketch)) => format!("~{sketch}"),
            Some(Json::Array(numbers)) => {
                let numbers: Option<Vec<i64>> = numbers.iter().map(Json::as_i64).collect();
                let mut numbers = numbers.ok_or_else(damaged)?;
                numbers.sort_unstable();
                numbers.dedup();
                let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                format!("={}", STANDARD_NO_PAD.encode(bytes))
            }
            Some(_) => return Err(damaged()),
        });
    }
    Ok((Json::from(lines).to_string(), devices.join(";")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stay_and_devices_move() {
        let body = r#"[[1,"fcm","c2c","planned","",3,[7,5]],[1,"fcm","c2c","failed","quota",1,null],[1,"","c2c","sent","",900,"AAEC"]]"#;
        let (counts, devices) = split(body).expect("is whole");
        let expected =
            r#"[[1,"fcm","c2c","planned","",3],[1,"fcm","c2c","failed","quota",1],[1,"","c2c","sent","",900]]"#;
        assert_eq!(counts, expected);
        assert_eq!(devices, "=BQAAAAAAAAAHAAAAAAAAAA;;~AAEC");
        assert!(split("[[1,2,3,4,5,6,true]]").is_err());
    }
}
