//! Departments that close, divert, open, come, move and grow.

use serde::{Deserialize, Serialize};

use crate::files::network::read_department;
use crate::model::check::Checker;
use crate::model::check::bounds::MOST_BEDS;
use crate::model::location::Fault;
use crate::model::{Department, Hospital};
use crate::problem::ProblemKind;
use crate::scenario::base::Added;
use crate::scenario::base::{
    Base, check_department, check_hospital_key, check_new_department, check_specialty, check_two,
};
use crate::scenario::kind::Kind;
use crate::scenario::refers::{self, Refers};
use crate::scenario::state::{
    Refusal, State, check_total, conflict, mark, mark_assumed, mark_other_hours, no_change, receive,
};
use crate::scenario::terms::{Fields, Terms};

/// The kinds of this family, behind those of the families before it.
macro_rules! department_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// A department takes no emergencies. Elective patients and transfers still come, and an admission can
            /// still be forced. Without `until`, to the end or to an `OpenDepartment`.
            DivertDepartment(DepartmentKey) => department::Divert {
                does: "a department takes no emergencies.",
                example: r#"(on: "2026-12-24", until: "2026-12-27", reason: "too few nurses on holidays",
 change: DivertDepartment(hospital: "sana-borna", specialty: "internal_medicine")),"#,
            }
            /// A department takes nobody new; who lies there stays. Without `until`, to the end or to an
            /// `OpenDepartment`.
            CloseDepartment(DepartmentKey) => department::Close {
                does: "a department takes nobody new; who lies there stays.",
                example: r#"(on: "2026-03-01", until: "2026-04-01", reason: "too few doctors and nurses to run the wards",
 change: CloseDepartment(hospital: "kkh-torgau", specialty: "internal_medicine")),"#,
            }
            /// A department that earlier changes closed or diverted without `until` takes patients again. It has no
            /// `until`: it opens once.
            OpenDepartment(DepartmentKey) => department::Open {
                does: "a department that an earlier change closed or diverted without `until` takes patients again.",
                example: r#"(on: "2026-03-01", reason: "water damage", change: CloseDepartment(hospital: "kkh-torgau", specialty: "paediatrics")),
(on: "2026-05-15 07:00", reason: "repaired", change: OpenDepartment(hospital: "kkh-torgau", specialty: "paediatrics")),"#,
            }
            /// A hospital gets a department of a specialty that it does not have. Its beds must fit into the site's
            /// total.
            AddDepartment(NewDepartment) => department::Add {
                does: "a hospital gets a department of a specialty that it does not have.",
                example: r#"(on: "2027-01-01", reason: "the wing is larger", change: ResizeHospital(hospital: "kkh-torgau", beds: 291)),
(on: "2027-01-01", reason: "geriatrics for the east of the district",
 change: AddDepartment(hospital: "kkh-torgau", department: (specialty: "geriatrics", beds: 20))),"#,
            }
            /// A department moves to another hospital. What does not move is closed.
            MoveDepartment(DepartmentMove) => department::Move {
                does: "a department moves to another hospital, or makes the one there larger; `beds` for a part of it, \
                    without it all.",
                example: r#"(on: "2027-01-01", reason: "neonatology at one site",
 change: MoveDepartment(specialty: "neonatology", from: "st-georg-leipzig", to: "ukl-leipzig")),"#,
            }
            /// A department has another number of beds. The total of the site stays.
            ResizeDepartment(DepartmentSize) => department::Resize {
                does: "a department has another number of beds, 1 or more.",
                example: r#"(on: "2027-01-01", reason: "a ward closes",
 change: ResizeDepartment(hospital: "kkh-torgau", specialty: "general_surgery", beds: 50)),"#,
            }
        }
    };
}

/// The department of a specialty at a hospital.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentKey {
    /// Key of the hospital.
    pub hospital: String,
    /// Key of the specialty, of which the hospital has an inpatient department of its own.
    #[serde(deserialize_with = "crate::model::renamed::read_key")]
    pub specialty: String,
}

impl DepartmentKey {
    /// The department of this specialty at this hospital.
    pub fn new(hospital: impl Into<String>, specialty: impl Into<String>) -> Self {
        Self { hospital: hospital.into(), specialty: specialty.into() }
    }
}

