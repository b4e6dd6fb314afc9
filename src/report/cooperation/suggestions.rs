//! Which cooperations to add next.

use std::collections::BTreeMap;

use super::protocols::{below_zero, key, keys, notes};
use super::{HOUR, about, both, counted, first_upper, hours, people};
use crate::impact::{CandidateKind, Effect, Study, Suggestion, Suggestions};
use crate::model::HospitalId;
use crate::pathways::Protocol;
use crate::region::Region;
use crate::report::document::{Cell, Document, Section, Table};
use crate::report::{caveats, open};

/// What was asked for.
#[derive(Debug, Clone, Copy)]
pub struct SuggestionsView<'a> {
    /// The kind of cooperation.
    pub kind: CandidateKind,
    /// Key of the field that it is about.
    pub field: &'a str,
    /// How many at most.
    pub count: usize,
}

/// Which cooperations to add next under the protocol of a study.
#[derive(Debug, Clone, Copy)]
pub struct ProtocolSuggestions<'a, 'r> {
    /// The study.
    pub study: &'a Study<'r>,
    /// What was found.
    pub found: &'a Suggestions,
}

/// Which cooperations of a kind and field to add next; under the protocol of a study, and beside it under another
/// one where that is given.
pub fn suggestions(
    view: &SuggestionsView<'_>,
    lead: &ProtocolSuggestions<'_, '_>,
    beside: Option<&ProtocolSuggestions<'_, '_>>,
) -> Document {
    let protocols = both(lead, beside);
    let studies: Vec<&Study<'_>> = protocols.iter().map(|protocol| protocol.study).collect();
    let SuggestionsView { kind, field, count } = view;
    let title = format!("Which {} in {field} next? The best {count}", kind.label());
    let mut document = about(open(title, lead.study.region()), &studies);
    for protocol in &protocols {
        document = document.section(chosen(protocol));
    }

    let network = lead.study.region().network();
    let assumed = Section::new("assumed", "What is assumed", Table::new(&["what"]))
        .in_words("The terms of a cooperation that does not exist: the pathway's defaults, round the clock. That both sides would agree, and have the staff.")
        .maybe_note(caveats::on_unknown(network, &lead.found.unknown))
        .note("A hospital that lacks what has to be on site, such as CT and an emergency stage for strokes, is no candidate.")
        .note(counted(lead.study));
    document.section(ranked(&protocols, &studies)).section(assumed)
}

/// The set that is chosen under one protocol.
fn chosen(suggested: &ProtocolSuggestions<'_, '_>) -> Section {
    const FIGURES: [&str; 4] = ["people_sooner", "people_later", "minutes_per_case", "hours_saved"];
    let (region, protocol) = (suggested.study.region(), suggested.study.query().protocol);
    let mut columns = vec!["rank", "to", "from"];
    columns.extend(keys(&FIGURES, protocol));
    columns.extend(["instead_count", "instead"]);
    let mut table = Table::new(&columns).details(&["instead"]);
    if protocol == Protocol::Free {
        table = table.details(&[key("people_later", protocol)]);
    }
    for (rank, suggestion) in suggested.found.chosen.iter().enumerate() {
        let network = region.network();
        let mut cells = vec![
            Cell::Count(rank as u64 + 1),
            Cell::text(&network[suggestion.to].key),
            Cell::text(&network[suggestion.from].key),
        ];
        cells.extend(suggested_cells(Some(suggestion)));
        cells.extend(instead(region, suggestion));
        table.row(cells);
    }
    let section_key = match protocol {
        Protocol::Free => "chosen_free",
        Protocol::NearestDoor => "chosen_nearest_door",
        Protocol::Bypass { .. } => "chosen_bypass",
        Protocol::DirectToCentre => "chosen_direct_to_centre",
    };
    let heading = format!("The next ones, each given those before it: {}", protocol.label());
    let section = Section::new(section_key, heading, table);
    if suggested.found.chosen.is_empty() {
        return section.in_words("None of the candidates saves time over all cases.");
    }
    let bound =
        suggested.found.bound.map_or_else(String::new, |bound| at_least(suggested.found, bound));
    section.note(format!(
        "Together they save {:.1} hours a year.{bound} {}.",
        suggested.found.seconds / HOUR,
        first_upper(&suggested.found.reason)
    ))
}

/// How near a choice is to the best, in a sentence; `bound` is in seconds a year.
fn at_least(suggestions: &Suggestions, bound: f64) -> String {
    let share = if bound > 0.0 { suggestions.seconds / bound * 100.0 } else { 100.0 };
    // Rounded down: "at least" must hold as printed.
    let share = (share * 10.0).floor() / 10.0;
    format!(
        " No choice of as many saves more than {:.1} hours a year, so this one brings at least {share:.1} % of the best.",
        bound / HOUR
    )
}

