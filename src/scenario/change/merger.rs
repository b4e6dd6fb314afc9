//! Two hospitals that become one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::check::Checker;
use crate::model::{CareLevel, Catalog, Facility, Hospital, Network, Parties, SiteKind};
use crate::scenario::base::{Base, check_hospital_key, check_two};
use crate::scenario::kind::Kind;
use crate::scenario::refers::{self, Refers};
use crate::scenario::state::{
    Refusal, State, conflict, mark, mark_assumed, mark_other_hours, receive, sum,
};
use crate::scenario::terms::Terms;

/// The kinds of this family, behind those of the families before it.
macro_rules! merger_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// Two hospitals become one. All departments, beds, facilities, cooperations, memberships and branches of
            /// `from` move to `into`; of one kind they become one (beds add up, the higher grade and stage stay).
            MergeHospitals(Merger) => merger::Merge {
                does: "two hospitals become one, at the site of the second.",
                example: r#"(on: "2027-01-01", reason: "one site with all departments",
 change: MergeHospitals(from: "kkh-eilenburg", into: "kkh-delitzsch")),"#,
            }
        }
    };
}

/// Two hospitals that become one, at the site of the second.
///
/// All departments, beds, day places, facilities, cooperations, memberships and branches of `from` move to
/// `into`; `from` is closed. Departments and facilities of the same kind become one: beds and counts add
/// up, the higher grade stays, and it is open when either was. The site has the higher of the two care levels
/// (a Fachkrankenhaus that becomes one with a general hospital is general), the higher emergency stage and
/// the larger kind of site; the staffed share is the mean by beds, where both are known. What it has
/// from `from` or from both is marked as assumed; `SetCareLevel`, `SetEmergencyLevel` and the like say
/// otherwise. Cooperations between the two end; those of `from` go on with `into`, beside its own. Name,
/// position, operator, dates and facts are those of `into`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Merger {
    /// Key of the hospital that closes.
    pub from: String,
    /// Key of the hospital that stays.
    pub into: String,
}

/// Two hospitals become one.
pub(super) struct Merge;

impl Kind for Merge {
    type Terms = Merger;
    const WHY_WITHOUT_END: Option<&'static str> = Some("what became one does not part by itself");
    const IS_OF_STRUCTURE: bool = true;

    fn read(terms: Terms<'_, '_, '_>) -> Option<Merger> {
        terms.fields(|fields| Some(Merger { from: fields.text("from"), into: fields.text("into") }))
    }

    fn check(merger: &Merger, base: &Base<'_>, checker: &mut Checker<'_>) {
        check_hospital_key("from", &merger.from, base, checker);
        check_hospital_key("into", &merger.into, base, checker);
        if merger.from == merger.into {
            check_two("into", &merger.from, "merges with", checker);
        }
    }

    fn apply<'s>(merger: &'s Merger, state: &mut State<'s>) -> Result<(), Refusal> {
        let Merger { from, into } = merger;
        let old = state.hospital("from", from)?.clone();
        let site = state.hospital("into", into)?;
        if old.kind.has_inpatients() && !site.kind.has_inpatients() {
            let message = said!("\"{into}\" has no inpatients", into);
            return Err(conflict("into", message, "a site with inpatients"));
        }
        // A branch of the hospital that closes is a branch no more.
        let main = site.parent.take().filter(|main| main != from);
        site.parent.clone_from(&main);

        // Found again, because the catalog is read beside the hospital now.
        let network = &mut state.network;
        let position = network.hospitals.iter().position(|hospital| hospital.key == *into);
        let site = &mut network.hospitals[position.expect("just found")];
        unite(site, &old, &network.catalog);
        network.hospitals.retain(|hospital| hospital.key != *from);

        let new_main = main.unwrap_or_else(|| into.clone());
        hand_over_branches(network, from, &new_main);
        hand_over_memberships(network, from, into);
        network
            .cooperations
            .retain_mut(|cooperation| hand_over_part(&mut cooperation.parties, from, into));
        Ok(())
    }

    fn keys_mut(merger: &mut Merger) -> Vec<(Refers, &mut String)> {
        refers::hospitals([&mut merger.from, &mut merger.into])
    }
}

/// The branches of one main site become those of another.
fn hand_over_branches(network: &mut Network, from: &str, new_main: &str) {
    for branch in &mut network.hospitals {
        if branch.parent.as_deref() == Some(from) {
            // The hospital that stays may be a branch itself: nobody is a branch of its own.
            let is_main_itself = branch.key == new_main;
            branch.parent = if is_main_itself { None } else { Some(new_main.to_owned()) };
        }
    }
}

/// Where one hospital was a member of an alliance, the other one is.
fn hand_over_memberships(network: &mut Network, from: &str, into: &str) {
    for alliance in &mut network.alliances {
        let Some(position) = alliance.members.iter().position(|member| member == from) else {
            continue;
        };
        // Both were members: they are one from now on.
        if alliance.members.iter().any(|member| member == into) {
            alliance.members.remove(position);
        } else {
            into.clone_into(&mut alliance.members[position]);
        }
    }
}

/// Puts one hospital in the place of another; whether two different ones are left.
fn hand_over_part(parties: &mut Parties, from: &str, into: &str) -> bool {
    let rename = |key: &mut String| {
        if key == from {
            into.clone_into(key);
        }
    };
    // A hospital that was a partner by itself and comes in for the other is one partner, not two.
    let mut seen = BTreeSet::new();
    match parties {
        Parties::Mutual(partners) => {
            partners.iter_mut().for_each(rename);
            partners.retain(|key| seen.insert(key.clone()));
            partners.len() >= 2
        }
        Parties::Directed { from: giver, to } => {
            rename(giver);
            to.iter_mut().for_each(rename);
            // Nobody gives to himself: what went from one of the two to the other ends.
            to.retain(|key| key != giver && seen.insert(key.clone()));
            !to.is_empty()
        }
    }
}

