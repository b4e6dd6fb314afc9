//! A region as a queueing network.
//!
//! | part | what it makes |
//! |---|---|
//! | `stations` | a station for each ward, with staff, hours, teams and shared beds |
//! | `outliers` | which other wards of the house take patients of a full one |
//! | `routes` | where patients go after a phase of their stay |
//! | `streams` | who comes, by origin and specialty |
//! | `pathway_streams` | who comes by a care pathway |
//! | `incident` | who is brought after an incident |
//! | `own_stays` | how long patients stay where somebody knows |
//! | `counted` | who is there at the start where somebody counted it |

mod counted;
mod incident;
mod outliers;
mod own_stays;
mod pathway_streams;
mod routes;
mod stations;
mod streams;

pub(super) use streams::SpecialtyCases;

use own_stays::OwnStays;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::admission::Admissions;
use super::census::{Expected, Start, There};
use super::incident::Allocation;
use super::labels::StreamLabel;
use super::origins::{Origin, origins};
use super::outliers::{Taker, takers};
use super::periods::{Clock, CooperationSpell, Period, lasting, periods, spells};
use super::shortage::{Shortages, WeekBeds};
use super::subjects::{Phase, Subject, subjects};
use super::surge::Surges;
use super::wards::{Ward, Wards};
use super::{Settings, SimulationError, WardId};
use crate::model::renamed::first_key;
use crate::model::{Cooperation, HospitalId};
use crate::queueing::{ArrivalStream, Arrivals, Change as StationChange, Model, Present};
use crate::region::Region;
use crate::scenario::Scenario;

/// What the parts of a region's queueing network mean.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) wards: Vec<Ward>,
    /// By number of the alternate of the model: the wards that it leads from and to where it is help within a hospital.
    pub(super) helps: Vec<Option<Help>>,
    pub(super) without_beds: Vec<String>,
    pub(super) subjects: Vec<Subject>,
    pub(super) streams: Vec<StreamLabel>,
    pub(super) allocations: Vec<Allocation>,
    /// Cases a year without a hospital in reach.
    pub(super) without_hospital: f64,
    /// By ward, patients in the long run if every bed were free; empty where nobody asked for a start with patients.
    pub(super) expected: Vec<f64>,
    /// By ward, beds that are staffed on average at the start, 0 for one that is closed then.
    pub(super) staffed_beds: Vec<f64>,
}

/// A ward that takes patients of another one of its hospital.
#[derive(Debug, Clone, Copy)]
pub(super) struct Help {
    pub(super) from: WardId,
    pub(super) to: WardId,
}

/// What a model is built for beside its region.
pub(super) struct Order<'s> {
    pub(super) scenario: Option<&'s Scenario>,
    /// Whether the scenario was judged against the network and the places of the region.
    pub(super) is_judged: bool,
    /// The beds of these wards count, where there are any.
    pub(super) beds: Option<&'s [Ward]>,
    /// Once set, the model is given up.
    pub(super) stop: &'s AtomicBool,
}

impl Order<'_> {
    /// An error once it is stopped.
    pub(super) fn go_on(&self) -> Result<(), SimulationError> {
        if self.stop.load(Ordering::Relaxed) { Err(SimulationError::Stopped) } else { Ok(()) }
    }
}

/// Frees what was given up on a thread of its own: it is millions of small pieces, and the caller who stopped the
/// run does not wait for them.
pub(super) fn drop_beside<T: Send + 'static>(given_up: T) {
    let freeing = std::thread::Builder::new().name("freeing".to_owned());
    // Where there is no thread, the error has freed it.
    let _ = freeing.spawn(move || drop(given_up));
}

/// Builds the model of a region; [`SimulationError::Stopped`] well within a second once it is stopped.
pub(super) fn build(
    region: &Region,
    settings: &Settings,
    order: &Order<'_>,
) -> Result<(Model, Built), SimulationError> {
    let builder = Builder::new(region, settings, order)?;
    let mut model = builder.stations();
    model.services = builder.services();
    let mut streams = builder.streams()?;
    // Before surges: the start is a usual day.
    let staffed_beds = builder.staffed_beds();
    let mut expected = Expected::default();
    if settings.starts_full || settings.census.is_some() {
        expected = builder.expected(&streams);
        model.present = builder.present(&expected.there)?;
        builder.make_room_for_waiting(&mut model);
    }

    let surges = Surges::new(order.scenario, &builder.clock);
    surges.apply(&builder.subjects, &mut streams.list, &mut streams.labels, region);
    check_patients(&builder.subjects, &streams)?;

    // Behind all other streams, which keep their order.
    let allocations = builder.add_incidents(&mut streams);
    model.streams = streams.list;
    model.changes = builder.changes(model.starts_at_hour);
    let built = Built {
        helps: builder.helps(&model),
        wards: builder.wards.list,
        without_beds: builder.wards.without_beds,
        subjects: builder.subjects,
        streams: streams.labels,
        allocations,
        without_hospital: streams.without_hospital,
        expected: expected.if_free,
        staffed_beds,
    };
    Ok((model, built))
}

