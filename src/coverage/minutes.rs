//! How many people need how many minutes, as bins.

use serde::Serialize;

use super::{CoverageError, HospitalSet, Nearest, check};
use crate::model::Standard;
use crate::region::Region;
use crate::stats::{TimeDistribution, TimeHistogram};
use crate::units::Seconds;

/// The people of a standard's group by their minutes to the nearest hospital that meets it.
///
/// Times are journeys, not times to treatment; a bin holds its upper end. The limit of the standard is the upper end of
/// a bin, so that no bin has people on both sides of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MinutesOfPeople {
    /// The standard.
    pub standard: Standard,
    /// People by time; those without a way reach no hospital within the region's cut-off.
    pub histogram: TimeHistogram,
    /// People within the limit.
    pub within_limit: u64,
}

/// Widest bins, in minutes: a district is a few of them wide.
const WIDEST: u32 = 5;

/// The people of a region by their minutes to care, in bins of the most whole minutes, five at most, of which the limit
/// is a multiple: of 30 minutes bins of five, of 28 bins of four, of 31 bins of one.
///
/// The same people and times as [`evaluate`](super::evaluate()) has.
///
/// # Errors
///
/// When the requirement names unknown keys or the limit is beyond the region's cut-off.
///
/// ```
/// use verbund::units::Seconds;
/// use verbund::{Region, coverage};
///
/// let region = Region::leipzig()?;
/// let standard = region.network().catalog().standard("stroke_unit").unwrap();
/// let minutes = coverage::minutes_of_people(&region, standard)?;
/// assert_eq!(minutes.histogram.width, Seconds::from_minutes(5));
/// assert_eq!(minutes.histogram.people(), 1_058_179);
/// // Six bins of five minutes are the limit of 30.
/// assert_eq!(minutes.histogram.bins[..6].iter().sum::<u64>(), minutes.within_limit);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn minutes_of_people(
    region: &Region,
    standard: &Standard,
) -> Result<MinutesOfPeople, CoverageError> {
    check(region, standard)?;
    // By origin, not by place: a large place has people on both sides of a limit.
    let set = HospitalSet::meeting(region.network(), &standard.requirement);
    let nearest = Nearest::find(region.times(), region.parts().len(), &set);
    let people = region.people(&standard.population);
    let mut times = TimeDistribution::new();
    for id in region.place_ids() {
        // As everywhere: no standard of this region is for people outside.
        if region.place(id).outside {
            continue;
        }
        for part in region.parts_of(id) {
            times.add(nearest.first_time(part), u64::from(people[part]));
        }
    }
    Ok(MinutesOfPeople {
        standard: standard.clone(),
        histogram: times.histogram(bin_width(standard.minutes)),
        within_limit: times.within(standard.limit()),
    })
}

/// The widest bin of which a limit in minutes is a multiple.
fn bin_width(limit: u32) -> Seconds {
    // One minute divides every limit, so it ends.
    let mut minutes = WIDEST;
    while !limit.is_multiple_of(minutes) {
        minutes -= 1;
    }
    Seconds::from_minutes(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::evaluate;

    #[test]
    fn bins_have_everybody_and_end_at_the_limit() {
        let region = Region::leipzig().unwrap();
        for standard in &region.network().catalog().standards {
            for limit in [standard.minutes, 28, 31] {
                let mut standard = standard.clone();
                standard.minutes = limit;
                let minutes = minutes_of_people(&region, &standard).unwrap();
                let histogram = &minutes.histogram;
                let total = evaluate(&region, &standard).unwrap().total;
                assert_eq!(histogram.people(), total.people);
                assert_eq!(histogram.unreached, total.unreached);
                assert_eq!(minutes.within_limit, total.within_limit);

                let mut in_time = 0;
                for (bin, people) in histogram.bins.iter().enumerate() {
                    if histogram.end(bin) <= standard.limit() {
                        in_time += people;
                    }
                }
                assert_eq!(in_time, total.within_limit, "{} in {limit}", standard.key);
            }
        }
    }

    #[test]
    fn the_limit_is_a_multiple_of_the_width() {
        for (limit, width) in [(30, 5), (28, 4), (27, 3), (22, 2), (31, 1), (0, 5)] {
            assert_eq!(bin_width(limit), Seconds::from_minutes(width));
        }
    }
}
