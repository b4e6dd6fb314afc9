//! Staff who are missing for a while, so that beds are closed.

use serde::{Deserialize, Serialize};

use crate::model::check::Checker;
use crate::model::check::bounds::shown;
use crate::model::location::Fault;
use crate::problem::ProblemKind;
use crate::scenario::base::{Base, check_hospital_key, check_keys};
use crate::scenario::kind::Kind;
use crate::scenario::refers::{self, Refers};
use crate::scenario::state::{Refusal, State, conflict};
use crate::scenario::terms::Terms;

/// The kinds of this family, behind those of the families before it.
macro_rules! staff_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// Beds are closed for want of staff. Whoever lies in one stays to the end of the stay. Shortages of a
            /// department that meet are multiplied: what one leaves open, the other closes in part. Without `until`, to the end.
            StaffShortage(StaffShortage) => staff::Missing {
                does: "a share of the beds of `specialties` (without it, of all departments and of intensive care) is \
                    closed for want of staff, `closed_share` above 0, at most 1, rounded up to whole beds; who lies there stays.",
                example: r#"(on: "2026-02-02", until: "2026-02-16", reason: "influenza among the nurses",
 change: StaffShortage(hospital: "sana-borna", specialties: ["internal_medicine"], closed_share: 0.3)),"#,
            }
        }
    };
}

/// Key of the specialty of intensive care units, which may be facilities without a department.
const INTENSIVE_CARE: &str = "intensive_care";

/// Staff are missing, so that a share of the beds is closed.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StaffShortage {
    /// Key of the hospital.
    pub hospital: String,
    /// Keys of the departments, `intensive_care` for the unit; empty for all that have beds.
    #[serde(
        default,
        deserialize_with = "crate::model::renamed::read_keys",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub specialties: Vec<String>,
    /// Share of the beds that is closed, above 0, at most 1; rounded up to whole beds of each department. Beds that
    /// are not staffed in any case ([`Hospital::staffed_share`](crate::model::Hospital::staffed_share)) are missing of those that stay open.
    pub closed_share: f64,
}

impl StaffShortage {
    /// So many beds of so many are closed.
    ///
    /// ```
    /// use verbund::scenario::StaffShortage;
    ///
    /// let shortage = StaffShortage {
    ///     hospital: "sana-borna".into(), specialties: vec![], closed_share: 0.3,
    /// };
    /// assert_eq!([10, 11, 1].map(|beds| shortage.closed(beds)), [3, 4, 1]);
    /// ```
    pub fn closed(&self, beds: u32) -> u32 {
        closed_of(beds, self.closed_share)
    }

    /// Whether it concerns a department.
    pub(crate) fn concerns(&self, specialty: &str) -> bool {
        self.specialties.is_empty() || self.specialties.iter().any(|named| named == specialty)
    }
}

/// The beds that a share closes, in whole beds.
pub(crate) fn closed_of(beds: u32, share: f64) -> u32 {
    // Three tenths of ten are three, whatever floating point says.
    let closed = (f64::from(beds) * share - 1e-9).ceil().max(0.0);
    (closed as u32).min(beds)
}

/// Beds are closed for want of staff.
pub(super) struct Missing;

impl Kind for Missing {
    type Terms = StaffShortage;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = false;

    fn read(terms: Terms<'_, '_, '_>) -> Option<StaffShortage> {
        terms.fields(|fields| {
            let hospital = fields.text("hospital");
            let specialties = fields.texts("specialties");
            fields.expect("closed_share", "a share above 0, at most 1");
            let closed_share = fields.any_number("closed_share")?;
            Some(StaffShortage { hospital, specialties, closed_share })
        })
    }

    fn check(shortage: &StaffShortage, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &shortage.hospital, base, checker);
        let catalog = &base.network.catalog;
        let known = catalog.specialties.iter().map(|specialty| specialty.key.as_str()).collect();
        check_keys("specialties", "specialty", &shortage.specialties, &known, checker);
        let share = shortage.closed_share;
        if !(share > 0.0 && share <= 1.0) {
            let message = said!("{shown} is out of range", shown = shown(share));
            let fault = Fault::new(ProblemKind::Range, message);
            checker.fault("closed_share", fault.expected("a share above 0, at most 1"));
        }
    }

    /// The network stays as it is: only a simulation shows whom closed beds send elsewhere.
    fn apply<'s>(shortage: &'s StaffShortage, state: &mut State<'s>) -> Result<(), Refusal> {
        let key = &shortage.hospital;
        let hospital = state.hospital("hospital", key)?;
        if !hospital.kind.has_inpatients() {
            let message = said!("\"{to}\" has no inpatients", to = key);
            return Err(conflict("hospital", message, "a site with inpatients"));
        }
        let has_unit = hospital.facility("icu").is_some();
        for specialty in &shortage.specialties {
            if specialty == INTENSIVE_CARE && has_unit {
                continue;
            }
            let hospital = state.department("specialties", key, specialty)?;
            if hospital.beds_of(specialty) == Some(0) {
                let message = said!(
                    "\"{specialty}\" of \"{hospital}\" has no beds",
                    specialty,
                    hospital = key
                );
                return Err(conflict("specialties", message, "a department with beds"));
            }
        }
        Ok(())
    }

    fn keys_mut(shortage: &mut StaffShortage) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut shortage.hospital])
    }
}
