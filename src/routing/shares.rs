//! Where the patients of one place go, as shares.

use super::choice::{Choice, ChoiceError};
use super::gravity::{Gravity, SMALL_ICU_DRAW};
use super::streams::Streams;
use crate::model::HospitalId;
use crate::region::{PlaceId, Region};

/// Which hospitals the patients of a place choose for a specialty or tracer condition.
pub struct Shares<'r> {
    region: &'r Region,
    /// Attraction of each hospital that treats it, by id; `None` where it does not.
    attraction: Vec<Option<f64>>,
    /// `None` where all go to the nearest.
    gravity: Option<Gravity>,
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

    /// The same with another draw of small units where the cases are those of intensive care.
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
        let streams = Streams::of_region(region, Some(cases), &[]);
        let stream = &streams.streams[0];
        let gravity = Gravity::new(region, choice).map(|gravity| gravity.small_icu_draw(draw));
        let attraction = match &gravity {
            None => vec![1.0; stream.sites.len()],
            Some(gravity) => gravity.attraction(region.network(), stream),
        };
        let mut by_hospital = vec![None; region.network().hospitals().len()];
        for (site, own) in stream.sites.iter().zip(attraction) {
            by_hospital[site.hospital.index()] = Some(own);
        }
        Ok(Some(Self { region, attraction: by_hospital, gravity }))
    }

    /// The shares of a place's patients by hospital, in the order of ids; they sum to the share of
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
    /// assert_eq!(region.network()[shares[0].0].key, "kkh-torgau");
    /// assert!((shares[0].1 - 1.0).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn at(&self, place: PlaceId) -> Vec<(HospitalId, f64)> {
        let parts = self.region.parts_of(place);
        let each = 1.0 / parts.len() as f64;
        let mut sums = vec![0.0; self.attraction.len()];
        let mut pulls: Vec<(u32, f64)> = Vec::new();
        for part in parts {
            let sum = self.pulls(part, &mut pulls);
            if sum > 0.0 {
                pulls.iter().for_each(|(hospital, pull)| {
                    sums[*hospital as usize] += pull / sum * each;
                });
            } else if let Some((nearest, _)) = pulls.first() {
                // Where all attraction vanishes in the far distance, the nearest one gets everybody.
                sums[*nearest as usize] += each;
            }
        }
        let by_hospital = (0..).map(|number| self.region.network().id(number)).zip(sums);
        by_hospital.filter(|(_, share)| *share > 0.0).collect()
    }

    /// What each hospital in reach of a part that treats it attracts, the nearest first, and the sum; where
    /// all go to the nearest, that one alone.
    fn pulls(&self, part: usize, pulls: &mut Vec<(u32, f64)>) -> f64 {
        pulls.clear();
        let mut sum = 0.0;
        let mut is_nearest = true;
        let (hospitals, seconds) = self.region.times().row(part);
        for (&hospital, &second) in hospitals.iter().zip(seconds) {
            let Some(attraction) = self.attraction[hospital as usize] else { continue };
            let Some(gravity) = &self.gravity else {
                pulls.push((hospital, 1.0));
                return 1.0;
            };
            let mut pull = attraction * gravity.decay(second);
            if is_nearest && attraction > 0.0 {
                is_nearest = false;
                pull += pull * gravity.nearest_gain().unwrap_or(0.0);
            }
            sum += pull;
            pulls.push((hospital, pull));
        }
        sum
    }
}
