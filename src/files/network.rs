//! `network.ron`: hospitals, cooperations, alliances and sources.

use std::collections::BTreeMap;

use super::record::{Reader, Record, text_of};
use super::requirement::{CARE_LEVELS, EMERGENCY_LEVELS, read_requirement, read_requirement_in};
use crate::calendar::{Date, Hours};
use crate::model::location::{Entity, Fault};
use crate::model::renamed::respelled;
use crate::model::{
    Alliance, COOPERATION_KINDS, Cooperation, CooperationKind, Department, DepartmentKind,
    Facility, Fact, FormerOperator, Hospital, MOST_FROM_BEYOND, Margin, Measure, Omission,
    Ownership, PartRule, Parties, Position, Published, Purpose, SiteKind, Source, SpeedBand,
    Status, TravelSettings,
};
use crate::problem::{ProblemKind, closest};
use crate::units::Seconds;

/// The format that this version reads and writes.
pub(crate) const FORMAT: u32 = 1;

/// What `network.ron` says, before anything is checked against anything else.
pub(crate) struct NetworkFile {
    pub(crate) name: String,
    pub(crate) as_of: Option<Date>,
    /// Folder of the catalog; without it, the one that comes with the crate.
    pub(crate) catalog: Option<String>,
    pub(crate) places: String,
    pub(crate) travel_times: Option<String>,
    pub(crate) travel: TravelSettings,
    pub(crate) parts: PartRule,
    pub(crate) sources: Vec<(String, Source)>,
    pub(crate) hospitals: Vec<Hospital>,
    /// Tables from which hospitals are read in place of a list.
    pub(crate) tables: Option<HospitalTables>,
    /// Whether every hospital of the file was read.
    pub(crate) are_hospitals_known: bool,
    pub(crate) cooperations: Vec<Cooperation>,
    pub(crate) alliances: Vec<Alliance>,
    pub(crate) omitted: Vec<Omission>,
    pub(crate) published: Vec<Published>,
    pub(crate) assumed: Vec<String>,
    pub(crate) derived: BTreeMap<String, String>,
    pub(crate) derivations: BTreeMap<String, String>,
}

/// The tables that hold hospitals, where `hospitals` is a path and no list.
#[derive(Debug, Clone)]
pub(crate) struct HospitalTables {
    pub(crate) hospitals: String,
    pub(crate) departments: Option<String>,
    pub(crate) facts: Option<String>,
}

impl HospitalTables {
    /// The tables that are named, each with its field.
    pub(crate) fn named(&self) -> Vec<(&'static str, &str)> {
        let mut named = vec![("hospitals", self.hospitals.as_str())];
        let others = [("departments", &self.departments), ("facts", &self.facts)];
        for (field, table) in others {
            named.extend(table.as_deref().map(|table| (field, table)));
        }
        named
    }
}

pub(crate) const OWNERSHIPS: [(&str, Ownership); 4] = [
    ("Public", Ownership::Public),
    ("NonProfit", Ownership::NonProfit),
    ("Private", Ownership::Private),
    ("University", Ownership::University),
];
pub(crate) const SITE_KINDS: [(&str, SiteKind); 5] = [
    ("Hospital", SiteKind::Hospital),
    ("DayClinic", SiteKind::DayClinic),
    ("OutpatientCentre", SiteKind::OutpatientCentre),
    ("CrossSectorSite", SiteKind::CrossSectorSite),
    ("HealthCentre", SiteKind::HealthCentre),
];
pub(crate) const DEPARTMENT_KINDS: [(&str, DepartmentKind); 3] = [
    ("Main", DepartmentKind::Main),
    ("Attending", DepartmentKind::Attending),
    ("Day", DepartmentKind::Day),
];
const MEASURES: [(&str, Measure); 5] = [
    ("CasesPer1000", Measure::CasesPer1000),
    ("Occupancy", Measure::Occupancy),
    ("ShareWithin", Measure::ShareWithin),
    ("ShareSooner", Measure::ShareSooner),
    ("ShareHandedOn", Measure::ShareHandedOn),
];
const STATUSES: [(&str, Status); 3] =
    [("Active", Status::Active), ("Planned", Status::Planned), ("Ended", Status::Ended)];
