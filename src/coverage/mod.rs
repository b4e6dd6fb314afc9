//! Who reaches care that meets a standard, in what time.
//!
//! What is open in some hour of the week counts. [`Coverage::week`] says what of it holds in which hours, and
//! [`Region::in_hour`] gives the region of one hour, in which only what is open then counts.

mod nearest;
mod update;
mod week;

pub use nearest::{HospitalSet, Nearest};
pub use update::{Delta, Hits, Updated};
pub use week::{HourClass, PartTime, Week};

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::model::{
    Answer, HospitalId, PopulationGroup, Requirement, Standard, UnknownSite, closest,
};
use crate::region::{PlaceId, Region};
use crate::stats::TimeDistribution;
use crate::units::Seconds;

/// Minutes for which every result says how many people reach care.
pub const MINUTES: [u32; 4] = [15, 30, 45, 60];

/// How people reach care: counts and times, weighted by people.
///
/// Limits are inclusive: a journey of exactly the limit is in time. People who reach no hospital
/// within the region's cut-off are in `people` and in every quantile, but not in the mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// People of the standard's group.
    pub people: u64,
    /// People within 15, 30, 45 and 60 minutes.
    pub within: [u64; 4],
    /// People within the standard's limit.
    pub within_limit: u64,
    /// People who reach no hospital at all.
    pub unreached: u64,
    /// Mean time in seconds of those who reach one.
    pub mean_seconds: Option<f64>,
    /// Median time, as [`TimeDistribution::median`] has it.
    pub median: Option<Seconds>,
    /// Time that 90 % of the people do not exceed.
    pub p90: Option<Seconds>,
    /// Time that 95 % of the people do not exceed.
    pub p95: Option<Seconds>,
    /// Longest time of anybody who reaches one.
    pub longest: Option<Seconds>,
}

impl Reach {
    /// The figures of a distribution of times.
    pub fn of(times: &TimeDistribution, limit: Seconds) -> Self {
        Self {
            people: times.people(),
            within: MINUTES.map(|minutes| times.within(Seconds::from_minutes(minutes))),
            within_limit: times.within(limit),
            unreached: times.unreached(),
            mean_seconds: times.mean_seconds(),
            median: times.median(),
            p90: times.quantile(0.9),
            p95: times.quantile(0.95),
            longest: times.longest(),
        }
    }

    /// The share of people within the limit, 0 to 1; `None` when there is nobody.
    pub fn share_within_limit(&self) -> Option<f64> {
        share(self.within_limit, self.people)
    }
}

/// A share from 0 to 1; `None` of nobody.
///
/// ```
/// use verbund::coverage::share;
///
/// assert_eq!(share(1, 4), Some(0.25));
/// assert_eq!(share(0, 0), None);
/// ```
pub fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// How one place reaches care.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceCoverage {
    /// The place.
    pub place: PlaceId,
    /// Its people of the standard's group.
    pub people: u64,
    /// Those within the limit.
    pub within_limit: u64,
    /// The hospital that is nearest to most of them; ties to the smaller id.
    pub nearest: Option<HospitalId>,
    /// Their mean time in seconds, each to the own nearest hospital.
    pub mean_seconds: Option<f64>,
    /// The longest of their times.
    pub longest: Option<Seconds>,
    /// The hospital other than `nearest` that is nearest or second nearest to most of them; ties to
    /// the smaller id.
    pub second: Option<HospitalId>,
    /// Mean extra seconds if each one's nearest hospital fails: second nearest minus nearest.
    /// `None` where somebody has no second one.
    pub backup_seconds: Option<f64>,
}

impl PlaceCoverage {
    /// People beyond the limit or without any hospital.
    pub fn beyond_limit(&self) -> u64 {
        self.people - self.within_limit
    }
}

