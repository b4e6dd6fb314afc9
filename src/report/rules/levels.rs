//! Federal levels by site.

use super::super::document::{Cell, Document, Section, Table};
use super::{assumptions, open_groups};
use crate::region::Region;
use crate::rules::{GroupSettings, ONE_SITE, SiteLevel, sites};

/// The federal levels of the sites inside of the region, and which hospitals count as one site.
pub fn levels(region: &Region, levels: &[SiteLevel], settings: &GroupSettings) -> Document {
    let network = region.network();
    let mut table = Table::new(&[
        "hospital",
        "federal_level",
        "computed_level",
        "possible_level",
        "internal_groups",
        "surgical_groups",
        "other_groups",
        "has_intensive_care",
        "next_level",
        "missing_for_next",
    ]);
    let dash = |text: Option<String>| Cell::maybe_text(text);
    for one in levels.iter().filter(|one| !network[one.hospital].outside) {
        let counts = one.counts;
        let (next, missing) = match &one.next {
            Some((level, missing)) => (Some(level.to_string()), missing.clone()),
            None => (None, Vec::new()),
        };
        table.row(vec![
            Cell::text(&network[one.hospital].key),
            dash(one.level().map(|level| level.to_string())),
            dash(one.computed.map(|level| level.to_string())),
            dash(one.possible.map(|level| level.to_string())),
            Cell::Count(counts.internal as u64),
            Cell::Count(counts.surgical as u64),
            Cell::Count(counts.other as u64),
            Cell::Flag(counts.intensive_care),
            dash(next),
            Cell::List(missing),
        ]);
    }
    let mut section = Section::new("levels", "Federal levels", table)
        .note("1n: groups 1, 14 and 64. 2: two internal, two surgical, 64 and three further. 3: five, five, 64 and eight further; 3U: a university hospital with that (section 135d SGB V, text of 29 April 2026).")
        .note("At best: with the groups, too, of which nobody can tell (verbund rules groups).")
        .note("F (specialised) and 1i (cross-sector) are assigned by the state, never computed; F stands for Fachkrankenhaus in the state's plan (assumed). Groups of low volume are counted; the law leaves them out.")
        .note("Further: beyond those that the level names, of whatever block (our reading).");
    for note in assumptions(network, settings) {
        section = section.note(note);
    }
    open_groups("Federal levels", region).section(section).section(one_site(region))
}

fn one_site(region: &Region) -> Section {
    let network = region.network();
    let mut table = Table::new(&["hospital", "members", "widest_metres"]);
    for site in sites(network, ONE_SITE).iter().filter(|site| site.hospitals.len() > 1) {
        let members = site.hospitals.iter().map(|id| network[*id].key.clone());
        table.row(vec![
            Cell::text(&network[site.main].key),
            Cell::List(members.collect()),
            Cell::Count(u64::from(site.widest.0)),
        ]);
    }
    Section::new("sites", "Hospitals of one operator that count as one site", table).note(format!(
        "Up to {ONE_SITE} as the crow flies (section 2a KHG), measured between access addresses; the law takes the farthest points of the buildings."
    ))
}
