//! Who is sooner and later by a change of cooperations, by a cooperation, or when something fails; and why a link is
//! not used.

use std::collections::BTreeMap;

use super::beside::beside;
use super::document::{Cell, Section, Table, cooperation_of, hospital_of, standard_of};
use super::shifts::{
    COUNTED, DOORS, GainsBy, Side, Told, moved_places, places_table, stages_table, table_by,
    targets_table, top_places, with_band,
};
use crate::comparison::PathwayShift;
use crate::impact::{LinkUse, Unused};
use crate::model::CooperationId;
use crate::pathways::{Prepared, Protocol};
use crate::region::Region;
use crate::report::columns::{CASES_OVER_UNDER, COOPERATION, PATHWAY, WHY_UNUSED};
use crate::words;

/// What is told where nothing changes.
const NOBODY: &str = "Nobody is done sooner or later by 0.05 minutes or more, by the nearest door or by a free choice.";

/// Places that are shown on each side.
const PLACES: usize = 10;

/// Who is sooner and later, until every stage and by every target of which something changes: everybody, and the
/// places that gain and lose most; with `by` one table of districts or places instead. `what` completes the headings:
/// "with these changes".
pub fn gains(
    region: &Region,
    shifts: &[PathwayShift],
    what: &str,
    by: Option<GainsBy>,
) -> Vec<Section> {
    let stages = Told::seen(shifts, false);
    if let Some(by) = by {
        let (key, who) = match by {
            GainsBy::District => ("gains_districts", "by district"),
            GainsBy::Place => ("gains_places", "by place"),
        };
        let heading =
            said!("Sooner and later {what}, {who}", what = words::of(what), who = words::of(who));
        let section = Section::new(key, heading, table_by(region, &stages, by));
        if stages.is_empty() {
            return vec![section.in_words(NOBODY)];
        }
        return vec![section.note(COUNTED).note(DOORS)];
    }

    let heading = said!("Sooner and later {what}", what = words::of(what));
    let section = Section::new("gains", heading, stages_table(region, &stages));
    if stages.is_empty() {
        return vec![section.in_words(NOBODY)];
    }
    let mut sections = vec![section.note(COUNTED).note(DOORS)];
    let targets = Told::seen_in_time(shifts);
    if !targets.is_empty() {
        let table = targets_table(region, &targets);
        let heading = said!("In time {what}", what = words::of(what));
        let section = Section::new("gains_in_time", heading, table);
        sections.push(with_band(region, section, &targets));
    }
    let sides = [
        ("gains_places_sooner", "The places that gain most"),
        ("gains_places_later", "The places that lose most"),
    ];
    let gaining = top_places(&stages, Side::Gain, PLACES);
    let losing = top_places(&stages, Side::Lose, PLACES);
    let both = beside(
        "gains_places_beside",
        "The places that gain most, and those that lose most",
        &moved_places(region, &gaining),
        &moved_places(region, &losing),
    );
    let is_beside = both.is_some();
    sections.extend(both);
    for ((key, heading), places) in sides.into_iter().zip([gaining, losing]) {
        if places.is_empty() {
            continue;
        }
        let section = Section::new(key, heading, places_table(region, places)).note(
            "Each until the stage and by the first door that move it most: the most people who gain or lose a way first, then the most minutes of all its people.",
        );
        sections.push(section.for_files_if(is_beside));
    }
    sections
}

/// How many patients each added cooperation carries in a pathway, and why none where it carries none.
pub fn added_links(prepared: &Prepared<'_>, uses: &[LinkUse]) -> Section {
    let rows = [PathwayLinks { prepared, uses }];
    link_section(&rows, "What the new links carry, and why not where they carry nobody")
}

/// How many patients each cooperation that ends carried in a pathway, and why none where it carried none.
pub fn ended_links(prepared: &Prepared<'_>, uses: &[LinkUse]) -> Section {
    let rows = [PathwayLinks { prepared, uses }];
    let heading = "What the links carried that end, and why not where they carried nobody";
    Section { key: "ended_links", ..link_section(&rows, heading) }
}

/// The cooperations that carry nobody in a pathway under one of the protocols, and why.
pub fn unused_links(prepared: &Prepared<'_>, uses: &[LinkUse]) -> Section {
    let rows = [PathwayLinks { prepared, uses }];
    link_section(&rows, "Links that carry nobody, and why")
}

/// How links are used in one pathway.
#[derive(Debug, Clone, Copy)]
pub struct PathwayLinks<'a, 'r> {
    /// The pathway.
    pub prepared: &'a Prepared<'r>,
    /// By cooperation and protocol.
    pub uses: &'a [LinkUse],
}

