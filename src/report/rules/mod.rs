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
pub use supplement::{SupplementView, supplement, supplement_sensitivity};
pub use volumes::{VolumeView, volume_sensitivity, volumes};

use std::collections::BTreeSet;

use super::document::Document;
use super::hours::in_words;
use super::open;
use crate::model::{HospitalId, Network, Requirement};
use crate::region::Region;
use crate::rules::{GroupSettings, ONE_SITE, Site};
use crate::words;

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

/// Things in words, with what stands between two of them.
fn joined<T: ToString>(things: impl IntoIterator<Item = T>, between: &str) -> String {
    let mut words = Vec::new();
    for thing in things {
        words.push(thing.to_string());
    }
    words.join(between)
}

/// Something that a site may offer.
struct Offer<'r> {
    /// What it is called in a sentence.
    name: String,
    requirement: &'r Requirement,
}

/// What sites offer in some hours of the week only, in a sentence; `None` where everything is always open.
fn part_time_offers(network: &Network, sites: &[Site], offers: &[Offer<'_>]) -> Option<String> {
    let catalog = network.catalog();
    let mut told = Vec::new();
    for site in sites {
        // A site may have the parts of what is asked for in several houses, so it is looked at as one.
        let whole = site.whole(network);
        for Offer { name, requirement } in offers {
            let hours = requirement.hours(&whole, catalog);
            if !hours.is_always() && requirement.is_met_by(&whole, catalog) {
                told.push(said!(
                    "{name} at {whole} ({in_words})",
                    name,
                    whole = whole.key,
                    in_words = in_words(&hours)
                ));
            }
        }
    }
    if told.is_empty() {
        return None;
    }

    let list = told.join(", ");
    Some(said!("Not open round the clock, and counted all the same: {list}.", list))
}

/// The sites inside of the region, by the rule's distance, without day clinics.
fn sites_inside(network: &Network, near: crate::units::Metres) -> Vec<Site> {
    let mut inside = crate::rules::sites(network, near);
    inside.retain(|site| !network[site.main].outside);
    inside
}

/// That service groups are offered in some hours only.
fn part_time_groups(network: &Network, settings: &GroupSettings) -> Option<String> {
    let mut offers = Vec::new();
    for offer in &network.catalog().group_assumptions.offers {
        // Nothing in the data can show some groups; nobody knows their hours either.
        if let Some(requirement) = &offer.offered_by {
            offers.push(Offer { name: said!("group {group}", group = offer.group), requirement });
        }
    }
    part_time_offers(network, &sites_inside(network, settings.near), &offers)
}

/// That departments of the lists of the emergency stages are open in some hours only.
fn part_time_departments(network: &Network) -> Option<String> {
    let mut offers = Vec::new();
    for listed in &network.catalog().emergency_rules.departments {
        offers.push(Offer { name: listed.name_de.clone(), requirement: &listed.offered_by });
    }
    part_time_offers(network, &sites_inside(network, ONE_SITE), &offers)
}

/// The keys of hospitals, for a sentence.
fn keys_of(network: &Network, ids: &BTreeSet<HospitalId>) -> String {
    joined(ids.iter().map(|id| &network[*id].key), ", ")
}

/// The sentences that every result about service groups rests on.
fn assumptions(network: &Network, settings: &GroupSettings) -> Vec<String> {
    let catalog = network.catalog();
    let assumed = &catalog.group_assumptions;
    let mut notes = vec![
        said!("Table: {source}.", source = catalog.service_groups.source),
        said!(
            "Who offers which group, and which fields of a cooperation cover it: {source}. As the written agreement count {agreements}.",
            source = assumed.source,
            agreements = assumed.agreements.join(", ")
        ),
        said!(
            "Checked are related groups only: no equipment, staff or processes. The rights of hospitals of the \
         Bundeswehr and of the accident insurers (section 6a (3) KHG) are not modelled."
        ),
    ];

    // Only what differs from the usual reading: on the rest, no reader needs a word.
    if settings.specialists_are_f {
        notes.push(
            said!("Specialised hospitals of the state's plan count as level F (assumed): related groups by cooperation."),
        );
    }
    if settings.tele_stroke {
        let note = "Related groups of the stroke unit (54) may come by telemedicine: for justified cases only.";
        notes.push(note.to_owned());
    }
    if settings.agreements_are_complete {
        notes.push(said!("Taken to be there: no agreement but those of the data."));
    }
    notes.extend(part_time_groups(network, settings));

    if settings.near != ONE_SITE {
        notes.push(said!("Near partners and one site: up to {near}.", near = settings.near));
    }
    for (what, ids) in [
        ("Judged indispensable (every clause by cooperation)", &settings.indispensable),
        ("Cross-sector sites, level 1i (related groups by cooperation)", &settings.cross_sector),
    ] {
        if !ids.is_empty() {
            notes.push(format!("{}: {}.", words::of(what), keys_of(network, ids)));
        }
    }
    notes
}