const PURPOSES: [(&str, Purpose); 5] = [
    ("Benchmarking", Purpose::Benchmarking),
    ("Policy", Purpose::Policy),
    ("Ownership", Purpose::Ownership),
    ("Quality", Purpose::Quality),
    ("Care", Purpose::Care),
];

/// Reads the file; `None` when nothing of it can be trusted (a syntax error, a future format).
pub(crate) fn read_network(reader: &mut Reader<'_>) -> Option<NetworkFile> {
    let mut root = reader.root("Network", Entity::Network)?;
    read_format(&mut root, reader)?;

    // Tables are read later, by the folder, which knows where they are.
    let tables = read_hospital_tables(&mut root, reader);
    let mut are_hospitals_known = tables.is_none();
    let hospitals = match &tables {
        None => read_hospitals(&mut root, reader, &mut are_hospitals_known),
        Some(_) => Vec::new(),
    };

    let file = NetworkFile {
        name: root.required_text(reader, "name").unwrap_or_default(),
        as_of: required_date(&mut root, reader),
        catalog: root.text(reader, "catalog"),
        places: root.text(reader, "places").unwrap_or_else(|| "places.csv".to_owned()),
        travel_times: root.text(reader, "travel_times"),
        travel: read_travel(&mut root, reader),
        parts: read_parts(&mut root, reader),
        sources: read_sources(&mut root, reader),
        hospitals,
        tables,
        are_hospitals_known,
        cooperations: read_list(&mut root, reader, "cooperations", read_cooperation),
        alliances: read_list(&mut root, reader, "alliances", read_alliance),
        omitted: read_list(&mut root, reader, "omitted", read_omission),
        published: read_list(&mut root, reader, "published", read_published),
        assumed: root.texts(reader, "assumed"),
        derived: root.text_map(reader, "derived"),
        derivations: root.text_map(reader, "derivations"),
    };
    root.finish(reader);
    Some(file)
}

/// The format number, which must be there; `None` when nothing else can be trusted.
pub(crate) fn read_format<'s>(root: &mut Record<'s>, reader: &mut Reader<'s>) -> Option<()> {
    if !root.has("format") {
        root.missing(reader, "format", "format: 1");
    }
    let number = match root.count(reader, "format") {
        Some(FORMAT) | None => return Some(()),
        Some(number) => number,
    };

    // A newer format may say everything in other words: to read on would make a fault of every field.
    let message = if number > FORMAT {
        said!("format {number} is newer than this version of verbund can read", number)
    } else {
        said!("format {number} does not exist", number)
    };
    let fault = Fault::new(ProblemKind::Format, message).expected("format 1");
    root.report(reader, "format", fault);
    None
}

/// The date that the file describes, which must be there.
fn required_date<'s>(root: &mut Record<'s>, reader: &mut Reader<'s>) -> Option<Date> {
    if !root.has("as_of") {
        root.missing(reader, "as_of", "the day that the file describes, such as \"2026-01-01\"");
    }
    root.parsed(reader, "as_of")
}

/// Reads each element of a list as an entity of its own.
fn read_list<'s, T>(
    root: &mut Record<'s>,
    reader: &mut Reader<'s>,
    name: &str,
    read: impl Fn(&mut Reader<'s>, &'s str, usize) -> Option<T>,
) -> Vec<T> {
    let mut entities = Vec::new();
    for raw in root.list(reader, name) {
        let index = entities.len();
        entities.extend(read(reader, raw, index));
    }
    entities
}

