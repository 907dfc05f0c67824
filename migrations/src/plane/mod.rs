//! A data plane: devices, messages, deliveries, attempts, outbox, counters.

mod m20261123_000001_first;
mod m20261124_000002_vendors;
mod m20261124_000003_packages;
mod m20261124_000004_statistics;
mod m20261124_000005_device_history;
mod m20261124_000006_webhooks;
mod m20261124_000007_statistics_devices;
mod m20261124_000008_retention;
mod m20261124_000009_statistics_rows;

use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait::async_trait};

/// The migrator of the database of a service access point.
#[derive(Debug)]
pub struct Plane;

#[async_trait]
impl MigratorTrait for Plane {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_first::Migration),
            Box::new(m20261124_000002_vendors::Migration),
            Box::new(m20261124_000003_packages::Migration),
            Box::new(m20261124_000004_statistics::Migration),
            Box::new(m20261124_000005_device_history::Migration),
            Box::new(m20261124_000006_webhooks::Migration),
            Box::new(m20261124_000007_statistics_devices::Migration),
            Box::new(m20261124_000008_retention::Migration),
            Box::new(m20261124_000009_statistics_rows::Migration),
        ]
    }
}