/// For whom a hospital is the nearest that meets the standard.
#[derive(Debug, Clone, PartialEq)]
pub struct Catchment {
    /// The hospital.
    pub hospital: HospitalId,
    /// People to whom it is the nearest.
    pub people: u64,
    /// Places where it is the nearest to somebody.
    pub places: usize,
    /// Their mean time in seconds.
    pub mean_seconds: Option<f64>,
    /// People within the limit now who would be beyond it, or without any hospital, if it closed.
    pub newly_beyond_if_closed: u64,
    /// Mean extra seconds of its people if it closed, over those who have a second hospital.
    pub backup_seconds: Option<f64>,
}

/// Who reaches a hospital that meets a standard, in what time.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// The standard.
    pub standard: Standard,
    /// Hospitals that meet it in some hour of the week, or in the hour of the region, by id.
    pub hospitals: Vec<HospitalId>,
    /// How it differs over the hours of the week.
    pub week: Week,
    /// Hospitals of which the data do not say whether they meet it, by id: they do not count.
    pub unknown: Vec<UnknownSite>,
    /// People who would be within the limit if those hospitals met it, too.
    pub within_limit_at_best: u64,
    /// The whole region.
    pub total: Reach,
    /// By district, in the order of their names.
    pub districts: Vec<(String, Reach)>,
    /// By place inside the region, in the order of the places.
    pub places: Vec<PlaceCoverage>,
    /// By hospital that is the nearest to anybody: the most people first, ties by id.
    pub catchments: Vec<Catchment>,
}

impl Coverage {
    /// Whether any site of the data offers what the standard asks for, in whatever hour. Where none does,
    /// nobody knows who is in time: the data may be without it.
    pub fn is_offered(&self) -> bool {
        !self.hospitals.is_empty() || self.week.has_part_time()
    }

    /// The share of people within the limit, 0 to 1; `None` when there is nobody, or when no site of the
    /// data offers what the standard asks for.
    pub fn share_within_limit(&self) -> Option<f64> {
        self.total.share_within_limit().filter(|_| self.is_offered())
    }

    /// Whether everybody is within the limit: `None` when there is nobody, or when no site of the data
    /// offers what the standard asks for.
    pub fn is_met(&self) -> Option<bool> {
        self.share_within_limit().map(|_| self.total.within_limit == self.total.people)
    }

    /// The verdict that everybody is within the limit: unknown where there is nobody, where no site of the
    /// data offers what the standard asks for, and where everybody would be if hospitals met it of which
    /// the data do not say whether they do.
    ///
    /// ```
    /// use verbund::model::Answer;
    /// use verbund::{Region, coverage};
    ///
    /// let region = Region::open("networks/small")?;
    /// let verdict = |key: &str| {
    ///     let standard = region.network().catalog().standard(key).unwrap();
    ///     coverage::evaluate(&region, standard).map(|coverage| coverage.answer())
    /// };
    /// assert_eq!(verdict("ct")?, Answer::DoesNot); // Edorf is 35 minutes away
    /// assert_eq!(verdict("cath_lab")?, Answer::Unknown); // no hospital of the data has one
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn answer(&self) -> Answer {
        match self.is_met() {
            None => Answer::Unknown,
            Some(true) => Answer::Meets,
            Some(false) if self.within_limit_at_best == self.total.people => Answer::Unknown,
            Some(false) => Answer::DoesNot,
        }
    }

    /// The share of people within the limit if all hospitals qualified of which the data do not say whether they
    /// do, 0 to 1; `None` where nobody lives there, or where no hospital offers it and none may.
    pub fn share_at_best(&self) -> Option<f64> {
        let may_be_offered = self.is_offered() || !self.unknown.is_empty();
        share(self.within_limit_at_best, self.total.people).filter(|_| may_be_offered)
    }

    /// Whether more people would be within the limit if the hospitals qualified of which the data do not say
    /// whether they do.
    pub fn has_doubts(&self) -> bool {
        self.within_limit_at_best != self.total.within_limit
    }

    /// Places with people beyond the limit: the most people first, ties in the order of the places.
    pub fn gaps(&self) -> Vec<&PlaceCoverage> {
        let mut gaps: Vec<_> =
            self.places.iter().filter(|place| place.beyond_limit() > 0).collect();
        gaps.sort_by_key(|place| std::cmp::Reverse(place.beyond_limit()));
        gaps
    }

