//! Minimum volumes: who falls below, and what pooling would do.

use super::RulesError;
use crate::model::{HospitalId, MinimumVolume};
use crate::region::Region;
use crate::routing::{Choice, Flows};
use crate::units::Seconds;

/// A rounding error of a sum of expected cases: no hospital misses a line by it.
const ROUNDING: f64 = 1e-6;

/// Where the cases of a hospital below the line would go.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooling {
    /// The nearest hospital at or above the line; ties go to the smaller key.
    pub to: HospitalId,
    /// The journey between the two.
    pub between: Seconds,
    /// Mean extra seconds of its cases on their way from home, over those who have a way to the other
    /// hospital; negative where they live nearer to that one.
    pub extra_seconds: Option<f64>,
    /// Cases a year without a way to the other hospital within the region's cut-off.
    pub without_way: f64,
}

/// A service at one hospital.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// The hospital.
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
/// Cases follow the choice of a hospital as in [`Flows`]; exactly the line is enough. Pooling gives all
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
    let mut volumes: Vec<Volume> = Vec::new();
    for load in &flows.loads {
        let cases = load.cases * service.share;
        match volumes.last_mut() {
            Some(last) if last.hospital == load.hospital => last.cases += cases,
            _ => volumes.push(Volume {
                hospital: load.hospital,
                cases,
                is_enough: false,
                pooling: None,
                pooled_cases: 0.0,
            }),
        }
    }
    for one in &mut volumes {
        one.is_enough = one.cases >= service.least_cases - ROUNDING;
        one.pooled_cases = one.cases;
    }
    let enough: Vec<HospitalId> =
        volumes.iter().filter(|one| one.is_enough).map(|one| one.hospital).collect();
    for at in 0..volumes.len() {
        let from = volumes[at].hospital;
        if volumes[at].is_enough || region.network()[from].outside {
            continue;
        }
        let reachable = enough.iter().filter_map(|&to| Some((region.between(from, to)?, to)));
        let Some((between, to)) = reachable.min() else { continue };
        let (extra_seconds, without_way) = extra(region, &flows, (from, to));
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

/// Mean extra seconds from home when cases move from one hospital to another, and cases without a way.
///
/// Times are means over the parts of a place, of those that reach both.
fn extra(
    region: &Region,
    flows: &Flows,
    (from, to): (HospitalId, HospitalId),
) -> (Option<f64>, f64) {
    let (mut sum, mut moved, mut without_way) = (0.0, 0.0, 0.0);
    for flow in flows.pairs.iter().filter(|flow| flow.hospital == from) {
        let mut seconds = 0.0;
        let mut with_way = 0_u32;
        let parts = region.parts_of(flow.place);
        let all = parts.len() as f64;
        for part in parts {
            let time = |wanted: HospitalId| {
                let mut row = region.times().from_origin(part);
                row.find(|(hospital, _)| *hospital == wanted).map(|(_, time)| f64::from(time.0))
            };
            if let (Some(before), Some(after)) = (time(from), time(to)) {
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
