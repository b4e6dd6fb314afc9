//! Which cooperations to add next.

use std::collections::BTreeMap;

use super::protocols::{below_zero, notes};
use super::{HOUR, about, both, counted, first_upper, later, per_case, saved, sooner};
use crate::impact::{CandidateKind, Effect, Study, Suggestion, Suggestions};
use crate::model::HospitalId;
use crate::pathways::Protocol;
use crate::region::Region;
use crate::report::columns::{
    FROM, HOURS_SAVED_UNDER, INSTEAD, INSTEAD_COUNT, MINUTES_PER_CASE_UNDER, PEOPLE_LATER_UNDER,
    PEOPLE_SOONER_UNDER, RANK, TO, WHAT,
};
use crate::report::document::{Cell, Document, Hint, Remark, Section, Table};
use crate::report::{caveats, open};
use crate::words::{self, fixed};

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
    let title = said!(
        "Which {kind} in {field} next? The best {count}",
        kind = words::of(kind.label()),
        field = lead.study.region().network().catalog().name_in_print(field),
        count
    );
    let mut document = about(open(title, lead.study.region()), &studies);
    // A set for each: what is chosen first changes what is worth choosing next.
    for protocol in &protocols {
        document = document.section(chosen(protocol));
    }

    let network = lead.study.region().network();
    let assumed = Section::new("assumed", "What is assumed", Table::empty(&[WHAT]))
        .in_words("The terms of a cooperation that does not exist: the pathway's defaults, round the clock. That both sides would agree, and have the staff.")
        .maybe_note(caveats::on_unknown(network, &lead.found.unknown))
        .note("A hospital that lacks what has to be on site, such as CT and an emergency stage for strokes, is no candidate.")
        .note(counted(lead.study));
    document.section(ranked(&protocols, &studies)).section(assumed)
}

/// The set that is chosen under one protocol.
fn chosen(suggested: &ProtocolSuggestions<'_, '_>) -> Section {
    let (region, protocol) = (suggested.study.region(), suggested.study.query().protocol);
    let network = region.network();
    let is_free = protocol == Protocol::Free;
    let table = Table::of(suggested.found.chosen.iter().enumerate())
        .column(RANK, |(index, _)| Cell::count(index + 1))
        .column(TO, |(_, row)| Cell::text(&network[row.to].key))
        .column(FROM, |(_, row)| Cell::text(&network[row.from].key))
        .column(PEOPLE_SOONER_UNDER.under(protocol), |(_, row)| sooner(&row.total()))
        // By a free choice nobody is later.
        .detail_if(is_free, PEOPLE_LATER_UNDER.under(protocol), |(_, row)| later(&row.total()))
        .column(MINUTES_PER_CASE_UNDER.under(protocol), |(_, row)| per_case(&row.total()))
        .column(HOURS_SAVED_UNDER.under(protocol), |(_, row)| saved(&row.total()))
        .column(INSTEAD_COUNT, |(_, row)| Cell::count(row.instead.len()))
        .detail(INSTEAD, |(_, row)| instead(region, row))
        .build();

    // Tables of one document have different names in JSON.
    let section_key = match protocol {
        Protocol::Free => "chosen_free",
        Protocol::NearestDoor => "chosen_nearest_door",
        Protocol::Bypass { .. } => "chosen_bypass",
        Protocol::DirectToCentre => "chosen_direct_to_centre",
    };
    let heading =
        said!("The next ones, each given those before it: {protocol}", protocol = protocol.label());
    let section = Section::new(section_key, heading, table);

    if suggested.found.chosen.is_empty() {
        return section.in_words("None of the candidates saves time over all cases.");
    }

    // Without a bound the reason says why there is none: a number would promise what nobody proved.
    let bound = match suggested.found.bound {
        Some(bound) => at_least(suggested.found, bound),
        None => String::new(),
    };
    section.note(said!(
        "Together they save {hours} hours a year.{bound} {reason}.",
        hours = fixed(suggested.found.seconds / HOUR, 1),
        bound,
        reason = first_upper(&suggested.found.reason)
    ))
}

