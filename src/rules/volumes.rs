//! Minimum volumes: who falls below, and what pooling would do.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::RulesError;
use super::sites::{ONE_SITE, Site, inpatient_sites, mains, sites};
use crate::model::{Answer, HospitalId, MinimumVolume, Network};
use crate::region::Region;
use crate::routing::{Choice, FlowSettings, Flows, PlaceFlow};
use crate::units::{Seconds, as_seconds};

/// A rounding error of a sum of expected cases: no hospital misses a line by it.
const ROUNDING: f64 = 1e-6;

/// Where the cases of a hospital below the line would go.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Pooling {
    /// The nearest site at or above the line; ties go to the smaller key.
    pub to: HospitalId,
    /// The journey between the two.
    #[serde(rename = "between_seconds", serialize_with = "as_seconds")]
    pub between: Seconds,
    /// Mean extra seconds of its cases on their way from home, over those who have a way to the other
    /// hospital; negative where they live nearer to that one.
    pub extra_seconds: Option<f64>,
    /// Cases a year without a way to the other hospital within the region's cut-off.
    pub without_way: f64,
}

/// How sure the expected cases of a service at a hospital are: the standard deviation of the model's error
/// as a share of them. It is the root mean square of modelled over published less one, over the 26 counts that the
/// model in use can be held against in Leipzig / Nordwestsachsen (`verbund flows --check`): 0.28 over 20 counts of
/// births, five hospitals a year of 2016, 2021, 2022 and 2025
/// ([`check_births`](crate::routing::check_births)), and 0.20 over six of all inpatient cases
/// ([`check_cases`](crate::routing::check_cases)), where errors of the specialties partly cancel. A service is
/// more like the births.
pub const MODEL_ERROR: f64 = 0.26;

/// Years before the line's for which a count still stands for its year; older ones are left aside.
pub const OLDEST_COUNT: i16 = 5;

/// Standard deviations to either side of a mean that hold 95 % of a normal distribution.
const SIDES: f64 = 1.96;

/// How cases are counted: a choice of patients is enough, and what differs is set on it.
///
/// ```
/// use verbund::routing::Choice;
/// use verbund::rules::VolumeSettings;
///
/// let expected = VolumeSettings::from(Choice::Nearest).year(2029).use_counts(false);
/// assert_eq!((expected.year, expected.use_counts), (Some(2029), false));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct VolumeSettings {
    /// How patients choose a hospital, for expected cases a year.
    pub choice: Choice,
    /// The year whose line counts; `None` for the year of the network's day.
    pub year: Option<i16>,
    /// Whether counted cases of the hospitals' facts come before expected ones. A what-if wants `false`:
    /// a count does not know of it.
    pub use_counts: bool,
}

impl From<Choice> for VolumeSettings {
    /// Counted cases where the data have them, for the year of the network.
    fn from(choice: Choice) -> Self {
        Self { choice, year: None, use_counts: true }
    }
}

impl VolumeSettings {
    /// The same for the line of another year; `None` for the year of the network's day.
    #[must_use]
    pub fn year(self, year: impl Into<Option<i16>>) -> Self {
        Self { year: year.into(), ..self }
    }

    /// Says whether counted cases come before expected ones.
    #[must_use]
    pub fn use_counts(self, use_counts: bool) -> Self {
        Self { use_counts, ..self }
    }
}

/// From how many to how many cases a year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CaseRange {
    /// At least so many, 0 or more.
    pub low: f64,
    /// At most so many.
    pub high: f64,
}

/// A service at one site.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Volume {
    /// The hospital; the main one where several count as one site.
    pub hospital: HospitalId,
    /// Cases a year that count: counted or expected.
    pub cases: f64,
    /// The year in which they were counted; `None` for expected ones.
    pub counted_in: Option<i16>,
    /// From how many to how many cases a year there may be: 95 % of the years, by chance and, for expected
    /// ones, by the error of the model ([`MODEL_ERROR`]). Cases of the year of the line or of the year
    /// before it are what the rule asks for: as counted.
    pub interval: CaseRange,
    /// Whether the cases themselves reach the line, however near; `true` where the year has no line.
    pub is_enough: bool,
    /// The verdict: holds or fails where the whole interval is on one side of the line, else unknown,
    /// which is too close to call. `None` where the year has no line.
    pub verdict: Option<Answer>,
    /// For a hospital inside below the line, where its cases would go; `None` when no hospital at or
    /// above the line is in reach.
    pub pooling: Option<Pooling>,
    /// Cases a year once all hospitals below the line have given theirs away: 0 for one that did.
    pub pooled_cases: f64,
}

