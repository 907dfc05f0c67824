//! Statistics over the data planes, in the days of the account's zone.

mod bookkeeping;
mod zones;

pub use bookkeeping::Bookkeeping;

use super::{planes::Planes, refusal::refuse};
use async_trait::async_trait;
use domain::{
    AccessId, PlanId, Problem, Result,
    account::{Action, Actor},
    channel::Channel,
    field::FieldFault,
    ports::Statistics,
    statistics::{
        Bucket, ChannelFigures, Day, Figures, Funnel, MOST_DAYS, Measure, PlanFigures, Slot, Stage, StatisticsQuery,
        ZoneSetting,
    },
    time::Clock,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};
use store::{
    control::Control,
    plane::{Counted, DayOfZone, Plane, Selection},
};
pub(super) use zones::Zone;

/// Days of a page whose query names none.
const USUAL_DAYS: i32 = 7;

/// Statistics over control plane and data planes.
pub struct StatisticsService {
    control: Control,
    planes: Arc<Planes>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for StatisticsService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StatisticsService")
    }
}

/// What a page asks of the plane.
struct Question<'a> {
    plane: &'a Plane,
    application: domain::ApplicationId,
    zone: &'a Zone,
    days: Vec<DayOfZone>,
    measure: Measure,
    selection: Selection,
}

impl Question<'_> {
    /// Figures of each bucket, and of all of them.
    async fn read(&self) -> Result<(Vec<Bucket>, Counted)> {
        let devices = (self.measure == Measure::Uv).then_some(self.selection);
        let (starts, counted): (Vec<Slot>, Vec<Counted>) = if let [day] = self.days.as_slice() {
            let span = (day.first, day.last);
            let found = self
                .plane
                .statistics_of_half_hours(self.application, span, devices)
                .await;
            let found = found.map_err(refuse)?;
            let hour = |(first, last): (Slot, Slot)| {
                let mut whole = Counted::default();
                found.range(first..=last).for_each(|(_, counted)| whole.merge(counted));
                (first, whole)
            };
            self.zone.hours(day.day).into_iter().map(hour).unzip()
        } else {
            let found = self
                .plane
                .statistics_of_days(self.application, &self.zone.name, &self.days, devices);
            (
                self.days.iter().map(|day| day.first).collect(),
                found.await.map_err(refuse)?,
            )
        };
        let mut whole = Counted::default();
        for one in &counted {
            whole.merge(one);
        }
        let bucket = |(start, counted): (&Slot, &Counted)| Bucket {
            start: start.start(),
            offset: self.zone.offset(start.start()),
            figures: self.figures(counted),
        };
        Ok((starts.iter().zip(&counted).map(bucket).collect(), whole))
    }

    fn figures(&self, counted: &Counted) -> Figures {
        let mut figures = Figures::default();
        for stage in Stage::ALL {
            *figures.get_mut(*stage) = match self.measure {
                Measure::Uv if !stage.is_loss() => counted.devices(*stage).devices,
                _ => counted.events(self.selection, *stage),
            };
        }
        figures
    }

    /// Figures by channel.
    fn channels(&self, whole: &Counted, with_receipts: &BTreeSet<Channel>) -> Vec<ChannelFigures> {
        let mut channels = vec![];
        for channel in whole.channels(self.selection) {
            let selection = Selection {
                channel: Some(channel),
                ..self.selection
            };
            let mut figures = Figures::default();
            for stage in Stage::ALL {
                *figures.get_mut(*stage) = match self.measure {
                    Measure::Uv if !stage.is_loss() => whole.devices_through(channel, *stage).devices,
                    _ => whole.events(selection, *stage),
                };
            }
            let is_told = channel.is_some_and(|channel| with_receipts.contains(&channel));
            channels.push(ChannelFigures {
                channel,
                measurable: is_told || whole.events(selection, Stage::Reached) > 0,
                figures,
            });
        }
        channels
    }
}

impl StatisticsService {
    /// Over this control plane's applications.
    pub fn new(control: Control, planes: Arc<Planes>, clock: Arc<dyn Clock>) -> Self {
        Self { control, planes, clock }
    }

    async fn zone(&self, actor: &Actor) -> Result<Zone> {
        let chosen = self.control.time_zone(actor.tenant).await.map_err(refuse)?;
        Ok(Zone::chosen(chosen.as_deref()))
    }
}

/// The query with every default filled in: at most [`MOST_DAYS`], in their order, none of them in the future.
fn settled(query: StatisticsQuery, today: Day) -> (Day, Day, StatisticsQuery) {
    let until = query.until.unwrap_or(today).min(today);
    let from = query.from.unwrap_or(until.plus(1 - USUAL_DAYS)).min(today);
    let (from, until) = (from.min(until), from.max(until));
    let from = from.max(until.plus(1 - MOST_DAYS));
    let query = StatisticsQuery {
        from: Some(from),
        until: Some(until),
        measure: Some(query.measure.unwrap_or(Measure::Pv)),
        ..query
    };
    (from, until, query)
}

