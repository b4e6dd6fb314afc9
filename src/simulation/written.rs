//! Flows and results as they are written: with keys, by flow.

use std::collections::{BTreeMap, HashMap};

use serde::{Serialize, Serializer};

use super::incident::Allocation;
use super::{
    Course, CoursePoint, CourseStep, CutOff, DayCensus, Ended, Figure, FlowIndex, Journey,
    PatientFlow, PlaceWait, Recovery, Results, RosterUse, RunPlan, Scope, Settings, StageWait,
    StageWaitChange, Ward, WardId,
};
use crate::model::HospitalId;
use crate::queueing::Waits;
use crate::stats::Interval;

/// A flow that was set up.
#[derive(Serialize)]
struct WrittenFlow<'f> {
    scenario: &'f str,
    settings: &'f Settings,
    wards: &'f [Ward],
    /// Of the wards that no patient comes to: hospital and specialty.
    unreached_wards: Vec<(HospitalId, &'f str)>,
    without_beds: &'f [String],
    cases_without_hospital: f64,
    allocations: &'f [Allocation],
    late_changes: usize,
    cut_off: &'f [CutOff],
}

impl Serialize for PatientFlow<'_> {
    /// What was set up, with the keys of the flow's own region; not the queueing network behind it, which
    /// [`PatientFlow::model`] gives.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut unreached_wards = Vec::new();
        for ward in self.unreached_wards() {
            let Ward { hospital, specialty, .. } = self.ward(*ward);
            unreached_wards.push((*hospital, specialty.as_str()));
        }
        let written = WrittenFlow {
            scenario: self.name(),
            settings: self.settings(),
            wards: self.wards(),
            unreached_wards,
            without_beds: self.without_beds(),
            cases_without_hospital: self.without_hospital(),
            allocations: self.allocations(),
            late_changes: self.late_changes(),
            cut_off: self.cut_off(),
        };
        self.region().keyed(&written).serialize(to)
    }
}

/// A figure with its change from the base.
#[derive(Serialize)]
struct WrittenFigure {
    value: Option<Interval>,
    /// `None` for the base, and where the base has no such hospital or ward.
    change: Option<Interval>,
}

/// All figures by their keys.
type Figures = BTreeMap<&'static str, WrittenFigure>;

/// Figures of a hospital.
#[derive(Serialize)]
struct WrittenHospital {
    hospital: HospitalId,
    beds: u32,
    figures: Figures,
    /// Of a scenario that changes something in these days.
    #[serde(skip_serializing_if = "Option::is_none")]
    course: Option<WrittenCourse>,
}

/// What of the course of a hospital is written: its worst day and its recovery, and not every day.
#[derive(Serialize)]
struct WrittenCourse {
    worst: Option<CoursePoint>,
    recovery: Recovery,
}

/// Patients of incidents and the wards in which they found a bed.
#[derive(Serialize)]
struct WrittenIncidentBed<'f> {
    brought_to: &'f Ward,
    found_in: &'f Ward,
    patients: f64,
    #[serde(flatten)]
    moved_on: Option<Journey>,
}

/// Figures of a ward.
#[derive(Serialize)]
struct WrittenWard<'f> {
    #[serde(flatten)]
    ward: &'f Ward,
    figures: Figures,
    waits: Waits,
}

/// How often a cooperation was used.
#[derive(Serialize)]
struct WrittenUse {
    cooperation: String,
    uses: Interval,
}

/// What the replications say of one flow.
#[derive(Serialize)]
struct WrittenRuns<'f> {
    scenario: &'f str,
    beds: u32,
    inside: Figures,
    census_by_hour_of_week: Vec<f64>,
    census_by_day: Vec<DayCensus>,
    /// Of a scenario that changes something in these days: all inside by day, and by hour where an incident happens.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    courses: Vec<Course>,
    /// Of such a scenario: where the patients of incidents found a bed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    incident_beds: Vec<WrittenIncidentBed<'f>>,
    hospitals: Vec<WrittenHospital>,
    wards: Vec<WrittenWard<'f>>,
    stages: Vec<StageWait>,
    /// Of a scenario.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stage_changes: Vec<StageWaitChange>,
    places: Vec<PlaceWait>,
    uses: Vec<WrittenUse>,
    /// Of a scenario.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    use_changes: Vec<WrittenUse>,
    rosters: Vec<RosterUse>,
}

/// Results of all flows.
#[derive(Serialize)]
struct WrittenResults<'f, T> {
    plan: RunPlan,
    replications: usize,
    ended: Ended,
    faults: &'f [String],
    events: u64,
    flows: Vec<T>,
}

/// The wards of the base by the key of the hospital and of the specialty.
type BaseWards<'f> = HashMap<(&'f str, &'f str), WardId>;

