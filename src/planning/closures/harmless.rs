//! The largest set of hospitals that could close without anybody falling out.

use rayon::prelude::*;
use serde::Serialize;

use super::hitting::{Patience, smallest_hitting};
use super::{Aftermaths, Receiver, Sites};
use crate::coverage::{self, CoverageError, HospitalSet};
use crate::model::{BandEnd, HospitalId, OverBand, Standard};
use crate::region::Region;
use crate::run::Control;
use crate::units::Seconds;

/// Hospitals that could all close at once, and nobody who is within the limit of a standard now
/// would be beyond it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Harmless {
    /// The hospitals that could close, by id. When it is proven, of several largest sets the one
    /// with the smallest keys: where two differ, the first hospital that only one of them has is in
    /// this one.
    pub closing: Vec<HospitalId>,
    /// The others of those that may close, by id: people rest on them.
    pub staying: Vec<HospitalId>,
    /// No set that could close is larger than this.
    pub most: usize,
    /// Whether the size is the largest possible and ties are resolved: [`Harmless::most`] hospitals
    /// close, and no other set comes before.
    pub is_proven: bool,
    /// Whether nobody falls out by closing these over the whole band of the travel times, as nobody does by the times
    /// as stated; `None` without a band.
    pub over_band: Option<OverBand>,
}

/// Sets of hospitals whose cases are followed before [`harmless_with_beds`] gives its best.
const SETS: usize = 5_000;

/// Words of 64 hospitals that the search may look at before it gives its best; a region needs a few
/// thousand. Bounds memory, too.
const STEPS: u64 = 20_000_000;

/// The largest set of hospitals that could close without anybody of the standard's group falling
/// beyond its limit, of those that may close.
///
/// Everybody within the limit must keep one of the hospitals there: the hospitals that stay are a
/// smallest set that hits every place's list. That is found by reductions, and branch and bound; on
/// a network where that takes too long, or when it is stopped, the best set so far comes with a
/// bound.
///
/// Nobody falls out, but ways get longer and neighbours fuller: see [`super::Aftermaths`] for what
/// follows, and [`harmless_with_beds`] for the largest set that leaves the neighbours enough beds.
///
/// # Errors
///
/// When the standard cannot be evaluated.
///
/// ```
/// use verbund::Region;
/// use verbund::planning::closures::{Sites, harmless};
/// use verbund::run::Control;
///
/// let region = Region::leipzig()?;
/// let standard = region.network().catalog().standard("obstetrics").unwrap();
/// let found = harmless(&region, standard, Sites::Inside, &Control::default())?;
/// assert!(found.is_proven && found.closing.len() == found.most);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn harmless(
    region: &Region,
    standard: &Standard,
    sites: Sites,
    control: &Control<'_>,
) -> Result<Harmless, CoverageError> {
    coverage::check(region, standard)?;
    let may_close = sites.of(region, standard);
    let rows = lists(region, standard, &may_close, standard.limit());
    let hitting = smallest_hitting(rows, &mut Patience { steps: STEPS, control });
    let (mut staying, mut closing) = (Vec::new(), Vec::new());
    for id in may_close.ids() {
        let is_staying = hitting.columns.binary_search(&id.0).is_ok();
        if is_staying { staying.push(id) } else { closing.push(id) }
    }
    let most = may_close.len() - hitting.least;
    let is_proven = hitting.is_first && closing.len() == most;
    let over_band = over_band(region, standard, &may_close, &closing);
    Ok(Harmless { closing, staying, most, is_proven, over_band })
}

/// The largest of the sets of [`harmless`] after which no other hospital has too few beds: none that
/// takes cases is overfull then, by more bed days than beds, be it newly or fuller than before by at
/// least 0.1 percentage points.
///
/// `aftermaths` follow the cases, see [`Aftermaths::with_overload`]; without that no hospital is
/// overfull, and the result is that of [`harmless`]. A closure only adds to the cases of those that stay,
/// so a hospital that one set overfills is overfilled by every larger set in which it stays. Of
/// several largest sets the first one found is given. The search follows the cases of 5,000 sets at
/// most; where that is not enough, or when it is stopped, the best set so far comes with a bound.
///
/// # Errors
///
/// When the standard cannot be evaluated.
pub fn harmless_with_beds(
    region: &Region,
    standard: &Standard,
    sites: Sites,
    aftermaths: &Aftermaths,
    control: &Control<'_>,
) -> Result<Harmless, CoverageError> {
    let reach = harmless(region, standard, sites, control)?;
    let may_close = sites.of(region, standard);
    let mut search = BedSearch {
        lists: lists(region, standard, &may_close, standard.limit()),
        aftermaths,
        control,
        left: SETS,
        most: reach.most,
        best: Vec::new(),
    };
    let candidates = search.candidates(may_close.ids());
    search.look(&mut Vec::new(), &candidates);

    let (mut closing, mut staying) = (Vec::new(), Vec::new());
    for id in may_close.ids() {
        let is_closing = search.best.binary_search(&id).is_ok();
        if is_closing { closing.push(id) } else { staying.push(id) }
    }
    let is_proven = search.left > 0 && !control.is_stopped();
    // What nobody finished still has the bound of the question without beds, which allows more sets.
    let most = if is_proven { closing.len() } else { reach.most };
    let over_band = over_band(region, standard, &may_close, &closing);
    Ok(Harmless { closing, staying, most, is_proven, over_band })
}