/// A hospital takes over what another one has.
fn unite(site: &mut Hospital, old: &Hospital, catalog: &Catalog) {
    // What differs from this in the end is marked as assumed: nobody published what two become.
    let before = site.clone();
    // Means by beds before beds add up.
    site.staffed_share = united_share(site, old);
    site.from_beyond = united_from_beyond(site, old);
    site.care_level = united_level(site.care_level, old.care_level);
    site.emergency_level = site.emergency_level.max(old.emergency_level);
    if extent(old.kind) > extent(site.kind) {
        site.kind = old.kind;
    }
    site.unknown = site.unknown_with(old);

    // A site without a total brings the beds of its departments, or these would not fit in.
    let more = old.beds.unwrap_or_else(|| beds_of_departments(old));
    site.beds = site.beds.map(|total| total.saturating_add(more));
    site.day_places = sum(site.day_places, old.day_places);
    for department in &old.departments {
        receive(site, department.clone());
    }
    for facility in &old.facilities {
        match site.facilities.iter_mut().find(|there| there.kind == facility.kind) {
            Some(there) => raise(there, facility, catalog),
            None => site.facilities.push(facility.clone()),
        }
    }
    for source in &old.sources {
        if !site.sources.contains(source) {
            site.sources.push(source.clone());
        }
    }

    take_over_marks(site, old);
    for (path, is_other) in [
        ("staffed_share", site.staffed_share != before.staffed_share),
        ("from_beyond", site.from_beyond != before.from_beyond),
        ("care_level", site.care_level != before.care_level),
        ("emergency_level", site.emergency_level != before.emergency_level),
        ("kind", site.kind != before.kind),
    ] {
        if is_other {
            mark(site, path);
        }
    }
    mark_other_hours(site, &before);
    site.drop_stale_marks();
}

/// Beds of all departments, as far as they are known.
fn beds_of_departments(hospital: &Hospital) -> u32 {
    let mut beds: u32 = 0;
    for department in &hospital.departments {
        beds = beds.saturating_add(department.beds.unwrap_or(0));
    }
    beds
}

/// What is assumed or derived of departments and facilities that move stays so.
fn take_over_marks(site: &mut Hospital, old: &Hospital) {
    let is_moved = |path: &str| path.starts_with("departments") || path.starts_with("facilities");
    for path in &old.assumed {
        if is_moved(path) {
            mark_assumed(site, path);
        }
    }
    for (path, rule) in &old.derived {
        if is_moved(path) && !site.is_assumed(path) && site.has_path(path) {
            // A value has one rule: that of the site which stays comes first.
            site.derived.entry(path.clone()).or_insert_with(|| rule.clone());
        }
    }
}

/// Of two facilities of a kind: the higher grade, both counts, open when either was.
fn raise(facility: &mut Facility, more: &Facility, catalog: &Catalog) {
    // A grade that is stated beats one that nobody knows.
    let rank = |grade: &Option<String>| catalog.grade_rank(&facility.kind, grade.as_deref());
    if rank(&more.grade) > rank(&facility.grade) {
        facility.grade.clone_from(&more.grade);
    }
    facility.count = match (facility.count, more.count) {
        (Some(count), Some(added)) => Some(count.saturating_add(added)),
        // A sum with an unknown part is unknown.
        _ => None,
    };
    facility.hours = facility.hours.or(more.hours);
}

/// The care level of two hospitals that become one: the higher one; a Fachkrankenhaus that becomes one with
/// a general hospital is general.
fn united_level(site: Option<CareLevel>, old: Option<CareLevel>) -> Option<CareLevel> {
    let (Some(site_level), Some(old_level)) = (site, old) else { return site.or(old) };
    // A level without a rank is below every level that has one; of two without, that of the site stays.
    if old_level.rank() > site_level.rank() { old } else { site }
}

/// How much a kind of site offers: where two become one, the larger kind is left.
fn extent(kind: SiteKind) -> u8 {
    match kind {
        SiteKind::OutpatientCentre => 0,
        SiteKind::DayClinic => 1,
        SiteKind::CrossSectorSite => 2,
        SiteKind::HealthCentre => 3,
        SiteKind::Hospital => 4,
    }
}

/// The staffed share of the beds of both, by beds where both shares are known; else that of the site.
fn united_share(site: &Hospital, old: &Hospital) -> Option<f64> {
    // A share that the other one does not state is no reason to change this one.
    let (Some(share), Some(old_share)) = (site.staffed_share, old.staffed_share) else {
        return site.staffed_share;
    };
    Some(mean_by_beds(site, share, old, old_share))
}

/// The share of patients from beyond of both, by beds; a site that states none has none.
fn united_from_beyond(site: &Hospital, old: &Hospital) -> Option<f64> {
    if site.from_beyond.is_none() && old.from_beyond.is_none() {
        return None;
    }
    let share = site.from_beyond.unwrap_or(0.0);
    let old_share = old.from_beyond.unwrap_or(0.0);
    Some(mean_by_beds(site, share, old, old_share))
}

/// The mean of the shares of two hospitals by their beds; that of the site where beds are unknown or none.
fn mean_by_beds(site: &Hospital, share: f64, old: &Hospital, old_share: f64) -> f64 {
    let (Some(site_beds), Some(old_beds)) = (site.beds, old.beds) else { return share };
    let beds = f64::from(site_beds) + f64::from(old_beds);
    // A share of nothing would be no number.
    if beds == 0.0 {
        return share;
    }
    (share * f64::from(site_beds) + old_share * f64::from(old_beds)) / beds
}
