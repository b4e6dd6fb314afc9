//! The evaluation of a standard.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{
    Band, Catchment, Coverage, CoverageError, DistrictReach, HospitalSet, HourClass, Nearest,
    PlaceCoverage, Reach, Week, share,
};
use crate::calendar::Hours;
use crate::model::{BandEnd, HospitalId, Requirement, Standard, UnknownSite};
use crate::problem::closest;
use crate::region::{PlaceId, Region};
use crate::stats::TimeDistribution;
use crate::units::Seconds;

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
    let mut of_districts: BTreeMap<&str, TimeDistribution> = BTreeMap::new();
    let mut places = Vec::new();
    for id in region.place_ids() {
        let place = region.place(id);
        // People outside fill beds, but no standard of this region is for them.
        if place.outside {
            continue;
        }

        let mut of_place = TimeDistribution::new();
        let of_district = of_districts.entry(&place.district).or_default();
        for part in region.parts_of(id) {
            let time = nearest.first_time(part);
            for times in [&mut total, of_district, &mut of_place] {
                times.add(time, u64::from(people[part]));
            }
        }
        let figures = PlaceCoverage {
            place: id,
            people: of_place.people(),
            within_limit: of_place.within(limit),
            within_limit_band: region
                .margin()
                .map(|margin| Band::of(margin, limit, |limit: Seconds| of_place.within(limit))),
            nearest: None,
            mean_seconds: of_place.mean_seconds(),
            longest: of_place.longest(),
            second: None,
            backup_seconds: None,
        };
        places.push(with_hospitals(&figures, region, &nearest, &people));
    }

    let mut districts = Vec::with_capacity(of_districts.len());
    for (name, times) in of_districts {
        let reach = Reach::over_band(&times, limit, region.margin());
        districts.push(DistrictReach { district: name.to_owned(), reach });
    }
    let total = Reach::over_band(&total, limit, region.margin());

    // Only where something is unknown the nearest hospitals are looked for a second time.
    let unknown = standard.requirement.unknown_sites(region.network());
    let always = HourClass::always(total.within_limit, total.within_limit_band);
    let mut at_best = always.clone();
    if !unknown.is_empty() {
        at_best = within_at_best(region, standard, &set, &unknown);
    }
    Ok(Coverage {
        standard: standard.clone(),
        hospitals: set.ids(),
        unknown,
        within_limit_at_best: at_best.within_limit,
        within_limit_at_best_band: at_best.within_limit_band,
        week: Week::of(region, standard, total.people, always),
        total,
        districts,
        places,
        catchments: catchments(region, &nearest, &people, limit),
    })
}

/// People inside who would be within the limit if the unknown hospitals met the standard, too.
fn within_at_best(
    region: &Region,
    standard: &Standard,
    set: &HospitalSet,
    unknown: &[UnknownSite],
) -> HourClass {
    let is_unknown = |id: HospitalId| unknown.iter().any(|site| site.hospital == id);
    let hoped =
        HospitalSet::filter(region.network().ids(), |id| set.contains(id) || is_unknown(id));
    HourClass::counted(region, standard, Hours::ALWAYS, &hoped)
}

/// Evaluates several standards, in parallel and in their order.
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
    let evaluated: Vec<Result<Coverage, CoverageError>> =
        standards.par_iter().map(|standard| evaluate(region, standard)).collect();
    // One after the other, so that the error is that of the first standard and not of the fastest thread.
    evaluated.into_iter().collect()
}

/// Checks that a standard can be evaluated on a region.
pub(crate) fn check(region: &Region, standard: &Standard) -> Result<(), CoverageError> {
    let catalog = region.network().catalog();
    for leaf in standard.requirement.leaves() {
        let (key, closest) = match leaf {
            Requirement::Specialty(key) if catalog.specialty(key).is_none() => {
                let known = catalog.specialties.iter().map(|specialty| specialty.key.as_str());
                (key, closest(key, known))
            }
            Requirement::Facility { kind, .. } if catalog.facility(kind).is_none() => {
                let known = catalog.facilities.iter().map(|facility| facility.key.as_str());
                (kind, closest(kind, known))
            }
            _ => continue,
        };
        let (standard, key) = (standard.key.clone(), key.clone());
        return Err(CoverageError::UnknownKey { standard, key, closest });
    }

    let (limit, cutoff) = (standard.limit(), region.times().cutoff());
    if limit > cutoff {
        let standard = standard.key.clone();
        return Err(CoverageError::LimitBeyondCutoff { standard, limit, cutoff });
    }
    Ok(())
}

