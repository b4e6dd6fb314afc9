//! Who gains and who loses by a change, standard by standard.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ComparisonError;
use super::winners::{MILLION, Service, Shift, Weight};

use crate::coverage::{
    self, Band, CoverageError, Delta, HourClass, Nearest, NearestQualifying, Reach, Week,
};
use crate::model::{Margin, OverBand, PopulationGroup, Standard};
use crate::region::{PlaceId, Region};
use crate::stats::TimeDistribution;
use crate::units::Seconds;

/// How some people reach care before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ReachChange {
    /// Name of the district or age band.
    pub name: String,
    /// Before.
    pub before: Reach,
    /// After.
    pub after: Reach,
    /// Who of them gains and who loses; of the people of then, where others live there.
    pub shift: Shift,
}

impl ReachChange {
    /// Whether more people are in time after than before, or fewer, or as many, over the whole band of the travel
    /// times; `None` without a band.
    pub fn over_band(&self) -> Option<OverBand> {
        over_band(&self.before, &self.after)
    }
}

/// Whether the share in time rises, falls or stays over the whole band.
fn over_band(before: &Reach, after: &Reach) -> Option<OverBand> {
    let (then, now) = (before.within_limit_band?, after.within_limit_band?);
    // Shares as products of whole numbers: other people may live there after.
    let sign = |then: u64, now: u64| {
        let (then, now) = (u128::from(then), u128::from(now));
        (now * u128::from(before.people)).cmp(&(then * u128::from(after.people)))
    };
    let [quick, slow] = [sign(then.quick, now.quick), sign(then.slow, now.slow)];
    Some(OverBand::of(&sign(before.within_limit, after.within_limit), [&quick, &slow]))
}

/// How one place reaches care before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlaceChange {
    /// Key of the place.
    pub place: String,
    /// Its name.
    pub name: String,
    /// District in which it lies.
    pub district: String,
    /// Who of its people gains and who loses.
    pub shift: Shift,
    /// People of the standard's group, after.
    pub people: u64,
    /// Of them, those who are within the limit now and were not before.
    pub won: u64,
    /// Of them, those who were within the limit before.
    pub within_before: u64,
    /// Of them, those who are within the limit after.
    pub within_after: u64,
    /// Of them, those who were within the limit and no longer are.
    pub lost: u64,
    /// People who reach no hospital within the cut-off now and reached one before, net.
    pub without_way: u64,
    /// Mean time in seconds before.
    pub before_seconds: Option<f64>,
    /// Mean time in seconds after.
    pub after_seconds: Option<f64>,
}

impl PlaceChange {
    /// Seconds that its people travel longer, all together; below 0 when they travel shorter, 0 where a
    /// mean is missing.
    pub fn extra_seconds(&self) -> f64 {
        match (self.before_seconds, self.after_seconds) {
            (Some(before), Some(after)) => (after - before) * self.people as f64,
            _ => 0.0,
        }
    }
}

/// What a change does to a standard.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StandardChange {
    /// The standard.
    pub standard: Standard,
    /// Everybody inside, before.
    pub before: Reach,
    /// Everybody inside, after.
    pub after: Reach,
    /// How it differs over the hours of the week, before.
    pub week_before: Week,
    /// How it differs over the hours of the week, after.
    pub week_after: Week,
    /// Whether any site of the data offers what the standard asks for, before or after.
    pub is_offered: bool,
    /// Whose time falls, whose rises, and by how much.
    pub shift: Shift,
    /// People who are within the limit after and were not before.
    pub won: u64,
    /// People who were within the limit before and are not after.
    pub lost: u64,
    /// By district, in the order of their names.
    pub districts: Vec<ReachChange>,
    /// By age band of the places, the youngest first; empty for places without ages.
    pub bands: Vec<ReachChange>,
    /// By place inside where anything changes: the most people lost first, then the most extra time,
    /// ties by key.
    pub places: Vec<PlaceChange>,
    /// Points of places that were looked up again; all others kept their hospitals.
    pub looked_up: usize,
}

