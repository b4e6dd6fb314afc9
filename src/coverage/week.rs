//! How coverage differs over the hours of a week, where not all that qualifies is always open.

use std::collections::BTreeMap;

use serde::Serialize;

use super::nearest::{HospitalSet, Nearest};
use super::{Band, CoverageError, share};
use crate::calendar::{HourOfWeek, Hours};
use crate::model::{BandEnd, Ends, HospitalId, Standard};
use crate::region::Region;

/// Hours in a week.
const HOURS: u64 = 168;

/// A hospital that meets a standard in some hours of the week only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PartTime {
    /// The hospital.
    #[serde(skip)]
    pub hospital: HospitalId,
    /// Its key.
    #[serde(rename = "hospital")]
    pub key: String,
    /// The hours in which it meets the standard. None at all where what it has is never open together.
    pub hours: Hours,
}

/// Hours of the week in which the same hospitals are open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HourClass {
    /// The hours.
    pub hours: Hours,
    /// People within the limit in each of them.
    pub within_limit: u64,
    /// The same at both ends of the band of the travel times; `None` where the travel model states no margin.
    pub within_limit_band: Option<Band>,
}

impl HourClass {
    /// All hours, with so many people within the limit in each.
    pub(crate) fn always(within_limit: u64, within_limit_band: Option<Band>) -> Self {
        Self { hours: Hours::ALWAYS, within_limit, within_limit_band }
    }

    /// The people within the limit of the nearest of these hospitals, in these hours.
    pub(super) fn counted(
        region: &Region,
        standard: &Standard,
        hours: Hours,
        open: &HospitalSet,
    ) -> Self {
        let at_parts = region.people(&standard.population);
        let nearest = Nearest::find(region.times(), at_parts.len(), open);
        let within = |limit| nearest.people_within(&at_parts, limit);
        let limit = standard.limit();
        let mut counted = Self { hours, within_limit: within(limit), within_limit_band: None };
        if let Some(margin) = region.margin() {
            counted.within_limit_band = Some(Band::of(margin, limit, within));
        }
        counted
    }
}

/// How coverage by a standard differs over the hours of a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Week {
    /// People of the standard's group.
    pub people: u64,
    /// Hospitals that meet the standard in some hours only, by id.
    pub part_time: Vec<PartTime>,
    /// Hours in which the same hospitals are open, by the first hour of each class; together the whole week.
    pub classes: Vec<HourClass>,
}