fn read_key(fields: &mut Fields<'_, '_, '_>) -> DepartmentKey {
    DepartmentKey { hospital: fields.text("hospital"), specialty: fields.text("specialty") }
}

/// A department takes no emergencies.
pub(super) struct Divert;

impl Kind for Divert {
    type Terms = DepartmentKey;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = false;

    fn read(terms: Terms<'_, '_, '_>) -> Option<DepartmentKey> {
        terms.fields(|fields| Some(read_key(fields)))
    }

    fn check(key: &DepartmentKey, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_department(&key.hospital, &key.specialty, base, checker);
    }

    /// The network stays as it is: only a simulation shows whom a diversion sends elsewhere.
    fn apply<'s>(key: &'s DepartmentKey, state: &mut State<'s>) -> Result<(), Refusal> {
        state.department("hospital", &key.hospital, &key.specialty)?;
        Ok(())
    }

    fn keys_mut(key: &mut DepartmentKey) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut key.hospital])
    }
}

/// A department takes nobody new.
pub(super) struct Close;

impl Kind for Close {
    type Terms = DepartmentKey;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = false;

    fn read(terms: Terms<'_, '_, '_>) -> Option<DepartmentKey> {
        terms.fields(|fields| Some(read_key(fields)))
    }

    fn check(key: &DepartmentKey, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_department(&key.hospital, &key.specialty, base, checker);
    }

    fn apply<'s>(key: &'s DepartmentKey, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.department("hospital", &key.hospital, &key.specialty)?;
        // What a scenario closes is known to be gone, also where no source says whether it was
        // there.
        remove(hospital, &key.specialty);
        hospital.settle(&format!("departments.{}", key.specialty));
        hospital.drop_stale_marks();
        Ok(())
    }

    fn keys_mut(key: &mut DepartmentKey) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut key.hospital])
    }
}

/// A department that was closed or diverted takes patients again.
pub(super) struct Open;

impl Kind for Open {
    type Terms = DepartmentKey;
    const WHY_WITHOUT_END: Option<&'static str> = Some("it opens once");
    const IS_OF_STRUCTURE: bool = false;

    fn read(terms: Terms<'_, '_, '_>) -> Option<DepartmentKey> {
        terms.fields(|fields| Some(read_key(fields)))
    }

    fn check(key: &DepartmentKey, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_department(&key.hospital, &key.specialty, base, checker);
    }

    /// What it opens was never taken out: a closure that it ends is no more in force.
    fn apply<'s>(key: &'s DepartmentKey, state: &mut State<'s>) -> Result<(), Refusal> {
        state.department("hospital", &key.hospital, &key.specialty)?;
        Ok(())
    }

    fn keys_mut(key: &mut DepartmentKey) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut key.hospital])
    }
}

/// A department that a hospital gets in addition.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewDepartment {
    /// Key of the hospital.
    pub hospital: String,
    /// The department, without dates of its own. Its beds must fit into the site's total.
    pub department: Department,
}

/// A hospital gets a department of a specialty that it does not have.
pub(super) struct Add;

impl Kind for Add {
    type Terms = NewDepartment;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<NewDepartment> {
        terms.fields(|fields| {
            let hospital = fields.text("hospital");
            let record = fields.inner("department")?;
            let department = read_department(record, fields.reader)?;
            Some(NewDepartment { hospital, department })
        })
    }

    fn check(new: &NewDepartment, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &new.hospital, base, checker);
        check_new_department("department", &new.department, base, checker);
    }

    fn apply<'s>(new: &'s NewDepartment, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.hospital("hospital", &new.hospital)?;
        let specialty = &new.department.specialty;
        let path = format!("departments.{specialty}");
        if hospital.is_unknown(&path) {
            // What stood in for a department that nobody knew of makes room for the one that opens.
            hospital.departments.retain(|department| department.specialty != *specialty);
        }
        // Departments of two kinds stand side by side: a main one, and beds of attending doctors.
        let is_twin = |department: &Department| {
            department.specialty == *specialty && department.kind == new.department.kind
        };
        if hospital.departments.iter().any(is_twin) {
            let message = said!(
                "\"{hospital}\" has a department of \"{specialty}\"",
                hospital = hospital.key,
                specialty
            );
            let expected = "a specialty that it does not have, or ResizeDepartment";
            return Err(conflict("department.specialty", message, expected));
        }
        // Before anything is put in: a refusal leaves the hospital as it was.
        let more = new.department.beds.map_or(0, u64::from);
        check_total(hospital, "department.beds", more)?;

        hospital.departments.push(new.department.clone());
        mark(hospital, &path);
        Ok(())
    }

    fn keys_mut(new: &mut NewDepartment) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut new.hospital])
    }

    fn adds(new: &NewDepartment) -> Added<'_> {
        Added::Department { hospital: &new.hospital, specialty: &new.department.specialty }
    }
}

