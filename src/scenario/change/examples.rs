//! What each kind of change does in a sentence, with an example.

use super::CHANGES;

/// A kind of change, to be shown to people who write scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeExample {
    /// Its name, as files write it.
    pub name: &'static str,
    /// What it does, in a sentence that goes on from the name and a colon.
    pub does: &'static str,
    /// What stands in `changes: [...]` of a scenario for Leipzig: the change, with another one where it needs one.
    pub written: &'static str,
}

impl ChangeExample {
    /// The example on one line.
    ///
    /// ```
    /// use verbund::scenario::CHANGE_EXAMPLES;
    ///
    /// let closes = CHANGE_EXAMPLES.iter().find(|example| example.name == "CloseHospital");
    /// assert_eq!(
    ///     closes.unwrap().on_one_line(),
    ///     r#"(on: "2027-01-01", reason: "insolvency", change: CloseHospital("sana-wurzen")),"#
    /// );
    /// ```
    pub fn on_one_line(&self) -> String {
        let lines: Vec<&str> = self.written.lines().map(str::trim_start).collect();
        lines.join(" ")
    }
}

const fn example(name: &'static str, does: &'static str, written: &'static str) -> ChangeExample {
    ChangeExample { name, does, written }
}

/// Every kind of change: departments, hospitals, cooperations and alliances, patients and roads.
// The guide's page on the format shows the same; its test holds it against these. They are text, not values: a
// reader is to see the notation, with the blanks and the order of fields that people use.
pub const CHANGE_EXAMPLES: [ChangeExample; CHANGES.len()] = [
    example(
        "DivertDepartment",
        "a department takes no emergencies.",
        r#"(on: "2026-12-24", until: "2026-12-27", reason: "too few nurses on holidays",
 change: DivertDepartment(hospital: "sana-borna", specialty: "internal_medicine")),"#,
    ),
    example(
        "CloseDepartment",
        "a department takes nobody new; who lies there stays.",
        r#"(on: "2026-03-01", until: "2026-04-01", reason: "too few doctors and nurses to run the wards",
 change: CloseDepartment(hospital: "kkh-torgau", specialty: "internal_medicine")),"#,
    ),
    example(
        "OpenDepartment",
        "a department that an earlier change closed or diverted without `until` takes patients again.",
        r#"(on: "2026-03-01", reason: "water damage", change: CloseDepartment(hospital: "kkh-torgau", specialty: "paediatrics")),
(on: "2026-05-15 07:00", reason: "repaired", change: OpenDepartment(hospital: "kkh-torgau", specialty: "paediatrics")),"#,
    ),
    example(
        "AddDepartment",
        "a hospital gets a department of a specialty that it does not have.",
        r#"(on: "2027-01-01", reason: "the wing is larger", change: ResizeHospital(hospital: "kkh-torgau", beds: 291)),
(on: "2027-01-01", reason: "geriatrics for the east of the district",
 change: AddDepartment(hospital: "kkh-torgau", department: (specialty: "geriatrics", beds: 20))),"#,
    ),
    example(
        "MoveDepartment",
        "a department moves to another hospital, or makes the one there larger; `beds` for a part of it, \
         without it all.",
        r#"(on: "2027-01-01", reason: "neonatology at one site",
 change: MoveDepartment(specialty: "neonatology", from: "st-georg-leipzig", to: "ukl-leipzig")),"#,
    ),
    example(
        "ResizeDepartment",
        "a department has another number of beds, 1 or more.",
        r#"(on: "2027-01-01", reason: "a ward closes",
 change: ResizeDepartment(hospital: "kkh-torgau", specialty: "general_surgery", beds: 50)),"#,
    ),
    example(
        "CloseHospital",
        "a hospital closes, with its departments, memberships and its part in cooperations; there again \
         at `until`.",
        r#"(on: "2027-01-01", reason: "insolvency", change: CloseHospital("sana-wurzen")),"#,
    ),
    example(
        "OpenHospital",
        "a hospital opens: a whole record as in `network.ron`, without dates of its own.",
        r#"(on: "2028-01-01", reason: "one new house for the north of the district",
 change: OpenHospital(
     id: "north-new", name: "Klinikum Nordsachsen (new)", operator: "Landkreis Nordsachsen", ownership: Public,
     position: (lat: 51.49, lon: 12.47), city: "Delitzsch", district: "Landkreis Nordsachsen",
     care_level: Basic, emergency_level: Basic, beds: 200,
     departments: [(specialty: "internal_medicine", beds: 90), (specialty: "general_surgery", beds: 60)],
     facilities: [(kind: "ct"), (kind: "icu", count: 10)],
     sources: ["project-assumption"],
 )),"#,
    ),
    example(
        "MergeHospitals",
        "two hospitals become one, at the site of the second.",
        r#"(on: "2027-01-01", reason: "one site with all departments",
 change: MergeHospitals(from: "kkh-eilenburg", into: "kkh-delitzsch")),"#,
    ),
    example(
        "ConvertHospital",
        "a hospital becomes a sektorenübergreifende Versorgungseinrichtung (`CrossSectorSite`, level 1i) or \
         a Gesundheitszentrum (`HealthCentre`).",
        r#"(on: "2027-01-01", reason: "beds for short stays only",
 change: ConvertHospital(hospital: "kkh-eilenburg", to: CrossSectorSite,
     departments: [(specialty: "internal_medicine", beds: 30)], facilities: ["ct"])),"#,
    ),
    example(
        "ResizeHospital",
        "a site has another total of beds, at least those of its departments.",
        r#"(on: "2027-01-01", reason: "a wing is added", change: ResizeHospital(hospital: "sana-borna", beds: 540)),"#,
    ),
    example(
        "SetCareLevel",
        "another level (Versorgungsstufe) in the state's plan: `Basic`, `Priority`, `Maximum`, \
         `Specialist`; without `level`, none.",
        r#"(on: "2027-01-01", reason: "the state's plan", change: SetCareLevel(hospital: "kkh-torgau", level: Priority)),"#,
    ),
    example(
        "SetEmergencyLevel",
        "another emergency stage of the G-BA: `Minimum`, `Basic`, `Extended`, `Comprehensive`; without \
         `level`, none.",
        r#"(on: "2027-01-01", reason: "no emergency care any more", change: SetEmergencyLevel(hospital: "sana-wurzen")),"#,
    ),
    example(
        "SetFacility",
        "a hospital gets a facility, or has it in another `grade`, `count` or at other `hours`.",
        r#"(on: "2026-09-01", reason: "certified",
 change: SetFacility(hospital: "kkh-torgau", facility: (kind: "stroke_unit", grade: "regional"))),"#,
    ),
    example(
        "CloseFacility",
        "a hospital has a facility no more.",
        r#"(on: "2027-01-01", reason: "one institute of pathology for both",
 change: CloseFacility(hospital: "st-georg-leipzig", kind: "pathology")),"#,
    ),
    example(
        "SetHours",
        "a department (`specialty`) or a `facility` has other opening hours.",
        r#"(on: "2026-07-01", reason: "no team at night",
 change: SetHours(hospital: "sana-borna", facility: "cath_lab", hours: "Mon-Fri 8-18")),"#,
    ),
    example(
        "SetStaffedShare",
        "another share of a hospital's beds is staffed, 0.2 to 1.",
        r#"(on: "2026-01-01", until: "2026-04-01", reason: "nurses are ill",
 change: SetStaffedShare(hospital: "ukl-leipzig", share: 0.7)),"#,
    ),
    example(
        "SetOperator",
        "another operator (Träger); `ownership` is `Public`, `NonProfit`, `Private` or `University`, and \
         stays without it.",
        r#"(on: "2026-10-01", reason: "bought",
 change: SetOperator(hospital: "collm-klinik-oschatz", operator: "Landkreis Nordsachsen", ownership: Public)),"#,
    ),
    example(
        "SetParent",
        "a site becomes a branch of a main site; without `parent` a branch stands for itself.",
        r#"(on: "2027-01-01", reason: "one hospital at two sites",
 change: SetParent(hospital: "collm-klinik-oschatz", parent: "kkh-torgau")),"#,
    ),
    example(
        "StartCooperation",
        "a cooperation starts, and is over at `until`.",
        r#"(on: "2026-07-01", reason: "an expert for strokes at Torgau",
 change: StartCooperation(
     id: "tele-stroke-torgau", kind: Telemedicine(consult: "10m"), from: "ukl-leipzig", to: ["kkh-torgau"],
     fields: ["neurology"], hours: "Mon-Fri 8-20", sources: ["project-assumption"],
 )),"#,
    ),
    example(
        "EndCooperation",
        "the cooperation of this key ends, and comes back at `until`.",
        r#"(on: "2026-07-01", reason: "the contract is not renewed", change: EndCooperation("tessa-eilenburg")),"#,
    ),
    example(
        "ChangeCooperation",
        "other `kind` with its terms, `partners` (or `from` and `to`), `fields` or `hours`; what is left \
         out stays.",
        r#"(on: "2026-07-01", reason: "the expert is there by day only",
 change: ChangeCooperation(id: "tessa-delitzsch", hours: "Mon-Fri 8-16")),"#,
    ),
    example(
        "JoinAlliance",
        "a hospital joins an alliance.",
        r#"(on: "2026-07-01", reason: "a tenth partner", change: JoinAlliance(alliance: "tessa", hospital: "kkh-torgau")),"#,
    ),
    example(
        "LeaveAlliance",
        "a hospital leaves an alliance.",
        r#"(on: "2026-07-01", reason: "leaves", change: LeaveAlliance(alliance: "akg", hospital: "st-georg-leipzig")),"#,
    ),
    example(
        "Surge",
        "emergencies of `specialties` or `conditions` are multiplied by the `factors` (0 to 100), one \
         after the other, each for `days` (1 to 366, 7 without it); in `districts` only; `icu_share` (0 \
         to 1) of the additional patients need intensive care.",
        r#"(on: "2026-01-12", reason: "influenza",
 change: Surge(specialties: ["internal_medicine", "geriatrics"], factors: [1.1, 1.3, 1.4, 1.2], days: 14, icu_share: 0.1)),"#,
    ),
    example(
        "Incident",
        "a mass-casualty incident (Massenanfall von Verletzten): patients by triage category who leave \
         the scene within `minutes` (1 to 1,440; 60 without it); `keys` say how many an hour a hospital \
         takes, by its stage `Basic`, `Extended`, `Comprehensive` (the ones here are the usual ones, \
         assumed).",
        r#"(on: "2026-06-13 19:30", reason: "accident at a concert",
 change: Incident(place: "14730310", /* Torgau */ red: 12, yellow: 20, green: 40, minutes: 90,
     keys: (red: [2, 4, 8], yellow: [4, 8, 16], green: [8, 16, 32]))),"#,
    ),
    example(
        "Road",
        "journeys `from` places, `to` hospitals, or through a `corridor` (three corners or more) take \
         `delay` longer; without `delay` there is no way.",
        r#"(on: "2026-04-13", until: "2026-10-12", reason: "the bridge over the Mulde is rebuilt",
 change: Road(from: ["14730310"], to: ["ukl-leipzig", "st-georg-leipzig"], delay: "20m")),
(on: "2026-04-13", reason: "flooded",
 change: Road(corridor: [(lat: 51.45, lon: 12.62), (lat: 51.48, lon: 12.62), (lat: 51.48, lon: 12.66), (lat: 51.45, lon: 12.66)])),"#,
    ),
    example(
        "ScaleDemand",
        "cases are multiplied by `factor` (0 to 100), of a `population` (sex, ages) and in `districts`, \
         where these are said.",
        r#"(on: "2030-01-01", reason: "more old people are treated at home",
 change: ScaleDemand(factor: 0.9, population: (from: 75), districts: ["Landkreis Nordsachsen"])),"#,
    ),
    example(
        "SetPopulation",
        "the people of another year, from a table beside the scenario's file with the columns of \
         `places.csv` and the same places at the same positions.",
        r#"(on: "2035-01-01", reason: "fewer young people in the country, more old people everywhere",
 change: SetPopulation(table: "people-2035.csv")),"#,
    ),
];