    /// Hospitals whose closure would put people beyond the limit: the most people first.
    pub fn single_points_of_failure(&self) -> Vec<&Catchment> {
        let mut found: Vec<_> =
            self.catchments.iter().filter(|one| one.newly_beyond_if_closed > 0).collect();
        found.sort_by_key(|one| (std::cmp::Reverse(one.newly_beyond_if_closed), one.hospital));
        found
    }
}

/// Why a standard cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CoverageError {
    /// The requirement names a specialty or facility that the catalog does not have.
    #[error("unknown key \"{key}\" in standard \"{standard}\"{}", .closest.as_ref().map_or_else(String::new, |near| format!("; did you mean \"{near}\"?")))]
    UnknownKey {
        /// The standard.
        standard: String,
        /// The key.
        key: String,
        /// The closest existing key.
        closest: Option<String>,
    },
    /// The limit is longer than the journeys that the region keeps.
    #[error(
        "the limit of standard \"{standard}\" is {limit}, but the region keeps journeys up to {cutoff} only"
    )]
    LimitBeyondCutoff {
        /// The standard.
        standard: String,
        /// Its limit.
        limit: Seconds,
        /// The region's cut-off.
        cutoff: Seconds,
    },
}

/// Who reaches a hospital that meets the standard, in what time.
///
/// Every part of a place goes to its nearest hospital that meets the requirement, inside or
/// outside of the region; ties go to the smaller key. People of places outside never count.
///
/// A hospital counts when it meets the requirement in some hour of the week; in a region of one hour
/// ([`Region::in_hour`]), when it does in that one.
///
/// # Errors
///
/// When the requirement names unknown keys or the limit is beyond the region's cut-off.
///
/// ```
/// use verbund::{Region, coverage};
///
/// let region = Region::leipzig()?;
/// let standard = region.network().catalog().standard("stroke_unit").unwrap();
/// let coverage = coverage::evaluate(&region, standard)?;
/// assert_eq!(coverage.total.people, 1_058_179);
/// assert!(coverage.total.within[1] == coverage.total.within_limit); // the limit is 30 minutes
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn evaluate(region: &Region, standard: &Standard) -> Result<Coverage, CoverageError> {
    check(region, standard)?;
    let set = HospitalSet::meeting(region.network(), &standard.requirement);
    let nearest = Nearest::find(region.times(), region.parts().len(), &set);
    let people = region.people(&standard.population);
    let limit = standard.limit();

    let mut total = TimeDistribution::new();
    let mut districts: BTreeMap<&str, TimeDistribution> = BTreeMap::new();
    let mut places = Vec::new();
    for id in region.place_ids() {
        let place = region.place(id);
        if place.outside {
            continue;
        }
        let mut times = TimeDistribution::new();
        let district = districts.entry(&place.district).or_default();
        for part in region.parts_of(id) {
            let time = nearest.first(part).map(|(_, time)| time);
            for distribution in [&mut total, district, &mut times] {
                distribution.add(time, u64::from(people[part]));
            }
        }
        places.push(place_coverage(region, id, &nearest, &people, (&times, limit)));
    }
    let districts = districts
        .into_iter()
        .map(|(name, times)| (name.to_owned(), Reach::of(&times, limit)))
        .collect();
    let total = Reach::of(&total, limit);
    let unknown = standard.requirement.unknown_sites(region.network());
    let within_limit_at_best = match &unknown[..] {
        [] => total.within_limit,
        unknown => within_at_best(region, standard, (&set, unknown)),
    };
    Ok(Coverage {
        standard: standard.clone(),
        hospitals: set.ids(),
        unknown,
        within_limit_at_best,
        week: Week::of(region, standard, total.people, total.within_limit),
        total,
        districts,
        places,
        catchments: catchments(region, &nearest, &people, limit),
    })
}

