//! Federal levels by site.

use super::super::document::{Cell, Document, Hint, Remark, Section, Table};
use super::{assumptions, open_groups};
use crate::region::Region;
use crate::report::columns::{
    COMPUTED_LEVEL, FEDERAL_LEVEL, HAS_INTENSIVE_CARE, HOSPITAL, INTERNAL_GROUPS, MEMBERS,
    MISSING_FOR_NEXT, NEXT_LEVEL, OTHER_GROUPS, POSSIBLE_LEVEL, SURGICAL_GROUPS, WIDEST_METRES,
};
use crate::rules::{FederalLevel, GroupSettings, ONE_SITE, SiteLevel, sites};

/// The federal levels of the sites inside of the region, and which hospitals count as one site.
pub fn levels(region: &Region, levels: &[SiteLevel], settings: &GroupSettings) -> Document {
    let network = region.network();
    // Hospitals outside are there for patients who cross the border; their levels are a matter of another state.
    let inside = levels.iter().filter(|level| !network[level.hospital].outside);
    let word = |level: Option<FederalLevel>| Cell::maybe_text(level.map(|level| level.to_string()));

    let table = Table::of(inside)
        .column(HOSPITAL, |site| Cell::text(&network[site.hospital].key))
        .column(FEDERAL_LEVEL, |site| word(site.level()))
        .column(COMPUTED_LEVEL, |site| word(site.computed))
        .column(POSSIBLE_LEVEL, |site| word(site.possible))
        .column(INTERNAL_GROUPS, |site| Cell::count(site.counts.internal))
        .column(SURGICAL_GROUPS, |site| Cell::count(site.counts.surgical))
        .column(OTHER_GROUPS, |site| Cell::count(site.counts.other))
        .column(HAS_INTENSIVE_CARE, |site| Cell::flag(site.counts.intensive_care))
        .column(NEXT_LEVEL, |site| {
            Cell::maybe_text(site.next.as_ref().map(|next| next.level.to_string()))
        })
        .column(MISSING_FOR_NEXT, |site| match &site.next {
            Some(next) => Cell::list(&next.missing),
            // Nothing is missing at the highest one: an empty list, no unknown value.
            None => Cell::List(Vec::new()),
        })
        .build();

    let mut section = Section::new("levels", "Federal levels", table)
        .note("1n: groups 1, 14 and 64. 2: two internal, two surgical, 64 and three further. 3: five, five, 64 and eight further; 3U: a university hospital with that (section 135d SGB V, text of 29 April 2026).")
        .note(
            Remark::from("At best: with the groups, too, of which nobody can tell")
                .hint(Hint::UnknownGroups)
                .and("."),
        )
        .note("F (specialised) and 1i (cross-sector) are assigned by the state, never computed; F stands for Fachkrankenhaus in the state's plan (assumed). Groups of low volume are counted; the law leaves them out.")
        .note("Further: beyond those that the level names, of whatever block (our reading).");
    for note in assumptions(network, settings) {
        section = section.note(note);
    }
    open_groups("Federal levels", region).section(section).section(one_site(region))
}

fn one_site(region: &Region) -> Section {
    let network = region.network();
    let table = Table::of(sites(network, ONE_SITE).iter().filter(|site| site.hospitals.len() > 1))
        .column(HOSPITAL, |site| Cell::text(&network[site.main].key))
        .column(MEMBERS, |site| {
            Cell::list(site.hospitals.iter().map(|id| network[*id].key.as_str()))
        })
        .column(WIDEST_METRES, |site| Cell::count(site.widest.0))
        .build();
    Section::new("sites", "Hospitals of one operator that count as one site", table).note(said!("Up to {distance} as the crow flies (section 2a KHG), measured between access addresses; the law takes the farthest points of the buildings.", distance = ONE_SITE))
}