impl Week {
    /// The week of a standard on a region, whatever hour the region is looked at in.
    ///
    /// # Errors
    ///
    /// When the requirement names unknown keys or the limit is beyond the region's cut-off.
    ///
    /// ```
    /// use verbund::coverage::Week;
    /// use verbund::{Region, coverage};
    ///
    /// let region = Region::leipzig()?;
    /// let ct = region.network().catalog().standard("ct").ok_or("no standard")?;
    /// let week = Week::find(&region, ct)?;
    /// // No hours are known there: every hour is like all others.
    /// assert_eq!(week.mean_share(), coverage::evaluate(&region, ct)?.share_within_limit());
    /// assert_eq!(week.classes.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn find(region: &Region, standard: &Standard) -> Result<Self, CoverageError> {
        super::check(region, standard)?;
        let set = HospitalSet::meeting(region.network_of_week(), &standard.requirement);
        let mut people = 0;
        for count in region.people(&standard.population) {
            people += u64::from(count);
        }
        let always = HourClass::counted(region, standard, Hours::ALWAYS, &set);
        Ok(Self::of(region, standard, people, always))
    }

    /// The week of a standard on a region. `always` has the people within the limit of what is there in any hour:
    /// they are those of every hour where everything is always open.
    pub(crate) fn of(region: &Region, standard: &Standard, people: u64, always: HourClass) -> Self {
        let network = region.network_of_week();
        let mut hours = Vec::with_capacity(network.hospitals().len());
        let mut part_time = Vec::new();
        for (id, hospital) in network.iter() {
            let open = standard.requirement.hours(hospital, network.catalog());
            hours.push(open);
            // What is never open together still has its parts: the hospital is named, with no hours.
            let has_parts = standard.requirement.is_met_by(hospital, network.catalog());
            if has_parts && !open.is_always() {
                part_time.push(PartTime { hospital: id, key: hospital.key.clone(), hours: open });
            }
        }
        // Mostly nothing has hours: then nobody is counted again.
        if part_time.is_empty() {
            return Self { people, part_time, classes: vec![always] };
        }

        let mut classes = Vec::new();
        for same in same_hours(&part_time) {
            let is_open = |id: HospitalId| hours[id.index()].is_open_in(same.first);
            let open = HospitalSet::filter(network.ids(), is_open);
            classes.push(HourClass::counted(region, standard, same.hours, &open));
        }
        Self { people, part_time, classes }
    }

    /// Whether a hospital that counts is closed in some hour.
    pub fn has_part_time(&self) -> bool {
        !self.part_time.is_empty()
    }

    /// The share of people within the limit, 0 to 1, as the mean of the 168 hours of the week; `None` when
    /// there is nobody.
    pub fn mean_share(&self) -> Option<f64> {
        // Whole people and hours are added up, so that the share is exact and the same in any order.
        let mut sum = 0;
        for class in &self.classes {
            sum += class.within_limit * u64::from(class.hours.open_hours());
        }
        share(sum, self.people * HOURS)
    }

    /// The mean share of the week at both ends of the band of the travel times; `None` when there is nobody or no
    /// band.
    pub fn mean_share_band(&self) -> Option<Ends<f64>> {
        let [quick, slow] = BandEnd::BOTH.map(|end| self.mean_share_at(end));
        Ends { quick, slow }.both()
    }

    fn mean_share_at(&self, end: BandEnd) -> Option<f64> {
        let mut sum = 0;
        for class in &self.classes {
            sum += class.within_limit_band?.at(end) * u64::from(class.hours.open_hours());
        }
        share(sum, self.people * HOURS)
    }

    /// The hours in which the fewest people are within the limit; ties to the earlier ones.
    ///
    /// # Panics
    ///
    /// When the classes are empty, which they never are in a week that the crate made.
    pub fn worst(&self) -> &HourClass {
        let worst = self.classes.iter().min_by_key(|class| class.within_limit);
        worst.expect("a week has at least one class of hours")
    }

    /// The share of people within the limit in the worst hours; `None` when there is nobody.
    ///
    /// # Panics
    ///
    /// As [`Week::worst`].
    pub fn worst_share(&self) -> Option<f64> {
        share(self.worst().within_limit, self.people)
    }

    /// The share in the worst hours at both ends of the band of the travel times, each in the hours with the fewest
    /// people at that end, which need not be the same ones; `None` when there is nobody or no band.
    pub fn worst_share_band(&self) -> Option<Ends<f64>> {
        let [quick, slow] = BandEnd::BOTH.map(|end| self.worst_share_at(end));
        Ends { quick, slow }.both()
    }

    fn worst_share_at(&self, end: BandEnd) -> Option<f64> {
        let mut fewest = self.people;
        for class in &self.classes {
            fewest = fewest.min(class.within_limit_band?.at(end));
        }
        share(fewest, self.people)
    }
}

/// Hours of the week in which the same hospitals are open.
struct SameHours {
    /// The first of them.
    first: HourOfWeek,
    hours: Hours,
}

/// The whole week cut into hours in which the same of these hospitals are open, in the order of their first hours.
fn same_hours(part_time: &[PartTime]) -> Vec<SameHours> {
    let mut by_open: BTreeMap<Vec<bool>, Vec<HourOfWeek>> = BTreeMap::new();
    for hour in HourOfWeek::all() {
        let mut open = Vec::with_capacity(part_time.len());
        for site in part_time {
            open.push(site.hours.is_open_in(hour));
        }
        by_open.entry(open).or_default().push(hour);
    }
    let mut classes = Vec::with_capacity(by_open.len());
    for same in by_open.into_values() {
        let hours = Hours::of(|hour| same.binary_search(&hour).is_ok());
        classes.push(SameHours { first: same[0], hours });
    }
    // The tree is in the order of which hospitals are open; a reader wants the week's.
    classes.sort_by_key(|same| same.first);
    classes
}