/// A department that moves from one hospital to another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentMove {
    /// Key of the specialty; main and attending departments move together.
    #[serde(deserialize_with = "crate::model::renamed::read_key")]
    pub specialty: String,
    /// Key of the hospital that has it.
    pub from: String,
    /// Key of the hospital that gets it, or whose department of the specialty grows.
    pub to: String,
    /// Beds that move and leave the total of the one site for that of the other; `None` for all. What
    /// does not move is closed; more than there are cannot move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beds: Option<u32>,
}

/// A department moves to another hospital.
pub(super) struct Move;

impl Kind for Move {
    type Terms = DepartmentMove;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<DepartmentMove> {
        terms.fields(|fields| {
            Some(DepartmentMove {
                specialty: fields.text("specialty"),
                from: fields.text("from"),
                to: fields.text("to"),
                beds: fields.count("beds"),
            })
        })
    }

    fn check(moves: &DepartmentMove, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_specialty("specialty", &moves.specialty, base, checker);
        check_hospital_key("from", &moves.from, base, checker);
        check_hospital_key("to", &moves.to, base, checker);
        if moves.from == moves.to {
            check_two("to", &moves.from, "moves a department to", checker);
        }
        checker.at_most("beds", moves.beds, MOST_BEDS, " beds");
    }

    fn apply<'s>(moves: &'s DepartmentMove, state: &mut State<'s>) -> Result<(), Refusal> {
        // The target first: what cannot arrive must not leave.
        let to = state.hospital("to", &moves.to)?;
        if !to.kind.has_inpatients() {
            let message = said!("\"{to}\" has no inpatients", to = moves.to);
            return Err(conflict("to", message, "a site with inpatients"));
        }
        let from = state.department("from", &moves.from, &moves.specialty)?;
        let there = from.beds_of(&moves.specialty);
        if let (Some(beds), Some(there)) = (moves.beds, there)
            && beds > there
        {
            let message = said!("{beds} beds would move, but there are {there}", beds, there);
            return Err(conflict("beds", message, "at most the beds of the department"));
        }

        let leaving = Leaving::take(from, moves);
        leaving.arrive_at(state.hospital("to", &moves.to)?);
        Ok(())
    }

    fn keys_mut(moves: &mut DepartmentMove) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut moves.from, &mut moves.to])
    }

    fn adds(moves: &DepartmentMove) -> Added<'_> {
        Added::Department { hospital: &moves.to, specialty: &moves.specialty }
    }
}

/// A department on its way from one hospital to another, with what is known of where its values come from.
struct Leaving {
    department: Department,
    /// Its path among the marks of a hospital.
    path: String,
    is_unknown: bool,
    is_assumed: bool,
    /// Whether its number of beds is assumed: also where a scenario says how many move.
    has_assumed_beds: bool,
    /// The rule by which its number of beds is derived.
    beds_rule: Option<String>,
}

impl Leaving {
    /// Takes a department out of a hospital that has it.
    fn take(from: &mut Hospital, moves: &DepartmentMove) -> Self {
        let path = format!("departments.{}", moves.specialty);
        let beds_path = format!("{path}.beds");
        let beds = moves.beds.or(from.beds_of(&moves.specialty));
        let department = from.inpatient_department(&moves.specialty).expect("it has one").clone();
        let leaving = Self {
            department: Department { beds, ..department },
            is_unknown: from.is_unknown(&path),
            is_assumed: from.is_assumed(&path),
            has_assumed_beds: moves.beds.is_some() || from.is_assumed(&beds_path),
            beds_rule: from.derivation(&beds_path).map(str::to_owned),
            path,
        };

        // Beds that do not move are closed, but stay in the total: others may have them there.
        from.settle(&leaving.path);
        remove(from, &moves.specialty);
        from.beds = from.beds.map(|total| total.saturating_sub(beds.unwrap_or(0)));
        from.drop_stale_marks();
        leaving
    }

