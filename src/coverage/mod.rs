//! Who reaches care that meets a standard, in what time.
//!
//! What is open in some hour of the week counts. [`Coverage::week`] says what of it holds in which hours, and
//! [`Region::in_hour`](crate::Region::in_hour) gives the region of one hour, in which only what is open then counts.

mod band;
mod evaluate;
mod minutes;
mod nearest;
mod people;
mod update;
mod week;

pub use band::Band;
pub(crate) use evaluate::check;
pub use evaluate::{evaluate, evaluate_all};
pub use minutes::{MinutesOfPeople, minutes_of_people};
pub use nearest::{HospitalSet, Nearest};
pub use people::{PeopleAmong, Sooner, people_sooner, people_within};
pub use update::{Delta, NearestQualifying, Updated};
pub use week::{HourClass, PartTime, Week};

use std::cmp::Reverse;

use serde::Serialize;

use crate::model::{Answer, HospitalId, Margin, OverBand, Standard, UnknownSite};
use crate::region::PlaceId;
use crate::stats::TimeDistribution;
use crate::units::{Seconds, as_seconds};

/// Minutes for which every result says how many people reach care.
pub const MINUTES: [u32; 4] = [15, 30, 45, 60];

/// How people reach care: counts and times, weighted by people.
///
/// Limits are inclusive: a journey of exactly the limit is in time. People who reach no hospital
/// within the region's cut-off are in `people` and in every quantile, but not in the mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Reach {
    /// People of the standard's group.
    pub people: u64,
    /// People within 15, 30, 45 and 60 minutes.
    #[serde(rename = "within_15_30_45_60_minutes")]
    pub within: [u64; 4],
    /// The same at both ends of the band of the travel times; `None` where the travel model states no margin.
    #[serde(rename = "within_15_30_45_60_minutes_band")]
    pub within_band: Option<[Band; 4]>,
    /// People within the standard's limit.
    pub within_limit: u64,
    /// The same at both ends of the band of the travel times; `None` where the travel model states no margin.
    pub within_limit_band: Option<Band>,
    /// People who reach no hospital at all.
    pub unreached: u64,
    /// Mean time in seconds of those who reach one.
    pub mean_seconds: Option<f64>,
    /// Median time, as [`TimeDistribution::median`] has it.
    #[serde(rename = "median_seconds", serialize_with = "as_seconds")]
    pub median: Option<Seconds>,
    /// Time that 90 % of the people do not exceed.
    #[serde(rename = "p90_seconds", serialize_with = "as_seconds")]
    pub p90: Option<Seconds>,
    /// Time that 95 % of the people do not exceed.
    #[serde(rename = "p95_seconds", serialize_with = "as_seconds")]
    pub p95: Option<Seconds>,
    /// Longest time of anybody who reaches one.
    #[serde(rename = "longest_seconds", serialize_with = "as_seconds")]
    pub longest: Option<Seconds>,
}

impl Reach {
    /// The figures of a distribution of times, without a band.
    pub fn of(times: &TimeDistribution, limit: Seconds) -> Self {
        Self::over_band(times, limit, None)
    }

    /// The figures of a distribution of times, with the band that the margin of a region makes
    /// ([`Region::margin`](crate::Region::margin)).
    pub fn over_band(times: &TimeDistribution, limit: Seconds, margin: Option<&Margin>) -> Self {
        let within = |limit: Seconds| times.within(limit);
        Self {
            people: times.people(),
            within: MINUTES.map(|minutes| times.within(Seconds::from_minutes(minutes))),
            within_band: within_band(times, margin),
            within_limit: times.within(limit),
            within_limit_band: margin.map(|margin| Band::of(margin, limit, within)),
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

    /// The least and the greatest share within the limit over the band; `None` when there is nobody or no band.
    pub fn share_band(&self) -> Option<(f64, f64)> {
        let (least, most) = self.within_limit_band?.around(self.within_limit);
        Some((share(least, self.people)?, share(most, self.people)?))
    }
}

/// People within 15, 30, 45 and 60 minutes at both ends of the band.
fn within_band(times: &TimeDistribution, margin: Option<&Margin>) -> Option<[Band; 4]> {
    let margin = margin?;
    let mut bands = [Band::default(); 4];
    for (band, minutes) in bands.iter_mut().zip(MINUTES) {
        let limit = Seconds::from_minutes(minutes);
        *band = Band::of(margin, limit, |limit| times.within(limit));
    }
    Some(bands)
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
    if whole == 0 { None } else { Some(part as f64 / whole as f64) }
}

/// How the people of one district reach care.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DistrictReach {
    /// Name of the district.
    pub district: String,
    /// How its people do.
    #[serde(flatten)]
    pub reach: Reach,
}

/// How one place reaches care.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlaceCoverage {
    /// The place.
    pub place: PlaceId,
    /// Its people of the standard's group.
    pub people: u64,
    /// Those within the limit.
    pub within_limit: u64,
    /// The same at both ends of the band of the travel times; `None` without a band.
    pub within_limit_band: Option<Band>,
    /// The hospital that is nearest to most of them; ties to the smaller id.
    pub nearest: Option<HospitalId>,
    /// Their mean time in seconds, each to the nearest hospital of their part.
    pub mean_seconds: Option<f64>,
    /// The longest of their times.
    #[serde(rename = "longest_seconds", serialize_with = "as_seconds")]
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

