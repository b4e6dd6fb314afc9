//! Who gains and who loses until each stage of a pathway, and by each of its targets.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::winners::{Served, Service, Shift, Tally, Weight};
use crate::calendar::HourOfWeek;
use crate::model::{Ends, OverBand, Pathway, PopulationGroup};
use crate::pathways::{ClockTime, Clocks, Measured, Outcome, Protocol, TargetResult};
use crate::region::{PlaceId, Region};

/// Who gains and who loses in a pathway, under one protocol of the rescue service.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PathwayShift {
    /// Key of the pathway.
    pub pathway: String,
    /// Which first door is prescribed.
    pub protocol: Protocol,
    /// Every stage, then every target, that both sides have.
    pub clocks: Vec<ClockShift>,
}

impl PathwayShift {
    /// Who gains and who loses until the end of a stage; `None` where the pathway has none of this key.
    pub fn stage(&self, key: &str) -> Option<&ClockShift> {
        let is_stage = |measured: &Measured| matches!(measured, Measured::Stage(of) if of == key);
        self.clocks.iter().find(|clock| is_stage(&clock.measured))
    }
}

/// Who gains and who loses by one clock of a pathway.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ClockShift {
    /// What it measures.
    pub measured: Measured,
    /// Everybody inside for whom the pathway is.
    pub all: GroupShift,
    /// Of a target: whether more people are in time after, or fewer, or as many, over the whole band of the travel
    /// times, with the same error before and after. `None` of stages, without a band, and where nobody's being in time
    /// changes by the times as stated.
    pub over_band: Option<OverBand>,
    /// By district, in the order of their names.
    pub districts: Vec<GroupShift>,
    /// By age band of the places, the youngest first; empty where nobody's time changes.
    pub bands: Vec<GroupShift>,
    /// By place inside where anybody's time changes, in the order of the places.
    pub places: Vec<PlaceShift>,
}

/// Who of some people gains and who loses, with how all of them do before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GroupShift {
    /// Name of the district or age band; empty of everybody.
    pub name: String,
    /// Who gains and who loses.
    pub shift: Shift,
    /// All of them, before.
    pub before: Served,
    /// All of them, after.
    pub after: Served,
}

/// Who gains and who loses at one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlaceShift {
    /// Key of the place.
    pub place: String,
    /// Its name.
    pub name: String,
    /// District in which it lies.
    pub district: String,
    /// Who gains and who loses.
    pub shift: Shift,
    /// All of them, before.
    pub before: Served,
    /// All of them, after.
    pub after: Served,
}

/// Who gains and who loses from one outcome of a pathway to another: with and without a cooperation, before and
/// after a change.
///
/// Both are of regions with the same places. Everybody counts as they live in the one after; where other people live
/// there, take [`compare`](super::compare()), which measures the region before with these.
///
/// ```
/// use verbund::Region;
/// use verbund::comparison::pathway_shift;
/// use verbund::impact::proposed;
/// use verbund::pathways::{Prepared, Query};
///
/// let region = Region::leipzig()?;
/// let stroke = region.network().catalog().pathway("stroke").ok_or("no pathway")?;
/// let added = [proposed(&region, "telemedicine fkh-hubertusburg kkh-torgau neurology")?];
/// let (without, with) = (Prepared::new(&region, stroke, &[])?, Prepared::new(&region, stroke, &added)?);
/// let query = Query::default();
/// let shift = pathway_shift(&without.evaluate(&query)?, &with.evaluate(&query)?);
/// let thrombolysis = &shift.stage("thrombolysis").ok_or("no stage")?.all.shift;
/// assert_eq!(thrombolysis.sooner.people().round(), 31_906.0);
/// assert_eq!(thrombolysis.later.people(), 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pathway_shift(before: &Outcome<'_, '_>, after: &Outcome<'_, '_>) -> PathwayShift {
    let pathway = after.prepared().pathway();
    let cases = after.cases();
    let step = ClockStep {
        before: before.prepared().region(),
        after: after.prepared().region(),
        pathway,
        cases: cases.as_deref(),
    };
    PathwayShift {
        pathway: pathway.key.clone(),
        protocol: after.query().protocol,
        clocks: step.shifts(&before.clocks(), &after.clocks()),
    }
}