/// A service at all hospitals that have it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ServiceVolumes {
    /// The service, with its lines.
    pub service: MinimumVolume,
    /// The year of the line.
    pub year: i16,
    /// The line of that year; `None` where it has none.
    pub least_cases: Option<f64>,
    /// By hospital, outside ones included, by id. Those outside look emptier than they are, because most
    /// people around them are not in the places: they may receive, but give nothing away.
    pub volumes: Vec<Volume>,
    /// Main hospitals of sites inside that may do it, by id, of which nobody knows a count: no rate of
    /// demand counts the service, and their facts do not. Unknown by the rule of [`Answer`].
    pub uncounted: Vec<HospitalId>,
    /// Cases a year that no hospital takes.
    pub leftover: f64,
}

impl ServiceVolumes {
    /// The hospitals below the line, by id, outside ones included.
    pub fn below(&self) -> impl Iterator<Item = &Volume> {
        self.volumes.iter().filter(|volume| !volume.is_enough)
    }
}

/// Cases of a service by site, against its minimum volume, and what pooling would do.
///
/// Counted cases come first: the latest number in the facts of a hospital, of the field that the service
/// names ([`MinimumVolume::fact`]), not later than the network's year and not older than [`OLDEST_COUNT`]
/// years before the line's; of several of one year the first. A
/// site of several hospitals is counted where all that have the service are. Else cases are expected ones,
/// by the rate of demand that counts the service ([`MinimumVolume::counted_by`]) and the choice of a
/// hospital as in [`Flows`]. Those of hospitals that are one site ([`sites`](super::sites())) count together.
///
/// The lines and the pooling are those of section 136b SGB V and the G-BA's rules under it; the catalog has
/// each with its year and source.
///
/// Exactly the line is enough. The verdict holds or fails where the interval of the cases says so, else it is
/// too close to call. Pooling gives all cases of every hospital inside below the line to the nearest one that
/// is at or above it before anybody moves; it needs a rate of demand.
///
/// ```
/// use verbund::Region;
/// use verbund::model::Answer;
/// use verbund::routing::Choice;
/// use verbund::rules::minimum_volumes;
///
/// let region = Region::open("networks/small")?;
/// let services = &region.network().catalog().minimum_volumes.services;
/// let births = services.iter().find(|one| one.key == "births").unwrap();
/// let found = minimum_volumes(&region, births, Choice::Nearest)?;
/// let north = &found.volumes[0];
/// assert_eq!((north.cases, north.counted_in), (240.0, Some(2025))); // the fact of the file
/// assert_eq!((found.least_cases, north.verdict), (Some(500.0), Some(Answer::DoesNot)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When a parameter of the choice is out of range or nothing counts the service.
pub fn minimum_volumes(
    region: &Region,
    service: &MinimumVolume,
    settings: impl Into<VolumeSettings>,
) -> Result<ServiceVolumes, RulesError> {
    let settings = settings.into();
    let mut flows = match &service.counted_by {
        None => None,
        Some(key) => {
            let Some(cases) = region.demand().cases(key) else {
                return Err(RulesError::NotCounted { service: service.key.clone() });
            };
            let of_service = FlowSettings::new(settings.choice).only(cases).with_pairs();
            Some(Flows::new(region, &of_service)?)
        }
    };
    if let Some(flows) = &mut flows {
        // Each site looks up its own.
        flows.pairs.sort_by_key(|pair| (pair.hospital, pair.place));
    }
    let network = region.network();
    let year = settings.year.unwrap_or(network.date().year());
    let line = Line { year, least_cases: service.least_cases(year) };
    let counts = match service.fact.as_deref() {
        Some(field) if settings.use_counts => {
            Some(Counts { network, field, oldest: year - OLDEST_COUNT })
        }
        _ => None,
    };
    let mut result = ServiceVolumes {
        service: service.clone(),
        year,
        least_cases: line.least_cases,
        volumes: Vec::new(),
        uncounted: Vec::new(),
        leftover: 0.0,
    };
    match &flows {
        Some(flows) => {
            let loads = loads(network, flows, service.share);
            result.volumes = of_loads(line, counts, &loads);
            pool(region, flows, &loads, &mut result);
            result.leftover = flows.leftover() * service.share;
        }
        None => of_facts(network, line, counts, &mut result),
    }
    Ok(result)
}

