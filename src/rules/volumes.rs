//! Minimum volumes: who falls below, and what pooling would do.

use std::collections::BTreeMap;

use super::RulesError;
use super::sites::{ONE_SITE, mains, sites};
use crate::model::{HospitalId, MinimumVolume};
use crate::region::Region;
use crate::routing::{Choice, Flows};
use crate::units::Seconds;

/// A rounding error of a sum of expected cases: no hospital misses a line by it.
const ROUNDING: f64 = 1e-6;

/// Where the cases of a hospital below the line would go.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooling {
    /// The nearest site at or above the line; ties go to the smaller key.
    pub to: HospitalId,
    /// The journey between the two.
    pub between: Seconds,
    /// Mean extra seconds of its cases on their way from home, over those who have a way to the other
    /// hospital; negative where they live nearer to that one.
    pub extra_seconds: Option<f64>,
    /// Cases a year without a way to the other hospital within the region's cut-off.
    pub without_way: f64,
}

/// A service at one site.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// The hospital; the main one where several count as one site.
    pub hospital: HospitalId,
    /// Expected cases a year that count.
    pub cases: f64,
    /// Whether they reach the line.
    pub is_enough: bool,
    /// For a hospital inside below the line, where its cases would go; `None` when no hospital at or
    /// above the line is in reach.
    pub pooling: Option<Pooling>,
    /// Cases a year once all hospitals below the line have given theirs away: 0 for one that did.
    pub pooled_cases: f64,
}

/// A service at all hospitals that have it.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceVolumes {
    /// The service, with its line.
    pub service: MinimumVolume,
    /// By hospital, outside ones included, by id. Those outside look emptier than they are, because most
    /// people around them are not in the places: they may receive, but give nothing away.
    pub volumes: Vec<Volume>,
    /// Cases a year that no hospital takes.
    pub leftover: f64,
}

impl ServiceVolumes {
    /// The hospitals below the line, by id, outside ones included.
    pub fn below(&self) -> impl Iterator<Item = &Volume> {
        self.volumes.iter().filter(|one| !one.is_enough)
    }
}

/// Expected cases of a service by hospital, against its minimum volume, and what pooling would do.
///
/// Cases follow the choice of a hospital as in [`Flows`]; those of hospitals that are one site
/// ([`sites`](super::sites)) count together. Exactly the line is enough. Pooling gives all
/// cases of every hospital inside below the line to the nearest one that is at or above it before anybody
/// moves. Cases are expected ones of the model, not counted ones: a verdict is a hint where to look.
///
/// ```
/// use verbund::Region;
/// use verbund::routing::Choice;
/// use verbund::rules::minimum_volumes;
///
/// let region = Region::leipzig()?;
/// let births = &region.network().catalog().minimum_volumes.services[1];
/// let found = minimum_volumes(&region, births, Choice::Nearest)?;
/// let before: f64 = found.volumes.iter().map(|one| one.cases).sum();
/// let after: f64 = found.volumes.iter().map(|one| one.pooled_cases).sum();
/// assert!((before - after).abs() < 1e-6); // pooling loses nobody
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When a parameter of the choice is out of range or nothing counts the service.
pub fn minimum_volumes(
    region: &Region,
    service: &MinimumVolume,
    choice: Choice,
) -> Result<ServiceVolumes, RulesError> {
    let Some(flows) = Flows::with_pairs(region, Some(&service.counted_by), choice)? else {
        return Err(RulesError::NotCounted { service: service.key.clone() });
    };
    // By the main hospital of the site: its cases, and the hospitals that have them.
    let network = region.network();
    let mains = mains(network, &sites(network, ONE_SITE));
    let mut all: BTreeMap<HospitalId, (f64, Vec<HospitalId>)> = BTreeMap::new();
    for load in &flows.loads {
        let (cases, hospitals) = all.entry(mains[load.hospital.index()]).or_default();
        *cases += load.cases * service.share;
        if hospitals.last() != Some(&load.hospital) {
            hospitals.push(load.hospital);
        }
    }
    let volume = |(&hospital, &(cases, _)): (&HospitalId, &(f64, Vec<HospitalId>))| Volume {
        hospital,
        cases,
        is_enough: cases >= service.least_cases - ROUNDING,
        pooling: None,
        pooled_cases: cases,
    };
    let mut volumes: Vec<Volume> = all.iter().map(volume).collect();
    let enough: Vec<HospitalId> =
        volumes.iter().filter(|one| one.is_enough).map(|one| one.hospital).collect();
    for at in 0..volumes.len() {
        let from = volumes[at].hospital;
        if volumes[at].is_enough || network[from].outside {
            continue;
        }
        let of = |site: HospitalId| all[&site].1.as_slice();
        let between = |to: HospitalId| {
            let pairs = of(from).iter().flat_map(|a| of(to).iter().map(move |b| (*a, *b)));
            pairs.filter_map(|(a, b)| region.between(a, b)).min()
        };
        let reachable = enough.iter().filter_map(|&to| Some((between(to)?, to)));
        let Some((between, to)) = reachable.min() else { continue };
        let (extra_seconds, without_way) = extra(region, &flows, (of(from), of(to)));
        let without_way = without_way * service.share;
        let cases = std::mem::take(&mut volumes[at].pooled_cases);
        volumes[at].pooling = Some(Pooling { to, between, extra_seconds, without_way });
        if let Some(receiver) = volumes.iter_mut().find(|one| one.hospital == to) {
            receiver.pooled_cases += cases;
        }
    }
    let leftover = flows.leftover() * service.share;
    Ok(ServiceVolumes { service: service.clone(), volumes, leftover })
}

/// Mean extra seconds from home when cases move from the hospitals of one site to the nearest of another, and
/// cases without a way.
///
/// Times are means over the parts of a place, of those that reach both.
fn extra(
    region: &Region,
    flows: &Flows,
    (from, to): (&[HospitalId], &[HospitalId]),
) -> (Option<f64>, f64) {
    let (mut sum, mut moved, mut without_way) = (0.0, 0.0, 0.0);
    for flow in flows.pairs.iter().filter(|flow| from.contains(&flow.hospital)) {
        let mut seconds = 0.0;
        let mut with_way = 0_u32;
        let parts = region.parts_of(flow.place);
        let all = parts.len() as f64;
        for part in parts {
            let time = |wanted: &[HospitalId]| {
                let mut row = region.times().from_origin(part);
                row.find(|(hospital, _)| wanted.contains(hospital))
                    .map(|(_, time)| f64::from(time.0))
            };
            if let (Some(before), Some(after)) = (time(&[flow.hospital]), time(to)) {
                seconds += after - before;
                with_way += 1;
            }
        }
        let share = f64::from(with_way) / all;
        without_way += flow.cases * (1.0 - share);
        if with_way > 0 {
            moved += flow.cases * share;
            sum += flow.cases * share * seconds / f64::from(with_way);
        }
    }
    ((moved > 0.0).then(|| sum / moved), without_way)
}