/// Most patients who are in hospital at once: all of them are in memory.
const MOST_PATIENTS: f64 = 5_000_000.0;

/// There are no more patients at once, at the height of a surge, than memory holds: arrivals a day times
/// mean stay.
fn check_patients(subjects: &[Subject], streams: &Streams) -> Result<(), SimulationError> {
    // Before any memory is taken: a run could only tell when it is gone.
    let mut patients = 0.0;
    for (stream, label) in streams.list.iter().zip(&streams.labels) {
        let Arrivals::Poisson { rate, curve, .. } = &stream.arrivals else { continue };
        let height = match curve {
            Some(curve) => curve.factors.iter().copied().fold(0.0, f64::max),
            None => 1.0,
        };
        patients += rate * height * subjects[label.subject].mean(Phase::Emergency);
    }
    if patients <= MOST_PATIENTS {
        return Ok(());
    }
    let (patients, most) = (patients.round() as u64, MOST_PATIENTS as u64);
    Err(SimulationError::TooManyPatients { patients, most })
}

/// Streams of patients with what each means.
#[derive(Default)]
struct Streams {
    list: Vec<ArrivalStream>,
    /// By stream.
    labels: Vec<StreamLabel>,
    /// Cases a year without a hospital in reach; they have no stream.
    without_hospital: f64,
}

impl Streams {
    fn push(&mut self, added: LabelledStream) {
        self.list.push(added.stream);
        self.labels.push(added.label);
    }
}

/// A stream of patients with what it means.
pub(super) struct LabelledStream {
    pub(super) stream: ArrivalStream,
    pub(super) label: StreamLabel,
    /// Cases a year; 0 for an incident, which happens once.
    pub(super) cases: f64,
}

/// Fewer cases a year than this are rounding, and make no stream.
pub(super) const LEAST_CASES: f64 = 1e-9;

/// From and until when something holds, in days since the start of the run, as models write it: `None` for the start
/// and the end.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    from: Option<f64>,
    until: Option<f64>,
}

impl Span {
    fn new(from: f64, until: f64) -> Self {
        Self { from: (from > 0.0).then_some(from), until: until.is_finite().then_some(until) }
    }
}

/// All that the parts of a model are made from.
pub(super) struct Builder<'r, 's> {
    pub(super) region: &'r Region,
    pub(super) settings: &'s Settings,
    pub(super) order: &'s Order<'s>,
    pub(super) clock: Clock,
    /// Keys of the stations, by ward.
    keys: Vec<Arc<str>>,
    pub(super) wards: Wards,
    /// By ward, those of the house that take its patients.
    takers: Vec<Vec<Taker>>,
    pub(super) admissions: Admissions,
    shortages: Shortages,
    periods: Vec<Period<'r>>,
    spells: Vec<CooperationSpell>,
    /// The cooperations of kinds that do not change within a run.
    lasting: Vec<Cooperation>,
    pub(super) subjects: Vec<Subject>,
    origins: Vec<Origin>,
    own_stays: OwnStays,
}

/// Hospitals' wards by weight, and those that are asked next.
pub(super) struct Choices {
    pub(super) first: Vec<(WardId, f64)>,
    pub(super) then: Vec<WardId>,
}

impl<'r, 's> Builder<'r, 's> {
    fn new(
        region: &'r Region,
        settings: &'s Settings,
        order: &'s Order<'s>,
    ) -> Result<Self, SimulationError> {
        let clock = Clock::new(region, settings);
        let mut wards = Wards::new(region, settings)?;
        if let Some(beds) = order.beds {
            wards.keep_beds(beds);
        }

        let mut keys: Vec<Arc<str>> = Vec::with_capacity(wards.list.len());
        for ward in &wards.list {
            let hospital = &region.network()[ward.hospital].key;
            keys.push(format!("{hospital}/{}", first_key(&ward.specialty)).into());
        }
        let takers = takers(&settings.outliers, region.network(), &wards);
        let admissions = Admissions::new(region, &wards, order.scenario, &clock);
        let shortages = Shortages::new(region, &wards, order.scenario, &clock);
        let periods = periods(region, order.scenario, &clock)?;
        let spells = spells(&periods);
        let lasting = lasting(&spells, &clock);
        let mut builder = Self {
            region,
            settings,
            order,
            clock,
            keys,
            wards,
            takers,
            admissions,
            shortages,
            periods,
            spells,
            lasting,
            subjects: subjects(region, settings),
            origins: origins(region, settings.most_places),
            own_stays: OwnStays::new(),
        };
        builder.own_stays = builder.own_stays();
        Ok(builder)
    }
}

impl Builder<'_, '_> {
    /// Key of the station of a ward.
    fn key(&self, ward: WardId) -> String {
        self.keys[ward.index()].to_string()
    }