/// People inside who would be within the limit if hospitals met the standard of which nobody knows.
fn within_at_best(
    region: &Region,
    standard: &Standard,
    (set, unknown): (&HospitalSet, &[UnknownSite]),
) -> u64 {
    let is_unknown = |id: HospitalId| unknown.iter().any(|site| site.hospital == id);
    let hoped =
        HospitalSet::filter(region.network().ids(), |id| set.contains(id) || is_unknown(id));
    let nearest = Nearest::find(region.times(), region.parts().len(), &hoped);
    let mut within = 0;
    for (part, count) in region.people(&standard.population).into_iter().enumerate() {
        let is_inside = !region.place(region.parts()[part].place).outside;
        let time = nearest.first(part).map(|(_, time)| time);
        if is_inside && time.is_some_and(|time| time <= standard.limit()) {
            within += u64::from(count);
        }
    }
    within
}

/// The same for several standards, in parallel and in their order.
///
/// # Errors
///
/// Those of the first standard that cannot be evaluated.
///
/// ```
/// use verbund::{Region, coverage};
///
/// let region = Region::leipzig()?;
/// let standards = &region.network().catalog().standards;
/// let all = coverage::evaluate_all(&region, standards)?;
/// assert_eq!(all.len(), standards.len());
/// assert_eq!(all[0], coverage::evaluate(&region, &standards[0])?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn evaluate_all(
    region: &Region,
    standards: &[Standard],
) -> Result<Vec<Coverage>, CoverageError> {
    let each = standards.par_iter().map(|standard| evaluate(region, standard));
    let found: Vec<Result<Coverage, CoverageError>> = each.collect();
    found.into_iter().collect()
}

/// Checks that a standard can be evaluated on a region.
pub(crate) fn check(region: &Region, standard: &Standard) -> Result<(), CoverageError> {
    let catalog = region.network().catalog();
    for leaf in standard.requirement.leaves() {
        let unknown = match leaf {
            Requirement::Specialty(key) if catalog.specialty(key).is_none() => {
                let known = catalog.specialties.iter().map(|one| one.key.as_str());
                Some((key, closest(key, known)))
            }
            Requirement::Facility { kind, .. } if catalog.facility(kind).is_none() => {
                let known = catalog.facilities.iter().map(|one| one.key.as_str());
                Some((kind, closest(kind, known)))
            }
            _ => None,
        };
        if let Some((key, closest)) = unknown {
            let (standard, key) = (standard.key.clone(), key.clone());
            return Err(CoverageError::UnknownKey { standard, key, closest });
        }
    }
    let cutoff = region.times().cutoff();
    if standard.limit() > cutoff {
        let standard_key = standard.key.clone();
        return Err(CoverageError::LimitBeyondCutoff {
            standard: standard_key,
            limit: standard.limit(),
            cutoff,
        });
    }
    Ok(())
}

fn place_coverage(
    region: &Region,
    id: PlaceId,
    nearest: &Nearest,
    people: &[u32],
    (times, limit): (&TimeDistribution, Seconds),
) -> PlaceCoverage {
    let mut first: BTreeMap<HospitalId, u64> = BTreeMap::new();
    let mut either: BTreeMap<HospitalId, u64> = BTreeMap::new();
    let (mut backup, mut with_second) = (0, 0);
    for part in region.parts_of(id) {
        let count = u64::from(people[part]);
        let (Some((hospital, time)), next) = (nearest.first(part), nearest.second(part)) else {
            continue;
        };
        *first.entry(hospital).or_default() += count;
        *either.entry(hospital).or_default() += count;
        if let Some((other, other_time)) = next {
            *either.entry(other).or_default() += count;
            backup += count * u64::from((other_time - time).0);
            with_second += count;
        }
    }
    let of_most = |counts: &BTreeMap<HospitalId, u64>| {
        let most = counts.iter().max_by_key(|(id, people)| (**people, std::cmp::Reverse(**id)));
        most.map(|(id, _)| *id)
    };
    let nearest = of_most(&first);
    if let Some(nearest) = nearest {
        either.remove(&nearest);
    }
    let complete = with_second > 0 && with_second == times.people();
    PlaceCoverage {
        place: id,
        people: times.people(),
        within_limit: times.within(limit),
        nearest,
        mean_seconds: times.mean_seconds(),
        longest: times.longest(),
        second: of_most(&either),
        backup_seconds: complete.then(|| backup as f64 / with_second as f64),
    }
}

