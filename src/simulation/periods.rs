//! The run cut into periods in which cooperations and roads are the same.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Settings;
use crate::calendar::DateTime;
use crate::model::{Cooperation, CooperationId, Road, RoadOfMap};
use crate::region::{Region, RegionError};
use crate::scenario::{Change, DatedChange, Scenario};

/// Days since the start of the run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    /// The region's day.
    pub(super) day: DateTime,
    pub(super) warm_up: f64,
    pub(super) horizon: f64,
}

impl Clock {
    pub(super) fn new(region: &Region, settings: &Settings) -> Self {
        let day = DateTime::from(region.network().date());
        let warm_up = f64::from(settings.warm_up_days);
        Self { day, warm_up, horizon: warm_up + f64::from(settings.days) }
    }

    /// Days from the start of the run to a moment.
    pub(super) fn days_to(&self, moment: DateTime) -> f64 {
        self.warm_up + moment.minutes_since(self.day) as f64 / 1440.0
    }

    /// From and until when a change holds, in days since the start of the run; for ever without an end.
    pub(super) fn time_of(&self, dated: &DatedChange) -> (f64, f64) {
        let until = match dated.until {
            Some(until) => self.days_to(until),
            None => f64::INFINITY,
        };
        (self.days_to(dated.on), until)
    }
}

/// The changes of a scenario in the order of their beginnings; none without one.
pub(super) fn changes_of(scenario: Option<&Scenario>) -> Vec<&DatedChange> {
    match scenario {
        Some(scenario) => scenario.changes_in_order(),
        None => Vec::new(),
    }
}

/// A time in which cooperations and roads are the same.
#[derive(Debug)]
pub(super) struct Period<'r> {
    pub(super) from: f64,
    pub(super) until: f64,
    pub(super) region: Cow<'r, Region>,
    /// Cooperations of the network that are over.
    pub(super) ended: BTreeSet<CooperationId>,
    /// Cooperations that are there in addition.
    pub(super) added: Vec<Cooperation>,
}

impl Period<'_> {
    /// The cooperations that are at work.
    pub(super) fn cooperations(&self) -> impl Iterator<Item = &Cooperation> {
        let network = self.region.network();
        // Not as a list: this is asked for every ward and subject.
        let listed = network.cooperation_ids().filter(|id| !self.ended.contains(id));
        listed.map(|id| &network[id]).chain(&self.added)
    }
}

/// A change of cooperations or roads, in days since the start of the run.
struct Span<'s> {
    from: f64,
    until: f64,
    change: &'s Change,
}

impl Span<'_> {
    fn is_in_force(&self, at: f64) -> bool {
        self.from <= at && at < self.until
    }
}

/// The changes of a scenario by which a run is cut, in order.
fn spans<'s>(scenario: Option<&'s Scenario>, clock: &Clock) -> Vec<Span<'s>> {
    let mut spans = Vec::new();
    for dated in changes_of(scenario) {
        let is_cut = matches!(
            dated.change,
            Change::StartCooperation(_)
                | Change::EndCooperation(_)
                | Change::Road(_)
                | Change::RoadOfMap(_)
        );
        if is_cut {
            let (from, until) = clock.time_of(dated);
            spans.push(Span { from, until, change: &dated.change });
        }
    }
    spans
}

/// The periods of a run; one for a scenario that changes neither cooperations nor roads.
pub(super) fn periods<'r>(
    region: &'r Region,
    scenario: Option<&Scenario>,
    clock: &Clock,
) -> Result<Vec<Period<'r>>, RegionError> {
    let spans = spans(scenario, clock);
    let mut borders = vec![0.0];
    for span in &spans {
        borders.extend([span.from, span.until]);
    }
    // What begins behind the run is not prepared.
    borders.retain(|time| *time < clock.horizon);
    borders.sort_by(f64::total_cmp);
    borders.dedup();

    let network = region.network();
    // By key once, and not for every change of every period.
    let mut listed: HashMap<&str, CooperationId> = HashMap::new();
    for (id, cooperation) in network.cooperation_ids().zip(network.cooperations()) {
        listed.insert(&cooperation.key, id);
    }
    let mut periods: Vec<Period<'r>> = Vec::with_capacity(borders.len());
    // Roads of the period before, whose journeys are the same where they are.
    let mut roads_before: Vec<&Change> = Vec::new();
    for (number, &from) in borders.iter().enumerate() {
        let mut at_work = AtWork::default();
        let mut roads: Vec<&Change> = Vec::new();
        for span in spans.iter().filter(|span| span.is_in_force(from)) {
            match span.change {
                Change::StartCooperation(cooperation) => at_work.start(cooperation),
                Change::EndCooperation(key) => at_work.end(key, &listed),
                Change::Road(_) | Change::RoadOfMap(_) => roads.push(span.change),
                _ => {}
            }
        }
        // Journeys over changed roads are the dear part; a period with the same roads shares those of the one before.
        let region = match periods.last() {
            _ if roads.is_empty() => Cow::Borrowed(region),
            Some(before) if is_same(&roads, &roads_before) => before.region.clone(),
            _ => Cow::Owned(on_roads(region, &roads)?),
        };
        roads_before = roads;
        let until = borders.get(number + 1).copied().unwrap_or(f64::INFINITY);
        let mut added: Vec<Cooperation> = Vec::new();
        for cooperation in at_work.added.into_iter().flatten() {
            added.push(cooperation.clone());
        }
        periods.push(Period { from, until, region, ended: at_work.ended, added });
    }
    Ok(periods)
}