/// Compares one standard on two regions of the same places.
///
/// A point counts as won or lost as a whole, with its people after the change. Where other people live
/// after it, won and lost are what hospitals and journeys do to the people of then: the region before is
/// taken with them. Shares and means before are those of the people before.
///
/// # Errors
///
/// When the requirement names unknown keys, the limit is beyond a region's cut-off, or other people live
/// there after and the region before does not keep its travel model.
pub fn compare_standard(
    before: &Region,
    after: &Region,
    standard: &Standard,
) -> Result<StandardChange, ComparisonError> {
    let mut changes = StandardChange::of_each(before, after, std::slice::from_ref(standard))?;
    // There is one for each standard.
    Ok(changes.swap_remove(0))
}

impl StandardChange {
    /// Whether the share in time rises, falls or stays as it does here over the whole band of the travel times: what
    /// is gained or lost by the times as stated may be nothing, or the reverse, where all journeys are quicker or
    /// slower. `None` without a band, and where no site offers the care.
    pub fn over_band(&self) -> Option<OverBand> {
        if self.is_offered { over_band(&self.before, &self.after) } else { None }
    }

    /// What [`compare_standard`] gives for each of these standards, in their order.
    pub(crate) fn of_each(
        before: &Region,
        after: &Region,
        standards: &[Standard],
    ) -> Result<Vec<Self>, ComparisonError> {
        if standards.is_empty() {
            return Ok(Vec::new());
        }
        // The same for all: to move the people and to hold all journeys side by side takes longer than a standard.
        let then = with_people_of(before, after)?;
        let delta = Delta::new(then.as_ref().unwrap_or(before), after);
        let step = Step { before, after, then: then.as_ref(), delta: &delta };

        let mut changes = Vec::with_capacity(standards.len());
        for standard in standards {
            changes.push(BaseStandard::new(before, standard)?.change(&step)?);
        }
        Ok(changes)
    }
}

/// The way from one region to another of the same places.
pub(super) struct Step<'s> {
    pub(super) before: &'s Region,
    pub(super) after: &'s Region,
    /// The region before with the people of the one after, where those are others.
    pub(super) then: Option<&'s Region>,
    /// From the region before, with the people of then.
    pub(super) delta: &'s Delta,
}

/// A region with the people of another one; `None` where the same people live in both.
pub(super) fn with_people_of(
    before: &Region,
    after: &Region,
) -> Result<Option<Region>, ComparisonError> {
    let (old, new) = (before.places(), after.places());
    let is_other = !std::ptr::eq(old, new) && old != new;
    if is_other { Ok(Some(before.with_people_of(after)?)) } else { Ok(None) }
}

/// A standard of the region before, worked out once for all changes.
#[derive(Debug, Clone)]
pub(super) struct BaseStandard {
    standard: Standard,
    hits: NearestQualifying,
    times: Times,
    week: Week,
    margin: Option<Margin>,
}

impl BaseStandard {
    pub(super) fn new(region: &Region, standard: &Standard) -> Result<Self, CoverageError> {
        coverage::check(region, standard)?;
        let hits = NearestQualifying::find(region, &standard.requirement);
        let times =
            Times::of(region, hits.nearest(), standard, bands(region, &standard.population));
        let week = week(region, standard, &times);
        let margin = region.margin().cloned();
        Ok(Self { standard: standard.clone(), hits, times, week, margin })
    }

    pub(super) fn standard(&self) -> &Standard {
        &self.standard
    }