/// Two hospitals that a cooperation would join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    to: HospitalId,
    from: HospitalId,
}

/// What was found of every pair of hospitals, by protocol.
struct Candidates<'a> {
    by_pair: BTreeMap<Pair, Vec<Option<&'a Suggestion>>>,
    /// The pairs, by what they save under the leading protocol: the most first, equal ones as they were found.
    order: Vec<Pair>,
}

impl<'a> Candidates<'a> {
    fn of(protocols: &[&ProtocolSuggestions<'a, '_>]) -> Self {
        let mut candidates = Self { by_pair: BTreeMap::new(), order: Vec::new() };
        for (position, protocol) in protocols.iter().enumerate() {
            for suggestion in protocol.found.ranked.iter().chain(&protocol.found.harmful) {
                // What a protocol makes harmful another one may rank: a pair stands once, with both.
                let pair = Pair { to: suggestion.to, from: suggestion.from };
                let known = candidates.by_pair.entry(pair).or_insert_with(|| {
                    candidates.order.push(pair);
                    vec![None; protocols.len()]
                });
                known[position] = Some(suggestion);
            }
        }

        let by_pair = &candidates.by_pair;
        candidates
            .order
            .sort_by(|a, b| lead_seconds(by_pair, *b).total_cmp(&lead_seconds(by_pair, *a)));
        candidates
    }
}

/// What a pair saves under the leading protocol, in seconds a year. One that changes nothing stands between those
/// that save and those that cost.
fn lead_seconds(by_pair: &BTreeMap<Pair, Vec<Option<&Suggestion>>>, pair: Pair) -> f64 {
    let lead = by_pair.get(&pair).and_then(|known| known.first().copied().flatten());
    lead.map_or(0.0, |suggestion| suggestion.total().net_seconds())
}

/// Every candidate that changes anything, alone, by what it brings under the leading protocol.
fn ranked(protocols: &[&ProtocolSuggestions<'_, '_>], studies: &[&Study<'_>]) -> Section {
    let lead = protocols[0];
    let mut table = ranked_table(studies);
    let mut totals: Vec<Effect> = Vec::new();
    let candidates = Candidates::of(protocols);
    for (rank, pair) in candidates.order.iter().enumerate() {
        let known = &candidates.by_pair[pair];
        let Some(first) = known.iter().flatten().next() else { continue };
        let network = lead.study.region().network();
        let mut cells = vec![
            Cell::Count(rank as u64 + 1),
            Cell::text(&network[pair.to].key),
            Cell::text(&network[pair.from].key),
        ];
        for suggestion in known {
            let [sooner, later, minutes, saved] = suggested_cells(*suggestion);
            cells.extend([saved, sooner, later, minutes]);
            totals.extend(suggestion.map(Suggestion::total));
        }
        cells.extend(instead(lead.study.region(), first));
        table.row(cells);
    }

    let tried = lead.found.candidates;
    let heading = format!("Every candidate that changes anything, alone ({tried} pairs tried)");
    let mut section = Section::new("ranked", heading, table)
        .note("From: of hospitals that could give the same, one that already has such cooperations, then the nearest. Others: how many more could; --format json names them.");
    for note in notes(studies) {
        section = section.note(note);
    }
    section.maybe_note(below_zero(&totals))
}

/// The table of [`ranked`].
fn ranked_table(studies: &[&Study<'_>]) -> Table {
    const FIGURES: [&str; 4] = ["hours_saved", "people_sooner", "people_later", "minutes_per_case"];
    let mut columns = vec!["rank", "to", "from"];
    for study in studies {
        columns.extend(keys(&FIGURES, study.query().protocol));
    }
    columns.extend(["instead_count", "instead"]);

    let mut table = Table::new(&columns).details(&["instead"]);
    for (position, study) in studies.iter().enumerate() {
        let protocol = study.query().protocol;
        if protocol == Protocol::Free {
            table = table.details(&[key("people_later", protocol)]);
        }
        if position > 0 {
            table = table.details(&keys(&["people_sooner", "minutes_per_case"], protocol));
        }
    }
    table
}

/// People sooner, people later, minutes a case and hours saved of a suggestion, all pathways together.
fn suggested_cells(suggestion: Option<&Suggestion>) -> [Cell; 4] {
    let total = suggestion.map(Suggestion::total).unwrap_or_default();
    [
        people(total.people),
        people(total.people_later),
        Cell::maybe_minutes(total.seconds_per_case()),
        hours(total.net_seconds()),
    ]
}

/// How many others could give the same as a suggestion, and who.
fn instead(region: &Region, suggestion: &Suggestion) -> [Cell; 2] {
    let mut others = Vec::new();
    for hospital in &suggestion.instead {
        others.push(region.network()[*hospital].key.clone());
    }
    [Cell::Count(others.len() as u64), Cell::List(others)]
}
