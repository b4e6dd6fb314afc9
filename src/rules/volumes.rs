//! Minimum volumes: who falls below, and what pooling would do.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::RulesError;
use super::sites::{ONE_SITE, mains, sites};
use crate::model::{HospitalId, MinimumVolume};
use crate::region::Region;
use crate::routing::{Choice, Flows, PlaceFlow};
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
    let Some(mut flows) = Flows::with_pairs(region, Some(&service.counted_by), choice)? else {
        return Err(RulesError::NotCounted { service: service.key.clone() });
    };
    // Each site looks up its own.
    flows.pairs.sort_by_key(|pair| (pair.hospital, pair.place));
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
    let sites_of_service = SitesOfService { region, flows: &flows, all: &all, mains: &mains };
    let pooled = |volume: &Volume| {
        if volume.is_enough || network[volume.hospital].outside {
            return None;
        }
        let mut pooling = sites_of_service.pool(volume.hospital, &enough)?;
        pooling.without_way *= service.share;
        Some(pooling)
    };
    let poolings: Vec<Option<Pooling>> = volumes.par_iter().map(pooled).collect();
    for (at, pooling) in poolings.into_iter().enumerate() {
        let Some(pooling) = pooling else { continue };
        let cases = std::mem::take(&mut volumes[at].pooled_cases);
        let receiver = volumes.binary_search_by_key(&pooling.to, |volume| volume.hospital);
        volumes[receiver.expect("it is one of them")].pooled_cases += cases;
        volumes[at].pooling = Some(pooling);
    }
    let leftover = flows.leftover() * service.share;
    Ok(ServiceVolumes { service: service.clone(), volumes, leftover })
}

/// The hospitals of each site that have cases of a service, with its flows.
struct SitesOfService<'a> {
    region: &'a Region,
    flows: &'a Flows,
    /// By the main hospital of the site: its cases, and the hospitals that have them.
    all: &'a BTreeMap<HospitalId, (f64, Vec<HospitalId>)>,
    /// By hospital, the main one of its site.
    mains: &'a [HospitalId],
}

impl SitesOfService<'_> {
    fn hospitals(&self, site: HospitalId) -> &[HospitalId] {
        &self.all[&site].1
    }

    /// The cases of a site go to the nearest of those with enough, by their main hospitals, rising; `None`
    /// where none is in reach.
    fn pool(&self, from: HospitalId, enough: &[HospitalId]) -> Option<Pooling> {
        let mut nearest: Option<(Seconds, HospitalId)> = None;
        for own in self.hospitals(from) {
            let (hospitals, seconds) = self.region.journeys_of(own.index());
            for (&hospital, &second) in hospitals.iter().zip(seconds) {
                let hospital = self.region.network().id(hospital);
                let site = self.mains[hospital.index()];
                let has_cases = || self.hospitals(site).contains(&hospital);
                if enough.binary_search(&site).is_err() || !has_cases() {
                    continue;
                }
                let found = (Seconds(u32::from(second)), site);
                nearest = Some(nearest.map_or(found, |before| before.min(found)));
            }
        }
        let (between, to) = nearest?;
        let (extra_seconds, without_way) = self.extra(from, to);
        Some(Pooling { to, between, extra_seconds, without_way })
    }

    /// Mean extra seconds from home when cases move from the hospitals of one site to the nearest of another,
    /// and cases without a way.
    ///
    /// Times are means over the parts of a place, of those that reach both.
    fn extra(&self, from: HospitalId, to: HospitalId) -> (Option<f64>, f64) {
        let mut is_receiver = vec![false; self.mains.len()];
        self.hospitals(to).iter().for_each(|id| is_receiver[id.index()] = true);
        let (mut sum, mut moved, mut without_way) = (0.0, 0.0, 0.0);
        for flow in self.pairs_of(self.hospitals(from)) {
            let mut seconds = 0.0;
            let mut with_way = 0_u32;
            let parts = self.region.parts_of(flow.place);
            let all = parts.len() as f64;
            for part in parts {
                if let Some((before, after)) = self.times(part, flow.hospital, &is_receiver) {
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

    /// The flows to these hospitals, by place.
    fn pairs_of(&self, hospitals: &[HospitalId]) -> Vec<&PlaceFlow> {
        let mut pairs: Vec<&PlaceFlow> = Vec::new();
        for hospital in hospitals {
            let first = self.flows.pairs.partition_point(|pair| pair.hospital < *hospital);
            let own = self.flows.pairs[first..].iter();
            pairs.extend(own.take_while(|pair| pair.hospital == *hospital));
        }
        pairs.sort_by_key(|pair| (pair.place, pair.hospital));
        pairs
    }

    /// Seconds from a part to a hospital and to the nearest of those that may take its cases; `None` where it
    /// does not reach both.
    fn times(&self, part: usize, before: HospitalId, is_receiver: &[bool]) -> Option<(f64, f64)> {
        let (mut to_one, mut to_other) = (None, None);
        let (hospitals, seconds) = self.region.times().row(part);
        for (&hospital, &time) in hospitals.iter().zip(seconds) {
            if hospital == before.0 {
                to_one = Some(f64::from(time));
            }
            if to_other.is_none() && is_receiver[hospital as usize] {
                to_other = Some(f64::from(time));
            }
            if to_one.is_some() && to_other.is_some() {
                break;
            }
        }
        Some((to_one?, to_other?))
    }
}