/// Whether everybody keeps a hospital of each list when these close, by id.
fn keep_one(lists: &[Vec<u32>], closed: &[HospitalId]) -> bool {
    let is_closed = |index: &u32| closed.binary_search_by_key(index, |hospital| hospital.0).is_ok();
    lists.iter().all(|list| !list.iter().all(is_closed))
}

/// Whether closing these, by id, puts nobody beyond the limit at both ends of the band, too.
fn over_band(
    region: &Region,
    standard: &Standard,
    may_close: &HospitalSet,
    closing: &[HospitalId],
) -> Option<OverBand> {
    let margin = region.margin()?;
    let [quick, slow] = BandEnd::BOTH.map(|end| match margin.latest(end, standard.limit()) {
        Some(limit) => keep_one(&lists(region, standard, may_close, limit), closing),
        // Where nobody is within the limit, nobody falls out.
        None => true,
    });
    Some(OverBand::of(&true, [&quick, &slow]))
}

/// A search for the largest set that leaves everybody within the limit and no hospital overfull.
struct BedSearch<'a> {
    /// Hospitals of which one must stay, list by list.
    lists: Vec<Vec<u32>>,
    aftermaths: &'a Aftermaths,
    control: &'a Control<'a>,
    /// Sets that may still be followed.
    left: usize,
    /// No set is larger than this.
    most: usize,
    /// The largest set so far, by id.
    best: Vec<HospitalId>,
}

impl BedSearch<'_> {
    /// The hospitals that some set can have: those that overfill only others that may close with them.
    fn candidates(&mut self, mut ids: Vec<HospitalId>) -> Vec<HospitalId> {
        ids.retain(|id| self.reaches(&[*id]));
        let mut singles: Vec<Single> = Vec::new();
        for hospital in ids {
            let Some(overfilled) = self.overfilled(&[hospital]) else { break };
            singles.push(Single { hospital, overfilled });
        }

        // Until nothing changes: who goes may be whom another one needed to close.
        loop {
            let mut open = Vec::with_capacity(singles.len());
            for single in &singles {
                open.push(single.hospital);
            }
            singles.retain(|single| are_among(&single.overfilled, &open));
            if singles.len() == open.len() {
                return open;
            }
        }
    }

    /// Looks at every set that has these closed hospitals and any of the open ones.
    fn look(&mut self, closed: &mut Vec<HospitalId>, open: &[HospitalId]) {
        for (index, id) in open.iter().enumerate() {
            // Even with all that are left it would be no larger set.
            let bound = (closed.len() + open.len() - index).min(self.most);
            if bound <= self.best.len() {
                return;
            }
            let rest = &open[index + 1..];
            closed.push(*id);
            if self.reaches(closed) {
                let Some(overfilled) = self.overfilled(closed) else {
                    closed.pop();
                    return;
                };
                if overfilled.is_empty() && closed.len() > self.best.len() {
                    self.best.clone_from(closed);
                }
                // Only the closure of an overfilled hospital itself mends it.
                if are_among(&overfilled, rest) {
                    self.look(closed, rest);
                }
            }
            closed.pop();
        }
    }

    /// Whether everybody keeps a hospital within the limit when these close, by id.
    fn reaches(&self, closed: &[HospitalId]) -> bool {
        keep_one(&self.lists, closed)
    }

    /// The hospitals that have too few beds when these close, by id; `None` when nobody may look any
    /// more.
    fn overfilled(&mut self, closed: &[HospitalId]) -> Option<Vec<HospitalId>> {
        if self.left == 0 || self.control.is_stopped() {
            return None;
        }
        self.left -= 1;
        let after = self.aftermaths.of_until(closed, self.control)?;
        let mut overfilled = Vec::new();
        // Where nobody asked where cases go, nobody is overfilled.
        let Some(overload) = after.overload else { return Some(overfilled) };
        for Receiver { hospital, load } in overload.receivers {
            if load.is_newly_overfull() || load.is_overfull_and_fuller() {
                overfilled.push(hospital);
            }
        }
        overfilled.sort_unstable();
        Some(overfilled)
    }
}

/// A hospital with those that its closure alone overfills, by id.
struct Single {
    hospital: HospitalId,
    overfilled: Vec<HospitalId>,
}

/// Whether all of these hospitals are among others, which are sorted.
fn are_among(hospitals: &[HospitalId], others: &[HospitalId]) -> bool {
    hospitals.iter().all(|hospital| others.binary_search(hospital).is_ok())
}

/// The hospitals within a limit of each part with people, each list once, where all of them may
/// close.
fn lists(
    region: &Region,
    standard: &Standard,
    may_close: &HospitalSet,
    limit: Seconds,
) -> Vec<Vec<u32>> {
    let set = HospitalSet::meeting(region.network(), &standard.requirement);
    let people = region.people(&standard.population);
    let list = |part: usize| {
        if people[part] == 0 {
            return None;
        }
        let mut list: Vec<u32> = Vec::new();
        for (id, time) in region.times().from_origin(part) {
            // The nearest come first: all that follow are too far, too.
            if time > limit {
                break;
            }
            if !set.contains(id) {
                continue;
            }
            // People with a hospital that stays in any case fall out by no closure.
            if !may_close.contains(id) {
                return None;
            }
            list.push(id.0);
        }
        list.sort_unstable();
        if list.is_empty() { None } else { Some(list) }
    };
    let mut lists: Vec<Vec<u32>> = (0..people.len()).into_par_iter().filter_map(list).collect();
    // Neighbours mostly have the same hospitals in reach: far fewer lists than parts are left.
    lists.par_sort_unstable();
    lists.dedup();
    lists
}
