//! Changes of structure in files of scenarios.

use crate::calendar::Hours;
use crate::files::bytes::decode;
use crate::files::catalog::read_group;
use crate::files::network::{
    OWNERSHIPS, read_department, read_departments, read_facility, read_hospital_record, read_kind,
};
use crate::files::places::read_places;
use crate::files::record::{Reader, Record};
use crate::files::requirement::{CARE_LEVELS, EMERGENCY_LEVELS};
use crate::model::location::Fault;
use crate::model::{DemandRates, DemandScale, Parties, Places};
use crate::problem::{ProblemKind, Problems};
use crate::scenario::{
    Change, Conversion, CooperationChange, DepartmentMove, DepartmentSize, FacilityKey,
    HospitalSize, Membership, Merger, NewCareLevel, NewDepartment, NewEmergencyLevel, NewFacility,
    NewHours, NewOperator, PopulationTable, SmallerSite, StaffedShare,
};

const SMALLER_SITES: [(&str, SmallerSite); 2] = [
    ("CrossSectorSite", SmallerSite::CrossSectorSite),
    ("HealthCentre", SmallerSite::HealthCentre),
];

/// The tables that a scenario names, found beside it.
pub(super) struct Tables<'a> {
    load: &'a dyn Fn(&str) -> Result<Vec<u8>, Fault>,
    reference: &'a DemandRates,
    /// Faults within tables, by their own file and line.
    pub(super) problems: Problems,
}

impl<'a> Tables<'a> {
    pub(super) fn new(
        load: &'a dyn Fn(&str) -> Result<Vec<u8>, Fault>,
        reference: &'a DemandRates,
    ) -> Self {
        Self { load, reference, problems: Problems::default() }
    }

    /// The places of a table; `None` when it has faults, which are noted.
    fn read(&mut self, name: &str) -> Result<Option<Places>, Fault> {
        let bytes = (self.load)(name)?;
        let Some(text) = decode(name, &bytes, &mut self.problems) else { return Ok(None) };
        let (places, problems, _) = read_places(name, &text, self.reference);
        let is_sound = problems.is_empty();
        self.problems.append(problems);
        Ok(is_sound.then_some(places))
    }
}

/// Reads a change of structure from its terms.
pub(super) fn read_structure<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    word: &str,
    tables: &mut Tables<'_>,
) -> Option<Change> {
    let change = match word {
        "OpenHospital" => {
            let key = record.required_text(reader, "id").unwrap_or_default();
            Change::OpenHospital(Box::new(read_hospital_record(record, reader, key)))
        }
        "AddDepartment" => {
            let hospital = required(reader, record, "hospital");
            let part = inner(reader, record, "department")?;
            Change::AddDepartment(NewDepartment {
                hospital,
                department: read_department(part, reader)?,
            })
        }
        "MoveDepartment" => Change::MoveDepartment(DepartmentMove {
            specialty: required(reader, record, "specialty"),
            from: required(reader, record, "from"),
            to: required(reader, record, "to"),
            beds: record.count(reader, "beds"),
        }),
        "ResizeDepartment" => {
            let hospital = required(reader, record, "hospital");
            let specialty = required(reader, record, "specialty");
            let beds = required_count(reader, record, "beds");
            Change::ResizeDepartment(DepartmentSize { hospital, specialty, beds: beds? })
        }
        "ResizeHospital" => {
            let hospital = required(reader, record, "hospital");
            let beds = required_count(reader, record, "beds");
            Change::ResizeHospital(HospitalSize { hospital, beds: beds? })
        }
        "SetCareLevel" => Change::SetCareLevel(NewCareLevel {
            hospital: required(reader, record, "hospital"),
            level: record.choice(reader, "level", &CARE_LEVELS),
        }),
        "SetEmergencyLevel" => Change::SetEmergencyLevel(NewEmergencyLevel {
            hospital: required(reader, record, "hospital"),
            level: record.choice(reader, "level", &EMERGENCY_LEVELS),
        }),
        "SetFacility" => {
            let hospital = required(reader, record, "hospital");
            let part = inner(reader, record, "facility")?;
            Change::SetFacility(NewFacility { hospital, facility: read_facility(part, reader)? })
        }
        "CloseFacility" => Change::CloseFacility(FacilityKey {
            hospital: required(reader, record, "hospital"),
            kind: required(reader, record, "kind"),
        }),
        "SetHours" => {
            if !record.has("hours") {
                record.missing(reader, "hours", "opening hours such as \"Mon-Fri 8-16\"");
            }
            Change::SetHours(NewHours {
                hospital: required(reader, record, "hospital"),
                specialty: record.text(reader, "specialty"),
                facility: record.text(reader, "facility"),
                hours: record.parsed::<Hours>(reader, "hours").unwrap_or_default(),
            })
        }
        "SetStaffedShare" => {
            if !record.has("share") {
                record.missing(reader, "share", "a share from 0.2 to 1");
            }
            Change::SetStaffedShare(StaffedShare {
                hospital: required(reader, record, "hospital"),
                share: record.number(reader, "share", (f64::MIN, f64::MAX)).unwrap_or(1.0),
            })
        }
        "SetOperator" => Change::SetOperator(NewOperator {
            hospital: required(reader, record, "hospital"),
            operator: required(reader, record, "operator"),
            ownership: record.choice(reader, "ownership", &OWNERSHIPS),
        }),
        "MergeHospitals" => Change::MergeHospitals(Merger {
            from: required(reader, record, "from"),
            into: required(reader, record, "into"),
        }),
        "ConvertHospital" => {
            if !record.has("to") {
                record.missing(reader, "to", "CrossSectorSite or HealthCentre");
            }
            let hospital = required(reader, record, "hospital");
            let to = record.choice(reader, "to", &SMALLER_SITES);
            let departments = read_departments(record, reader);
            let facilities = record.texts(reader, "facilities");
            Change::ConvertHospital(Conversion { hospital, to: to?, departments, facilities })
        }
        "ChangeCooperation" => Change::ChangeCooperation(read_other_terms(reader, record)),
        "JoinAlliance" => Change::JoinAlliance(read_membership(reader, record)),
        "LeaveAlliance" => Change::LeaveAlliance(read_membership(reader, record)),
        "ScaleDemand" => Change::ScaleDemand(read_scale(reader, record)?),
        _ => return read_population_table(reader, record, tables),
    };
    Some(change)
}