impl Serialize for Results<'_, '_> {
    /// All figures of all flows, the base first, with the keys of each flow's own region.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut wards_of_base = BaseWards::new();
        if let Some(base) = self.flows().first() {
            let network = base.region().network();
            for (id, ward) in base.wards_with_ids() {
                wards_of_base.insert((&network[ward.hospital].key, &ward.specialty), id);
            }
        }
        let mut runs: Vec<WrittenRuns<'_>> = Vec::with_capacity(self.flows().len());
        for (index, _) in self.flows_with_indices() {
            runs.push(self.runs(index, &wards_of_base));
        }
        let mut flows = Vec::with_capacity(runs.len());
        for (flow, runs) in self.flows().iter().zip(&runs) {
            flows.push(flow.region().keyed(runs));
        }
        let written = WrittenResults {
            plan: self.plan(),
            replications: self.replications(),
            ended: self.ended(),
            faults: self.faults(),
            events: self.events(),
            flows,
        };
        written.serialize(to)
    }
}

impl<'f> Results<'f, '_> {
    fn runs(&self, index: FlowIndex, wards_of_base: &BaseWards<'_>) -> WrittenRuns<'f> {
        let flow = self.flow(index);
        let is_base = index == FlowIndex::BASE;
        let mut hospitals = Vec::new();
        for (hospital, record) in flow.region().network().iter() {
            let scope = Scope::Hospital(hospital);
            let beds = self.beds(index, scope);
            // Without a ward there is no figure: an occupancy of 0 would read as empty beds.
            if beds > 0 {
                let figures = self.figures(index, scope, self.hospital_of_base(&record.key));
                let course = self.course(index, Some(hospital), CourseStep::Day);
                let course = course.map(|course| WrittenCourse {
                    worst: course.worst().copied(),
                    recovery: course.recovery(),
                });
                hospitals.push(WrittenHospital { hospital, beds, figures, course });
            }
        }
        let mut wards = Vec::with_capacity(flow.wards().len());
        // By key, as hospitals are.
        for (id, ward) in flow.wards_with_ids() {
            let scope = Scope::Ward(id);
            let hospital = &flow.region().network()[ward.hospital].key;
            let of_base = wards_of_base.get(&(hospital.as_str(), ward.specialty.as_str()));
            let figures = self.figures(index, scope, of_base.copied().map(Scope::Ward));
            wards.push(WrittenWard { ward, figures, waits: self.waits(index, scope) });
        }
        WrittenRuns {
            scenario: flow.name(),
            beds: self.beds(index, Scope::Inside),
            inside: self.figures(index, Scope::Inside, Some(Scope::Inside)),
            census_by_hour_of_week: self.census_by_hour(index, Scope::Inside),
            census_by_day: self.census_by_day(index, None),
            courses: self.courses_inside(index),
            incident_beds: self.written_incident_beds(index),
            hospitals,
            wards,
            stages: self.stage_waits(index),
            stage_changes: if is_base { Vec::new() } else { self.stage_changes(index) },
            places: self.place_waits(index),
            uses: written_uses(self.uses(index)),
            use_changes: if is_base { Vec::new() } else { written_uses(self.use_changes(index)) },
            rosters: self.rosters(index),
        }
    }

    /// The courses of all inside, by day and by hour.
    fn courses_inside(&self, index: FlowIndex) -> Vec<Course> {
        let steps = [CourseStep::Day, CourseStep::Hour];
        steps.into_iter().filter_map(|step| self.course(index, None, step)).collect()
    }

    fn written_incident_beds(&self, index: FlowIndex) -> Vec<WrittenIncidentBed<'f>> {
        let flow = self.flow(index);
        let mut written = Vec::new();
        for bed in self.incident_beds(index) {
            written.push(WrittenIncidentBed {
                brought_to: flow.ward(bed.brought_to),
                found_in: flow.ward(bed.found_in),
                patients: bed.patients,
                moved_on: bed.moved_on,
            });
        }
        written
    }

    /// The figures of a scope, with their changes from a scope of the base.
    fn figures(&self, index: FlowIndex, scope: Scope, of_base: Option<Scope>) -> Figures {
        let of_base = of_base.filter(|_| index != FlowIndex::BASE);
        let mut figures = Figures::new();
        for figure in Figure::ALL {
            let values = self.values(index, figure, scope);
            let change = of_base.and_then(|scope| {
                Interval::paired(&self.values(FlowIndex::BASE, figure, scope), &values)
            });
            figures.insert(figure.key(), WrittenFigure { value: Interval::of(&values), change });
        }
        figures
    }

    /// The hospital of this key in the base. A scenario that changed structure runs on another region, whose ids say
    /// nothing about the base.
    fn hospital_of_base(&self, key: &str) -> Option<Scope> {
        let hospital = self.flow(FlowIndex::BASE).region().network().find(key)?;
        let scope = Scope::Hospital(hospital);
        (self.beds(FlowIndex::BASE, scope) > 0).then_some(scope)
    }
}

fn written_uses(uses: Vec<(String, Interval)>) -> Vec<WrittenUse> {
    let mut written = Vec::with_capacity(uses.len());
    for (cooperation, uses) in uses {
        written.push(WrittenUse { cooperation, uses });
    }
    written
}
