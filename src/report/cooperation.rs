//! What cooperations change, as tables.

use std::collections::BTreeMap;

use super::document::{Cell, Document, Section, Table};
use super::open;
use crate::impact::{
    CandidateKind, CooperationValue, Effect, Failed, Failure, Shapley, Study, Suggestion,
    Suggestions,
};
use crate::model::{Cooperation, CooperationKind, Hours, Parties, Pathway};
use crate::pathways::{Objective, Outage, Protocol};
use crate::region::Region;
use crate::units::Seconds;

/// Seconds of an hour.
const HOUR: f64 = 3600.0;

/// Seconds a year as hours, without a negative zero.
fn hours(seconds: f64) -> Cell {
    Cell::Number((seconds / HOUR * 1e6).round() / 1e6 + 0.0, 1)
}

/// All cooperations that can serve the pathways of a study, ranked by what they change; and, where
/// it is given, each one's share of what all bring together.
pub fn cooperations(study: &Study<'_>, values: &[CooperationValue], shapley: &Shapley) -> Document {
    let region = study.region();
    let all = study.cooperations();
    let mut table = Table::new(&[
        "cooperation",
        "cases_over",
        "people_sooner",
        "minutes_per_case",
        "hours_saved",
        "hours_saved_alone",
        "hours_shapley",
        "hours_shapley_half_width",
        "is_assumed",
        "kind",
        "rank",
        "people_with_way",
    ]);
    for (rank, value) in values.iter().enumerate() {
        let cooperation = all[value.cooperation];
        let (total, alone) = (value.total(), value.total_alone());
        let share = shapley.values.iter().find(|one| one.cooperation == value.cooperation);
        table.row(vec![
            Cell::text(&cooperation.key),
            Cell::Number(value.total_cases(), 1),
            Cell::Number(total.people.round(), 0),
            Cell::maybe_minutes(total.seconds_per_case()),
            hours(total.net_seconds()),
            hours(alone.net_seconds()),
            share.map_or(Cell::Missing, |one| hours(one.seconds)),
            share.map_or(Cell::Missing, |one| hours(one.half_width)),
            Cell::Flag(cooperation.assumed.iter().any(|one| one == "kind" || one == "terms")),
            Cell::text(cooperation.kind.name()),
            Cell::Count(rank as u64 + 1),
            Cell::Number(total.people_with_way.round(), 0),
        ]);
    }
    let others = all.len() - values.len();
    let details: &[&'static str] = if shapley.is_exact {
        &["hours_shapley_half_width", "kind", "rank", "people_with_way"]
    } else {
        &["kind", "rank", "people_with_way"]
    };
    let count = shapley.values.len();
    let who = if count == values.len() {
        "Together they".to_owned()
    } else {
        format!("The {count} with a share")
    };
    let bring = format!(
        "{who} save {:.1} hours a year. Share: what of this each one contributes, the mean over all orders in which they could have been made (Shapley value{}).",
        shapley.seconds / HOUR + 0.0,
        if shapley.is_exact { "" } else { ", orders drawn at random" },
    );
    about(open("What cooperations change", region), study)
        .section(
            Section::new(
                "cooperations",
                "By the hours that would be lost if this one ended and all others stayed",
                table.details(details),
            )
            .note(bring)
            .note("Alone: the hours that it would save if it were the only one.")
            .note("Of two that do exactly the same, the one with the smaller partner's key has all cases.")
            .note(transfers(study))
            .note(counted(study))
            .note(format!(
                "{others} other cooperations serve no stage and no transfer of these pathways: frameworks, ownership, teaching and the like change nothing in them before their terms are agreed.",
            )),
        )
        .section(together(study, values))
        .section(pathways_used(study, values))
}

