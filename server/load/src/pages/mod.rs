//! What the console's pages cost when much has been pushed: a history of ten million deliveries is written into the
//! database, its statistics are made by `homing stats rebuild`, and somebody reads each page again and again.

mod arguments;
mod fill;
mod visitor;

pub use arguments::Arguments;

use crate::{
    homing::Place,
    process::rss,
    report::{Budget, Row, row},
    scene::{self, Crowd},
    simulator::Simulator,
};
use anyhow::{Context, Result, ensure};
use fill::Ground;
use serde::Deserialize;
use std::{
    path::Path,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use visitor::Visitor;

/// What docs/operations.md promises of a page, in milliseconds.
const BUDGET_MS: f64 = 25.0;
/// Visits that are not counted: connections and caches are made once.
const WARM_UP: usize = 5;
/// How long statistics may take to be put together by day.
const FOLDED_WITHIN: Duration = Duration::from_mins(15);
/// How often it is asked whether they are.
const BEAT: Duration = Duration::from_secs(1);

/// The part of the report of `homing apply` that is needed.
#[derive(Deserialize)]
struct Applied {
    products: Vec<Product>,
    im_applications: Vec<scene::ImApplication>,
    authorisations: Vec<Authorisation>,
}

#[derive(Deserialize)]
struct Product {
    applications: Vec<Application>,
}

#[derive(Deserialize)]
struct Application {
    id: Number,
    access_id: u64,
}

#[derive(Deserialize)]
struct Authorisation {
    access_id: u64,
    plan: Number,
}

/// Numbers of 64 bits are written as text, which every reader takes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Plain(i64),
    Text(String),
}

impl Number {
    fn get(&self) -> Result<i64> {
        match self {
            Self::Plain(number) => Ok(*number),
            Self::Text(text) => text.parse().with_context(|| format!("{text} is no number")),
        }
    }
}

/// A page and what it shows.
struct Page {
    name: &'static str,
    path: String,
    shows: &'static str,
}

/// Runs it. When it fails, its folder with logs and data is left.
pub async fn run(arguments: &Arguments) -> Result<Vec<Row>> {
    let folder = tempfile::Builder::new().prefix("homing-load-").tempdir()?;
    match measure(arguments, folder.path()).await {
        Ok(rows) => Ok(rows),
        Err(fault) => Err(fault.context(format!("the logs are in {}", folder.keep().display()))),
    }
}

async fn measure(arguments: &Arguments, folder: &Path) -> Result<Vec<Row>> {
    let simulator = Simulator::start(&arguments.common.simulator(), folder).await?;
    let place = Place::new(&arguments.common.binary, folder, &simulator)?;
    // Texts are not swept while pages are measured.
    place.set("\n[retention]\npreview_days = 0\n")?;
    let description = scene::describe(Crowd::new(1, 2), &simulator.credentials)?;
    let applied: Applied = place.apply(&description)?;
    let (ground, access_id) = ground(&applied)?;
    eprintln!("  writing {} deliveries", arguments.deliveries);
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let newest = fill::fill(&place.plane(), ground, arguments, i64::try_from(now.as_millis())?).await?;
    eprintln!("  counting them");
    let started = Instant::now();
    place.command(&["stats", "rebuild"])?;
    let rebuilt = started.elapsed().as_secs_f64();
    let homing = place.start().await?;
    let password = description["root"]["password"].as_str().unwrap_or_default();
    let visitor = Visitor::sign_in(&homing.url, "load", password).await?;
    eprintln!("  putting the days together");
    let started = Instant::now();
    while fill::folded_days(&place.plane()).await? < i64::from(arguments.days) {
        ensure!(
            started.elapsed() < FOLDED_WITHIN,
            "the days were not put together in time"
        );
        tokio::time::sleep(BEAT).await;
    }
    let mut rows = vec![
        row("history", "homing stats rebuild", "s", rebuilt),
        row(
            "history",
            "days put together after the start",
            "s",
            started.elapsed().as_secs_f64(),
        ),
    ];
    for page in pages(access_id, ground.plan, newest) {
        eprintln!("  {}", page.name);
        rows.extend(visit(&visitor, &page, arguments.visits).await?);
    }
    rows.push(row("history", "RSS after all pages", "MiB", rss(homing.pid)?));
    homing.stop().await?;
    Ok(rows)
}