/// Two outcomes of a pathway of one region and under one protocol, to be set beside each other: with and without a
/// cooperation, or when something fails.
#[derive(Debug, Clone, Copy)]
pub struct OutcomePair<'o, 'p, 'r> {
    /// Before.
    pub before: &'o Outcome<'p, 'r>,
    /// After.
    pub after: &'o Outcome<'p, 'r>,
}

/// The same as [`pathway_shift`] of each of these pairs of one region, with whether each target's change holds over the
/// band of the travel times ([`ClockShift::over_band`]). Pairs in which anybody's being in time changes cost as much as
/// their outcomes twice more.
pub fn pathway_shifts_over_band(pairs: &[OutcomePair<'_, '_, '_>]) -> Vec<PathwayShift> {
    let mut shifts = Vec::with_capacity(pairs.len());
    for pair in pairs {
        shifts.push(pathway_shift(pair.before, pair.after));
    }
    let Some(first) = pairs.first() else { return shifts };
    if !shifts.iter().any(PathwayShift::moves_targets) {
        return shifts;
    }
    let ends = first.before.prepared().region().at_ends(|region| {
        let mut sides = Vec::with_capacity(pairs.len());
        for (pair, shift) in pairs.iter().zip(&shifts) {
            let is_asked = shift.moves_targets();
            let targets = |outcome: &Outcome<'_, '_>| outcome.targets_in(region);
            sides.push(if is_asked {
                TargetSides { before: targets(pair.before), after: targets(pair.after) }
            } else {
                TargetSides::default()
            });
        }
        sides
    });
    if let Some(ends) = ends {
        for (number, (pair, shift)) in pairs.iter().zip(&mut shifts).enumerate() {
            let stated = TargetSides::new(pair.before.targets(), pair.after.targets());
            shift.hold_over(stated, &ends.map(|sides| sides[number].clone()));
        }
    }
    shifts
}

/// Who meets the targets of a pathway before and after; `None` where that was not asked.
#[derive(Debug, Clone, Default)]
pub(super) struct TargetSides {
    pub(super) before: Option<Vec<TargetResult>>,
    pub(super) after: Option<Vec<TargetResult>>,
}

impl TargetSides {
    pub(super) fn new(before: Vec<TargetResult>, after: Vec<TargetResult>) -> Self {
        Self { before: Some(before), after: Some(after) }
    }
}

impl PathwayShift {
    /// Whether somebody is newly within a target by it, or no longer.
    pub(super) fn moves_targets(&self) -> bool {
        self.clocks.iter().any(ClockShift::moves_target)
    }

    /// Notes of each target that it moves whether it does so over the band, from all targets before and after as stated
    /// and at both ends.
    pub(super) fn hold_over(&mut self, stated: TargetSides, ends: &Ends<TargetSides>) {
        let before = stated.before.unwrap_or_default();
        let before = TargetResult::with_bands(before, Some(ends.map(|sides| sides.before.clone())));
        let after = stated.after.unwrap_or_default();
        let after = TargetResult::with_bands(after, Some(ends.map(|sides| sides.after.clone())));
        for clock in &mut self.clocks {
            let Measured::Target(target) = &clock.measured else { continue };
            let is_of_target = |result: &&TargetResult| result.target == *target;
            let then = before.iter().find(is_of_target);
            let now = after.iter().find(is_of_target);
            if let (Some(then), Some(now), true) = (then, now, clock.moves_target()) {
                clock.over_band = in_time_over_band(then, now);
            }
        }
    }
}

impl ClockShift {
    /// Whether it is that of a target that somebody is newly within, or no longer.
    fn moves_target(&self) -> bool {
        let shift = &self.all.shift;
        let is_target = matches!(self.measured, Measured::Target(_));
        is_target && (shift.new_in_time > 0.0 || shift.no_longer_in_time > 0.0)
    }
}

/// Whether the share in time rises, falls or stays from one result of a target to another over the whole band: the same
/// error before and after. `None` without a band on both sides.
///
/// ```
/// use verbund::Region;
/// use verbund::comparison::in_time_over_band;
/// use verbund::model::{Margin, OverBand};
/// use verbund::pathways::{Prepared, Query};
/// use verbund::units::Seconds;
///
/// let region = Region::leipzig()?.with_margin(Margin::new(0.1, Seconds(0)));
/// let stemi = region.network().catalog().pathway("stemi").ok_or("no pathway")?;
/// let targets = Prepared::new(&region, stemi, &[])?.evaluate(&Query::default())?.targets_over_band();
/// // Nothing changes, at either end.
/// assert_eq!(in_time_over_band(&targets[0], &targets[0]), Some(OverBand::Holds));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn in_time_over_band(before: &TargetResult, after: &TargetResult) -> Option<OverBand> {
    let (then, now) = (before.share_band?, after.share_band?);
    let stated = Turn::of(before.share?, after.share?);
    Some(OverBand::over(&stated, &Ends::of(|end| Turn::of(*then.at(end), *now.at(end)))))
}

