//! What holds over the band of the travel times, and what the road model does not decide.

use super::document::{Cell, Remark};
use crate::coverage::{Band, Coverage, Reach, share};
use crate::model::{BandEnd, Margin, OverBand};
use crate::region::Region;
use crate::units::{Seconds, in_words};

/// Whether a verdict holds over the band, in a word; nothing where there is no band.
pub(super) fn word(over_band: Option<OverBand>) -> Cell {
    match over_band {
        Some(over_band) => Cell::word(over_band.short()),
        None => Cell::Missing,
    }
}

/// A number of people at an end of the band.
pub(super) fn people(band: Option<Band>, end: BandEnd) -> Cell {
    match band {
        Some(band) => Cell::count(at(band, end)),
        None => Cell::Missing,
    }
}

/// The share of people within the limit at an end of the band.
pub(super) fn share_at(reach: &Reach, end: BandEnd) -> Cell {
    match reach.within_limit_band {
        Some(band) => Cell::maybe_share(share(at(band, end), reach.people)),
        None => Cell::Missing,
    }
}

fn at(band: Band, end: BandEnd) -> u64 {
    match end {
        BandEnd::Quick => band.quick,
        BandEnd::Slow => band.slow,
    }
}

/// A margin in words: `journeys × 0.8 to × 1.2 and 2m more`.
fn margin(margin: &Margin) -> String {
    let [quick, slow] = BandEnd::BOTH.map(|end| in_words(margin.factor(end), 0));
    if margin.absolute == Seconds(0) {
        return said!("journeys × {quick} to × {slow}", quick, slow);
    }
    said!("journeys × {quick} to × {slow} and {more} more", quick, slow, more = margin.absolute)
}

/// What the columns of the band are.
pub(super) fn columns(region: &Region) -> Option<String> {
    let margin = margin(region.margin()?);
    Some(said!(
        "If slow, if quick: were every journey off by all that the travel model may be ({margin}).",
        margin
    ))
}

/// Which of some verdicts the road model does not decide, by name; `None` without a band.
pub(super) fn undecided(region: &Region, verdicts: &Verdicts) -> Option<Remark> {
    let margin = margin(region.margin()?);
    if verdicts.holding + verdicts.undecided.len() == 0 {
        return None;
    }
    let told = if verdicts.undecided.is_empty() {
        said!("Over the band of the travel times ({margin}) every verdict here holds.", margin)
    } else {
        said!(
            "Not decided by the road model, as other journeys within its band ({margin}) would turn it: {undecided}.",
            margin,
            undecided = verdicts.undecided.join(", ")
        )
    };
    Some(told.into())
}

/// Verdicts, by whether they hold over the band.
#[derive(Default)]
pub(super) struct Verdicts {
    /// How many hold.
    holding: usize,
    /// Those that do not, by name.
    undecided: Vec<String>,
}

impl Verdicts {
    /// Adds the verdict of something; one without a band is none.
    pub(super) fn add(&mut self, name: &str, over_band: Option<OverBand>) {
        match over_band {
            Some(OverBand::Holds) => self.holding += 1,
            Some(OverBand::NotDecided) => self.undecided.push(name.to_owned()),
            None => {}
        }
    }

    /// Those of standards: that everybody is in time.
    pub(super) fn of(results: &[Coverage]) -> Self {
        let mut verdicts = Self::default();
        for coverage in results {
            verdicts.add(&coverage.standard.key, coverage.over_band());
        }
        verdicts
    }
}

/// The shares of standards at both ends in a sentence, where a table has no room for them.
pub(super) fn shares(region: &Region, results: &[Coverage]) -> Option<String> {
    let margin = margin(region.margin()?);
    let mut bands = Vec::with_capacity(results.len());
    for coverage in results {
        if coverage.share_within_limit().is_none() {
            continue;
        }
        let Some((least, most)) = coverage.total.share_band() else { continue };
        let [least, most] = [least, most].map(|share| Cell::share(share).display());
        bands.push(said!("{key} {least} to {most}", key = coverage.standard.key, least, most));
    }
    if bands.is_empty() {
        return None;
    }
    let bands = bands.join(", ");
    Some(said!("In limit, were all journeys slower or quicker ({margin}): {bands}.", margin, bands))
}