    /// What changes.
    pub(super) fn change(&self, step: &Step<'_>) -> Result<StandardChange, ComparisonError> {
        let standard = &self.standard;
        coverage::check(step.after, standard)?;
        let Some(then) = step.then else {
            let moved = self.moved(step.before, step);
            return Ok(self.beside(moved, &self.times));
        };
        // Other people are laid out in other points: who won and lost is asked of the points of after.
        let moved = Self::new(then, standard)?.moved(then, step);
        let bands = bands(step.after, &standard.population);
        if bands == self.times.groups() {
            return Ok(self.beside(moved, &self.times));
        }
        // The people of the one after come in other bands: those before are counted in them, too.
        let times = Times::of(step.before, self.hits.nearest(), standard, bands);
        Ok(self.beside(moved, &times))
    }

    /// What changes for the same people: worked out from the places that have a point whose hits were
    /// looked up again. `before` is the region before with the people of then.
    fn moved(&self, before: &Region, step: &Step<'_>) -> Moved {
        let after = step.after;
        let updated = step.delta.update(&self.hits);
        let old = Served { region: before, nearest: self.hits.nearest() };
        let new = Served { region: after, nearest: &updated.nearest };

        let mut times = self.times.clone();
        let mut places = Vec::new();
        let (mut won, mut lost) = (0, 0);
        let mut shifts = Shifts::of(&self.times);
        // All other places keep their hospitals, and their people: only these are counted anew.
        for place in touched(after, &updated.looked_up) {
            times.count(old, place, TimeDistribution::remove);
            times.count(new, place, TimeDistribution::add);
            let change = place_change(old, new, place, &self.standard);
            won += change.won;
            lost += change.lost;
            shifts.add(&change, old, new, Among { place, limit: self.standard.limit() });
            if !change.shift.is_nothing() {
                places.push(change);
            }
        }
        places.sort_by(|a, b| {
            let extra = b.extra_seconds().total_cmp(&a.extra_seconds());
            b.lost.cmp(&a.lost).then(extra).then_with(|| a.place.cmp(&b.place))
        });

        let week = week(after, &self.standard, &times);
        let is_offered = !updated.set.is_empty() || week.has_part_time();
        let looked_up = updated.looked_up.len();
        let margin = after.margin().cloned();
        Moved { times, week, margin, is_offered, shifts, won, lost, places, looked_up }
    }

    /// The figures of both.
    fn beside(&self, moved: Moved, before: &Times) -> StandardChange {
        let (standard, after) = (&self.standard, &moved.times);
        let limit = standard.limit();
        let reach_before =
            |times: &TimeDistribution| Reach::over_band(times, limit, self.margin.as_ref());
        let reach_after =
            |times: &TimeDistribution| Reach::over_band(times, limit, moved.margin.as_ref());
        let mut districts = Vec::new();
        for (name, after) in &after.districts {
            // A district that nobody lived in before has nothing to be held against.
            let Some(before) = before.districts.get(name) else { continue };
            let (before, after) = (reach_before(before), reach_after(after));
            let shift = moved.shifts.districts.get(name).copied().unwrap_or_default();
            districts.push(ReachChange { name: name.clone(), before, after, shift });
        }
        let mut bands = Vec::new();
        for ((group, before), (_, after)) in before.bands.iter().zip(&after.bands) {
            let shift = moved.shifts.of_band(group);
            let (before, after) = (reach_before(before), reach_after(after));
            // Nobody of the group has these ages, before or after: a row of zeros says nothing.
            if before.people + after.people > 0 {
                bands.push(ReachChange { name: group.label(), before, after, shift });
            }
        }

        let was_offered = !self.hits.set().is_empty() || self.week.has_part_time();
        StandardChange {
            standard: standard.clone(),
            before: reach_before(&before.total),
            after: reach_after(&after.total),
            week_before: self.week.clone(),
            week_after: moved.week,
            is_offered: was_offered || moved.is_offered,
            shift: moved.shifts.all,
            won: moved.won,
            lost: moved.lost,
            districts,
            bands,
            places: moved.places,
            looked_up: moved.looked_up,
        }
    }
}