/// The tables of hospitals, where `hospitals` is the name of a file; tables of what hospitals have may
/// only be named then.
fn read_hospital_tables<'s>(
    root: &mut Record<'s>,
    reader: &mut Reader<'s>,
) -> Option<HospitalTables> {
    // `hospitals` is a list, or the path of a table in quotation marks.
    let hospitals = root.raw_value("hospitals").and_then(text_of);
    let departments = root.text(reader, "departments");
    let facts = root.text(reader, "facts");
    if let Some(hospitals) = hospitals {
        return Some(HospitalTables { hospitals, departments, facts });
    }
    for (field, table) in [("departments", departments), ("facts", facts)] {
        if table.is_some() {
            let message = "a table of what hospitals have, but hospitals are a list";
            let fault = Fault::new(ProblemKind::Conflict, message)
                .expected("hospitals: \"hospitals.csv\" beside it");
            root.report(reader, field, fault);
        }
    }
    None
}

/// The hospitals; whether they are all that the file has is noted.
fn read_hospitals<'s>(
    root: &mut Record<'s>,
    reader: &mut Reader<'s>,
    are_known: &mut bool,
) -> Vec<Hospital> {
    let written = root.list_length("hospitals");
    let hospitals = read_list(root, reader, "hospitals", read_hospital);

    // One that could not be read is missing here, and whoever names it must not be told that it is unknown.
    *are_known = written == Some(hospitals.len());
    hospitals
}

/// Opens the record of an entity and takes its key; messages then name the entity by it.
fn open<'s>(
    reader: &mut Reader<'s>,
    raw: &'s str,
    entity: Entity,
    kind: &str,
) -> Option<(Record<'s>, String)> {
    let mut record = reader.record(raw, entity, kind, "")?;
    let key = record.required_text(reader, "id")?;
    record.label = format!("{kind} \"{key}\"");
    Some((record, key))
}

fn read_travel<'s>(root: &mut Record<'s>, reader: &mut Reader<'s>) -> TravelSettings {
    let mut settings = TravelSettings::default();
    let Some(mut record) = root.inner(reader, "travel") else { return settings };
    settings.detour = record.number(reader, "detour", (1.0, 10.0)).unwrap_or(settings.detour);
    settings.access = record.parsed(reader, "access").unwrap_or(settings.access);

    // Bands that are written replace the usual ones as a whole, or the two lists would mix.
    if record.has("speeds") {
        settings.speeds.clear();
    }
    for mut band in record.records(reader, "speeds") {
        let up_to_km = band.number(reader, "up_to_km", (0.001, 40_000.0));
        if !band.has("km_per_hour") {
            band.missing(reader, "km_per_hour", "a speed in kilometres per hour");
        }
        let km_per_hour = band.number(reader, "km_per_hour", (1.0, 1000.0)).unwrap_or(1.0);
        settings.speeds.push(SpeedBand { up_to_km, km_per_hour });
        band.finish(reader);
    }
    settings.margin = read_margin(&mut record, reader);

    // Only a last band without an end gives every journey a speed.
    let ends: Vec<Option<f64>> = settings.speeds.iter().map(|band| band.up_to_km).collect();
    let rising = ends.windows(2).all(|pair| match (pair[0], pair[1]) {
        (Some(a), Some(b)) => a < b,
        (Some(_), None) => true,
        (None, _) => false,
    });
    if !rising || ends.last() != Some(&None) {
        let fault = Fault::new(ProblemKind::Order, "the speed bands do not follow each other")
            .expected("rising ends in up_to_km, and a last band without an end");
        record.report(reader, "speeds", fault);
    }
    record.finish(reader);
    settings
}

fn read_margin<'s>(travel: &mut Record<'s>, reader: &mut Reader<'s>) -> Option<Margin> {
    let mut record = travel.inner(reader, "margin")?;
    let mut margin = Margin::new(0.0, Seconds(0));
    margin.bias = record.number(reader, "bias", Margin::BIAS).unwrap_or(margin.bias);
    // A margin that says of neither spread how large it is would be one of nothing by mistake.
    for name in ["relative", "absolute"] {
        if !record.has(name) {
            record.missing(
                reader,
                name,
                "how far journeys may be off: relative: 0.2, absolute: \"2m\"",
            );
        }
    }
    let relative = record.number(reader, "relative", (0.0, Margin::MOST_RELATIVE));
    margin.relative = relative.unwrap_or(margin.relative);
    margin.absolute = record.parsed(reader, "absolute").unwrap_or(margin.absolute);
    margin.source = record.text(reader, "source").unwrap_or_default();
    record.finish(reader);
    Some(margin)
}

