//! What was published, beside what the model gives for the same thing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Serialize;

use super::occupancy::inside_occupancy;
use crate::calendar::Date;
use crate::coverage::{self, Sooner};
use crate::impact;
use crate::model::{Ends, Measure, Model, Published};
use crate::pathways::{Prepared, Query};
use crate::region::{Region, RegionError};
use crate::routing::Flows;
use crate::units::Seconds;

/// A published figure beside what the model gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PublishedFigure {
    /// What was published.
    pub published: Published,
    /// What the model gives, in the unit of the published value; `None` where it gives none.
    pub model_value: Option<f64>,
    /// The model's value at both ends of the band of the travel times: of shares of people within a time, where the travel
    /// model states a margin.
    pub model_band: Option<Ends<f64>>,
}

impl PublishedFigure {
    /// Whether the published value lies within the band of the model's, which a wrong road model could explain; `None`
    /// without a band.
    pub fn is_within_band(&self) -> Option<bool> {
        let (band, stated) = (self.model_band?, self.model_value?);
        let least = stated.min(band.quick).min(band.slow);
        let most = stated.max(band.quick).max(band.slow);
        Some((least..=most).contains(&self.published.value))
    }
}

/// The published figures of a network beside what the model gives for the same thing, in the network's order.
///
/// Shares of people are taken on the network of the figure's year; cases, occupancy and shares of a
/// pathway's patients on the region as it is, the latter where the ambulance goes to the nearest door. `flows`
/// are those of the region.
///
/// # Errors
///
/// When the region of another year cannot be built.
pub fn published_figures(
    model: &Model,
    region: &Region,
    flows: &Flows,
) -> Result<Vec<PublishedFigure>, RegionError> {
    let mut figures = Vec::new();
    let mut years: BTreeMap<i16, Region> = BTreeMap::new();
    for published in region.network().published() {
        let mut model_band = None;
        // Shares of people are those of the figure's year: units that opened since would count for it.
        let model_value = match published.measure {
            Measure::CasesPer1000 => cases_per_1000(region),
            Measure::Occupancy => {
                let loads = flows.hospital_loads(region.network().hospitals().len());
                inside_occupancy(region, &loads)
            }
            Measure::ShareWithin | Measure::ShareSooner => {
                let share = share(model, region, published, &mut years)?;
                model_band = share.band;
                share.stated
            }
            Measure::ShareHandedOn => handed_on(region, published),
        };
        figures.push(PublishedFigure { published: published.clone(), model_value, model_band });
    }
    Ok(figures)
}

/// The share of a pathway's patients from inside who are handed on, under the leading protocol; `None`
/// where nobody can do a stage.
fn handed_on(region: &Region, figure: &Published) -> Option<f64> {
    let pathway = region.network().catalog().pathway(figure.pathway.as_deref()?)?;
    let prepared = Prepared::new(region, pathway, &[]).ok()?;
    let [lead, _] = impact::PROTOCOLS;
    let outcome = prepared.evaluate(&Query::default().protocol(lead)).ok()?;
    Some(outcome.loads().ways.transfer)
}

/// Cases of residents a year and thousand residents; `None` where nobody lives.
fn cases_per_1000(region: &Region) -> Option<f64> {
    let people = region.people_inside();
    let mut sum = 0.0;
    for specialty in &region.demand().specialties {
        for (place, cases) in region.places().places.iter().zip(&specialty.cases) {
            if !place.outside {
                sum += cases;
            }
        }
    }
    if people > 0 { Some(sum * 1000.0 / people as f64) } else { None }
}

/// A share of people by the times as stated and at both ends of their band.
#[derive(Default)]
struct BandedShare {
    stated: Option<f64>,
    band: Option<Ends<f64>>,
}

/// The share on the network of the figure's year; each year's region is built once.
fn share(
    model: &Model,
    now: &Region,
    figure: &Published,
    years: &mut BTreeMap<i16, Region>,
) -> Result<BandedShare, RegionError> {
    let (Some(requirement), Some(minutes)) = (&figure.requirement, figure.minutes) else {
        return Ok(BandedShare::default());
    };
    let Some(day) = Date::middle_of_year(figure.year) else { return Ok(BandedShare::default()) };
    // Several figures are about one year, and a region takes longer to build than to ask.
    let region = match years.entry(figure.year) {
        Entry::Occupied(entry) => entry.into_mut(),
        Entry::Vacant(entry) => entry.insert(now.measured_alike(model, day)?),
    };

    let limit = Seconds::from_minutes(minutes);
    let share_in = |region: &Region| {
        let people = match &figure.than {
            None => coverage::people_within(region, requirement, limit, &figure.districts),
            Some(far) => {
                let sooner = Sooner { near: requirement, far, by: limit };
                coverage::people_sooner(region, &sooner, &figure.districts)
            }
        };
        people.share()
    };
    let band = match region.at_ends(share_in) {
        Some(ends) => ends.both(),
        None => None,
    };
    Ok(BandedShare { stated: share_in(region), band })
}
