//! Hospitals that close, open, grow, and get another operator or another staffing.

use serde::{Deserialize, Serialize};

use crate::files::network::{OWNERSHIPS, read_hospital_record};
use crate::model::check::bounds::{MOST_BEDS, shown};
use crate::model::check::{Checker, Sites, check_hospital, far};
use crate::model::location::Fault;
use crate::model::{Hospital, Ownership};
use crate::problem::ProblemKind;
use crate::scenario::base::Added;
use crate::scenario::base::{Base, check_hospital_key, check_undated, unknown_change};
use crate::scenario::kind::Kind;
use crate::scenario::refers::{self, Refers};
use crate::scenario::state::{Refusal, State, check_total, conflict, mark, no_change};
use crate::scenario::terms::Terms;

/// The kinds of this family, behind those of the families before it.
macro_rules! hospital_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// The hospital of this key closes, with its departments, memberships and part in cooperations; branches
            /// then have no main site. It is there again at `until`.
            CloseHospital(String) => hospital::Close {
                does: "a hospital closes, with its departments, memberships and its part in cooperations; there again \
                    at `until`.",
                example: r#"(on: "2027-01-01", reason: "insolvency", change: CloseHospital("sana-wurzen")),"#,
            }
            /// A hospital opens: a whole record as in `network.ron`, without dates of its own. In a network with a
            /// table of travel times, it is reached by the journeys that the table names.
            OpenHospital(Box<Hospital>) => hospital::Open {
                does: "a hospital opens: a whole record as in `network.ron`, without dates of its own.",
                example: r#"(on: "2028-01-01", reason: "one new house for the north of the district",
 change: OpenHospital(
     id: "north-new", name: "Klinikum Nordsachsen (new)", operator: "Landkreis Nordsachsen", ownership: Public,
     position: (lat: 51.49, lon: 12.47), city: "Delitzsch", district: "Landkreis Nordsachsen",
     care_level: Basic, emergency_level: Basic, beds: 200,
     departments: [(specialty: "internal_medicine", beds: 90), (specialty: "general_surgery", beds: 60)],
     facilities: [(kind: "ct"), (kind: "icu", count: 10)],
     sources: ["project-assumption"],
 )),"#,
            }
            /// A site has another total of beds.
            ResizeHospital(HospitalSize) => hospital::Resize {
                does: "a site has another total of beds, at least those of its departments.",
                example: r#"(on: "2027-01-01", reason: "a wing is added", change: ResizeHospital(hospital: "sana-borna", beds: 540)),"#,
            }
            /// Another share of a hospital's beds is staffed.
            SetStaffedShare(StaffedShare) => hospital::Staff {
                does: "another share of a hospital's beds is staffed, 0.2 to 1.",
                example: r#"(on: "2026-01-01", until: "2026-04-01", reason: "nurses are ill",
 change: SetStaffedShare(hospital: "ukl-leipzig", share: 0.7)),"#,
            }
            /// A hospital has another operator.
            SetOperator(NewOperator) => hospital::Operate {
                does: "another operator (Träger); `ownership` is `Public`, `NonProfit`, `Private` or `University`, and \
                    stays without it.",
                example: r#"(on: "2026-10-01", reason: "bought",
 change: SetOperator(hospital: "collm-klinik-oschatz", operator: "Landkreis Nordsachsen", ownership: Public)),"#,
            }
            /// A hospital has another name, as after a sale. Its key stays, and with it all that names it.
            RenameHospital(NewName) => hospital::Rename {
                does: "a hospital has another name; its key stays.",
                example: r#"(on: "2027-01-01", reason: "one hospital at three sites",
 change: RenameHospital(hospital: "kkh-torgau", name: "Klinikum Nordsachsen, Haus Torgau")),"#,
            }
        }
    };
}

/// A hospital closes, with its departments, memberships and part in cooperations.
pub(super) struct Close;

impl Kind for Close {
    type Terms = String;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<String> {
        terms.key("hospital")
    }

    fn check(key: &String, base: &Base<'_>, checker: &mut Checker<'_>) {
        if !base.hospitals.contains(key.as_str()) {
            unknown_change("hospital", key, &base.hospitals, checker);
        }
    }

