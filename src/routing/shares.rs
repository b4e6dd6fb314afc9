//! Where the patients of one place go, as shares.

use super::choice::{Choice, ChoiceError};
use super::split::{Split, attraction, decay_by_second};
use super::streams::Streams;
use crate::model::HospitalId;
use crate::region::{PlaceId, Region};

/// Which hospitals the patients of a place choose for a specialty or tracer condition.
pub struct Shares<'r> {
    region: &'r Region,
    /// Slot of each hospital that treats it, by id.
    slot_of: Vec<Option<usize>>,
    attraction: Vec<f64>,
    /// Decay by second; empty for the nearest.
    decay: Vec<f64>,
}

impl<'r> Shares<'r> {
    /// Of a specialty or condition; `None` when the catalog has no such rate. Choice by capacity
    /// counts as nearest: where beds are counted over time, they overflow by themselves.
    ///
    /// # Errors
    ///
    /// When a parameter of the choice is out of range.
    pub fn new(region: &'r Region, key: &str, choice: Choice) -> Result<Option<Self>, ChoiceError> {
        choice.check()?;
        let Some(cases) = region.demand().cases(key) else { return Ok(None) };
        let streams = Streams::new(region, &[cases], &[]);
        let stream = &streams.streams[0];
        let slot_of = stream.slot_of_hospital(region.network().hospitals().len());
        let (attraction, decay) = match choice {
            Choice::Huff(huff) => (
                attraction(stream, streams.slots.len(), huff.beds_exponent),
                decay_by_second(region, &huff),
            ),
            Choice::Nearest | Choice::Capacity(_) => (Vec::new(), Vec::new()),
        };
        Ok(Some(Self { region, slot_of, attraction, decay }))
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
        let mut sums = vec![0.0; self.slot_of.len()];
        let (mut reached, mut shares) = (Vec::new(), Vec::new());
        let split = if self.decay.is_empty() {
            Split::Nearest
        } else {
            Split::Huff { attraction: self.attraction.clone(), decay: &self.decay }
        };
        for part in parts {
            let (hospitals, seconds) = self.region.times().row(part);
            reached.clear();
            reached.extend(hospitals.iter().zip(seconds).filter_map(|(&hospital, &second)| {
                self.slot_of[hospital as usize].map(|slot| (slot, hospital, second))
            }));
            if reached.is_empty() {
                continue;
            }
            split.shares(&reached, &mut shares);
            for ((_, hospital, _), share) in reached.iter().zip(&shares) {
                if *share > 0.0 {
                    sums[*hospital as usize] += share * each;
                }
            }
        }
        let by_hospital = (0..).map(|number| self.region.network().id(number)).zip(sums);
        by_hospital.filter(|(_, share)| *share > 0.0).collect()
    }
}