/// How near a choice is to the best, in a sentence; `bound` is in seconds a year.
fn at_least(suggestions: &Suggestions, bound: f64) -> String {
    let share = if bound > 0.0 { suggestions.seconds / bound * 100.0 } else { 100.0 };
    // Rounded down: "at least" must hold as printed.
    let share = (share * 10.0).floor() / 10.0;
    said!(
        " No choice of as many saves more than {hours} hours a year, so this one brings at least {share} % of the best.",
        hours = fixed(bound / HOUR, 1),
        share = fixed(share, 1)
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
            let Suggestions { ranked, harmful, .. } = protocol.found;
            for suggestion in ranked.iter().chain(harmful) {
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
    match by_pair.get(&pair).map(Vec::as_slice) {
        Some([Some(lead), ..]) => lead.total().net_seconds(),
        _ => 0.0,
    }
}

/// Every candidate that changes anything, alone, by what it brings under the leading protocol.
fn ranked(protocols: &[&ProtocolSuggestions<'_, '_>], studies: &[&Study<'_>]) -> Section {
    let lead = protocols[0];
    let candidates = Candidates::of(protocols);
    let mut rows = Vec::new();
    let mut totals: Vec<Effect> = Vec::new();
    for (index, pair) in candidates.order.iter().enumerate() {
        let known = &candidates.by_pair[pair];
        for suggestion in known.iter().flatten() {
            totals.push(suggestion.total());
        }
        if let Some(first) = known.iter().flatten().next() {
            rows.push(Candidate { rank: index + 1, first, known });
        }
    }
    let table = ranked_table(rows, lead.study.region(), studies);

    let tried = lead.found.candidates;
    let heading =
        said!("Every candidate that changes anything, alone ({tried} pairs tried)", tried);
    let mut section = Section::new("ranked", heading, table)
        .note(
            Remark::from("From: of hospitals that could give the same, one that already has such cooperations, then the nearest. Others: how many more could")
                .hint(Hint::NamesOfOthers)
                .and("."),
        );
    for note in notes(studies) {
        section = section.note(note);
    }
    section.maybe_note(below_zero(&totals))
}

/// A pair of hospitals that changes anything.
struct Candidate<'a> {
    rank: usize,
    /// What is known of it under the first protocol under which it changes anything.
    first: &'a Suggestion,
    /// By protocol.
    known: &'a [Option<&'a Suggestion>],
}

/// The table of [`ranked`].
fn ranked_table(rows: Vec<Candidate<'_>>, region: &Region, studies: &[&Study<'_>]) -> Table {
    let network = region.network();
    let mut table = Table::of(rows)
        .column(RANK, |row| Cell::count(row.rank))
        .column(TO, |row| Cell::text(&network[row.first.to].key))
        .column(FROM, |row| Cell::text(&network[row.first.from].key));

    for (position, study) in studies.iter().enumerate() {
        let protocol = study.query().protocol;
        let (is_beside, is_free) = (position > 0, protocol == Protocol::Free);
        // A protocol under which a pair changes nothing did not list it: here zeros are what was counted.
        let total =
            |row: &Candidate<'_>| row.known[position].map(Suggestion::total).unwrap_or_default();
        table = table
            .column(HOURS_SAVED_UNDER.under(protocol), |row| saved(&total(row)))
            .detail_if(is_beside, PEOPLE_SOONER_UNDER.under(protocol), |row| sooner(&total(row)))
            .detail_if(is_free, PEOPLE_LATER_UNDER.under(protocol), |row| later(&total(row)))
            .detail_if(is_beside, MINUTES_PER_CASE_UNDER.under(protocol), |row| {
                per_case(&total(row))
            });
    }
    table
        .column(INSTEAD_COUNT, |row| Cell::count(row.first.instead.len()))
        .detail(INSTEAD, |row| instead(region, row.first))
        .build()
}

/// Who else could give the same as a suggestion.
fn instead(region: &Region, suggestion: &Suggestion) -> Cell {
    Cell::list(suggestion.instead.iter().map(|id| &region.network()[*id].key))
}