    /// Puts it into the other hospital.
    fn arrive_at(self, to: &mut Hospital) {
        let before = to.clone();
        let beds = self.department.beds;
        // Doubt moves along, but not to a hospital that is known to have such a department.
        if self.is_unknown && !to.has_path(&self.path) {
            to.unknown.push(self.path.clone());
        }
        to.beds = to.beds.map(|total| total.saturating_add(beds.unwrap_or(0)));
        receive(to, self.department);
        mark_other_hours(to, &before);

        let beds_path = format!("{}.beds", self.path);
        // One mark is enough: an assumed department says more than assumed beds, and these say more
        // than a rule.
        if self.is_assumed {
            mark_assumed(to, &self.path);
        } else if self.has_assumed_beds && beds.is_some() {
            mark(to, &beds_path);
        } else if let Some(rule) = self.beds_rule {
            to.derived.insert(beds_path, rule);
        }
    }
}

/// Takes the inpatient departments of a specialty out of a hospital.
fn remove(hospital: &mut Hospital, specialty: &str) {
    hospital
        .departments
        .retain(|department| department.specialty != specialty || !department.is_inpatient());
}

/// A department with another number of beds. The total of the site stays: `ResizeHospital` says that.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DepartmentSize {
    /// Key of the hospital.
    pub hospital: String,
    /// Key of the specialty. Of a main and an attending department, the main one.
    #[serde(deserialize_with = "crate::model::renamed::read_key")]
    pub specialty: String,
    /// Beds that it then has, 1 or more; at most the site's total together with the other departments.
    pub beds: u32,
}

impl DepartmentSize {
    /// The department that it is about.
    pub fn key(&self) -> DepartmentKey {
        DepartmentKey::new(&self.hospital, &self.specialty)
    }
}

/// A department has another number of beds.
pub(super) struct Resize;

impl Kind for Resize {
    type Terms = DepartmentSize;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<DepartmentSize> {
        terms.fields(|fields| {
            let hospital = fields.text("hospital");
            let specialty = fields.text("specialty");
            let beds = fields.required_count("beds");
            Some(DepartmentSize { hospital, specialty, beds: beds? })
        })
    }

    fn check(size: &DepartmentSize, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_department(&size.hospital, &size.specialty, base, checker);
        if size.beds == 0 {
            let fault = Fault::new(ProblemKind::Range, "a department of 0 beds");
            checker.fault("beds", fault.expected("1 or more; CloseDepartment closes it"));
        }
        checker.at_most("beds", Some(size.beds), MOST_BEDS, " beds");
    }

    fn apply<'s>(size: &'s DepartmentSize, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.department("hospital", &size.hospital, &size.specialty)?;
        let main = hospital.inpatient_department(&size.specialty).expect("just found");
        if main.beds == Some(size.beds) {
            let what = said!(
                "{beds} beds in \"{specialty}\"",
                beds = size.beds,
                specialty = size.specialty
            );
            return Err(no_change("beds", &size.hospital, &what));
        }

        // Of several departments of the specialty the one whose beds were just looked at.
        let kind = main.kind;
        let is_main = |department: &Department| {
            department.specialty == size.specialty && department.kind == kind
        };
        let position = hospital.departments.iter().position(is_main).expect("just found");
        // Put in before it is judged, as the total is one of all departments, and taken back if
        // refused.
        let before = hospital.departments[position].beds.replace(size.beds);
        if let Err(refusal) = check_total(hospital, "beds", 0) {
            hospital.departments[position].beds = before;
            return Err(refusal);
        }
        mark(hospital, &format!("departments.{}.beds", size.specialty));
        Ok(())
    }

    fn keys_mut(size: &mut DepartmentSize) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut size.hospital])
    }
}