/// How links are used in some pathways, and why not.
pub fn link_section(pathways: &[PathwayLinks<'_, '_>], heading: &str) -> Section {
    let mut protocols: Vec<Protocol> = Vec::new();
    let mut rows = Vec::new();
    for pathway in pathways {
        let mut by_cooperation: BTreeMap<CooperationId, Vec<&LinkUse>> = BTreeMap::new();
        for used in pathway.uses {
            by_cooperation.entry(used.cooperation).or_default().push(used);
            if !protocols.contains(&used.protocol) {
                protocols.push(used.protocol);
            }
        }
        for (cooperation, uses) in by_cooperation {
            rows.push(Link { prepared: pathway.prepared, cooperation, uses });
        }
    }

    // Reasons are sentences: they stand below the figures, where they have room.
    let mut reasons = Vec::new();
    for link in &rows {
        if let Some(why) = link.why() {
            let key = &link.prepared.cooperation(link.cooperation).key;
            let pathway = standard_of(&link.prepared.pathway().key);
            reasons.push(format!("{pathway}, {}: {why}.", cooperation_of(key)));
        }
    }

    let mut table = Table::of(rows)
        .column(PATHWAY, |link| Cell::text(&link.prepared.pathway().key))
        .column(COOPERATION, |link| Cell::text(&link.prepared.cooperation(link.cooperation).key));
    for protocol in protocols {
        table = table.column(CASES_OVER_UNDER.under(protocol), |link| {
            let used = link.uses.iter().find(|used| used.protocol == protocol);
            Cell::maybe_number(used.map(|used| used.cases), 1)
        });
    }
    let table = table
        .detail(WHY_UNUSED, |link| {
            // Asked twice: whether there is a reason does not hang on the language.
            match link.why() {
                Some(_) => Cell::said(|| link.why().unwrap_or_default()),
                None => Cell::Missing,
            }
        })
        .build();
    let section = Section::new("links", heading, table).note(
        "Cases a year from inside that go over it. What nobody uses by one first door may carry many by another.",
    );
    reasons.into_iter().fold(section, Section::note)
}

/// A cooperation in a pathway, with its uses by protocol.
struct Link<'l, 'r> {
    prepared: &'l Prepared<'r>,
    cooperation: CooperationId,
    uses: Vec<&'l LinkUse>,
}

impl Link<'_, '_> {
    /// Why it is not used, by protocol; `None` where it is under each.
    fn why(&self) -> Option<String> {
        let mut told: Vec<String> = Vec::new();
        let mut reasons: Vec<&Unused> = Vec::new();
        for used in &self.uses {
            if let Some(reason) = &used.unused {
                told.push(format!("{}: {}", used.protocol.label(), self.in_words(reason)));
                reasons.push(reason);
            } else {
                let cases = Cell::number(used.cases, 1).display();
                told.push(said!(
                    "{protocol}: it carries {cases} cases",
                    protocol = used.protocol.label(),
                    cases
                ));
            }
        }
        let first = reasons.first()?;
        // One reason under every protocol is told once.
        if reasons.len() == self.uses.len() && reasons.iter().all(|reason| reason == first) {
            return Some(self.in_words(first));
        }
        Some(told.join("; "))
    }

    fn in_words(&self, reason: &Unused) -> String {
        let network = self.prepared.region().network();
        match reason {
            Unused::ServesNothing(reasons) => words::each_of(reasons).join("; "),
            Unused::Itself { hospital, stage } => {
                let stage = words::of(&self.prepared.pathway()[*stage].name);
                let hospital = hospital_of(&network[*hospital].key);
                said!("{hospital} does {stage} itself", hospital, stage)
            }
            Unused::Instead { cooperation, cases } => {
                let key = cooperation_of(&self.prepared.cooperation(*cooperation).key);
                said!(
                    "{key} does the same ({cases} cases)",
                    key,
                    cases = Cell::number(*cases, 1).display()
                )
            }
            Unused::NearerDoor { hospital } => {
                said!(
                    "nobody comes to {hospital}: another first hospital is nearer to everybody",
                    hospital = hospital_of(&network[*hospital].key)
                )
            }
            Unused::Straight { past, to, share } => said!(
                "nobody comes to {past}: ambulances go straight to others, most to {to} ({share})",
                past = hospital_of(&network[*past].key),
                to = hospital_of(&network[*to].key),
                share = Cell::share(*share).display()
            ),
            Unused::AnotherWay { hospital } => {
                said!(
                    "whoever comes to {hospital} is treated there without it, or goes on another way",
                    hospital = hospital_of(&network[*hospital].key)
                )
            }
        }
    }
}
