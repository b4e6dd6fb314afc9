//! Where the patients of one place go, as shares.

use std::sync::Arc;

use serde::Serialize;

use super::choice::{Choice, ChoiceError};
use super::gravity::{Gravity, SMALL_ICU_DRAW};
use super::streams::CaseStreams;
use crate::model::HospitalId;
use crate::region::{Held, PlaceId, Region};

/// Which hospitals the patients of a place choose for a specialty or tracer condition.
///
/// It borrows its region. To keep it beyond that, as a server does, take [`Self::into_owned`].
#[derive(Debug, Clone)]
pub struct Shares<'r> {
    region: Held<'r, Region>,
    /// Attraction of each hospital that treats it, by id; `None` where it does not.
    attraction: Vec<Option<f64>>,
    /// `None` where all go to the nearest.
    gravity: Option<Gravity>,
}

/// The share of a place's patients that one hospital gets.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HospitalShare {
    /// The hospital.
    pub hospital: HospitalId,
    /// Of the place's patients, above 0, at most 1.
    pub share: f64,
}

/// What a hospital attracts after the journey.
struct Pull {
    hospital: u32,
    weight: f64,
}

impl<'r> Shares<'r> {
    /// Of a specialty or condition; `None` when the catalog has no such rate. Choice by capacity
    /// counts as nearest: where beds are counted over time, they overflow by themselves.
    ///
    /// # Errors
    ///
    /// When a parameter of the choice is out of range.
    pub fn new(region: &'r Region, key: &str, choice: Choice) -> Result<Option<Self>, ChoiceError> {
        Self::with_small_icu_draw(region, key, choice, SMALL_ICU_DRAW)
    }

    /// Shares with another draw of small units where the cases are those of intensive care.
    ///
    /// # Errors
    ///
    /// When a parameter of the choice is out of range.
    pub(crate) fn with_small_icu_draw(
        region: &'r Region,
        key: &str,
        choice: Choice,
        draw: f64,
    ) -> Result<Option<Self>, ChoiceError> {
        choice.check()?;
        let Some(cases) = region.demand().cases(key) else { return Ok(None) };
        let streams = CaseStreams::of_region(region, Some(cases), &[]);
        // One list of cases was asked for, so that there is one stream.
        let stream = &streams.streams[0];
        let gravity = Gravity::new(region, choice).map(|gravity| gravity.small_icu_draw(draw));
        let of_sites = match &gravity {
            None => vec![1.0; stream.sites.len()],
            Some(gravity) => gravity.attraction(region.network(), stream),
        };
        let mut attraction = vec![None; region.network().hospitals().len()];
        for (site, of_site) in stream.sites.iter().zip(of_sites) {
            attraction[site.hospital.index()] = Some(of_site);
        }
        Ok(Some(Self { region: Held::Borrowed(region), attraction, gravity }))
    }

    /// The shares to keep, with a copy of the region. What is kept already is not copied again.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::routing::{Choice, Shares};
    ///
    /// let region = Region::leipzig()?;
    /// let torgau = region.find_place("Torgau")?;
    /// let kept = Shares::new(&region, "cardiology", Choice::Nearest)?.unwrap().into_owned();
    /// drop(region);
    /// assert_eq!(kept.at(torgau).len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn into_owned(self) -> Shares<'static> {
        let region = self.region.shared();
        self.kept_with(region)
    }

    /// [`Self::into_owned`] with a region that others keep, too.
    pub(crate) fn kept_with(self, region: Arc<Region>) -> Shares<'static> {
        let Self { attraction, gravity, .. } = self;
        Shares { region: Held::Kept(region), attraction, gravity }
    }

    /// The shares of a place's patients by hospital, 0 to 1, in the order of ids; they sum to the share of
    /// its parts that reach any hospital, and shares of 0 are left out.
    ///
    /// # Panics
    ///
    /// When the id is of a region of other places.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::routing::{Choice, Shares};
    ///
    /// let region = Region::leipzig()?;
    /// let torgau = region.find_place("Torgau")?;
    /// let shares = Shares::new(&region, "cardiology", Choice::Nearest)?.unwrap().at(torgau);
    /// assert_eq!(region.network()[shares[0].hospital].key, "kkh-torgau");
    /// assert!((shares[0].share - 1.0).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn at(&self, place: PlaceId) -> Vec<HospitalShare> {
        let parts = self.region.parts_of(place);
        let each = 1.0 / parts.len() as f64;
        let mut sums = vec![0.0; self.attraction.len()];
        let mut pulls = Vec::new();
        for part in parts {
            let sum = self.pulls(part, &mut pulls);
            if sum > 0.0 {
                for pull in &pulls {
                    sums[pull.hospital as usize] += pull.weight / sum * each;
                }
            } else if let Some(nearest) = pulls.first() {
                // Where all attraction vanishes in the far distance, the nearest one gets everybody.
                sums[nearest.hospital as usize] += each;
            }
        }
        let mut shares = Vec::new();
        for (hospital, share) in self.region.network().ids().zip(sums) {
            // Most hospitals of a country are out of reach of one place.
            if share > 0.0 {
                shares.push(HospitalShare { hospital, share });
            }
        }
        shares
    }

    /// What each hospital in reach of a part that treats it attracts, the nearest first, and the sum; where
    /// all go to the nearest, that one alone.
    fn pulls(&self, part: usize, pulls: &mut Vec<Pull>) -> f64 {
        pulls.clear();
        let mut sum = 0.0;
        let mut is_nearest = true;
        let (hospitals, seconds) = self.region.times().row(part);
        for (&hospital, &second) in hospitals.iter().zip(seconds) {
            let Some(attraction) = self.attraction[hospital as usize] else { continue };
            let Some(gravity) = &self.gravity else {
                pulls.push(Pull { hospital, weight: 1.0 });
                return 1.0;
            };
            let mut weight = attraction * gravity.decay(second);
            // A department without beds is nobody's nearest.
            if is_nearest && attraction > 0.0 {
                is_nearest = false;
                weight += weight * gravity.nearest_gain().unwrap_or(0.0);
            }
            sum += weight;
            pulls.push(Pull { hospital, weight });
        }
        sum
    }
}
