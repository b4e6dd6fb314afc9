//! A hospital being made, and the rules by which the import fills in what no source gives.

use super::faults::{ImportRemark, RemarkKind};
use crate::model::{Department, Facility, Hospital};

/// A rule by which the import fills in values that no source gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derivation {
    /// Its key in `network.ron`.
    pub key: &'static str,
    /// The rule in words.
    pub rule: &'static str,
}

/// CT by emergency stage.
pub const CT_BY_STAGE: Derivation = Derivation {
    key: "ct-by-stage",
    rule: "a site with an emergency stage, or with the module for strokes, has a CT: the G-BA rules on emergency structures ask for one around the clock",
};
/// Intensive care unit by emergency stage.
pub const ICU_BY_STAGE: Derivation = Derivation {
    key: "icu-by-stage",
    rule: "a site with an emergency stage has an intensive care unit: the G-BA rules ask for at least six intensive beds; their number is unknown",
};
/// Cath lab by the heart module, or by a cardiology with a stage.
pub const CATH_LAB: Derivation = Derivation {
    key: "cath-lab-by-module-or-cardiology",
    rule: "a site with the module for hearts, or with a department of cardiology and an emergency stage, has a cath lab",
};
/// Stroke unit by the stroke module, or by beds.
pub const STROKE_UNIT: Derivation = Derivation {
    key: "stroke-unit-by-module-or-beds",
    rule: "a site with the module for strokes, or with beds under the keys 0156 or 2856, has a stroke unit; its grade is unknown",
};
/// Trauma centre by the module.
pub const TRAUMA_CENTRE: Derivation = Derivation {
    key: "trauma-centre-by-module",
    rule: "a site with the module for the severely injured is a trauma centre; its grade is unknown",
};
/// Gynaecology and obstetrics in one number, births unknown.
pub const WOMEN_BY_KEY: Derivation = Derivation {
    key: "gynaecology-with-obstetrics",
    rule: "beds under key 2400 hold gynaecology and obstetrics in one number, and where births are unknown, so is whether there are any: 61 % of the beds stand in as obstetrics. 19.6 beds per 1,000 births (what the three sites of the region Leipzig have that report both numbers) are 15,592 for the 795,492 births of Germany in 2021; less the 2,176 beds under key 2500 they are 61 % of the 21,830 under key 2400",
};
/// Obstetric beds by births.
pub const OBSTETRIC_BEDS: Derivation = Derivation {
    key: "obstetric-beds-by-births",
    rule: "of the beds under key 2400 (gynaecology with obstetrics) 19.6 per 1,000 births of the counted year are obstetrics, the rest gynaecology; 19.6 is what the three sites of the region Leipzig have that report both numbers (93 beds for 4,733 births)",
};

/// Every rule.
pub const DERIVATIONS: [Derivation; 7] =
    [CT_BY_STAGE, ICU_BY_STAGE, CATH_LAB, STROKE_UNIT, TRAUMA_CENTRE, WOMEN_BY_KEY, OBSTETRIC_BEDS];

/// A hospital being made, with remarks for those who read it.
pub(super) struct Built {
    pub(super) hospital: Hospital,
    pub(super) remarks: Vec<ImportRemark>,
}

impl Built {
    pub(super) fn remark(&mut self, kind: RemarkKind, topic: &'static str, message: String) {
        self.remarks.push(ImportRemark::new(kind, topic, message).of(&self.hospital.key));
    }

    /// The first department of a specialty, of whatever kind.
    pub(super) fn department(&self, specialty: &str) -> Option<&Department> {
        self.hospital.departments.iter().find(|department| department.specialty == specialty)
    }

    /// The first department of a specialty, to change it.
    pub(super) fn department_mut(&mut self, specialty: &str) -> Option<&mut Department> {
        let mut departments = self.hospital.departments.iter_mut();
        departments.find(|department| department.specialty == specialty)
    }

    /// Adds a facility that a source names, in place of what an older one said of it.
    pub(super) fn facility(&mut self, facility: Facility) {
        self.hospital.facilities.retain(|older| older.kind != facility.kind);
        self.hospital.facilities.push(facility);
    }

    /// Adds a facility by a rule, where no source names it.
    pub(super) fn derive(&mut self, kind: &str, rule: Derivation) {
        if self.hospital.facility(kind).is_none() {
            self.hospital.facilities.push(Facility::new(kind));
            self.hospital.derived.insert(format!("facilities.{kind}"), rule.key.to_owned());
        }
    }
}