/// A region with the nearest hospitals of a standard.
#[derive(Clone, Copy)]
struct Served<'r> {
    region: &'r Region,
    nearest: &'r Nearest,
}

impl Served<'_> {
    fn time(self, part: usize) -> Option<Seconds> {
        Some(self.nearest.first(part)?.1)
    }
}

/// How a standard differs over the hours of the week.
fn week(region: &Region, standard: &Standard, times: &Times) -> Week {
    let (total, limit) = (&times.total, standard.limit());
    let within = |limit: Seconds| total.within(limit);
    let band = region.margin().map(|margin| Band::of(margin, limit, within));
    Week::of(region, standard, total.people(), HourClass::always(within(limit), band))
}

/// What a change does to the same people: their times after it, and who won and lost.
struct Moved {
    times: Times,
    week: Week,
    margin: Option<Margin>,
    /// Whether any site offers it after the change.
    is_offered: bool,
    shifts: Shifts,
    won: u64,
    lost: u64,
    places: Vec<PlaceChange>,
    looked_up: usize,
}

/// Who gains and who loses: of everybody inside, by district and by age band.
struct Shifts {
    all: Shift,
    districts: BTreeMap<String, Shift>,
    bands: Vec<BandShift>,
}

/// Who of an age band gains and who loses.
struct BandShift {
    group: PopulationGroup,
    shift: Shift,
}

/// The people of one place, with the limit within which they are in time.
#[derive(Clone, Copy)]
struct Among {
    place: PlaceId,
    limit: Seconds,
}

impl Shifts {
    /// Of nobody yet, by the bands of these times.
    fn of(times: &Times) -> Self {
        let mut bands = Vec::with_capacity(times.bands.len());
        for (group, _) in &times.bands {
            bands.push(BandShift { group: *group, shift: Shift::default() });
        }
        Self { all: Shift::default(), districts: BTreeMap::new(), bands }
    }

    /// Adds a place whose change is known.
    fn add(&mut self, change: &PlaceChange, old: Served<'_>, new: Served<'_>, among: Among) {
        self.all = self.all.and(change.shift);
        let district = self.districts.entry(change.district.clone()).or_default();
        *district = district.and(change.shift);
        // People of a point have one time, whatever their age: where nobody is moved, no age is.
        if !change.shift.is_nothing() {
            for band in &mut self.bands {
                band.shift = band.shift.and(shift_at(old, new, among, &band.group));
            }
        }
    }

    fn of_band(&self, group: &PopulationGroup) -> Shift {
        let band = self.bands.iter().find(|band| band.group == *group);
        band.map_or_else(Shift::default, |band| band.shift)
    }
}

/// Who of a group at one place gains and who loses.
fn shift_at(old: Served<'_>, new: Served<'_>, among: Among, group: &PopulationGroup) -> Shift {
    let mut shift = Shift::default();
    let service = |time: Option<Seconds>| Service {
        time,
        within: f64::from(u8::from(time.is_some_and(|time| time <= among.limit))),
    };
    // Both regions lay the same people of a place out in the same points.
    let people = new.region.people_at(among.place, group);
    for (old_part, (part, people)) in old.region.parts_of(among.place).zip(people) {
        let who = Weight { people: u64::from(people) * MILLION, cases: 0.0 };
        if people > 0 {
            shift.add(who, service(old.time(old_part)), service(new.time(part)));
        }
    }
    shift
}

/// Places inside, rising, that have a point that was looked up again.
fn touched(region: &Region, looked_up: &[u32]) -> Vec<PlaceId> {
    let mut is_touched = vec![false; region.places().places.len()];
    for part in looked_up {
        is_touched[region.parts()[*part as usize].place.index()] = true;
    }
    let mut places = Vec::new();
    for id in region.place_ids() {
        if is_touched[id.index()] && !region.place(id).outside {
            places.push(id);
        }
    }
    places
}