    fn apply<'s>(key: &'s String, state: &mut State<'s>) -> Result<(), Refusal> {
        state.hospital("", key)?;
        let network = &mut state.network;
        network.hospitals.retain(|hospital| hospital.key != *key);
        // Branches go on: who takes them over is another change.
        for branch in &mut network.hospitals {
            if branch.parent.as_ref() == Some(key) {
                branch.parent = None;
            }
        }
        for alliance in &mut network.alliances {
            alliance.members.retain(|member| member != key);
        }
        state.keep_whole_cooperations();
        Ok(())
    }

    fn keys_mut(key: &mut String) -> Vec<(Refers, &mut String)> {
        refers::hospitals([key])
    }
}

/// A hospital opens.
pub(super) struct Open;

impl Kind for Open {
    type Terms = Box<Hospital>;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<Box<Hospital>> {
        terms.fields(|fields| {
            let key = fields.text("id");
            Some(Box::new(read_hospital_record(&mut fields.record, fields.reader, key)))
        })
    }

    fn check(hospital: &Box<Hospital>, base: &Base<'_>, checker: &mut Checker<'_>) {
        checker.word(&hospital.key);
        // Against all that any change opens: its main site may come by the same scenario.
        let find = |key: &str| base.find(key);
        let sites = Sites { keys: &base.hospitals, find: &find };
        check_hospital(&base.everything, hospital, sites, checker);
        if let Some((far, nearest)) = base.far(hospital.position) {
            checker.fault("position", far::fault(&far, &said!("place (\"{nearest}\")", nearest)));
        }

        check_undated("opened", hospital.opened.is_some(), checker);
        check_undated("closed", hospital.closed.is_some(), checker);
        check_undated("former_operators", !hospital.former_operators.is_empty(), checker);
        for (index, department) in hospital.departments.iter().enumerate() {
            let path = format!("departments[{index}]");
            check_undated(&format!("{path}.opened"), department.opened.is_some(), checker);
            check_undated(&format!("{path}.closed"), department.closed.is_some(), checker);
        }
        for (index, facility) in hospital.facilities.iter().enumerate() {
            let path = format!("facilities[{index}]");
            check_undated(&format!("{path}.opened"), facility.opened.is_some(), checker);
            check_undated(&format!("{path}.closed"), facility.closed.is_some(), checker);
        }
    }

    fn apply<'s>(hospital: &'s Box<Hospital>, state: &mut State<'s>) -> Result<(), Refusal> {
        if state.network.find(&hospital.key).is_some() {
            let message =
                said!("there is a hospital \"{hospital}\" already", hospital = hospital.key);
            return Err(conflict("id", message, "a key that no hospital has then"));
        }
        if let Some(parent) = &hospital.parent {
            let main = state.hospital("parent", parent)?;
            // What counts as one site has one main hospital: a branch of a branch would have two.
            if main.parent.is_some() {
                let message = said!("\"{parent}\" is itself a branch of another site", parent);
                return Err(conflict("parent", message, "a main site"));
            }
        }
        // Hospitals stand in the order of their keys.
        let hospitals = &mut state.network.hospitals;
        let position = hospitals.partition_point(|before| before.key < hospital.key);
        hospitals.insert(position, hospital.as_ref().clone());
        Ok(())
    }

    fn keys_mut(hospital: &mut Box<Hospital>) -> Vec<(Refers, &mut String)> {
        refers::hospitals(&mut hospital.parent)
    }

    fn adds(hospital: &Box<Hospital>) -> Added<'_> {
        Added::Hospital(hospital)
    }
}

/// A site with another total of beds. Departments keep theirs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HospitalSize {
    /// Key of the hospital.
    pub hospital: String,
    /// Beds that it then has; at least those of its departments.
    pub beds: u32,
}

/// A site has another total of beds.
pub(super) struct Resize;

impl Kind for Resize {
    type Terms = HospitalSize;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<HospitalSize> {
        terms.fields(|fields| {
            let hospital = fields.text("hospital");
            let beds = fields.required_count("beds");
            Some(HospitalSize { hospital, beds: beds? })
        })
    }

    fn check(size: &HospitalSize, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &size.hospital, base, checker);
        checker.at_most("beds", Some(size.beds), MOST_BEDS, " beds");
    }

    fn apply<'s>(size: &'s HospitalSize, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.hospital("hospital", &size.hospital)?;
        if hospital.beds == Some(size.beds) {
            return Err(no_change("beds", &size.hospital, &format!("{} beds", size.beds)));
        }
        // Put in before it is judged, as the departments are held against it, and taken back if
        // refused.
        let before = hospital.beds.replace(size.beds);
        if let Err(refusal) = check_total(hospital, "beds", 0) {
            hospital.beds = before;
            return Err(refusal);
        }
        mark(hospital, "beds");
        Ok(())
    }

    fn keys_mut(size: &mut HospitalSize) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut size.hospital])
    }
}