/// Sums over the people of each hospital.
#[derive(Default, Clone)]
struct Served {
    people: u64,
    places: usize,
    last_place: Option<PlaceId>,
    seconds: u64,
    newly_beyond: u64,
    with_second: u64,
    extra: u64,
}

fn catchments(
    region: &Region,
    nearest: &Nearest,
    people: &[u32],
    limit: Seconds,
) -> Vec<Catchment> {
    let mut served = vec![Served::default(); region.network().hospitals().len()];
    for (part, &count) in people.iter().enumerate() {
        let Some((hospital, time)) = nearest.first(part).filter(|_| count > 0) else { continue };
        let count = u64::from(count);
        let own = &mut served[hospital.index()];
        own.people += count;
        own.seconds += count * u64::from(time.0);
        let place = region.parts()[part].place;
        if own.last_place != Some(place) {
            own.places += 1;
            own.last_place = Some(place);
        }
        let second = nearest.second(part).map(|(_, time)| time);
        if time <= limit && second.is_none_or(|second| second > limit) {
            own.newly_beyond += count;
        }
        if let Some(second) = second {
            own.with_second += count;
            own.extra += count * u64::from((second - time).0);
        }
    }
    let mean = |sum: u64, count: u64| (count > 0).then(|| sum as f64 / count as f64);
    let mut catchments: Vec<Catchment> = region
        .network()
        .iter()
        .zip(&served)
        .filter(|(_, own)| own.people > 0)
        .map(|((hospital, _), own)| Catchment {
            hospital,
            people: own.people,
            places: own.places,
            mean_seconds: mean(own.seconds, own.people),
            newly_beyond_if_closed: own.newly_beyond,
            backup_seconds: mean(own.extra, own.with_second),
        })
        .collect();
    catchments.sort_by_key(|one| (std::cmp::Reverse(one.people), one.hospital));
    catchments
}

/// The people to whom a hospital that meets `near` is nearer by at least `by` than one that meets
/// `far`, for some districts (all of them when none is named).
///
/// Who reaches only one that meets `near` counts as sooner. Returns these people and people in all.
pub fn people_sooner(
    region: &Region,
    (near, far): (&Requirement, &Requirement),
    by: Seconds,
    districts: &[String],
) -> (u64, u64) {
    let find = |requirement: &Requirement| {
        let set = HospitalSet::meeting(region.network(), requirement);
        Nearest::find(region.times(), region.parts().len(), &set)
    };
    let (near, far) = (find(near), find(far));
    count_parts(region, districts, |part| match (near.first(part), far.first(part)) {
        (Some((_, near)), Some((_, far))) => near + by <= far,
        (near, None) => near.is_some(),
        (None, Some(_)) => false,
    })
}

/// The people of a group within a time of a hospital that meets a requirement, for some districts.
///
/// Returns people within the time and people in all; districts that do not exist have nobody.
pub fn people_within(
    region: &Region,
    requirement: &Requirement,
    limit: Seconds,
    districts: &[String],
) -> (u64, u64) {
    let set = HospitalSet::meeting(region.network(), requirement);
    let nearest = Nearest::find(region.times(), region.parts().len(), &set);
    count_parts(region, districts, |part| {
        nearest.first(part).is_some_and(|(_, time)| time <= limit)
    })
}

/// Residents at the parts that pass a test, and all, in some districts (all when none is named).
fn count_parts(region: &Region, districts: &[String], test: impl Fn(usize) -> bool) -> (u64, u64) {
    let people = region.people(&PopulationGroup::ALL);
    let (mut found, mut all) = (0, 0);
    for (part, &count) in people.iter().enumerate() {
        let place = region.place(region.parts()[part].place);
        if !districts.is_empty() && !districts.contains(&place.district) {
            continue;
        }
        all += u64::from(count);
        if test(part) {
            found += u64::from(count);
        }
    }
    (found, all)
}
