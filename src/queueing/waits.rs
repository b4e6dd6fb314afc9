//! Waits, for quantiles.

use hdrhistogram::Histogram;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::units::Seconds;

/// How many customers who had to wait waited how long, to two figures of a second; can be merged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Waits(Option<Box<Histogram<u32>>>);

/// Longest wait that is told from longer ones: about 136 years.
const LONGEST: u64 = u32::MAX as u64;

impl Waits {
    fn histogram(&mut self) -> &mut Histogram<u32> {
        self.0.get_or_insert_with(|| {
            // It grows with the longest wait: most are far below the longest one that it can tell.
            Box::new(Histogram::new(2).expect("two figures are allowed"))
        })
    }

    /// Adds a wait in seconds.
    pub(super) fn add(&mut self, seconds: f64) {
        // The histogram counts whole numbers.
        let seconds = (seconds.round() as u64).min(LONGEST);
        self.histogram().record(seconds).expect("it grows up to the longest wait");
    }

    /// Adds what others counted.
    ///
    /// # Panics
    ///
    /// Never: it grows, and all count to two figures.
    pub fn merge(&mut self, other: &Self) {
        if let Some(other) = &other.0 {
            self.histogram().add(&**other).expect("it grows, and both count to two figures");
        }
    }

    /// Whether nobody waited.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// Customers.
    pub fn count(&self) -> u64 {
        self.0.as_ref().map_or(0, |histogram| histogram.len())
    }

    /// The wait that at least the share `q` of the customers did not exceed, to two figures;
    /// `None` without customers.
    pub fn quantile(&self, q: f64) -> Option<Seconds> {
        let histogram = self.0.as_ref().filter(|histogram| !histogram.is_empty())?;
        Some(Seconds(histogram.value_at_quantile(q).min(LONGEST) as u32))
    }
}

impl Serialize for Waits {
    /// How many customers waited, and the waits that half, nine of ten and 99 of 100 of them did not exceed.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let seconds = |q: f64| self.quantile(q).map(|wait| wait.0);
        let mut written = to.serialize_struct("Waits", 4)?;
        written.serialize_field("customers", &self.count())?;
        written.serialize_field("p50_seconds", &seconds(0.5))?;
        written.serialize_field("p90_seconds", &seconds(0.9))?;
        written.serialize_field("p99_seconds", &seconds(0.99))?;
        written.end()
    }
}
