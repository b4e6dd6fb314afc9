//! Which hospitals hurt when they close, alone and together, and which could close unnoticed.
//!
//! A person falls out of a standard when all hospitals within its limit close. So whoever has exactly
//! one, two or three of them within the limit rests on that set of hospitals, its *signature*, and
//!
//! ```text
//! people newly beyond the limit if C closes = sum of the people of all signatures that are subsets of C
//! ```
//!
//! The signatures are counted once, from the first hits of the ranked lists. Every single closure,
//! every pair and every triple then is a short sum: nothing is sampled and nothing is left out,
//! though Germany has 600 million triples. [`Closures::worst`] finds the first of all of them without
//! listing the rest.
//!
//! What a set costs beyond that (backup minutes, people without any way, full neighbours) is worked
//! out for the sets that somebody asks for: [`Aftermaths`]. The reverse question, which hospitals
//! could all close without anybody falling out, is [`harmless()`]; [`harmless_with_beds`] asks for enough
//! beds at the others, too.

mod aftermath;
mod frontier;
mod harmless;
mod hitting;
mod ranking;
mod resume;
mod signatures;

pub use aftermath::{Aftermath, Aftermaths, Overload, Receiver};
pub use frontier::{Frontier, FrontierStep, frontier};
pub use harmless::{Harmless, harmless, harmless_with_beds};
pub use resume::{Finished, Question, ResumeError};

use serde::Serialize;

use crate::coverage::{self, Band, CoverageError, HospitalSet, Nearest};
use crate::model::{BandEnd, HospitalId, Margin, OverBand, Standard};
use crate::region::Region;
use crate::units::Seconds;
use signatures::Signatures;

/// How many hospitals close together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// One.
    Single,
    /// Two.
    Pair,
    /// Three.
    Triple,
}

impl Order {
    /// The number of hospitals, 1 to 3.
    pub fn size(self) -> usize {
        match self {
            Self::Single => 1,
            Self::Pair => 2,
            Self::Triple => 3,
        }
    }

    /// The order of this many hospitals; `None` when there is none.
    pub fn of_size(size: usize) -> Option<Self> {
        match size {
            1 => Some(Self::Single),
            2 => Some(Self::Pair),
            3 => Some(Self::Triple),
            _ => None,
        }
    }
}

/// Which hospitals may close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sites {
    /// Those inside of the region.
    Inside,
    /// Those outside, too.
    All,
}

impl Sites {
    /// The hospitals of a region that meet a standard and may close: closing another one puts nobody
    /// beyond the limit.
    pub fn of(self, region: &Region, standard: &Standard) -> HospitalSet {
        let network = region.network();
        let meeting = HospitalSet::meeting(network, &standard.requirement);
        HospitalSet::filter(network.ids(), |id| {
            meeting.contains(id) && (self == Self::All || !network[id].outside)
        })
    }
}

/// What the closure of some hospitals does to a standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closure {
    /// The hospitals, by id.
    pub hospitals: Vec<HospitalId>,
    /// People of the standard's group within the limit now who would be beyond it, or without any
    /// hospital that meets the standard.
    pub newly_beyond: u64,
    /// The same at both ends of the band of the travel times; `None` without a band. At the quick end more people
    /// are in time to begin with, so that neither end need be the larger one.
    pub newly_beyond_band: Option<Band>,
    /// The people newly beyond less the sum of those that the closure of each hospital alone puts
    /// beyond. 0 for a single hospital.
    pub more_than_singles: u64,
    /// People who fall out when all of these close and never when fewer of them do: exactly these
    /// hospitals are within the limit of them. This is the interaction by inclusion and exclusion:
    /// for a pair joint less singles, for a triple joint less pairs plus singles. It equals
    /// `newly_beyond` for a single hospital and `more_than_singles` for a pair.
    pub only_together: u64,
}

impl Closure {
    /// Whether it is the same over the band of the travel times that somebody is newly beyond the limit, or that
    /// nobody is; `None` without a band.
    pub fn over_band(&self) -> Option<OverBand> {
        let band = self.newly_beyond_band?;
        let hurts = |people: u64| people > 0;
        let [quick, slow] = [hurts(band.quick), hurts(band.slow)];
        Some(OverBand::of(&hurts(self.newly_beyond), [&quick, &slow]))
    }
}

/// Every closure of so many hospitals for one standard, complete and exact.
///
/// Kept are only the people of each signature; memory grows with the number of distinct ones, at
/// most with the origins, never with the pairs or triples of hospitals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closures {
    order: Order,
    sites: Vec<HospitalId>,
    signatures: Signatures,
    /// The same at both ends of the band of the travel times, where they have one.
    ends: Option<Box<[Signatures; 2]>>,
}

