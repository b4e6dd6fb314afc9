//! Who gains and who loses by a change, standard by standard.

use std::collections::BTreeMap;

use super::ComparisonError;
use crate::coverage::{self, CoverageError, Delta, Nearest, NearestQualifying, Reach, Week};
use crate::model::{PopulationGroup, Standard};
use crate::region::{PlaceId, Region};
use crate::stats::TimeDistribution;
use crate::units::Seconds;

/// How some people reach care before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct ReachChange {
    /// Name of the district or age band.
    pub name: String,
    /// Before.
    pub before: Reach,
    /// After.
    pub after: Reach,
}

/// How one place reaches care before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceChange {
    /// Key of the place.
    pub place: String,
    /// Its name.
    pub name: String,
    /// People of the standard's group, after.
    pub people: u64,
    /// Of them, those who are within the limit now and were not before.
    pub won: u64,
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
#[derive(Debug, Clone, PartialEq)]
pub struct StandardChange {
    /// The standard.
    pub standard: Standard,
    /// Everybody inside, before.
    pub before: Reach,
    /// Everybody inside, after.
    pub after: Reach,
    /// How it differs over the hours of the week, before.
    pub week_before: Week,
    /// The same after.
    pub week_after: Week,
    /// Whether any site of the data offers what the standard asks for, before or after.
    pub is_offered: bool,
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
    (before, after): (&Region, &Region),
    standard: &Standard,
) -> Result<StandardChange, ComparisonError> {
    let then = with_people_of(before, after)?;
    let delta = Delta::new(then.as_ref().unwrap_or(before), after);
    BaseStandard::new(before, standard)?.change((before, after), (then.as_ref(), &delta))
}

/// A region with the people of another one; `None` where the same people live in both.
pub(super) fn with_people_of(
    before: &Region,
    after: &Region,
) -> Result<Option<Region>, ComparisonError> {
    let (old, new) = (before.places(), after.places());
    let is_other = !std::ptr::eq(old, new) && old != new;
    Ok(is_other.then(|| before.with_people_of(after)).transpose()?)
}

/// A standard of the region before, worked out once for all changes.
#[derive(Debug, Clone)]
pub(super) struct BaseStandard {
    standard: Standard,
    hits: NearestQualifying,
    times: Times,
    week: Week,
}

impl BaseStandard {
    pub(super) fn new(region: &Region, standard: &Standard) -> Result<Self, CoverageError> {
        coverage::check(region, standard)?;
        let hits = NearestQualifying::find(region, &standard.requirement);
        let times = Times::of(region, hits.nearest(), standard, bands(region, standard));
        let week = week(region, standard, &times);
        Ok(Self { standard: standard.clone(), hits, times, week })
    }

    pub(super) fn standard(&self) -> &Standard {
        &self.standard
    }