/// What cooperations bring that can stand in for each other: a kind as a whole, and those of one
/// kind that serve the same hospital.
fn together(study: &Study<'_>, values: &[CooperationValue]) -> Section {
    let all = study.cooperations();
    let mut groups: BTreeMap<(&str, String), Vec<usize>> = BTreeMap::new();
    for value in values {
        let one = all[value.cooperation];
        let kind = one.kind.name();
        groups.entry((kind, String::new())).or_default().push(value.cooperation);
        if let Parties::Directed { from, to } = &one.parties {
            let is_transfer = matches!(one.kind, CooperationKind::Transfer { .. });
            let sites = if is_transfer { std::slice::from_ref(from) } else { to.as_slice() };
            for site in sites {
                groups.entry((kind, site.clone())).or_default().push(value.cooperation);
            }
        }
    }
    let mut rows: Vec<(f64, Vec<Cell>)> = Vec::new();
    for ((kind, site), mut members) in groups {
        members.sort_unstable();
        if members.len() < 2 {
            continue;
        }
        let outage =
            Outage { cooperations: members.iter().copied().collect(), ..Outage::default() };
        let total: Effect = study.compare(&outage, &Outage::default()).into_iter().sum();
        let what = if site.is_empty() {
            format!("all {kind}")
        } else if kind == "Transfer" {
            format!("{kind} from {site}")
        } else {
            format!("{kind} to {site}")
        };
        let keys = members.iter().map(|&at| all[at].key.clone()).collect();
        rows.push((
            total.net_seconds(),
            vec![
                Cell::text(what),
                Cell::Count(members.len() as u64),
                Cell::Number(total.people.round(), 0),
                Cell::maybe_minutes(total.seconds_per_case()),
                hours(total.net_seconds()),
                Cell::Number(total.people_with_way.round(), 0),
                Cell::List(keys),
            ],
        ));
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut table = Table::new(&[
        "what",
        "count",
        "people_sooner",
        "minutes_per_case",
        "hours_saved",
        "people_with_way",
        "cooperations",
    ]);
    rows.into_iter().for_each(|(_, row)| table.row(row));
    Section::new("together", "What they bring that can stand in for each other", table.details(&["cooperations"]))
        .note("If all of a row ended at once: where two cooperations do the same, the end of one alone costs nothing.")
}

/// Why transfers may bring nothing.
fn transfers(study: &Study<'_>) -> &'static str {
    if study.query().protocol == Protocol::Free {
        "A transfer saves nothing where patients can be taken straight to the last hospital; what they save where the ambulance goes to the nearest door first: --protocol nearest-door."
    } else {
        "Under a protocol a cooperation can also make patients later: it may turn a hospital into the nearest door."
    }
}

/// What each cooperation changes in each pathway that it is used in.
fn pathways_used(study: &Study<'_>, values: &[CooperationValue]) -> Section {
    let all = study.cooperations();
    let mut table = Table::new(&USED);
    for value in values {
        for (at, pathway) in study.pathways().enumerate() {
            if value.cases[at] > 0.0 || !value.given_others[at].is_nothing() {
                table.row(used_row(study, &all[value.cooperation].key, pathway, (value, at)));
            }
        }
    }
    Section::new("by_pathway", "Where they are used, and what they replace", table).note(
        "Without it: the hospitals, stage by stage, to which most of its patients would go instead.",
    )
}

/// Columns of what a cooperation changes in a pathway.
const USED: [&str; 7] = [
    "cooperation",
    "pathway",
    "cases_over",
    "people_sooner",
    "minutes_per_case",
    "hours_saved",
    "replaces",
];

/// One row of [`USED`].
fn used_row(
    study: &Study<'_>,
    key: &str,
    pathway: &Pathway,
    (value, at): (&CooperationValue, usize),
) -> Vec<Cell> {
    let effect = &value.given_others[at];
    vec![
        Cell::text(key),
        Cell::text(&pathway.key),
        Cell::Number(value.cases[at], 1),
        Cell::Number(effect.people.round(), 0),
        Cell::maybe_minutes(effect.seconds_per_case()),
        hours(effect.net_seconds()),
        Cell::maybe_text(value.replaces[at].as_ref().map(|one| {
            let network = study.region().network();
            let mut stops: Vec<String> = Vec::new();
            for (stage, &(hospital, way, partner)) in one.route.iter().enumerate() {
                let way = super::pathway::way_name(&pathway.stages[stage].ways[way]);
                let help = partner.map(|id| format!(" ({way} from {})", network[id].key));
                let stop = format!("{}{}", network[hospital].key, help.unwrap_or_default());
                if stops.last() != Some(&stop) {
                    stops.push(stop);
                }
            }
            stops.join(" -> ")
        })),
    ]
}

/// What one cooperation is and changes: ended, alone, and with other hours.
pub fn cooperation(
    study: &Study<'_>,
    value: Option<&CooperationValue>,
    cooperation: &Cooperation,
    limited: Option<&(Hours, Vec<Effect>)>,
) -> Document {
    let region = study.region();
    let mut document = about(open(format!("Cooperation {}", cooperation.key), region), study)
        .section(Section::new("cooperation", "What it is", record(cooperation)));
    let Some(value) = value else {
        let why = if cooperation.kind.has_effect_on_care() {
            "It serves no stage and no transfer of these pathways, so nobody's time depends on it."
        } else {
            "This kind of cooperation changes nothing in care by itself: it counts in the graph and in reports. What its fields could change once they get terms: verbund cooperation --suggest."
        };
        let section = Section::new("changes", "What it changes", Table::new(&["state", "pathway"]));
        return document.section(section.in_words(why));
    };
    let mut table = Table::new(&[
        "state",
        "pathway",
        "cases_over",
        "people_later",
        "people_losing_way",
        "minutes_per_case",
        "hours_lost",
        "most_minutes",
    ]);
    let mut state = |name: &str, effects: &[Effect]| {
        for (at, pathway) in study.pathways().enumerate() {
            let effect = &effects[at];
            if effect.is_nothing() && value.cases[at] == 0.0 {
                continue;
            }
            table.row(vec![
                Cell::text(name),
                Cell::text(&pathway.key),
                Cell::Number(value.cases[at], 1),
                Cell::Number(effect.people.round(), 0),
                Cell::Number(effect.people_with_way.round(), 0),
                Cell::maybe_minutes(effect.seconds_per_case()),
                hours(effect.net_seconds()),
                Cell::Minutes(f64::from(effect.most.0)),
            ]);
        }
    };
    state("ended", &value.given_others);
    if let Some((hours, effects)) = limited {
        state(&format!("only {hours}"), effects);
    }
    let is_used = value.total_cases() > 0.0 || !value.total().is_nothing();
    let mut section = Section::new("changes", "What would change without it", table);
    if is_used {
        section = section
            .note("People later: with shares of hours; who is later in a third of the hours counts as a third. Minutes: of a case that is later. Cases: those that go over it now.")
            .note(counted(study));
    } else {
        let limited = limited.map_or_else(String::new, |(hours, _)| {
            format!(" So it makes no difference either if it only works {hours}.")
        });
        section = section.in_words(format!(
            "Nobody depends on it as things stand: another way is as fast or faster for everybody.{limited}"
        ));
    }
    let mut alone = Table::new(&["pathway", "people_sooner", "minutes_per_case", "hours_saved"]);
    for (at, pathway) in study.pathways().enumerate() {
        let effect = &value.alone[at];
        if !effect.is_nothing() {
            alone.row(vec![
                Cell::text(&pathway.key),
                Cell::Number(effect.people.round(), 0),
                Cell::maybe_minutes(effect.seconds_per_case()),
                hours(effect.net_seconds()),
            ]);
        }
    }
    let mut replaced = Table::new(&USED);
    for (at, pathway) in study.pathways().enumerate() {
        if value.replaces[at].is_some() {
            replaced.row(used_row(study, &cooperation.key, pathway, (value, at)));
        }
    }
    document = document.section(section).section(Section::new(
        "alone",
        "What it would bring if it were the only one",
        alone,
    ));
    if is_used {
        document = document.section(
            Section::new("replaces", "What it replaces", replaced)
                .note("Where most of its patients would go without it, stage by stage."),
        );
    }
    document
}

/// What a file says about a cooperation.
fn record(cooperation: &Cooperation) -> Table {
    let mut record = Table::new(&["field", "value", "assumed"]);
    let mut row = |field: &str, value: Option<String>| {
        if let Some(value) = value {
            let assumed = cooperation.assumed.iter().any(|own| own == field);
            record.row(vec![Cell::text(field), Cell::text(value), Cell::Flag(assumed)]);
        }
    };
    row("kind", Some(cooperation.kind.name().to_owned()));
    row("terms", terms(&cooperation.kind));
    match &cooperation.parties {
        Parties::Mutual(partners) => row("partners", Some(partners.join(", "))),
        Parties::Directed { from, to } => {
            row("direction", Some(format!("{from} -> {}", to.join(", "))));
        }
    }
    row("fields", Some(cooperation.fields.join(", ")));
    row("hours", Some(cooperation.hours.to_string()));
    row("since", cooperation.since.map(|date| date.to_string()));
    row("until", cooperation.until.map(|date| date.to_string()));
    row("sources", Some(cooperation.sources.join(", ")));
    row("note", cooperation.note.clone());
    record
}

/// The terms in words; a term that is not known is left out.
fn terms(kind: &CooperationKind) -> Option<String> {
    match kind {
        CooperationKind::Transfer { door_in_door_out, .. } => {
            door_in_door_out.map(|time| format!("door in, door out {time}"))
        }
        CooperationKind::Telemedicine { consult } => {
            consult.map(|time| format!("consultation {time}"))
        }
        CooperationKind::VisitingTeam { call_out } => {
            call_out.map(|time| format!("call-out {time}"))
        }
        CooperationKind::CentralService { turnaround } => {
            turnaround.map(|time| format!("turnaround {time}"))
        }
        _ => None,
    }
}

/// Which cooperations to add next.
pub fn suggestions(
    study: &Study<'_>,
    what: (CandidateKind, &str),
    found: &Suggestions,
    count: usize,
) -> Document {
    let region = study.region();
    let (kind, field) = what;
    let keys = [
        "rank",
        "to",
        "from",
        "people_sooner",
        "minutes_per_case",
        "hours_saved",
        "instead_count",
        "instead",
    ];
    let rows = |list: &[Suggestion]| {
        let mut table = Table::new(&keys);
        for (rank, one) in list.iter().enumerate() {
            table.row(suggestion(region, rank, one));
        }
        table.details(&["instead"])
    };
    let chosen =
        Section::new("chosen", "The next ones, each given those before it", rows(&found.chosen));
    let chosen = if found.chosen.is_empty() {
        chosen.in_words("None of the candidates makes anybody faster.")
    } else {
        let bound = found.bound.map_or_else(String::new, |bound| {
            let share = if bound > 0.0 { found.seconds / bound * 100.0 } else { 100.0 };
            let share = (share * 10.0).floor() / 10.0;
            format!(
                " No choice of as many saves more than {:.1} hours a year, so this one brings at least {share:.1} % of the best.",
                bound / HOUR
            )
        });
        chosen.note(format!(
            "Together they save {:.1} hours a year.{bound} {}.",
            found.seconds / HOUR,
            first_upper(&found.reason)
        ))
    };
    let alone = Section::new(
        "ranked",
        format!("Every candidate that brings anything, alone ({} pairs tried)", found.candidates),
        rows(&found.ranked),
    )
    .note("From: of hospitals that could give the same, one that already has such cooperations, then the nearest. Others: how many more could; --format json names them.");
    about(open(format!("Which {} in {field} next? The best {count}", kind.label()), region), study)
        .section(chosen)
        .section(alone)
        .section(
            Section::new("assumed", "What is assumed", Table::new(&["what"])).in_words(
                "The terms of a cooperation that does not exist: the pathway's defaults, round the clock. That both sides would agree, and have the staff.",
            ).note(counted(study)),
        )
}

fn suggestion(region: &Region, rank: usize, one: &Suggestion) -> Vec<Cell> {
    let network = region.network();
    let total = one.total();
    vec![
        Cell::Count(rank as u64 + 1),
        Cell::text(&network[one.to].key),
        Cell::text(&network[one.from].key),
        Cell::Number(total.people.round(), 0),
        Cell::maybe_minutes(total.seconds_per_case()),
        hours(total.net_seconds()),
        Cell::Count(one.instead.len() as u64),
        Cell::List(one.instead.iter().map(|id| network[*id].key.clone()).collect()),
    ]
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What hurts when it fails.
pub fn failures(study: &Study<'_>, failures: &[Failure], limit: Seconds) -> Document {
    let network = study.region().network();
    let all = study.cooperations();
    let pathways: Vec<&Pathway> = study.pathways().collect();
    let mut table = Table::new(&[
        "pathway",
        "what",
        "failed",
        "people_losing_way",
        "people_later",
        "backup_minutes",
        "most_minutes",
        "cases_over",
    ]);
    for one in failures.iter().filter(|one| !is_told(one, failures)) {
        let (what, key) = match one.what {
            Failed::Cooperation(index) => ("cooperation", all[index].key.as_str()),
            Failed::Door(id) => ("door", network[id].key.as_str()),
            Failed::Hospital(id) => ("hospital", network[id].key.as_str()),
        };
        table.row(vec![
            Cell::text(&pathways[one.pathway].key),
            Cell::text(what),
            Cell::text(key),
            Cell::Number(one.people_without_way.round(), 0),
            Cell::Number(one.people_later.round(), 0),
            Cell::maybe_minutes(one.backup_seconds),
            one.backup_seconds.map_or(Cell::Missing, |_| Cell::Minutes(f64::from(one.longest.0))),
            Cell::Number(one.cases, 1),
        ]);
    }
    let heading =
        format!("What leaves somebody without a way, or costs somebody more than {limit}");
    about(open("Critical edges", study.region()), study).about("more_than", limit.to_string()).section(
        Section::new("critical", heading, table)
            .note("Hospital: it is gone. Door: nobody is brought there from outside, transfers and help over cooperations still work; listed where that is another loss.")
            .note("Cases: those that use it now. Backup: mean extra minutes of those of them who still have a way; a dash where nobody has."),
    )
}

/// Whether the failure of a door costs exactly what that of its hospital does.
fn is_told(door: &Failure, all: &[Failure]) -> bool {
    let Failed::Door(id) = door.what else { return false };
    all.iter().any(|one| {
        Failure { what: door.what, ..one.clone() } == *door && one.what == Failed::Hospital(id)
    })
}

/// The part of the report: what single cooperations change, and the worst failures.
pub(super) fn in_short(study: &Study<'_>, values: &[CooperationValue], most: usize) -> Section {
    let all = study.cooperations();
    let mut table = Table::new(&[
        "cooperation",
        "kind",
        "cases_over",
        "people_sooner",
        "minutes_per_case",
        "hours_saved",
        "hours_saved_alone",
    ]);
    let used =
        |one: &&CooperationValue| !one.total().is_nothing() || !one.total_alone().is_nothing();
    for value in values.iter().filter(used).take(most) {
        let cooperation = all[value.cooperation];
        let (total, alone) = (value.total(), value.total_alone());
        table.row(vec![
            Cell::text(&cooperation.key),
            Cell::text(cooperation.kind.name()),
            Cell::Number(value.total_cases(), 1),
            Cell::Number(total.people.round(), 0),
            Cell::maybe_minutes(total.seconds_per_case()),
            hours(total.net_seconds()),
            hours(alone.net_seconds()),
        ]);
    }
    Section::new("cooperations", "What single cooperations change", table)
        .note("Hours a year that would be lost if this one ended; alone: that it would save as the only one. Where two do the same, the end of one costs nothing. Over all care pathways: verbund cooperation. What hurts when it fails: verbund critical.")
}

/// What times are counted to.
fn objective(study: &Study<'_>) -> String {
    match &study.query().objective {
        Objective::Stage(key) => format!("the end of {key}"),
        _ => "the end of the last stage".to_owned(),
    }
}

/// How everything in these documents is counted, for readers.
fn counted(study: &Study<'_>) -> String {
    let cases = if study.are_cases() {
        "over all cases of a year"
    } else {
        "as if every resident were a case once a year, because a pathway does not say whose cases it takes"
    };
    format!(
        "Patients and people are those who live inside the region; over several pathways, people are those of the pathway in which they are most. Hours: time to {}, {cases}; no way counts as 6 hours, for elective pathways as 60 days (assumed).",
        objective(study)
    )
}

/// What the study has in common, above its tables.
fn about(document: Document, study: &Study<'_>) -> Document {
    let keys: Vec<&str> = study.pathways().map(|pathway| pathway.key.as_str()).collect();
    let query = study.query();
    let mut document = document
        .about("pathways", keys.join(", "))
        .about("when", super::pathway::calls(query.when))
        .about("protocol", query.protocol.label())
        .about("objective", objective(study));
    let all = study.cooperations();
    let existing = study.region().network().cooperations().len();
    let out = query.outage.cooperations.iter().filter(|at| **at < existing);
    let out: Vec<&str> = out.map(|&at| all[at].key.as_str()).collect();
    if !out.is_empty() {
        document = document.about("without", out.join(", "));
    }
    if !study.unmet().is_empty() {
        let all: Vec<String> = study.unmet().iter().map(ToString::to_string).collect();
        document = document.about("cannot_be_done", all.join("; "));
    }
    document
}