fn read_parts<'s>(root: &mut Record<'s>, reader: &mut Reader<'s>) -> PartRule {
    let mut rule = PartRule::default();
    let Some(mut record) = root.inner(reader, "parts") else { return rule };
    if let Some(people) = record.count(reader, "people") {
        rule.people = people;
        if people == 0 {
            let fault = Fault::new(ProblemKind::Range, "parts of 0 people").expected("1 or more");
            record.report(reader, "people", fault);
        }
    }
    let factor = record.number(reader, "radius_factor", (0.0, 10.0));
    rule.radius_factor = factor.unwrap_or(rule.radius_factor);
    record.finish(reader);
    rule
}

fn read_sources<'s>(root: &mut Record<'s>, reader: &mut Reader<'s>) -> Vec<(String, Source)> {
    let mut sources = Vec::new();
    for (key, raw) in root.map(reader, "sources") {
        let label = format!("source \"{key}\"");
        let entity = Entity::Source(sources.len());
        let Some(mut record) = reader.record(raw, entity, &label, "") else { continue };
        let source = Source {
            title: record.required_text(reader, "title").unwrap_or_default(),
            year: record.text(reader, "year"),
            licence: record.text(reader, "licence"),
            url: record.text(reader, "url"),
        };
        record.finish(reader);
        sources.push((key, source));
    }
    sources
}

pub(crate) fn read_position<'s>(record: &mut Record<'s>, reader: &mut Reader<'s>) -> Position {
    // The origin stands in for what cannot be read, so that the rest of the record is read as well. The fault keeps
    // anybody from using it.
    let origin = Position::new(0.0, 0.0).expect("the origin is on the globe");
    if !record.has("position") {
        record.missing(reader, "position", "position: (lat: 51.3, lon: 12.4)");
        return origin;
    }
    let Some(mut inner) = record.inner(reader, "position") else { return origin };
    for name in ["lat", "lon"] {
        if !inner.has(name) {
            inner.missing(reader, name, "degrees");
        }
    }
    let lat = inner.number(reader, "lat", (-90.0, 90.0));
    let lon = inner.number(reader, "lon", (-180.0, 180.0));
    inner.finish(reader);
    let (Some(lat), Some(lon)) = (lat, lon) else { return origin };
    Position::new(lat, lon).unwrap_or(origin)
}

fn read_hospital<'s>(reader: &mut Reader<'s>, raw: &'s str, index: usize) -> Option<Hospital> {
    let (mut record, key) = open(reader, raw, Entity::Hospital(index), "hospital")?;
    let hospital = read_hospital_record(&mut record, reader, key);
    record.finish(reader);
    Some(hospital)
}

/// A hospital without its key, which was read.
pub(crate) fn read_hospital_record<'s>(
    record: &mut Record<'s>,
    reader: &mut Reader<'s>,
    key: String,
) -> Hospital {
    let name = record.required_text(reader, "name").unwrap_or_default();
    let position = read_position(record, reader);
    if !record.has("ownership") {
        record.missing(reader, "ownership", "Public, NonProfit, Private or University");
    }
    Hospital {
        operator: record.required_text(reader, "operator").unwrap_or_default(),
        ownership: record.choice(reader, "ownership", &OWNERSHIPS).unwrap_or(Ownership::Public),
        kind: record.choice(reader, "kind", &SITE_KINDS).unwrap_or_default(),
        city: record.text(reader, "city"),
        district: record.text(reader, "district"),
        outside: record.flag(reader, "outside").unwrap_or_default(),
        parent: record.text(reader, "parent"),
        care_level: record.choice(reader, "care_level", &CARE_LEVELS),
        emergency_level: record.choice(reader, "emergency_level", &EMERGENCY_LEVELS),
        beds: record.count(reader, "beds"),
        day_places: record.count(reader, "day_places"),
        staffed_share: record.number(reader, "staffed_share", (0.2, 1.0)),
        from_beyond: record.number(reader, "from_beyond", (0.0, MOST_FROM_BEYOND)),
        departments: read_departments(record, reader),
        facilities: read_facilities(record, reader),
        opened: record.parsed(reader, "opened"),
        closed: record.parsed(reader, "closed"),
        former_operators: read_former_operators(record, reader),
        facts: read_facts(record, reader),
        sources: record.texts(reader, "sources"),
        assumed: record.texts(reader, "assumed"),
        derived: record.text_map(reader, "derived"),
        unknown: record.texts(reader, "unknown"),
        note: record.text(reader, "note"),
        ..Hospital::new(key, name, position)
    }
}

