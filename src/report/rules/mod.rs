//! What the law says, as tables.

mod emergency;
mod groups;
mod levels;
mod supplement;
mod volumes;

pub(super) use emergency::range as stage_range;
pub use emergency::{emergency, emergency_in_short};
pub(super) use groups::standing;
pub use groups::{GroupFilter, groups, groups_in_short, unlocks};
pub use levels::levels;
pub(super) use supplement::word as supplement_word;
pub use supplement::{supplement, supplement_sensitivity};
pub use volumes::{volume_sensitivity, volumes};

use super::document::Document;
use super::hours::in_words;
use super::open;
use crate::model::{HospitalId, Network, Requirement};
use crate::region::Region;
use crate::rules::{GroupSettings, ONE_SITE, Site};

/// A document on a rule that asks for care at any time.
fn open_at_any_time(title: &str, region: &Region) -> Document {
    let document = open(title, region);
    if region.hour().is_some() {
        return document;
    }
    document.about("hours", "what the rule asks for counts where it is open round the clock")
}

/// A document on service groups: hours do not matter, as far as the data knows, and related groups are all
/// that is checked.
fn open_groups(title: &str, region: &Region) -> Document {
    let mut document = open(title, region);
    if region.hour().is_none() {
        document = document
            .about("hours", "what a site offers in some hour of the week counts as offered");
    }
    let checked =
        "related groups only, no equipment, staff or processes; who offers a group is assumed";
    document.about("checked", checked)
}

/// Something that a site may offer, with its name in a sentence.
type Offer<'r> = (String, &'r Requirement);

/// What sites offer in some hours of the week only, in a sentence; `None` where everything is always open.
fn part_time_offers(network: &Network, sites: &[Site], offers: &[Offer<'_>]) -> Option<String> {
    let mut told = Vec::new();
    for site in sites {
        let whole = site.whole(network);
        for (name, requirement) in offers {
            let hours = requirement.hours(&whole, network.catalog());
            if !hours.is_always() && requirement.is_met_by(&whole, network.catalog()) {
                told.push(format!("{name} at {} ({})", whole.key, in_words(&hours)));
            }
        }
    }
    (!told.is_empty()).then(|| {
        format!("Not open round the clock, and counted all the same: {}.", told.join(", "))
    })
}

/// The sites inside of the region, by the rule's distance, without day clinics.
fn sites_inside(network: &Network, near: crate::units::Metres) -> Vec<Site> {
    let mut inside = crate::rules::sites(network, near);
    inside.retain(|site| !network[site.main].outside);
    inside
}

/// That service groups are offered in some hours only.
fn part_time_groups(network: &Network, settings: &GroupSettings) -> Option<String> {
    let offers = &network.catalog().group_assumptions.offers;
    let offers: Vec<Offer<'_>> = offers
        .iter()
        .filter_map(|offer| Some((format!("group {}", offer.group), offer.offered_by.as_ref()?)))
        .collect();
    part_time_offers(network, &sites_inside(network, settings.near), &offers)
}

/// That departments of the lists of the emergency stages are open in some hours only.
fn part_time_departments(network: &Network) -> Option<String> {
    let departments = network.catalog().emergency_rules.departments.iter();
    let offers: Vec<Offer<'_>> =
        departments.map(|listed| (listed.name_de.clone(), &listed.offered_by)).collect();
    part_time_offers(network, &sites_inside(network, ONE_SITE), &offers)
}

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
    if settings.agreements_are_complete {
        notes.push("Taken to be there: no agreement but those of the data.".to_owned());
    }
    notes.extend(part_time_groups(network, settings));
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