/// Which way a share goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Down,
    None,
    Up,
}

impl Turn {
    fn of(before: f64, after: f64) -> Self {
        // Sums of laws that scatter agree but for their last digits.
        const SAME: f64 = 1e-9;
        if after > before + SAME {
            Self::Up
        } else if after < before - SAME {
            Self::Down
        } else {
            Self::None
        }
    }
}

/// From one region to another of the same places and people, for a pathway.
pub(super) struct ClockStep<'s> {
    pub(super) before: &'s Region,
    pub(super) after: &'s Region,
    /// The pathway after.
    pub(super) pathway: &'s Pathway,
    /// Cases a year by part after; `None` where nobody knows.
    pub(super) cases: Option<&'s [f64]>,
}

/// A clock that both sides have, by its positions.
#[derive(Debug, Clone, Copy)]
struct Both {
    before: usize,
    after: usize,
    has_limit: bool,
}

/// Hours that belong to one group before and to one after, with their share of the arrivals in millionths.
#[derive(Debug, Clone, Copy)]
struct HourPair {
    before: usize,
    after: usize,
    share: u64,
}

/// People while they are counted: who gains and who loses, and all of them.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    shift: Shift,
    before: Tally,
    after: Tally,
}

impl Count {
    fn add(&mut self, who: Weight, before: Service, after: Service) {
        self.shift.add(who, before, after);
        self.before.add(who, before);
        self.after.add(who, after);
    }

    /// Both together, of other people.
    fn and(self, more: Self) -> Self {
        Self {
            shift: self.shift.and(more.shift),
            before: self.before.and(more.before),
            after: self.after.and(more.after),
        }
    }

    fn named(&self, name: String, has_limit: bool) -> GroupShift {
        GroupShift {
            name,
            shift: self.shift,
            before: self.before.served(has_limit),
            after: self.after.served(has_limit),
        }
    }
}

/// What is counted by one clock.
#[derive(Debug, Default)]
struct Counts {
    all: Count,
    districts: BTreeMap<String, Count>,
    places: Vec<PlaceShift>,
}

impl ClockStep<'_> {
    /// Who gains and who loses by each clock that both sides have.
    pub(super) fn shifts(&self, before: &Clocks, after: &Clocks) -> Vec<ClockShift> {
        let hours = hour_pairs(before, after);
        let mut counts = Vec::new();
        for (number, measured) in after.measured().iter().enumerate() {
            // Catalogs may differ: what only one of them measures cannot be compared.
            let then = before.measured().iter().position(|known| known == measured);
            let Some(then) = then else { continue };
            let has_limit = after.has_limit(number);
            let clock = Both { before: then, after: number, has_limit };
            counts.push(ClockCount { step: self, hours: &hours, clock, before, after });
        }
        // Each clock walks all points of a region once: a country has hundreds of thousands.
        counts.par_iter().map(ClockCount::shift).collect()
    }
}