pub(crate) fn read_departments<'s>(
    record: &mut Record<'s>,
    reader: &mut Reader<'s>,
) -> Vec<Department> {
    let mut departments = Vec::new();
    for part in record.records(reader, "departments") {
        departments.extend(read_department(part, reader));
    }
    departments
}

/// One department, from its record.
pub(crate) fn read_department<'s>(
    mut part: Record<'s>,
    reader: &mut Reader<'s>,
) -> Option<Department> {
    let department = Department {
        specialty: part.required_text(reader, "specialty")?,
        name: part.text(reader, "name"),
        kind: part.choice(reader, "kind", &DEPARTMENT_KINDS).unwrap_or_default(),
        beds: part.count(reader, "beds"),
        day_places: part.count(reader, "day_places"),
        hours: part.parsed::<Hours>(reader, "hours").unwrap_or_default(),
        opened: part.parsed(reader, "opened"),
        closed: part.parsed(reader, "closed"),
    };
    part.finish(reader);
    Some(department)
}

fn read_facilities<'s>(record: &mut Record<'s>, reader: &mut Reader<'s>) -> Vec<Facility> {
    let mut facilities = Vec::new();
    for part in record.records(reader, "facilities") {
        facilities.extend(read_facility(part, reader));
    }
    facilities
}

/// One facility, from its record.
pub(crate) fn read_facility<'s>(mut part: Record<'s>, reader: &mut Reader<'s>) -> Option<Facility> {
    let facility = Facility {
        kind: part.required_text(reader, "kind")?,
        grade: part.text(reader, "grade"),
        count: part.count(reader, "count"),
        hours: part.parsed::<Hours>(reader, "hours").unwrap_or_default(),
        opened: part.parsed(reader, "opened"),
        closed: part.parsed(reader, "closed"),
    };
    part.finish(reader);
    Some(facility)
}

fn read_former_operators<'s>(
    record: &mut Record<'s>,
    reader: &mut Reader<'s>,
) -> Vec<FormerOperator> {
    let mut former = Vec::new();
    for mut part in record.records(reader, "former_operators") {
        let operator = part.required_text(reader, "operator");
        let ownership = part.choice(reader, "ownership", &OWNERSHIPS);
        for name in ["ownership", "until"] {
            if !part.has(name) {
                part.missing(reader, name, "who owned it, and the first day of the next operator");
            }
        }
        let until = part.parsed(reader, "until");
        part.finish(reader);
        if let (Some(operator), Some(ownership), Some(until)) = (operator, ownership, until) {
            former.push(FormerOperator { operator, ownership, until });
        }
    }
    former
}

fn read_facts<'s>(record: &mut Record<'s>, reader: &mut Reader<'s>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for mut part in record.records(reader, "facts") {
        let fact = Fact {
            field: part.required_text(reader, "field").unwrap_or_default(),
            value: part.required_text(reader, "value").unwrap_or_default(),
            unit: part.text(reader, "unit"),
            year: part.text(reader, "year"),
            source: part.required_text(reader, "source").unwrap_or_default(),
        };
        part.finish(reader);
        facts.push(fact);
    }
    facts
}