fn place_change(
    old: Served<'_>,
    new: Served<'_>,
    place: PlaceId,
    standard: &Standard,
) -> PlaceChange {
    let limit = standard.limit();
    let is_within = |time: Option<Seconds>| time.is_some_and(|time| time <= limit);
    let mut was = TimeDistribution::new();
    let mut is = TimeDistribution::new();
    let (mut won, mut lost) = (0, 0);
    // Both regions lay the same people of a place out in the same points.
    let people = new.region.people_at(place, &standard.population);
    for (old_part, (part, people)) in old.region.parts_of(place).zip(people) {
        let people = u64::from(people);
        let (then, now) = (old.time(old_part), new.time(part));
        was.add(then, people);
        is.add(now, people);
        match (is_within(then), is_within(now)) {
            (false, true) => won += people,
            (true, false) => lost += people,
            _ => {}
        }
    }
    let described = new.region.place(place);
    PlaceChange {
        place: described.key.clone(),
        name: described.name.clone(),
        district: described.district.clone(),
        shift: shift_at(old, new, Among { place, limit }, &standard.population),
        people: is.people(),
        within_before: was.within(limit),
        within_after: is.within(limit),
        won,
        lost,
        without_way: is.unreached().saturating_sub(was.unreached()),
        before_seconds: was.mean_seconds(),
        after_seconds: is.mean_seconds(),
    }
}

/// The parts of a group of people by the age bands of a region's places, the youngest first.
pub(super) fn bands(region: &Region, asked: &PopulationGroup) -> Vec<PopulationGroup> {
    let mut groups = Vec::new();
    for band in &region.places().bands {
        let begins_in_time = band.from <= asked.to.unwrap_or(u8::MAX);
        if begins_in_time && asked.from <= band.to.unwrap_or(u8::MAX) {
            // A band that the group cuts counts in part: of 18 to 44 years a group from 20 has those from 20 on.
            let to = [band.to, asked.to].into_iter().flatten().min();
            groups.push(PopulationGroup { sex: asked.sex, from: band.from.max(asked.from), to });
        }
    }
    groups
}

/// Times of a standard's group: of everybody inside, by district and by age band.
#[derive(Debug, Clone)]
struct Times {
    group: PopulationGroup,
    total: TimeDistribution,
    districts: BTreeMap<String, TimeDistribution>,
    bands: Vec<(PopulationGroup, TimeDistribution)>,
}

impl Times {
    fn of(
        region: &Region,
        nearest: &Nearest,
        standard: &Standard,
        bands: Vec<PopulationGroup>,
    ) -> Self {
        let mut times = Self {
            group: standard.population,
            total: TimeDistribution::new(),
            districts: BTreeMap::new(),
            bands: Vec::with_capacity(bands.len()),
        };
        for band in bands {
            times.bands.push((band, TimeDistribution::new()));
        }
        for place in region.place_ids() {
            times.count(Served { region, nearest }, place, TimeDistribution::add);
        }
        times
    }

    fn groups(&self) -> Vec<PopulationGroup> {
        self.bands.iter().map(|(group, _)| *group).collect()
    }

    /// Adds a place, or takes it away; places outside do not count.
    fn count(
        &mut self,
        served: Served<'_>,
        place: PlaceId,
        with: fn(&mut TimeDistribution, Option<Seconds>, u64),
    ) {
        let region = served.region;
        let described = region.place(place);
        if described.outside {
            return;
        }
        // `entry` would copy the name for every place.
        let district = match self.districts.get_mut(&described.district) {
            Some(district) => district,
            None => self.districts.entry(described.district.clone()).or_default(),
        };
        for (part, people) in region.people_at(place, &self.group) {
            with(&mut self.total, served.time(part), u64::from(people));
            with(district, served.time(part), u64::from(people));
        }
        for (group, times) in &mut self.bands {
            for (part, people) in region.people_at(place, group) {
                with(times, served.time(part), u64::from(people));
            }
        }
    }
}