fn ground(applied: &Applied) -> Result<(Ground, u64)> {
    let application = applied
        .products
        .first()
        .and_then(|product| product.applications.first());
    let application = application.context("no application was made")?;
    let mut authorisations = applied.authorisations.iter();
    let authorisation = authorisations.find(|one| one.access_id == application.access_id);
    let ground = Ground {
        sdk_app_id: applied
            .im_applications
            .first()
            .context("no IM application was made")?
            .sdk_app_id,
        application: application.id.get()?,
        plan: authorisation.context("nothing was authorised")?.plan.get()?,
    };
    Ok((ground, application.access_id))
}

/// Every page that reads messages, deliveries, counters or statistics.
fn pages(access_id: u64, plan: i64, message: i64) -> Vec<Page> {
    let application = format!("/applications/{access_id}");
    let details = format!("{application}/plans/{plan}");
    let page = |name, path, shows| Page { name, path, shows };
    // A first day that lies too far back is taken as the earliest of 90 days, and one that is to come as today.
    let funnel = |query: &str| format!("{application}/funnel?{query}");
    vec![
        page("Product Management", "/products".to_owned(), "Messenger"),
        page("Push Plan", format!("{application}/plans"), "IM message"),
        page("Details", details.clone(), "id=\"history\""),
        page("Details, page 1000", format!("{details}?page=1000"), "id=\"history\""),
        page("Details, one user", format!("{details}?user=user7"), "id=\"history\""),
        page("Details, failed", format!("{details}?state=failed"), "id=\"history\""),
        page(
            "A message",
            format!("{details}/messages/{message}"),
            "of a long history",
        ),
        page(
            "Troubleshooting, a user",
            format!("{application}/troubleshooting?q=user7"),
            "user7",
        ),
        page("Funnel, today", funnel("from=2999-12-31"), "id=\"funnel\""),
        page("Funnel, 7 days", funnel(""), "id=\"funnel\""),
        page("Funnel, 90 days", funnel("from=2020-01-01"), "id=\"funnel\""),
        page(
            "Funnel, today, devices",
            funnel("from=2999-12-31&count=uv"),
            "id=\"funnel\"",
        ),
        page("Funnel, 7 days, devices", funnel("count=uv"), "id=\"funnel\""),
        page(
            "Funnel, 90 days, devices",
            funnel("from=2020-01-01&count=uv"),
            "id=\"funnel\"",
        ),
        page("Alarms", "/alarms".to_owned(), "<h1"),
    ]
}

async fn visit(visitor: &Visitor, page: &Page, visits: usize) -> Result<[Row; 3]> {
    for _ in 0..WARM_UP {
        visitor.read(&page.path, page.shows).await?;
    }
    let mut took = Vec::with_capacity(visits);
    for _ in 0..visits {
        took.push(visitor.read(&page.path, page.shows).await?);
    }
    took.sort_by(f64::total_cmp);
    let name = page.name;
    Ok([
        row("page", format!("{name}, p50"), "ms", share(&took, 50)),
        row("page", format!("{name}, p95"), "ms", share(&took, 95)).within(Budget::AtMost(BUDGET_MS)),
        row("page", format!("{name}, slowest"), "ms", share(&took, 100)),
    ])
}

/// The time within which so many percent were read.
fn share(sorted: &[f64], percent: usize) -> f64 {
    let place = (sorted.len() * percent).div_ceil(100).max(1) - 1;
    sorted.get(place).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_percentile_is_the_time_within_which_that_share_was_read() {
        let took: Vec<f64> = (1..=40).map(f64::from).collect();
        let shares = [50, 95, 100].map(|percent| format!("{}", share(&took, percent)));
        assert_eq!(shares, ["20", "38", "40"]);
    }
}