/// Every closure of `order` hospitals that meet the standard, of those that may close.
///
/// People of places outside never count; hospitals outside take people in whether or not they may
/// close.
///
/// # Errors
///
/// When the requirement names unknown keys or the limit is beyond the region's cut-off.
///
/// ```
/// use verbund::Region;
/// use verbund::planning::closures::{self, Order, Sites};
///
/// let region = Region::leipzig()?;
/// let standard = region.network().catalog().standard("stroke_unit").unwrap();
/// let pairs = closures::search(&region, standard, Sites::Inside, Order::Pair)?;
/// let first = &pairs.together(1)[0];
/// // These people have exactly two stroke units within 30 minutes.
/// assert_eq!(first.newly_beyond, first.only_together
///     + pairs.newly_beyond(&first.hospitals[..1]) + pairs.newly_beyond(&first.hospitals[1..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn search(
    region: &Region,
    standard: &Standard,
    sites: Sites,
    order: Order,
) -> Result<Closures, CoverageError> {
    coverage::check(region, standard)?;
    let set = HospitalSet::meeting(region.network(), &standard.requirement);
    let parts = region.parts().len();
    // One rank more than hospitals that close: who has that many left rests on no such set.
    let nearest = Nearest::k_nearest(region.times(), parts, &set, order.size() + 1);
    let people = region.people(&standard.population);
    let may_close = sites.of(region, standard);
    let origins = Origins { people: &people, limit: standard.limit() };
    let mut closures = Closures::count(&nearest, origins, &may_close, order);
    if let Some(margin) = region.margin() {
        closures.ends = Some(Box::new(ends(&nearest, origins, &may_close, order, margin)));
    }
    Ok(closures)
}

/// What [`Closures::count`] counts, at both ends of the band.
fn ends(
    nearest: &Nearest,
    origins: Origins<'_>,
    may_close: &HospitalSet,
    order: Order,
    margin: &Margin,
) -> [Signatures; 2] {
    let nobody = vec![0; origins.people.len()];
    BandEnd::BOTH.map(|end| {
        let origins = match margin.latest(end, origins.limit) {
            Some(limit) => Origins { limit, ..origins },
            // No journey at all is within the limit there, so nobody has anything to lose.
            None => Origins { people: &nobody, ..origins },
        };
        Signatures::count(nearest, origins, may_close, order)
    })
}

/// Who lives at each origin, and how far care may be.
#[derive(Debug, Clone, Copy)]
pub struct Origins<'o> {
    /// People by origin.
    pub people: &'o [u32],
    /// The limit, inclusive.
    pub limit: Seconds,
}

impl Closures {
    /// Counts from first hits, where no region is at hand. The hits need one rank more than the order has hospitals.
    ///
    /// # Panics
    ///
    /// When there are fewer ranks, or people of more or fewer origins.
    pub fn count(
        nearest: &Nearest,
        origins: Origins<'_>,
        may_close: &HospitalSet,
        order: Order,
    ) -> Self {
        assert_eq!(origins.people.len(), nearest.origins(), "people of other origins");
        assert!(nearest.k() > order.size(), "one rank more than hospitals that close");
        let signatures = Signatures::count(nearest, origins, may_close, order);
        Self { order, sites: may_close.ids(), signatures, ends: None }
    }

    /// How many hospitals close together.
    pub fn order(&self) -> Order {
        self.order
    }

    /// The hospitals that may close, by id.
    pub fn sites(&self) -> &[HospitalId] {
        &self.sites
    }

    /// How many sets of so many hospitals there are.
    pub fn sets(&self) -> u64 {
        let count = self.sites.len() as u64;
        match self.order {
            Order::Single => count,
            Order::Pair => count * count.saturating_sub(1) / 2,
            Order::Triple => count * count.saturating_sub(1) * count.saturating_sub(2) / 6,
        }
    }

    /// How many signatures of each size were found: people rest on so many different hospitals,
    /// pairs and triples.
    pub fn signatures(&self) -> [usize; 3] {
        self.signatures.sizes()
    }

    /// People newly beyond the limit when these hospitals close, at most as many as the order says;
    /// hospitals that may not close, or are named twice, add nothing.
    ///
    /// # Panics
    ///
    /// When there are more hospitals than the order says: that was not counted; or when one of them is of
    /// a network of other hospitals.
    pub fn newly_beyond(&self, hospitals: &[HospitalId]) -> u64 {
        self.closure(hospitals).newly_beyond
    }

    /// What the closure of these hospitals does.
    ///
    /// # Panics
    ///
    /// When there are more hospitals than the order says, or one of them is of a network of other
    /// hospitals.
    pub fn closure(&self, hospitals: &[HospitalId]) -> Closure {
        let mut ids = Vec::with_capacity(hospitals.len());
        for id in hospitals {
            // Where no hospital may close, nothing is known of the network, and nothing is counted.
            let is_own = self.sites.first().is_none_or(|site| site.1 == id.1);
            assert!(is_own, "the closure of a hospital of another network");
            ids.push(id.0);
        }
        self.closure_of(ids)
    }

    /// What the closure of the hospitals of these numbers does.
    fn closure_of(&self, mut ids: Vec<u32>) -> Closure {
        ids.sort_unstable();
        ids.dedup();
        assert!(ids.len() <= self.order.size(), "a set of the order that was counted");
        let people = &self.signatures;
        let tag = if let Some(site) = self.sites.first() { site.1 } else { 0 };
        let mut hospitals = Vec::with_capacity(ids.len());
        let mut singles = 0;
        for &id in &ids {
            hospitals.push(HospitalId(id, tag));
            singles += people.single(id);
        }
        let newly_beyond = people.of_set(&ids);
        let only_together = match *ids.as_slice() {
            [a, b] => people.pair([a, b]),
            [a, b, c] => people.triple([a, b, c]),
            _ => singles,
        };
        let newly_beyond_band = self.ends.as_ref().map(|ends| {
            let [quick, slow] = ends.each_ref().map(|signatures| signatures.of_set(&ids));
            Band::new(quick, slow)
        });
        Closure {
            hospitals,
            newly_beyond,
            newly_beyond_band,
            more_than_singles: newly_beyond - singles,
            only_together,
        }
    }
}