/// The figures of a place with its nearest and second nearest hospital.
fn with_hospitals(
    figures: &PlaceCoverage,
    region: &Region,
    nearest: &Nearest,
    people: &[u32],
) -> PlaceCoverage {
    // Trees, not hash maps: ties are broken by the order of ids.
    let mut as_first: BTreeMap<HospitalId, u64> = BTreeMap::new();
    let mut as_either: BTreeMap<HospitalId, u64> = BTreeMap::new();
    let (mut extra_seconds, mut with_second) = (0, 0);
    for part in region.parts_of(figures.place) {
        let count = u64::from(people[part]);
        let Some((first, first_time)) = nearest.first(part) else { continue };
        *as_first.entry(first).or_default() += count;
        *as_either.entry(first).or_default() += count;
        if let Some((second, second_time)) = nearest.second(part) {
            *as_either.entry(second).or_default() += count;
            extra_seconds += count * u64::from((second_time - first_time).0);
            with_second += count;
        }
    }

    // The second is another hospital, even where the nearest is the second nearest of many more.
    let nearest = hospital_of_most(&as_first);
    if let Some(nearest) = nearest {
        as_either.remove(&nearest);
    }
    let has_all_a_second = with_second > 0 && with_second == figures.people;
    PlaceCoverage {
        nearest,
        second: hospital_of_most(&as_either),
        backup_seconds: if has_all_a_second { share(extra_seconds, with_second) } else { None },
        ..figures.clone()
    }
}

/// The hospital with the most people; ties to the smaller id.
fn hospital_of_most(people: &BTreeMap<HospitalId, u64>) -> Option<HospitalId> {
    // `max_by_key` takes the last of equal ones, hence the reversed id.
    let (id, _) = people.iter().max_by_key(|(id, people)| (**people, Reverse(**id)))?;
    Some(*id)
}

/// Sums over the people of each hospital.
#[derive(Default, Clone)]
struct Served {
    people: u64,
    places: usize,
    last_place: Option<PlaceId>,
    seconds: u64,
    newly_beyond: u64,
    /// At both ends of the band, where there is one.
    newly_beyond_at: [u64; 2],
    with_second: u64,
    extra_seconds: u64,
}

/// The limit for the times as stated, and what it is for them at both ends of the band.
struct Limits {
    stated: Seconds,
    ends: Option<[Option<Seconds>; 2]>,
}

/// Whether the nearest hospital is within a limit and no other one is; no journey is within `None`.
fn rests_on_one(first: Seconds, second: Option<Seconds>, limit: Option<Seconds>) -> bool {
    Some(first) <= limit && second.is_none_or(|second| Some(second) > limit)
}

fn catchments(
    region: &Region,
    nearest: &Nearest,
    people: &[u32],
    limit: Seconds,
) -> Vec<Catchment> {
    let limits = Limits {
        stated: limit,
        ends: region.margin().map(|margin| BandEnd::BOTH.map(|end| margin.latest(end, limit))),
    };
    let mut served = vec![Served::default(); region.network().hospitals().len()];
    for (part, &count) in people.iter().enumerate() {
        let Some((hospital, time)) = nearest.first(part) else { continue };
        if count == 0 {
            continue;
        }
        let count = u64::from(count);
        let served = &mut served[hospital.index()];
        served.people += count;
        served.seconds += count * u64::from(time.0);

        // Parts come place by place: another one than before is a new one.
        let place = region.parts()[part].place;
        if served.last_place != Some(place) {
            served.places += 1;
            served.last_place = Some(place);
        }

        // Without its nearest hospital a part goes to its second, or nowhere.
        let second = nearest.second_time(part);
        if let Some(second) = second {
            served.with_second += count;
            served.extra_seconds += count * u64::from((second - time).0);
        }
        if rests_on_one(time, second, Some(limits.stated)) {
            served.newly_beyond += count;
        }
        for (sum, limit) in served.newly_beyond_at.iter_mut().zip(limits.ends.unwrap_or_default()) {
            if rests_on_one(time, second, limit) {
                *sum += count;
            }
        }
    }

    let mut catchments = Vec::new();
    for hospital in region.network().ids() {
        let served = &served[hospital.index()];
        if served.people > 0 {
            catchments.push(Catchment {
                hospital,
                people: served.people,
                places: served.places,
                mean_seconds: mean(served.seconds, served.people),
                newly_beyond_if_closed: served.newly_beyond,
                newly_beyond_band: limits
                    .ends
                    .map(|_| Band::new(served.newly_beyond_at[0], served.newly_beyond_at[1])),
                backup_seconds: mean(served.extra_seconds, served.with_second),
            });
        }
    }
    catchments.sort_by_key(|catchment| (Reverse(catchment.people), catchment.hospital));
    catchments
}

/// Seconds of so many people, each; `None` of nobody.
fn mean(seconds: u64, people: u64) -> Option<f64> {
    share(seconds, people)
}
