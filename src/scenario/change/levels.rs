//! Levels of care and of emergency care.

use std::fmt::Debug;

use serde::{Deserialize, Serialize};

use crate::files::requirement::{CARE_LEVELS, EMERGENCY_LEVELS};
use crate::model::check::Checker;
use crate::model::{CareLevel, EmergencyLevel};
use crate::scenario::base::{Base, check_hospital_key};
use crate::scenario::kind::Kind;
use crate::scenario::refers::{self, Refers};
use crate::scenario::state::{Refusal, State, mark, no_change};
use crate::scenario::terms::Terms;

/// The kinds of this family, behind those of the families before it.
macro_rules! levels_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// A hospital has another level in the state's plan.
            SetCareLevel(NewCareLevel) => levels::Care {
                does: "another level (Versorgungsstufe) in the state's plan: `Basic`, `Priority`, `Maximum`, \
                    `Specialist`; without `level`, none.",
                example: r#"(on: "2027-01-01", reason: "the state's plan", change: SetCareLevel(hospital: "kkh-torgau", level: Priority)),"#,
            }
            /// A hospital has another emergency level.
            SetEmergencyLevel(NewEmergencyLevel) => levels::Emergency {
                does: "another emergency stage of the G-BA: `Minimum`, `Basic`, `Extended`, `Comprehensive`; without \
                    `level`, none.",
                example: r#"(on: "2027-01-01", reason: "no emergency care any more", change: SetEmergencyLevel(hospital: "sana-wurzen")),"#,
            }
        }
    };
}

/// A level in the state's plan, or none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewCareLevel {
    /// Key of the hospital.
    pub hospital: String,
    /// The level; `None` (left out in files) for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<CareLevel>,
}

/// A G-BA emergency stage, or none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NewEmergencyLevel {
    /// Key of the hospital.
    pub hospital: String,
    /// The stage; `None` (left out in files) for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<EmergencyLevel>,
}

/// A hospital has another level in the state's plan.
pub(super) struct Care;

impl Kind for Care {
    type Terms = NewCareLevel;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<NewCareLevel> {
        terms.fields(|fields| {
            let hospital = fields.text("hospital");
            Some(NewCareLevel { hospital, level: fields.choice("level", &CARE_LEVELS) })
        })
    }

    fn check(new: &NewCareLevel, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &new.hospital, base, checker);
    }

    fn apply<'s>(new: &'s NewCareLevel, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.hospital("hospital", &new.hospital)?;
        if hospital.care_level == new.level {
            return Err(no_change("level", &new.hospital, &in_words("care level", new.level)));
        }
        hospital.care_level = new.level;
        mark(hospital, "care_level");
        Ok(())
    }

    fn keys_mut(new: &mut NewCareLevel) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut new.hospital])
    }
}

/// A hospital has another emergency level.
pub(super) struct Emergency;

impl Kind for Emergency {
    type Terms = NewEmergencyLevel;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<NewEmergencyLevel> {
        terms.fields(|fields| {
            let hospital = fields.text("hospital");
            Some(NewEmergencyLevel { hospital, level: fields.choice("level", &EMERGENCY_LEVELS) })
        })
    }

    fn check(new: &NewEmergencyLevel, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("hospital", &new.hospital, base, checker);
    }

    fn apply<'s>(new: &'s NewEmergencyLevel, state: &mut State<'s>) -> Result<(), Refusal> {
        let hospital = state.hospital("hospital", &new.hospital)?;
        if hospital.emergency_level == new.level {
            return Err(no_change("level", &new.hospital, &in_words("emergency level", new.level)));
        }
        hospital.emergency_level = new.level;
        mark(hospital, "emergency_level");
        Ok(())
    }

    fn keys_mut(new: &mut NewEmergencyLevel) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut new.hospital])
    }
}

/// A level, or none, in messages.
fn in_words<L: Debug>(what: &str, level: Option<L>) -> String {
    match level {
        Some(level) => format!("the {what} {level:?}"),
        None => format!("no {what}"),
    }
}