/// The region while roads are slow or closed.
fn on_roads(region: &Region, changes: &[&Change]) -> Result<Region, RegionError> {
    let mut roads: Vec<Road> = Vec::new();
    let mut roads_of_map: Vec<RoadOfMap> = Vec::new();
    for change in changes {
        match change {
            Change::Road(road) => roads.push(road.clone()),
            Change::RoadOfMap(road) => roads_of_map.push(road.clone()),
            _ => {}
        }
    }
    region.with_roads_of_map(&roads_of_map)?.with_roads(&roads)
}

/// Whether these are the same changes.
fn is_same(roads: &[&Change], others: &[&Change]) -> bool {
    let mut pairs = roads.iter().zip(others);
    roads.len() == others.len() && pairs.all(|(road, other)| std::ptr::eq(*road, *other))
}

/// What changes in force make of the cooperations.
#[derive(Default)]
struct AtWork<'s> {
    /// Those that started, in order; `None` for one that ended.
    added: Vec<Option<&'s Cooperation>>,
    /// Where those of a key stand in `added`.
    by_key: HashMap<&'s str, Vec<usize>>,
    /// Those of the network that ended.
    ended: BTreeSet<CooperationId>,
}

impl<'s> AtWork<'s> {
    fn start(&mut self, cooperation: &'s Cooperation) {
        self.by_key.entry(&cooperation.key).or_default().push(self.added.len());
        self.added.push(Some(cooperation));
    }

    /// Ends the cooperation of a key; `listed` are those of the network.
    fn end(&mut self, key: &str, listed: &HashMap<&str, CooperationId>) {
        // All of that key, also one that was started twice.
        for number in self.by_key.remove(key).unwrap_or_default() {
            self.added[number] = None;
        }
        self.ended.extend(listed.get(key));
    }
}

/// A time in which a cooperation is at work without a gap.
#[derive(Debug)]
pub(super) struct CooperationSpell {
    pub(super) cooperation: Cooperation,
    pub(super) from: f64,
    pub(super) until: f64,
}

/// When the cooperations are at work, in the order in which they start.
pub(super) fn spells(periods: &[Period<'_>]) -> Vec<CooperationSpell> {
    let mut spells: Vec<CooperationSpell> = Vec::new();
    // By key: the last spell of it.
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    for period in periods {
        for cooperation in period.cooperations() {
            let known = last.get(cooperation.key.as_str()).copied();
            // Roads cut the run, too: a cooperation that goes on over such a border is one spell.
            if let Some(spell) = known.filter(|spell| spells[*spell].until == period.from) {
                spells[spell].until = period.until;
                continue;
            }
            last.insert(&cooperation.key, spells.len());
            let (from, until) = (period.from, period.until);
            spells.push(CooperationSpell { cooperation: cooperation.clone(), from, until });
        }
    }
    spells
}

/// The cooperations that are at work in at least half of the days that are counted. Kinds that do not change within a
/// run (rosters, pools, recruitment) go by these.
pub(super) fn lasting(spells: &[CooperationSpell], clock: &Clock) -> Vec<Cooperation> {
    let mut at_work: Vec<(&Cooperation, f64)> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for spell in spells {
        let counted = (spell.until.min(clock.horizon) - spell.from.max(clock.warm_up)).max(0.0);
        let position = *known.entry(&spell.cooperation.key).or_insert(at_work.len());
        match at_work.get_mut(position) {
            Some((_, days)) => *days += counted,
            None => at_work.push((&spell.cooperation, counted)),
        }
    }

    // The warm-up is not counted, and says nothing about what holds for the run.
    let half = 0.5 * (clock.horizon - clock.warm_up);
    let mut lasting = Vec::new();
    for (cooperation, days) in at_work {
        if days >= half {
            lasting.push(cooperation.clone());
        }
    }
    lasting
}
