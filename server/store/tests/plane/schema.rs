//! The schema, there and back.

use migrations::MigratorTrait;
use sea_orm::{ConnectionTrait, Statement};
use store::Connections;

#[tokio::test]
async fn the_schema_goes_up_down_and_up_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Connections::open_file(&folder.path().join("a.db"))
        .await
        .expect("opens");
    migrations::Plane::up(&database.write, None).await.expect("goes up");
    migrations::Plane::down(&database.write, None).await.expect("goes down");
    let left = "SELECT COUNT(*) FROM sqlite_master WHERE type IN ('table', 'index')
                AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'seaql_%'";
    let statement = Statement::from_string(database.backend(), left);
    let row = database
        .write
        .query_one_raw(statement)
        .await
        .expect("answers")
        .expect("one row");
    assert_eq!(
        row.try_get_by_index::<i64>(0).expect("a number"),
        0,
        "something is left over"
    );
    migrations::Plane::up(&database.write, None)
        .await
        .expect("goes up again");
}