fn read_cooperation<'s>(
    reader: &mut Reader<'s>,
    raw: &'s str,
    index: usize,
) -> Option<Cooperation> {
    let (mut record, key) = open(reader, raw, Entity::Cooperation(index), "cooperation")?;
    let agreement = read_agreement(&mut record, reader, key)?;
    let cooperation = Cooperation {
        since: record.parsed(reader, "since"),
        until: record.parsed(reader, "until"),
        status: record.choice(reader, "status", &STATUSES).unwrap_or_default(),
        ..agreement
    };
    record.finish(reader);
    Some(cooperation)
}

/// What partners agree on, without its dates.
pub(crate) fn read_agreement<'s>(
    record: &mut Record<'s>,
    reader: &mut Reader<'s>,
    key: String,
) -> Option<Cooperation> {
    // A kind that is wrong has been told. One that binds nobody to a direction stands in for it, so that the parties
    // are read without a fault that follows from it.
    let kind = read_kind(record, reader).unwrap_or(CooperationKind::Ownership);
    let directed = record.has("from") || record.has("to");
    if directed && record.has("partners") {
        let message = "partners stand beside from and to";
        let fault = Fault::new(ProblemKind::Conflict, message).expected("one or the other");
        record.report(reader, "partners", fault);
    }
    let partners = record.texts(reader, "partners");
    let (from, to) = (record.text(reader, "from"), record.texts(reader, "to"));
    // An agreement that names no field agrees on nothing that anybody could look at.
    let fields = record.texts(reader, "fields");
    if kind == CooperationKind::Framework && fields.is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "a framework agreement without fields")
            .expected("the fields that it names, such as fields: [\"neurology\"]");
        record.report(reader, "fields", fault);
    }
    let terms = read_terms(record, reader);
    let parties = match (from, directed) {
        (Some(from), true) => Parties::Directed { from, to },
        (None, true) => {
            record.missing(reader, "from", "the hospital that gives");
            return None;
        }
        _ => Parties::Mutual(partners),
    };
    Some(Cooperation {
        fields,
        terms,
        hours: record.parsed::<Hours>(reader, "hours").unwrap_or_default(),
        sources: record.texts(reader, "sources"),
        assumed: record.texts(reader, "assumed"),
        note: record.text(reader, "note"),
        ..Cooperation::new(key, kind, parties)
    })
}

/// The kind with its terms: `Telemedicine(consult: "10m")`.
pub(crate) fn read_kind<'s>(
    record: &mut Record<'s>,
    reader: &mut Reader<'s>,
) -> Option<CooperationKind> {
    if !record.has("kind") {
        record.missing(reader, "kind", "a kind of cooperation");
        return None;
    }
    let (word, terms, _) = record.tagged(reader, "kind")?;
    kind_of(record, reader, Tagged { name: "kind", word, terms })
}

/// The kinds by field: `terms: {"neurology": [Telemedicine(consult: "10m")]}`.
fn read_terms<'s>(
    record: &mut Record<'s>,
    reader: &mut Reader<'s>,
) -> BTreeMap<String, Vec<CooperationKind>> {
    let mut by_field = BTreeMap::new();
    for (field, raw) in record.map(reader, "terms") {
        let name = format!("terms.{field}");
        let mut kinds = Vec::new();
        for (word, terms) in record.tagged_list(reader, &name, raw) {
            kinds.extend(kind_of(record, reader, Tagged { name: "terms", word, terms }));
        }
        by_field.insert(respelled(field), kinds);
    }
    by_field
}

/// A kind of cooperation as it is written in a field.
struct Tagged<'n, 's> {
    /// The field of the cooperation's record.
    name: &'n str,
    word: &'s str,
    terms: Option<Record<'s>>,
}