    /// The same at both ends of the band; `None` without one.
    pub fn beyond_limit_band(&self) -> Option<Band> {
        let band = self.within_limit_band?;
        Some(Band::new(self.people - band.quick, self.people - band.slow))
    }

    /// Whether it is the same over the band that everybody is within the limit, or somebody is not; `None` without a
    /// band, and where nobody lives.
    pub fn over_band(&self) -> Option<OverBand> {
        self.verdict_over_band(|beyond| beyond == 0)
    }

    /// Whether more than half of its people are beyond the limit: the place misses the standard. Nobody misses nothing.
    pub fn is_missed(&self) -> bool {
        self.is_most(self.beyond_limit())
    }

    /// Whether that is the same over the band; `None` without one, and where nobody lives.
    pub fn missed_over_band(&self) -> Option<OverBand> {
        self.verdict_over_band(|beyond| self.is_most(beyond))
    }

    fn is_most(&self, beyond: u64) -> bool {
        // In whole people: a share would need a rounding.
        beyond * 2 > self.people
    }

    /// Whether what is said of the people beyond the limit is the same over the band.
    fn verdict_over_band(&self, said: impl Fn(u64) -> bool) -> Option<OverBand> {
        let band = self.beyond_limit_band()?;
        // Of nobody everything could be said.
        if self.people == 0 {
            return None;
        }
        let [quick, slow] = [said(band.quick), said(band.slow)];
        Some(OverBand::of(&said(self.beyond_limit()), [&quick, &slow]))
    }
}

/// For whom a hospital is the nearest that meets the standard.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// The same at both ends of the band of the travel times; `None` without a band. At the quick end more people
    /// are in time to begin with, so that neither end need be the larger one.
    pub newly_beyond_band: Option<Band>,
    /// Mean extra seconds of its people if it closed, over those who have a second hospital.
    pub backup_seconds: Option<f64>,
}

impl Catchment {
    /// Whether it is the same over the band of the travel times that its closure puts somebody beyond the limit, or
    /// nobody; `None` without a band.
    pub fn over_band(&self) -> Option<OverBand> {
        let band = self.newly_beyond_band?;
        let [quick, slow] = [band.quick > 0, band.slow > 0];
        Some(OverBand::of(&(self.newly_beyond_if_closed > 0), [&quick, &slow]))
    }
}