fn read_scale<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Option<DemandScale> {
    if !record.has("factor") {
        record.missing(reader, "factor", "a factor from 0 to 100");
    }
    let factor = record.any_number(reader, "factor");
    let population = read_group(reader, record);
    let districts = record.texts(reader, "districts");
    Some(DemandScale { factor: factor?, population, districts })
}

fn required<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>, name: &str) -> String {
    record.required_text(reader, name).unwrap_or_default()
}

fn required_count<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>, name: &str) -> Option<u32> {
    if !record.has(name) {
        record.missing(reader, name, "a whole number from 0");
    }
    record.count(reader, name)
}

/// A record in a field that must be there.
fn inner<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>, name: &str) -> Option<Record<'s>> {
    if !record.has(name) {
        record.missing(reader, name, "a record in parentheses");
    }
    record.inner(reader, name)
}

fn read_membership<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Membership {
    Membership {
        alliance: required(reader, record, "alliance"),
        hospital: required(reader, record, "hospital"),
    }
}

fn read_other_terms<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> CooperationChange {
    let key = required(reader, record, "id");
    let kind = if record.has("kind") {
        read_kind(record, reader)
    } else {
        let _ = record.raw_value("kind");
        None
    };
    let is_directed = record.has("from") || record.has("to");
    let is_mutual = record.has("partners");
    if is_directed && is_mutual {
        let message = "partners stand beside from and to";
        let fault = Fault::new(ProblemKind::Conflict, message).expected("one or the other");
        record.report(reader, "partners", fault);
    }
    let partners = record.texts(reader, "partners");
    let (from, to) = (record.text(reader, "from"), record.texts(reader, "to"));
    let parties = match (from, is_directed) {
        (Some(from), true) => Some(Parties::Directed { from, to }),
        (None, true) => {
            record.missing(reader, "from", "the hospital that gives");
            None
        }
        _ => is_mutual.then_some(Parties::Mutual(partners)),
    };
    let has_fields = record.has("fields");
    let fields = record.texts(reader, "fields");
    CooperationChange {
        key,
        kind,
        parties,
        fields: has_fields.then_some(fields),
        hours: record.parsed::<Hours>(reader, "hours"),
    }
}

fn read_population_table<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    tables: &mut Tables<'_>,
) -> Option<Change> {
    let table = record.required_text(reader, "table")?;
    match tables.read(&table) {
        Ok(places) => places.map(|places| Change::SetPopulation(PopulationTable { table, places })),
        Err(fault) => {
            record.report(reader, "table", fault);
            None
        }
    }
}