fn kind_of<'s>(
    record: &Record<'s>,
    reader: &mut Reader<'s>,
    tagged: Tagged<'_, 's>,
) -> Option<CooperationKind> {
    let Tagged { name, word, terms } = tagged;
    let Some(mut kind) = CooperationKind::from_name(word) else {
        let mut fault =
            Fault::new(ProblemKind::Unknown, said!("unknown kind of cooperation \"{word}\"", word))
                .expected(said!(
                    "one of {cooperation_kinds}",
                    cooperation_kinds = COOPERATION_KINDS.join(", ")
                ));
        fault.closest = closest(word, COOPERATION_KINDS);
        record.report(reader, name, fault);
        return None;
    };
    let Some(mut terms) = terms else { return Some(kind) };

    // The bounds are checked with the network, where cooperations of programs are checked as well.
    let share = (f64::MIN, f64::MAX);
    match &mut kind {
        CooperationKind::Transfer { door_in_door_out, acceptance } => {
            *door_in_door_out = terms.parsed(reader, "door_in_door_out");
            *acceptance = terms.number(reader, "acceptance", share);
        }
        CooperationKind::Telemedicine { consult } => {
            *consult = terms.parsed(reader, "consult");
        }
        CooperationKind::VisitingTeam { call_out } => {
            *call_out = terms.parsed(reader, "call_out");
        }
        CooperationKind::SharedBeds { pooled_share } => {
            *pooled_share = terms.number(reader, "pooled_share", share);
        }
        CooperationKind::CentralService { turnaround } => {
            *turnaround = terms.parsed(reader, "turnaround");
        }
        CooperationKind::Recruitment { staffed_share_gain } => {
            *staffed_share_gain = terms.number(reader, "staffed_share_gain", share);
        }
        _ => {}
    }
    terms.finish(reader);
    Some(kind)
}

fn read_alliance<'s>(reader: &mut Reader<'s>, raw: &'s str, index: usize) -> Option<Alliance> {
    let (mut record, key) = open(reader, raw, Entity::Alliance(index), "alliance")?;
    let alliance = Alliance {
        key,
        name: record.required_text(reader, "name").unwrap_or_default(),
        members: record.texts(reader, "members"),
        other_members: record.texts(reader, "other_members"),
        total_members: record.count(reader, "total_members"),
        purposes: record.choices(reader, "purposes", &PURPOSES),
        since: record.parsed(reader, "since"),
        until: record.parsed(reader, "until"),
        sources: record.texts(reader, "sources"),
        assumed: record.texts(reader, "assumed"),
        note: record.text(reader, "note"),
    };
    record.finish(reader);
    Some(alliance)
}

fn read_omission<'s>(reader: &mut Reader<'s>, raw: &'s str, index: usize) -> Option<Omission> {
    let label = format!("omission {}", index + 1);
    let mut record = reader.record(raw, Entity::Omitted(index), &label, "")?;
    let omission = Omission {
        what: record.required_text(reader, "what").unwrap_or_default(),
        why: record.required_text(reader, "why").unwrap_or_default(),
        sources: record.texts(reader, "sources"),
    };
    record.finish(reader);
    Some(omission)
}

fn read_published<'s>(reader: &mut Reader<'s>, raw: &'s str, index: usize) -> Option<Published> {
    let label = format!("published figure {}", index + 1);
    let mut record = reader.record(raw, Entity::Published(index), &label, "")?;
    for name in ["measure", "value", "year"] {
        if !record.has(name) {
            record.missing(reader, name, "what it measures, the figure, and its year");
        }
    }
    let requirement = record.has("requirement").then(|| read_requirement(reader, &mut record));
    let than = record.has("than").then(|| read_requirement_in(reader, &mut record, "than"));
    let figure = Published {
        measure: record.choice(reader, "measure", &MEASURES).unwrap_or(Measure::Occupancy),
        name: record.required_text(reader, "name").unwrap_or_default(),
        value: record.number(reader, "value", (0.0, f64::MAX)).unwrap_or(0.0),
        year: record.number(reader, "year", (1.0, 9999.0)).unwrap_or(1.0) as i16,
        area: record.required_text(reader, "area").unwrap_or_default(),
        districts: record.texts(reader, "districts"),
        requirement,
        than,
        minutes: record.count(reader, "minutes"),
        pathway: record.text(reader, "pathway"),
        source: record.required_text(reader, "source").unwrap_or_default(),
        note: record.text(reader, "note"),
    };
    record.finish(reader);
    Some(figure)
}