    /// What changes. `then` is the region before with the people of the one after, where those are others;
    /// the delta is from it.
    pub(super) fn change(
        &self,
        (before, after): (&Region, &Region),
        (then, delta): (Option<&Region>, &Delta<'_>),
    ) -> Result<StandardChange, ComparisonError> {
        let standard = &self.standard;
        coverage::check(after, standard)?;
        let Some(then) = then else {
            let moved = self.moved((before, after), delta);
            return Ok(self.beside(moved, &self.times));
        };
        let moved = Self::new(then, standard)?.moved((then, after), delta);
        let own = bands(after, standard);
        Ok(if own == self.times.groups() {
            self.beside(moved, &self.times)
        } else {
            self.beside(moved, &Times::of(before, self.hits.nearest(), standard, own))
        })
    }

    /// What changes for the same people: worked out from the places that have a point whose hits were
    /// looked up again.
    fn moved(&self, (before, after): (&Region, &Region), delta: &Delta<'_>) -> Moved {
        let updated = delta.update(&self.hits);
        let (old, new) = ((before, self.hits.nearest()), (after, &updated.nearest));
        let (mut times, mut places) = (self.times.clone(), Vec::new());
        let (mut won, mut lost) = (0, 0);
        for place in touched(after, &updated.looked_up) {
            times.count(old, place, TimeDistribution::remove);
            times.count(new, place, TimeDistribution::add);
            let own = place_change(old, new, place, &self.standard);
            won += own.won;
            lost += own.lost;
            let is_changed = own.won > 0 || own.lost > 0 || own.without_way > 0;
            if is_changed || own.before_seconds != own.after_seconds {
                places.push(own);
            }
        }
        places.sort_by(|a, b| {
            let extra = b.extra_seconds().total_cmp(&a.extra_seconds());
            b.lost.cmp(&a.lost).then(extra).then_with(|| a.place.cmp(&b.place))
        });
        let week = week(after, &self.standard, &times);
        let is_offered = !updated.set.is_empty() || week.has_part_time();
        let looked_up = updated.looked_up.len();
        Moved { times, week, is_offered, won, lost, places, looked_up }
    }

    /// The figures of both.
    fn beside(&self, moved: Moved, before: &Times) -> StandardChange {
        let (standard, after) = (&self.standard, &moved.times);
        let reach = |times: &TimeDistribution| Reach::of(times, standard.limit());
        let pair = |name: &str, before: &TimeDistribution, after: &TimeDistribution| ReachChange {
            name: name.to_owned(),
            before: reach(before),
            after: reach(after),
        };
        let districts = after.districts.iter().filter_map(|(name, after)| {
            before.districts.get(name).map(|before| pair(name, before, after))
        });
        let bands = before.bands.iter().zip(&after.bands);
        let bands = bands.map(|((group, before), (_, after))| pair(&group.label(), before, after));
        let was_offered = !self.hits.set().is_empty() || self.week.has_part_time();
        StandardChange {
            standard: standard.clone(),
            before: reach(&before.total),
            after: reach(&after.total),
            week_before: self.week.clone(),
            week_after: moved.week,
            is_offered: was_offered || moved.is_offered,
            won: moved.won,
            lost: moved.lost,
            districts: districts.collect(),
            bands: bands.filter(|one| one.before.people + one.after.people > 0).collect(),
            places: moved.places,
            looked_up: moved.looked_up,
        }
    }
}

/// How a standard differs over the hours of the week.
fn week(region: &Region, standard: &Standard, times: &Times) -> Week {
    let total = &times.total;
    Week::of(region, standard, total.people(), total.within(standard.limit()))
}

/// What a change does to the same people: their times after it, and who won and lost.
struct Moved {
    times: Times,
    week: Week,
    /// Whether any site offers it after the change.
    is_offered: bool,
    won: u64,
    lost: u64,
    places: Vec<PlaceChange>,
    looked_up: usize,
}

/// Places inside, rising, that have a point that was looked up again.
fn touched(region: &Region, looked_up: &[u32]) -> Vec<PlaceId> {
    let mut is_touched = vec![false; region.places().places.len()];
    for part in looked_up {
        is_touched[region.parts()[*part as usize].place.index()] = true;
    }
    let inside = region.place_ids().filter(|id| !region.place(*id).outside);
    inside.filter(|id| is_touched[id.index()]).collect()
}

fn place_change(
    (before, old): (&Region, &Nearest),
    (after, new): (&Region, &Nearest),
    place: PlaceId,
    standard: &Standard,
) -> PlaceChange {
    let limit = standard.limit();
    let (mut was, mut is) = (TimeDistribution::new(), TimeDistribution::new());
    let (mut won, mut lost) = (0, 0);
    let people = after.people_at(place, &standard.population);
    for (old_part, (part, people)) in before.parts_of(place).zip(people) {
        let people = u64::from(people);
        let (then, now) = (time(old, old_part), time(new, part));
        was.add(then, people);
        is.add(now, people);
        let is_within = |time: Option<Seconds>| time.is_some_and(|time| time <= limit);
        match (is_within(then), is_within(now)) {
            (false, true) => won += people,
            (true, false) => lost += people,
            _ => {}
        }
    }
    let described = after.place(place);
    PlaceChange {
        place: described.key.clone(),
        name: described.name.clone(),
        people: is.people(),
        won,
        lost,
        without_way: is.unreached().saturating_sub(was.unreached()),
        before_seconds: was.mean_seconds(),
        after_seconds: is.mean_seconds(),
    }
}

fn time(nearest: &Nearest, part: usize) -> Option<Seconds> {
    nearest.first(part).map(|(_, time)| time)
}

/// The parts of a standard's group by the age bands of a region's places, the youngest first.
fn bands(region: &Region, standard: &Standard) -> Vec<PopulationGroup> {
    let asked = &standard.population;
    let bands = region.places().bands.iter().filter(|band| {
        band.from <= asked.to.unwrap_or(u8::MAX) && asked.from <= band.to.unwrap_or(u8::MAX)
    });
    let groups = bands.map(|band| {
        let to = [band.to, asked.to].into_iter().flatten().min();
        PopulationGroup { sex: asked.sex, from: band.from.max(asked.from), to }
    });
    groups.collect()
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
            bands: bands.into_iter().map(|band| (band, TimeDistribution::new())).collect(),
        };
        for place in region.place_ids() {
            times.count((region, nearest), place, TimeDistribution::add);
        }
        times
    }

    fn groups(&self) -> Vec<PopulationGroup> {
        self.bands.iter().map(|(group, _)| *group).collect()
    }

    /// Adds a place, or takes it away; places outside do not count.
    fn count(
        &mut self,
        (region, nearest): (&Region, &Nearest),
        place: PlaceId,
        with: fn(&mut TimeDistribution, Option<Seconds>, u64),
    ) {
        let described = region.place(place);
        if described.outside {
            return;
        }
        let district = match self.districts.get_mut(&described.district) {
            Some(district) => district,
            None => self.districts.entry(described.district.clone()).or_default(),
        };
        for (part, people) in region.people_at(place, &self.group) {
            with(&mut self.total, time(nearest, part), u64::from(people));
            with(district, time(nearest, part), u64::from(people));
        }
        for (group, times) in &mut self.bands {
            for (part, people) in region.people_at(place, group) {
                with(times, time(nearest, part), u64::from(people));
            }
        }
    }
}