/// Which groups of hours stand beside each other.
fn hour_pairs(before: &Clocks, after: &Clocks) -> Vec<HourPair> {
    let mut pairs: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for hour in HourOfWeek::all() {
        // Groups are those of each network: an hour in which a link works after and nobody before is a pair of its own.
        if let (Some(then), Some(now)) = (before.group_of(hour), after.group_of(hour)) {
            *pairs.entry((then, now)).or_default() += u64::from(after.share_of(hour));
        }
    }
    let mut list = Vec::with_capacity(pairs.len());
    for ((before, after), share) in pairs {
        list.push(HourPair { before, after, share });
    }
    list
}

/// One clock while it is counted.
struct ClockCount<'c> {
    step: &'c ClockStep<'c>,
    hours: &'c [HourPair],
    clock: Both,
    before: &'c Clocks,
    after: &'c Clocks,
}

impl ClockCount<'_> {
    fn shift(&self) -> ClockShift {
        let has_limit = self.clock.has_limit;
        let Counts { all, districts, places } = self.by_place();
        let mut named = Vec::with_capacity(districts.len());
        for (name, district) in districts {
            named.push(district.named(name, has_limit));
        }
        // All people of a point go the same way, whatever their age: only where any of them is moved it matters who
        // lives there.
        let bands = if places.is_empty() { Vec::new() } else { self.by_band() };
        ClockShift {
            measured: self.after.measured()[self.clock.after].clone(),
            all: all.named(String::new(), has_limit),
            over_band: None,
            districts: named,
            bands,
            places,
        }
    }

    fn by_place(&self) -> Counts {
        let mut counts = Counts::default();
        let region = self.step.after;
        for place in region.place_ids() {
            let described = region.place(place);
            if described.outside {
                continue;
            }
            let mut of_place = Count::default();
            let (everybody, cases) = (&self.step.pathway.population, self.step.cases);
            self.each(place, everybody, cases, &mut |who, before, after| {
                of_place.add(who, before, after);
            });

            counts.all = counts.all.and(of_place);
            // `entry` would copy the name for every place.
            match counts.districts.get_mut(&described.district) {
                Some(district) => *district = district.and(of_place),
                None => drop(counts.districts.insert(described.district.clone(), of_place)),
            }
            if !of_place.shift.is_nothing() {
                counts.places.push(PlaceShift {
                    place: described.key.clone(),
                    name: described.name.clone(),
                    district: described.district.clone(),
                    shift: of_place.shift,
                    before: of_place.before.served(self.clock.has_limit),
                    after: of_place.after.served(self.clock.has_limit),
                });
            }
        }
        counts
    }

    fn by_band(&self) -> Vec<GroupShift> {
        let region = self.step.after;
        let mut bands = Vec::new();
        for group in super::standards::bands(region, &self.step.pathway.population) {
            let mut count = Count::default();
            for place in region.place_ids() {
                // Of which age the cases of a point are, nobody says here.
                self.each(place, &group, None, &mut |who, before, after| {
                    count.add(who, before, after);
                });
            }
            let band = count.named(group.label(), self.clock.has_limit);
            // Nobody of these ages is a patient of the pathway: a row of zeros says nothing.
            if band.after.people > 0.0 {
                bands.push(band);
            }
        }
        bands
    }

    /// Calls `each` with the people of a group at every part of a place, by hours. A place outside has none.
    fn each(
        &self,
        place: PlaceId,
        group: &PopulationGroup,
        cases: Option<&[f64]>,
        each: &mut impl FnMut(Weight, Service, Service),
    ) {
        let Self { step, clock, .. } = self;
        let of_place = step.after.people_at(place, group);
        // Both regions lay the same people of a place out in the same points.
        for ((part, people), old_part) in of_place.zip(step.before.parts_of(place)) {
            if people == 0 {
                continue;
            }
            let cases = cases.map_or(0.0, |cases| cases[part]);
            for pair in self.hours {
                let who = Weight {
                    people: u64::from(people) * pair.share,
                    cases: cases * pair.share as f64 / super::winners::MILLION as f64,
                };
                let then = self.before.at(pair.before, old_part, clock.before);
                let now = self.after.at(pair.after, part, clock.after);
                each(who, service(then), service(now));
            }
        }
    }
}

fn service(clock: ClockTime) -> Service {
    Service { time: clock.time, within: clock.within.unwrap_or(0.0) }
}
