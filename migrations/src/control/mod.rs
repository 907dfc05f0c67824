//! The control plane: accounts, products, applications, IM applications, authorisations, credentials, plans.

use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait::async_trait};

/// The migrator of the control database.
#[derive(Debug)]
pub struct Control;

#[async_trait]
impl MigratorTrait for Control {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![]
    }
}