/// A service that a rate of demand counts: by the main hospital of the site, by id.
fn of_loads(
    line: Line,
    counts: Option<Counts<'_>>,
    loads: &BTreeMap<HospitalId, SiteLoad>,
) -> Vec<Volume> {
    let mut volumes = Vec::with_capacity(loads.len());
    for (&main, load) in loads {
        let count = counts.and_then(|counts| counts.of_all(&load.hospitals));
        volumes.push(match count {
            Some(count) => line.counted(main, count),
            None => line.expected(main, load.cases),
        });
    }
    volumes
}

/// A service that facts count alone: the sites with a count, and those inside that may do it and have none.
fn of_facts(network: &Network, line: Line, counts: Option<Counts<'_>>, found: &mut ServiceVolumes) {
    for site in inpatient_sites(network, ONE_SITE) {
        // Whoever was counted doing it does it, whatever the data say of its departments.
        match counts.and_then(|counts| counts.of_any(&site.hospitals)) {
            Some(count) => found.volumes.push(line.counted(site.main, count)),
            None if network[site.main].outside => {}
            None if is_able(network, &found.service, &site) => found.uncounted.push(site.main),
            None => {}
        }
    }
    found.volumes.sort_by_key(|volume| volume.hospital);
    found.uncounted.sort_unstable();
}

/// The expected cases of a site, and the hospitals that have them.
#[derive(Debug, Default)]
struct SiteLoad {
    cases: f64,
    hospitals: Vec<HospitalId>,
}

/// Expected cases by the main hospital of the site.
fn loads(network: &Network, flows: &Flows, share: f64) -> BTreeMap<HospitalId, SiteLoad> {
    let mains = mains(network, &sites(network, ONE_SITE));
    let mut loads: BTreeMap<HospitalId, SiteLoad> = BTreeMap::new();
    for load in &flows.loads {
        let site = loads.entry(mains[load.hospital.index()]).or_default();
        // The law asks for cases, wherever people live.
        site.cases += load.all_cases() * share;
        if site.hospitals.last() != Some(&load.hospital) {
            site.hospitals.push(load.hospital);
        }
    }
    loads
}

/// Whether a site may do a service which no rate counts: unless it does not have what it takes.
fn is_able(network: &Network, service: &MinimumVolume, site: &Site) -> bool {
    match &service.offered_by {
        Some(requirement) => network.answer(requirement, &site.whole(network)) != Answer::DoesNot,
        None => true,
    }
}

/// Counted cases and the year of the count.
#[derive(Debug, Clone, Copy)]
struct Count {
    cases: f64,
    year: i16,
}

/// Where counts are looked up.
#[derive(Debug, Clone, Copy)]
struct Counts<'n> {
    network: &'n Network,
    /// Field of the facts.
    field: &'n str,
    /// First year that counts.
    oldest: i16,
}

impl Counts<'_> {
    /// The latest count of a hospital; of several of a year the first.
    fn of(self, hospital: HospitalId) -> Option<Count> {
        // What was counted after the network's day is not known on that day.
        let years = self.oldest..=self.network.date().year();
        let mut latest: Option<Count> = None;
        for fact in self.network[hospital].facts.iter().filter(|fact| fact.field == self.field) {
            let year = fact.year.as_deref().and_then(|year| year.parse::<i16>().ok());
            let cases = fact.value.parse::<f64>().ok();
            let cases = cases.filter(|cases| cases.is_finite() && *cases >= 0.0);
            let (Some(year), Some(cases)) = (year, cases) else { continue };
            if years.contains(&year) && latest.is_none_or(|earlier| earlier.year < year) {
                latest = Some(Count { cases, year });
            }
        }
        latest
    }

    /// The counts of some hospitals together, of the earliest of their years; `None` where one has none.
    fn of_all(self, hospitals: &[HospitalId]) -> Option<Count> {
        let mut counts = Vec::with_capacity(hospitals.len());
        for id in hospitals {
            counts.push(self.of(*id)?);
        }
        together(&counts)
    }

    /// The counts of those of some hospitals that have one.
    fn of_any(self, hospitals: &[HospitalId]) -> Option<Count> {
        let mut counts = Vec::with_capacity(hospitals.len());
        for id in hospitals {
            counts.extend(self.of(*id));
        }
        together(&counts)
    }
}