/// Who reaches a hospital that meets a standard, in what time: people, and seconds of their journeys.
///
/// # When to use
///
/// For one standard on one region, by place, district and hospital; made by [`evaluate()`], for several standards
/// by [`evaluate_all`]. For a requirement that is no standard, make one ([`Standard::new`]), or ask for numbers of
/// people alone ([`people_within`], [`people_sooner`]). For what a scenario changes, use
/// [`comparison`](crate::comparison), which looks up only what it touches; for what closures do,
/// [`planning::closures`](crate::planning). The journey to the hospital is not the time to treatment, which
/// includes the alarm, the scene and transfers: that is [`pathways`](crate::pathways).
///
/// # What it costs
///
/// One pass over the hospitals in reach of every part of a place, up to the second that qualifies: milliseconds
/// for Leipzig. A standard that some hospitals meet in part of the week takes one more pass for each class of
/// hours; hospitals of which nobody knows whether they meet it take one together.
///
/// # Example
///
/// ```
/// use verbund::{Region, coverage};
///
/// let region = Region::leipzig()?;
/// let standard = region.network().catalog().standard("stroke_unit").ok_or("no standard")?;
/// let coverage = coverage::evaluate(&region, standard)?;
/// let share = coverage.share_within_limit().ok_or("nobody lives there")?;
/// assert_eq!((share * 1000.0).round(), 946.0); // 94.6 % within 30 minutes
/// for gap in coverage.gaps() {
///     assert!(gap.longest.is_none_or(|time| time > standard.limit()));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// The same at both ends of the band of the travel times; `None` without a band.
    pub within_limit_at_best_band: Option<Band>,
    /// The whole region.
    pub total: Reach,
    /// By district, in the order of their names.
    pub districts: Vec<DistrictReach>,
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
        // Without any site in the data a share of 0 would state what nobody knows.
        if self.is_offered() { self.total.share_within_limit() } else { None }
    }

    /// Whether everybody is within the limit: `None` when there is nobody, or when no site of the data
    /// offers what the standard asks for.
    pub fn is_met(&self) -> Option<bool> {
        // Whole people are compared: a share may round to 1 with somebody left.
        self.share_within_limit()?;
        Some(self.total.within_limit == self.total.people)
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

    /// Whether the verdict that everybody is within the limit ([`Self::is_met`]) holds over the band of the travel
    /// times; `None` where there is no verdict, or no band.
    ///
    /// ```
    /// use verbund::model::{Margin, OverBand};
    /// use verbund::units::Seconds;
    /// use verbund::{Region, coverage};
    ///
    /// let region = Region::leipzig()?;
    /// let basic = region.network().catalog().standard("basic_care").unwrap();
    /// let over_band = |margin: Margin| {
    ///     let coverage = coverage::evaluate(&region.with_margin(margin), basic).unwrap();
    ///     coverage.over_band()
    /// };
    /// // Everybody is in time, the farthest in 28 minutes: a tenth more is too much.
    /// assert_eq!(over_band(Margin::new(0.01, Seconds(0))), Some(OverBand::Holds));
    /// assert_eq!(over_band(Margin::new(0.1, Seconds(0))), Some(OverBand::NotDecided));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn over_band(&self) -> Option<OverBand> {
        let band = self.total.within_limit_band?;
        self.share_within_limit()?;
        // By the hospitals that are known to qualify: doubts of the data are no matter of the roads.
        let is_met = |within: u64| within == self.total.people;
        let [quick, slow] = [is_met(band.quick), is_met(band.slow)];
        Some(OverBand::of(&is_met(self.total.within_limit), [&quick, &slow]))
    }

    /// The share of people within the limit if all hospitals qualified of which the data do not say whether they
    /// do, 0 to 1; `None` where nobody lives there, or where no hospital offers it and none may.
    pub fn share_at_best(&self) -> Option<f64> {
        // A share of 0 would state that nobody is in time, where the data are without any such site.
        if !self.is_offered() && self.unknown.is_empty() {
            return None;
        }
        share(self.within_limit_at_best, self.total.people)
    }

    /// Whether more people would be within the limit if the hospitals qualified of which the data do not say
    /// whether they do.
    pub fn has_doubts(&self) -> bool {
        self.within_limit_at_best != self.total.within_limit
    }

    /// Places with people beyond the limit: the most people first, ties in the order of the places.
    pub fn gaps(&self) -> Vec<&PlaceCoverage> {
        let mut gaps = Vec::new();
        for place in &self.places {
            if place.beyond_limit() > 0 {
                gaps.push(place);
            }
        }
        gaps.sort_by_key(|place| Reverse(place.beyond_limit())); // stable: ties stay in the order of the places
        gaps
    }

    /// Hospitals whose closure would put people beyond the limit: the most people first, ties by id.
    pub fn single_points_of_failure(&self) -> Vec<&Catchment> {
        let mut single = Vec::new();
        for catchment in &self.catchments {
            if catchment.newly_beyond_if_closed > 0 {
                single.push(catchment);
            }
        }
        single.sort_by_key(|catchment| {
            (Reverse(catchment.newly_beyond_if_closed), catchment.hospital)
        });
        single
    }
}

/// Why a standard cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CoverageError {
    /// The requirement names a specialty or facility that the catalog does not have.
    #[error("{}", said!("unknown key \"{key}\" in standard \"{standard}\"{hint}", key, standard, hint = closest.as_ref().map_or_else(String::new, |near| said!("; did you mean \"{near}\"?", near))))]
    UnknownKey {
        /// The standard.
        standard: String,
        /// The key.
        key: String,
        /// The closest existing key.
        closest: Option<String>,
    },
    /// The limit is longer than the journeys that the region keeps.
    #[error("{}", said!("the limit of standard \"{standard}\" is {limit}, but the region keeps journeys up to {cutoff} only", standard, limit, cutoff))]
    LimitBeyondCutoff {
        /// The standard.
        standard: String,
        /// Its limit.
        limit: Seconds,
        /// The region's cut-off.
        cutoff: Seconds,
    },
}