    /// Key of the station of a ward, without a copy of the text.
    fn shared_key(&self, ward: WardId) -> Arc<str> {
        Arc::clone(&self.keys[ward.index()])
    }

    fn shared_keys(&self, wards: &[WardId]) -> Vec<Arc<str>> {
        let mut keys = Vec::with_capacity(wards.len());
        for ward in wards {
            keys.push(self.shared_key(*ward));
        }
        keys
    }

    /// The ward in which a subject's patients lie at a hospital: that of their specialty. Where a
    /// pathway's stages are done by a hospital without such a department, because an expert helps from
    /// afar, it is that of [`Settings::telemedicine_ward`].
    fn ward_of(&self, subject: &Subject, hospital: HospitalId) -> Option<WardId> {
        let network = self.region.network();
        let helped = subject.pathway.is_some()
            && network.treating_department(hospital, &subject.specialty).is_none();
        let specialty = if helped { &self.settings.telemedicine_ward } else { &subject.specialty };
        self.wards.treating(self.region, hospital, specialty)
    }

    /// By ward, the beds that are staffed on average, 0 for one that is closed at the start: that is how many are let in
    /// on an average day.
    fn staffed_beds(&self) -> Vec<f64> {
        let mut beds = Vec::with_capacity(self.wards.list.len());
        for id in self.wards.ids() {
            let ward = &self.wards[id];
            let is_closed = self.admissions.is_closed(id, 0.0);
            let staffed = f64::from(ward.beds) * self.staffed_share(ward);
            beds.push(if is_closed { 0.0 } else { staffed });
        }
        beds
    }

    /// Who would be there at the start in the long run.
    fn expected(&self, streams: &Streams) -> Expected {
        let beds = self.staffed_beds();
        let mut places = Vec::with_capacity(beds.len());
        for id in self.wards.ids() {
            let is_closed = self.admissions.is_closed(id, 0.0);
            let of_ward = f64::from(self.waiting_places(&self.wards[id]));
            places.push(if is_closed { 0.0 } else { of_ward });
        }
        let (subjects, keys, stop) = (&self.subjects, &self.keys, self.order.stop);
        let mean = |ward: WardId, subject: usize, phase: Phase| self.mean_at(ward, subject, phase);
        let start = Start { subjects, keys, beds, places, stop, mean: &mean };

        // Numbers of subjects stand in the labels, which the census needs nothing else of.
        let mut with_subject = Vec::with_capacity(streams.list.len());
        for (stream, label) in streams.list.iter().zip(&streams.labels) {
            with_subject.push((stream, label.subject));
        }
        start.census(&with_subject, |unit, subject| {
            self.ward_of(subject, self.wards[unit].hospital).unwrap_or(unit)
        })
    }

    /// The patients who are there at the start: of wards that were counted those, of the others who is expected.
    fn present(&self, expected: &[There]) -> Result<Vec<Present>, SimulationError> {
        let counted = self.counted(expected)?;
        let mut present = Vec::with_capacity(expected.len());
        for there in expected {
            if self.settings.starts_full && !counted.has(there.ward) {
                let patients = self.present_of(there.ward, there.subject, there.phase);
                let waiting = there.waiting.round() as u32;
                present.push(Present { mean: there.patients, waiting, ..patients });
            }
        }
        present.extend(counted.present);
        Ok(present)
    }

    /// Nobody yet, of a subject and phase at a ward.
    fn present_of(&self, ward: WardId, subject: usize, phase: Phase) -> Present {
        let subject = &self.subjects[subject];
        let station = self.key(ward);
        // By the first spelling, as the keys of streams: the figures of a seed stay what they were.
        let key = Some(format!("{station}/{}", subject.first_class(phase)));
        Present { station, class: Some(subject.class(phase)), key, ..Present::default() }
    }

    /// Departments that close, divert and open, and beds that are closed for want of staff.
    fn changes(&self, starts_at_hour: u32) -> Vec<StationChange> {
        let horizon = self.clock.horizon;
        let mut changes = Vec::new();
        for ward in self.wards.ids() {
            let beds = self.week_beds(ward, starts_at_hour);
            let mut of_ward = self.admissions.changes(ward, horizon);
            of_ward.extend(self.shortages.changes(ward, beds, horizon));
            for (time, change) in of_ward {
                changes.push(StationChange { at: time, station: self.key(ward), change });
            }
        }
        changes
    }

    /// The beds of a ward over the week, in a run that starts at an hour of it.
    fn week_beds(&self, ward: WardId, starts_at_hour: u32) -> WeekBeds {
        let ward = &self.wards[ward];
        let at_weekends = self.shifts(ward).first().map(|shift| shift.servers);
        WeekBeds {
            weekdays: ward.beds,
            weekends: at_weekends.unwrap_or(ward.beds),
            first_weekday: starts_at_hour / 24,
        }
    }
}

/// Whether a hospital is a party of a cooperation.
fn has_party(cooperation: &Cooperation, hospital: &str) -> bool {
    cooperation.parties.keys().contains(&hospital)
}