/// Another share of beds that are staffed.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StaffedShare {
    /// Key of the hospital.
    pub hospital: String,
    /// Share of the beds, 0.2 to 1.
    pub share: f64,
}

/// Another share of a hospital's beds is staffed.
pub(super) struct Staff;

impl Kind for Staff {
    type Terms = StaffedShare;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<StaffedShare> {
        terms.fields(|fields| {
            fields.expect("share", "a share from 0.2 to 1");
            let hospital = fields.text("hospital");
            // That it is missing was told: 1 stands in, so that nothing more is.
            Some(StaffedShare { hospital, share: fields.any_number("share").unwrap_or(1.0) })
        })
    }

    fn check(new: &StaffedShare, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &new.hospital, base, checker);
        if !(0.2..=1.0).contains(&new.share) {
            let message = said!("{shown} is out of range", shown = shown(new.share));
            let fault = Fault::new(ProblemKind::Range, message);
            checker.fault("share", fault.expected("a share from 0.2 to 1"));
        }
    }

    fn apply<'s>(new: &'s StaffedShare, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.hospital("hospital", &new.hospital)?;
        if hospital.staffed_share == Some(new.share) {
            let what = said!("a staffed share of {share}", share = new.share);
            return Err(no_change("share", &new.hospital, &what));
        }
        hospital.staffed_share = Some(new.share);
        mark(hospital, "staffed_share");
        Ok(())
    }

    fn keys_mut(new: &mut StaffedShare) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut new.hospital])
    }
}

/// Another operator (Träger) of a hospital.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewOperator {
    /// Key of the hospital.
    pub hospital: String,
    /// Its name.
    pub operator: String,
    /// Who owns it; `None` when that stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
}

/// A hospital has another operator.
pub(super) struct Operate;

impl Kind for Operate {
    type Terms = NewOperator;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<NewOperator> {
        terms.fields(|fields| {
            Some(NewOperator {
                hospital: fields.text("hospital"),
                operator: fields.text("operator"),
                ownership: fields.choice("ownership", &OWNERSHIPS),
            })
        })
    }

    fn check(new: &NewOperator, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &new.hospital, base, checker);
        if new.operator.trim().is_empty() {
            checker.fault("operator", Fault::new(ProblemKind::Missing, "is empty"));
        }
    }

    fn apply<'s>(new: &'s NewOperator, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.hospital("hospital", &new.hospital)?;
        // A new operator of the same name is one where the owner changes, as when a company is
        // sold.
        let ownership = new.ownership.unwrap_or(hospital.ownership);
        if hospital.operator == new.operator && hospital.ownership == ownership {
            let what = said!("the operator \"{operator}\"", operator = new.operator);
            return Err(no_change("operator", &new.hospital, &what));
        }
        hospital.operator.clone_from(&new.operator);
        mark(hospital, "operator");
        if let Some(ownership) = new.ownership {
            hospital.ownership = ownership;
            mark(hospital, "ownership");
        }
        Ok(())
    }

    fn keys_mut(new: &mut NewOperator) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut new.hospital])
    }
}

/// Another name of a hospital.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewName {
    /// Key of the hospital.
    pub hospital: String,
    /// What it is called then.
    pub name: String,
}

/// A hospital has another name.
pub(super) struct Rename;

impl Kind for Rename {
    type Terms = NewName;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<NewName> {
        terms.fields(|fields| {
            Some(NewName { hospital: fields.text("hospital"), name: fields.text("name") })
        })
    }

    fn check(new: &NewName, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &new.hospital, base, checker);
        if new.name.trim().is_empty() {
            checker.fault("name", Fault::new(ProblemKind::Missing, "is empty"));
        }
    }

    fn apply<'s>(new: &'s NewName, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.hospital("hospital", &new.hospital)?;
        if hospital.name == new.name {
            let what = said!("the name \"{name}\"", name = new.name);
            return Err(no_change("name", &new.hospital, &what));
        }
        hospital.name.clone_from(&new.name);
        Ok(())
    }

    fn keys_mut(new: &mut NewName) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut new.hospital])
    }
}
