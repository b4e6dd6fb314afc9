//! Hospitals that join and leave alliances.

use serde::{Deserialize, Serialize};

use crate::model::Alliance;
use crate::model::check::Checker;
use crate::problem::closest;
use crate::scenario::base::{Base, check_hospital_key};
use crate::scenario::kind::Kind;
use crate::scenario::refers::{self, Refers};
use crate::scenario::state::{Refusal, State, gone};
use crate::scenario::terms::{Fields, Terms};

/// The kinds of this family, behind those of the families before it.
macro_rules! alliance_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// A hospital joins an alliance.
            JoinAlliance(Membership) => alliance::Join {
                does: "a hospital joins an alliance.",
                example: r#"(on: "2026-07-01", reason: "a tenth partner", change: JoinAlliance(alliance: "tessa", hospital: "kkh-torgau")),"#,
            }
            /// A hospital leaves an alliance.
            LeaveAlliance(Membership) => alliance::Leave {
                does: "a hospital leaves an alliance.",
                example: r#"(on: "2026-07-01", reason: "leaves", change: LeaveAlliance(alliance: "akg", hospital: "st-georg-leipzig")),"#,
            }
        }
    };
}

/// A hospital that is a member of an alliance.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// Key of the alliance.
    pub alliance: String,
    /// Key of the hospital.
    pub hospital: String,
}

/// A hospital joins an alliance.
pub(super) struct Join;

impl Kind for Join {
    type Terms = Membership;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<Membership> {
        terms.fields(|fields| Some(read_membership(fields)))
    }

    fn check(membership: &Membership, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_membership(membership, base, checker);
    }

    fn apply<'s>(membership: &'s Membership, state: &mut State<'s>) -> Result<(), Refusal> {
        let Membership { alliance: key, hospital } = membership;
        let alliance = alliance_of(membership, state)?;
        if alliance.members.contains(hospital) {
            let message = said!("\"{hospital}\" is a member of \"{key}\" already", hospital, key);
            return Err(gone("hospital", message, "a hospital that is no member then"));
        }

        alliance.members.push(hospital.clone());
        // What was the number of all members is one more.
        alliance.total_members = alliance.total_members.map(|total| total.saturating_add(1));
        Ok(())
    }

    fn keys_mut(membership: &mut Membership) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut membership.hospital])
    }
}

/// A hospital leaves an alliance.
pub(super) struct Leave;

impl Kind for Leave {
    type Terms = Membership;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<Membership> {
        terms.fields(|fields| Some(read_membership(fields)))
    }

    fn check(membership: &Membership, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_membership(membership, base, checker);
    }

    fn apply<'s>(membership: &'s Membership, state: &mut State<'s>) -> Result<(), Refusal> {
        let Membership { alliance: key, hospital } = membership;
        let alliance = alliance_of(membership, state)?;
        let Some(position) = alliance.members.iter().position(|member| member == hospital) else {
            let message = said!("\"{hospital}\" is no member of \"{key}\"", hospital, key);
            let mut refusal = gone("hospital", message, "a hospital that is a member then");
            refusal.fault.closest = closest(hospital, alliance.members.iter().map(String::as_str));
            return Err(refusal);
        };

        // The number of all members counts those outside of the network, too: it is kept beside the
        // list.
        alliance.members.remove(position);
        alliance.total_members = alliance.total_members.map(|total| total.saturating_sub(1));
        Ok(())
    }

    fn keys_mut(membership: &mut Membership) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut membership.hospital])
    }
}

fn read_membership(fields: &mut Fields<'_, '_, '_>) -> Membership {
    Membership { alliance: fields.text("alliance"), hospital: fields.text("hospital") }
}

/// The alliance that a hospital, which is there, joins or leaves.
fn alliance_of<'n>(
    membership: &Membership,
    state: &'n mut State<'_>,
) -> Result<&'n mut Alliance, Refusal> {
    state.hospital("hospital", &membership.hospital)?;
    let key = &membership.alliance;
    let mut alliances = state.network.alliances.iter_mut();
    alliances
        .find(|alliance| alliance.key == *key)
        .ok_or_else(|| gone("alliance", said!("alliance \"{key}\" is not there", key), ""))
}

fn check_membership(membership: &Membership, base: &Base<'_>, checker: &mut Checker<'_>) {
    check_hospital_key("hospital", &membership.hospital, base, checker);
    let known = || base.network.alliances.iter().map(|alliance| alliance.key.as_str());
    if !known().any(|key| key == membership.alliance) {
        checker.unknown("alliance", "alliance", &membership.alliance, known());
    }
}
