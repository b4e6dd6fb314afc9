//! Which places are worst off.

use serde::Serialize;

use crate::coverage::Coverage;
use crate::model::OverBand;
use crate::region::{PlaceId, Region};

/// How badly a place is off.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WorstPlace {
    /// The place; it lies inside, and somebody lives there.
    pub place: PlaceId,
    /// Mean time in seconds to the first standard of the catalog; `None` where no hospital that meets it is
    /// reached.
    pub mean_seconds: Option<f64>,
    /// Keys of the standards that more than half of its people miss, in the order of the catalog. What no
    /// hospital of the data offers is no verdict on a place and does not count.
    pub missed: Vec<String>,
    /// Keys of the standards of which it is not the same over the band of the travel times whether more than half miss
    /// them, in the order of the catalog; empty without a band.
    pub undecided: Vec<String>,
}

/// The places inside in which somebody lives: those that miss most standards first, then the farthest from the
/// first standard (never reached is farthest), ties by id.
pub(super) fn worst_places(region: &Region, coverage: &[Coverage]) -> Vec<WorstPlace> {
    let Some(first) = coverage.first() else { return Vec::new() };
    let offered: Vec<&Coverage> =
        coverage.iter().filter(|standard| standard.is_offered()).collect();

    let mut places = Vec::new();
    for (index, place) in first.places.iter().enumerate() {
        // Nobody lives badly where nobody lives.
        if region.place(place.place).population.people() == 0 {
            continue;
        }
        let (mut missed, mut undecided) = (Vec::new(), Vec::new());
        for standard in &offered {
            // Nobody of a standard's group may live there though others do: it is not missed then.
            let there = &standard.places[index];
            if there.is_missed() {
                missed.push(standard.standard.key.clone());
            }
            if there.missed_over_band() == Some(OverBand::NotDecided) {
                undecided.push(standard.standard.key.clone());
            }
        }
        let (place, mean_seconds) = (place.place, place.mean_seconds);
        places.push(WorstPlace { place, mean_seconds, missed, undecided });
    }

    let seconds = |place: &WorstPlace| place.mean_seconds.unwrap_or(f64::INFINITY);
    places.sort_by(|a, b| {
        let by_standards = b.missed.len().cmp(&a.missed.len());
        by_standards.then(seconds(b).total_cmp(&seconds(a))).then(a.place.cmp(&b.place))
    });
    places
}
