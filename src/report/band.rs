//! What holds over the band of the travel times, and what the road model does not decide.

use super::document::{Cell, Remark, standard_of};
use super::pathway::main_targets;
use crate::coverage::{Band, Coverage, Reach, share};
use crate::model::{BandEnd, Ends, Margin, OverBand};
use crate::overview::PathwayFigures;
use crate::pathways::PathwayError;
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
        Some(band) => Cell::count(band.at(end)),
        None => Cell::Missing,
    }
}

/// A share at an end of the band.
pub(super) fn share_cell(band: Option<Ends<f64>>, end: BandEnd) -> Cell {
    Cell::maybe_share(band.map(|band| *band.at(end)))
}

/// The share of people within the limit at an end of the band.
pub(super) fn share_at(reach: &Reach, end: BandEnd) -> Cell {
    people_share(reach.within_limit_band, reach.people, end)
}

/// People at an end of the band as a share of all of them.
pub(super) fn people_share(band: Option<Band>, people: u64, end: BandEnd) -> Cell {
    match band {
        Some(band) => Cell::maybe_share(share(band.at(end), people)),
        None => Cell::Missing,
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

/// What a head says of the travel model: how far its journeys may be off.
pub(super) fn head(region: &Region) -> String {
    match region.margin() {
        Some(stated) => margin(stated),
        None => said!("not stated: no verdict says whether it hangs on the travel model"),
    }
}

/// Verdicts that a remark names; of more it says how many.
const NAMED: usize = 12;

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
            undecided = verdicts.named()
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

    /// Those that do not hold: the first few by name, and how many more.
    fn named(&self) -> String {
        // Hundreds of places would bury what stands below; the column of the table has each.
        let mut named: Vec<String> = self.undecided.iter().take(NAMED).cloned().collect();
        let more = self.undecided.len() - named.len();
        if more > 0 {
            named.push(said!("{more} more", more));
        }
        named.join(", ")
    }

    /// How many of them hold, and how many do not, in a sentence; nothing without a band.
    pub(super) fn in_short(&self) -> String {
        let count = self.undecided.len();
        // A sentence behind another one: the blank before it is its own.
        match (count, self.holding) {
            (0, 0) => String::new(),
            (0, _) => said!(" Over the band of the travel times every verdict holds."),
            _ => said!(" Not decided by the road model: {count} of these verdicts.", count),
        }
    }

    /// Those of care pathways: that everybody, somebody or nobody is treated in time.
    pub(super) fn of_treatments(figures: &[Result<PathwayFigures, PathwayError>]) -> Self {
        let mut verdicts = Self::default();
        for figures in figures.iter().flatten() {
            if let [_, Some(treatment)] = main_targets(&figures.pathway) {
                verdicts.add(
                    &standard_of(&figures.pathway.key),
                    figures.targets[treatment].over_band(),
                );
            }
        }
        verdicts
    }

    /// The same, and that everybody, somebody or nobody is at the first door in time.
    pub(super) fn of_pathways(figures: &[Result<PathwayFigures, PathwayError>]) -> Self {
        let mut verdicts = Self::of_treatments(figures);
        for figures in figures.iter().flatten() {
            if let [Some(door), _] = main_targets(&figures.pathway) {
                let name = said!("{pathway} (door)", pathway = standard_of(&figures.pathway.key));
                verdicts.add(&name, figures.targets[door].over_band());
            }
        }
        verdicts
    }

    /// Those of standards: that everybody is in time.
    pub(super) fn of(results: &[Coverage]) -> Self {
        let mut verdicts = Self::default();
        for coverage in results {
            verdicts.add(&standard_of(&coverage.standard.key), coverage.over_band());
        }
        verdicts
    }
}

/// The shares of standards at both ends in a sentence, where a table has no room for them.
pub(super) fn shares(region: &Region, results: &[Coverage]) -> Option<String> {
    let mut bands = Vec::with_capacity(results.len());
    for coverage in results {
        if coverage.share_within_limit().is_none() {
            continue;
        }
        if let Some((least, most)) = coverage.total.share_band() {
            bands.push(share_of(&coverage.standard.key, least, most));
        }
    }
    told_shares(region, &bands)
}

/// The same of care pathways: who is treated in time.
pub(super) fn treated(
    region: &Region,
    figures: &[Result<PathwayFigures, PathwayError>],
) -> Option<String> {
    let mut bands = Vec::with_capacity(figures.len());
    for figures in figures.iter().flatten() {
        let [_, Some(treatment)] = main_targets(&figures.pathway) else { continue };
        if let Some((least, most)) = figures.targets[treatment].share_around() {
            bands.push(share_of(&figures.pathway.key, least, most));
        }
    }
    told_shares(region, &bands)
}

/// The least and the greatest share of something over the band.
fn share_of(key: &str, least: f64, most: f64) -> String {
    let [least, most] = [least, most].map(|share| Cell::share(share).display());
    said!("{key} {least} to {most}", key = standard_of(key), least, most)
}

fn told_shares(region: &Region, bands: &[String]) -> Option<String> {
    let margin = margin(region.margin()?);
    if bands.is_empty() {
        return None;
    }
    let bands = bands.join(", ");
    Some(said!("In limit, were all journeys slower or quicker ({margin}): {bands}.", margin, bands))
}

/// The least and the greatest share over the band behind the share itself: `, 76.6 % to 92.5 % over the band`; nothing
/// without a band.
pub(super) fn behind_share(around: Option<(f64, f64)>) -> String {
    let Some((least, most)) = around else { return String::new() };
    let [least, most] = [least, most].map(|share| Cell::share(share).display());
    said!(", {least} to {most} over the band", least, most)
}
