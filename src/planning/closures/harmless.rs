//! The largest set of hospitals that could close without anybody falling out.

use std::sync::atomic::AtomicBool;

use rayon::prelude::*;

use super::Sites;
use super::hitting::{Patience, smallest_hitting};
use crate::coverage::{self, CoverageError, HospitalSet};
use crate::model::{HospitalId, Standard};
use crate::region::Region;

/// Hospitals that could all close at once, and nobody who is within the limit of a standard now
/// would be beyond it.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

/// Words of 64 hospitals that the search may look at before it gives its best; a region needs a few
/// thousand. Bounds memory, too.
const STEPS: u64 = 20_000_000;

/// The largest set of hospitals that could close without anybody of the standard's group falling
/// beyond its limit, of those that may close.
///
/// Everybody within the limit must keep one of the hospitals there: the hospitals that stay are a
/// smallest set that hits every place's list. That is found by reductions, and branch and bound; on
/// a network where that takes too long, or when `stop` is set, the best set so far comes with a
/// bound.
///
/// Nobody falls out, but ways get longer and neighbours fuller: see [`super::Aftermaths`].
///
/// # Errors
///
/// When the standard cannot be evaluated.
///
/// ```
/// use std::sync::atomic::AtomicBool;
/// use verbund::Region;
/// use verbund::planning::closures::{Sites, harmless};
///
/// let region = Region::leipzig()?;
/// let standard = region.network().catalog().standard("obstetrics").unwrap();
/// let found = harmless(&region, standard, Sites::Inside, &AtomicBool::new(false))?;
/// assert!(found.is_proven && found.closing.len() == found.most);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn harmless(
    region: &Region,
    standard: &Standard,
    sites: Sites,
    stop: &AtomicBool,
) -> Result<Harmless, CoverageError> {
    coverage::check(region, standard)?;
    let may_close = sites.of(region, standard);
    let rows = lists(region, standard, &may_close);
    let hitting = smallest_hitting(rows, &mut Patience { steps: STEPS, stop });
    let is_staying = |id: &HospitalId| hitting.columns.binary_search(&id.0).is_ok();
    let (staying, closing): (Vec<_>, Vec<_>) = may_close.ids().into_iter().partition(is_staying);
    let most = may_close.len() - hitting.least;
    let is_proven = hitting.is_first && closing.len() == most;
    Ok(Harmless { closing, staying, most, is_proven })
}

/// The hospitals within the limit of each part with people, each list once, where all of them may
/// close.
fn lists(region: &Region, standard: &Standard, may_close: &HospitalSet) -> Vec<Vec<u32>> {
    let set = HospitalSet::meeting(region.network(), &standard.requirement);
    let people = region.people(&standard.population);
    let limit = standard.limit();
    let list = |part: usize| {
        let within = region.times().from_origin(part).take_while(|(_, time)| *time <= limit);
        let mut list: Vec<u32> = Vec::new();
        for (id, _) in within.filter(|(id, _)| set.contains(*id)) {
            if !may_close.contains(id) {
                return None;
            }
            list.push(id.0);
        }
        list.sort_unstable();
        Some(list).filter(|list| !list.is_empty())
    };
    let parts = (0..people.len()).into_par_iter().filter(|part| people[*part] > 0);
    let mut lists: Vec<Vec<u32>> = parts.filter_map(list).collect();
    lists.par_sort_unstable();
    lists.dedup();
    lists
}
