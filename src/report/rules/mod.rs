//! What the law says, as tables.

mod emergency;
mod groups;
mod levels;
mod supplement;
mod volumes;

pub use emergency::emergency;
pub(super) use emergency::stage;
pub(super) use groups::standing;
pub use groups::{GroupFilter, groups, groups_in_short, unlocks};
pub use levels::levels;
pub(super) use supplement::word as supplement_word;
pub use supplement::{supplement, supplement_sensitivity};
pub use volumes::{volume_sensitivity, volumes};

use crate::model::{HospitalId, Network};
use crate::rules::{GroupSettings, ONE_SITE};

/// The sentences that every result about service groups rests on.
fn assumptions(network: &Network, settings: &GroupSettings) -> Vec<String> {
    let catalog = network.catalog();
    let assumed = &catalog.group_assumptions;
    let names = |ids: &std::collections::BTreeSet<HospitalId>| {
        let keys: Vec<&str> = ids.iter().map(|id| network[*id].key.as_str()).collect();
        keys.join(", ")
    };
    let mut notes = vec![
        format!("Table: {}.", catalog.service_groups.source),
        format!(
            "Who offers which group, and which fields of a cooperation cover it: {}. As the written agreement count {}.",
            assumed.source,
            assumed.agreements.join(", ")
        ),
        "Checked are related groups only: no equipment, staff or processes. The rights of hospitals of the \
         Bundeswehr and of the accident insurers (section 6a (3) KHG) are not modelled."
            .to_owned(),
    ];
    if settings.specialists_are_f {
        notes.push(
            "Specialised hospitals of the state's plan count as level F (assumed): related groups by cooperation."
                .to_owned(),
        );
    }
    if settings.tele_stroke {
        let note = "Related groups of the stroke unit (54) may come by telemedicine: for justified cases only.";
        notes.push(note.to_owned());
    }
    if settings.near != ONE_SITE {
        notes.push(format!("Near partners and one site: up to {}.", settings.near));
    }
    for (what, ids) in [
        ("Judged indispensable (every clause by cooperation)", &settings.indispensable),
        ("Cross-sector sites, level 1i (related groups by cooperation)", &settings.cross_sector),
    ] {
        if !ids.is_empty() {
            notes.push(format!("{what}: {}.", names(ids)));
        }
    }
    notes
}