fn together(counts: &[Count]) -> Option<Count> {
    let mut year = counts.first()?.year;
    let mut cases = 0.0;
    for count in counts {
        year = year.min(count.year);
        cases += count.cases;
    }
    Some(Count { cases, year })
}

/// The line of a year.
#[derive(Debug, Clone, Copy)]
struct Line {
    year: i16,
    least_cases: Option<f64>,
}

impl Line {
    fn expected(self, hospital: HospitalId, cases: f64) -> Volume {
        let model = MODEL_ERROR * cases;
        // Chance (Poisson: the variance is the mean) and the model's error do not depend on each other.
        let half = SIDES * (cases + model * model).sqrt();
        self.volume(hospital, cases, None, half)
    }

    fn counted(self, hospital: HospitalId, count: Count) -> Volume {
        // Of the year itself, or of the year before it, by which the rule forecasts.
        let decides = count.year >= self.year - 1;
        // An older count says what to expect: it is off by chance, as Poisson numbers are.
        let half = if decides { 0.0 } else { SIDES * count.cases.sqrt() };
        self.volume(hospital, count.cases, Some(count.year), half)
    }

    fn volume(
        self,
        hospital: HospitalId,
        cases: f64,
        counted_in: Option<i16>,
        half: f64,
    ) -> Volume {
        // A normal distribution would reach below nothing where cases are few.
        let interval = CaseRange { low: (cases - half).max(0.0), high: cases + half };
        // A minimum volume is reached by exactly the line; a sum of expected cases may miss that by a
        // rounding error.
        let (mut is_enough, mut verdict) = (true, None);
        if let Some(least) = self.least_cases {
            let line = least - ROUNDING;
            is_enough = cases >= line;
            verdict = Some(if interval.low >= line {
                Answer::Meets
            } else if interval.high < line {
                Answer::DoesNot
            } else {
                Answer::Unknown
            });
        }
        let (pooling, pooled_cases) = (None, cases);
        Volume { hospital, cases, counted_in, interval, is_enough, verdict, pooling, pooled_cases }
    }
}

/// Gives the cases of every site inside below the line to the nearest one that is at or above it.
fn pool(
    region: &Region,
    flows: &Flows,
    loads: &BTreeMap<HospitalId, SiteLoad>,
    found: &mut ServiceVolumes,
) {
    let share = found.service.share;
    let volumes = &mut found.volumes;
    // Rising, as the volumes are: they are searched for every journey.
    let mut enough: Vec<HospitalId> = Vec::new();
    for volume in volumes.iter() {
        if volume.is_enough {
            enough.push(volume.hospital);
        }
    }
    let mains = mains(region.network(), &sites(region.network(), ONE_SITE));
    let sites_of_service = SitesOfService { region, flows, loads, mains: &mains };
    let pooled = |volume: &Volume| {
        if volume.is_enough || region.network()[volume.hospital].outside {
            return None;
        }
        let mut pooling = sites_of_service.pool(volume.hospital, &enough)?;
        pooling.without_way *= share;
        Some(pooling)
    };
    // All are judged before anybody moves: who is enough does not hang on the order.
    let poolings: Vec<Option<Pooling>> = volumes.par_iter().map(pooled).collect();
    for (giver, pooling) in poolings.into_iter().enumerate() {
        let Some(pooling) = pooling else { continue };
        let cases = std::mem::take(&mut volumes[giver].pooled_cases);
        if let Ok(taker) = volumes.binary_search_by_key(&pooling.to, |volume| volume.hospital) {
            volumes[taker].pooled_cases += cases;
        }
        volumes[giver].pooling = Some(pooling);
    }
}

/// What it takes when cases move from one site to another.
#[derive(Debug, Clone, Copy, Default)]
struct Extra {
    /// Seconds more, over all cases that move.
    seconds: f64,
    /// Cases a year that move.
    moved: f64,
    /// Cases a year without a way.
    without_way: f64,
}