/// Figures by plan, the largest first.
fn by_plan(whole: &Counted, selection: Selection, channels: &[ChannelFigures]) -> Vec<PlanFigures> {
    let can_be_told = |channel| channels.iter().any(|one| one.channel == channel && one.measurable);
    let mut plans: BTreeMap<PlanId, PlanFigures> = BTreeMap::new();
    for ((plan, channel), figures) in whole.by_plan(selection) {
        let of = plans.entry(plan).or_insert_with(|| PlanFigures {
            plan,
            figures: Figures::default(),
            sent_measurable: 0,
        });
        for stage in Stage::ALL {
            *of.figures.get_mut(*stage) += figures.get(*stage);
        }
        if can_be_told(channel) {
            of.sent_measurable += figures.sent;
        }
    }
    let mut plans: Vec<_> = plans.into_values().collect();
    plans.sort_by_key(|one| (std::cmp::Reverse(one.figures.planned), one.plan));
    plans
}

#[async_trait]
impl Statistics for StatisticsService {
    async fn funnel(&self, actor: &Actor, access_id: AccessId, query: StatisticsQuery) -> Result<Funnel> {
        let application = self.control.application(actor, access_id).await.map_err(refuse)?;
        let plans = self.control.plans(actor, access_id).await.map_err(refuse)?;
        let zone = self.zone(actor).await?;
        let as_of = self.clock.now();
        let today = zone.day_of(as_of);
        let (from, until, query) = settled(query, today);
        let days = (from.0..=until.0).map(|day| zone.half_hours(Day(day)));
        let question = Question {
            plane: self.planes.get(&application.access_point.id)?,
            application: application.id,
            zone: &zone,
            days: days.collect(),
            measure: query.measure.unwrap_or(Measure::Pv),
            selection: Selection {
                plan: query.plan,
                channel: query.channel.map(Some),
                kind: query.kind,
            },
        };
        let (buckets, whole) = question.read().await?;
        let with_receipts = self
            .control
            .channels_with_receipts(application.id)
            .await
            .map_err(refuse)?;
        let channels = question.channels(&whole, &with_receipts);
        let by_plan = by_plan(&whole, question.selection, &channels);
        let mut losses: Vec<_> = whole.losses(question.selection).into_iter().collect();
        losses.sort_by_key(|((stage, reason), n)| (std::cmp::Reverse(*n), *stage, *reason));
        let of_stages = Stage::ALL.iter().filter(|stage| !stage.is_loss());
        let estimated = of_stages.clone().any(|stage| whole.devices(*stage).estimated);
        Ok(Funnel {
            zone: zone.name.clone(),
            as_of,
            today,
            hourly: from == until,
            total: question.figures(&whole),
            sent_measurable: channels.iter().filter(|c| c.measurable).map(|c| c.figures.sent).sum(),
            losses: losses
                .into_iter()
                .map(|((stage, reason), n)| (stage, reason, n))
                .collect(),
            buckets,
            channels,
            by_plan,
            plans,
            estimated,
            query,
            application,
        })
    }

    async fn time_zone(&self, actor: &Actor) -> Result<ZoneSetting> {
        actor.require(Action::ManageProducts)?;
        Ok(ZoneSetting {
            zone: self.zone(actor).await?.name,
            choices: zones::choices(),
        })
    }

    async fn set_time_zone(&self, actor: &Actor, zone: &str) -> Result<()> {
        actor.require(Action::ManageProducts)?;
        let zone = Zone::named(zone).ok_or_else(|| Problem::field("zone", FieldFault::NotAChoice))?;
        self.control.set_time_zone(actor, &zone.name).await.map_err(refuse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("is a day")
    }

    fn asked(from: &str, until: &str) -> (String, String) {
        let query = StatisticsQuery {
            from: from.parse().ok(),
            until: until.parse().ok(),
            ..StatisticsQuery::default()
        };
        let (from, until, _) = settled(query, day("2026-11-23"));
        (from.to_string(), until.to_string())
    }

    #[test]
    fn a_time_is_a_week_by_default_90_days_at_most_and_never_in_the_future() {
        let expect = |from: &str, until: &str| (from.to_owned(), until.to_owned());
        assert_eq!(asked("", ""), expect("2026-11-17", "2026-11-23"));
        assert_eq!(asked("2026-11-20", "2026-11-20"), expect("2026-11-20", "2026-11-20"));
        assert_eq!(asked("2026-11-20", "2026-11-10"), expect("2026-11-10", "2026-11-20"));
        assert_eq!(asked("2020-01-01", "2026-11-20"), expect("2026-08-23", "2026-11-20"));
        assert_eq!(asked("2027-01-01", "2027-02-01"), expect("2026-11-23", "2026-11-23"));
    }
}