/// The hospitals of each site that have cases of a service, with its flows.
struct SitesOfService<'a> {
    region: &'a Region,
    flows: &'a Flows,
    /// By the main hospital of the site: its cases, and the hospitals that have them.
    loads: &'a BTreeMap<HospitalId, SiteLoad>,
    /// By hospital, the main one of its site.
    mains: &'a [HospitalId],
}

impl SitesOfService<'_> {
    fn hospitals(&self, site: HospitalId) -> &[HospitalId] {
        &self.loads[&site].hospitals
    }

    /// The cases of a site go to the nearest of those with enough, by their main hospitals, rising; `None`
    /// where none is in reach.
    fn pool(&self, from: HospitalId, enough: &[HospitalId]) -> Option<Pooling> {
        let mut nearest: Option<(Seconds, HospitalId)> = None;
        for giver in self.hospitals(from) {
            let (hospitals, seconds) = self.region.journeys_of(giver.index());
            for (&hospital, &second) in hospitals.iter().zip(seconds) {
                let hospital = self.region.network().id(hospital);
                let site = self.mains[hospital.index()];
                let has_cases = || self.hospitals(site).contains(&hospital);
                if enough.binary_search(&site).is_err() || !has_cases() {
                    continue;
                }
                let journey = (Seconds(u32::from(second)), site);
                nearest = Some(nearest.map_or(journey, |nearest| nearest.min(journey)));
            }
        }
        let (between, to) = nearest?;
        let extra = self.extra(from, to);
        let extra_seconds = (extra.moved > 0.0).then(|| extra.seconds / extra.moved);
        Some(Pooling { to, between, extra_seconds, without_way: extra.without_way })
    }

    /// What it takes from home when cases move from the hospitals of one site to the nearest of another.
    ///
    /// Times are means over the parts of a place, of those that reach both.
    fn extra(&self, from: HospitalId, to: HospitalId) -> Extra {
        let mut is_receiver = vec![false; self.mains.len()];
        for id in self.hospitals(to) {
            is_receiver[id.index()] = true;
        }
        let mut extra = Extra::default();
        for flow in self.pairs_of(self.hospitals(from)) {
            let mut seconds = 0.0;
            let mut with_way = 0_u32;
            let parts = self.region.parts_of(flow.place);
            let count = parts.len() as f64;
            for part in parts {
                if let Some((before, after)) = self.times(part, flow.hospital, &is_receiver) {
                    seconds += after - before;
                    with_way += 1;
                }
            }
            let share = f64::from(with_way) / count;
            extra.without_way += flow.cases * (1.0 - share);
            if with_way > 0 {
                extra.moved += flow.cases * share;
                extra.seconds += flow.cases * share * seconds / f64::from(with_way);
            }
        }
        extra
    }

    /// The flows to these hospitals, by place.
    fn pairs_of(&self, hospitals: &[HospitalId]) -> Vec<&PlaceFlow> {
        let mut pairs: Vec<&PlaceFlow> = Vec::new();
        for hospital in hospitals {
            let first = self.flows.pairs.partition_point(|pair| pair.hospital < *hospital);
            let from_here = self.flows.pairs[first..].iter();
            pairs.extend(from_here.take_while(|pair| pair.hospital == *hospital));
        }
        pairs.sort_by_key(|pair| (pair.place, pair.hospital));
        pairs
    }

    /// Seconds from a part to a hospital and to the nearest of those that may take its cases; `None` where it
    /// does not reach both.
    fn times(&self, part: usize, before: HospitalId, is_receiver: &[bool]) -> Option<(f64, f64)> {
        let (mut to_giver, mut to_receiver) = (None, None);
        let (hospitals, seconds) = self.region.times().row(part);
        for (&hospital, &time) in hospitals.iter().zip(seconds) {
            if hospital == before.0 {
                to_giver = Some(f64::from(time));
            }
            if to_receiver.is_none() && is_receiver[hospital as usize] {
                to_receiver = Some(f64::from(time));
            }
            if to_giver.is_some() && to_receiver.is_some() {
                break;
            }
        }
        Some((to_giver?, to_receiver?))
    }
}
