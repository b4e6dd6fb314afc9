//! What cooperations change, as tables.

mod protocols;
mod short;

use std::collections::BTreeMap;

pub use protocols::ProtocolValues;
use protocols::{below_zero, key, keys, labels, notes};
pub(super) use short::in_short;

use super::document::{Cell, Document, Section, Table};
use super::{caveats, open};
use crate::impact::{
    CandidateKind, CooperationValue, Effect, Failed, Failure, Study, Suggestion, Suggestions,
};
use crate::model::{Cooperation, CooperationKind, HospitalId, Hours, Parties, Pathway};
use crate::pathways::{Objective, Outage, Protocol};
use crate::region::Region;
use crate::units::Seconds;

/// Seconds of an hour.
const HOUR: f64 = 3600.0;

/// Seconds a year as hours, without a negative zero.
fn hours(seconds: f64) -> Cell {
    Cell::Number((seconds / HOUR * 1e6).round() / 1e6 + 0.0, 1)
}

/// People as a whole number.
fn people(people: f64) -> Cell {
    Cell::Number(people.round(), 0)
}

/// A protocol, and the one beside it where there is one.
fn both<'a, T>(lead: &'a T, beside: Option<&'a T>) -> Vec<&'a T> {
    std::iter::once(lead).chain(beside).collect()
}

/// Figures of a cooperation under one protocol, in the table of all.
const VALUES: [&str; 10] = [
    "cases_over",
    "people_sooner",
    "people_later",
    "minutes_per_case",
    "hours_saved",
    "hours_saved_alone",
    "hours_shapley",
    "hours_shapley_half_width",
    "rank",
    "people_with_way",
];

/// Those of them that text leaves out: what a screen has no room for.
fn value_details(all: &[&ProtocolValues<'_, '_>], at: usize) -> Vec<&'static str> {
    let one = all[at];
    let protocol = one.study.query().protocol;
    let mut details = vec!["rank", "people_with_way"];
    if all.len() > 1 {
        details.extend(["people_sooner", "people_later", "minutes_per_case"]);
        details.push("hours_shapley_half_width");
    }
    if at > 0 {
        details.push("cases_over");
    }
    if one.shapley.is_exact {
        details.push("hours_shapley_half_width");
    }
    if protocol == Protocol::Free {
        details.push("people_later");
    }
    keys(&details, protocol)
}

/// All cooperations that can serve the pathways of a study, ranked by what they change under its
/// protocol, and each one's share of what all bring together; with the same under another protocol
/// beside it, of a study of the same pathways, where that is given.
pub fn cooperations(
    lead: &ProtocolValues<'_, '_>,
    beside: Option<&ProtocolValues<'_, '_>>,
) -> Document {
    let all = both(lead, beside);
    let studies: Vec<&Study<'_>> = all.iter().map(|one| one.study).collect();
    let (study, region) = (lead.study, lead.study.region());
    let known = study.cooperations();
    let mut columns = vec!["cooperation"];
    for one in &all {
        columns.extend(keys(&VALUES, one.study.query().protocol));
    }
    columns.extend(["is_assumed", "kind"]);
    let mut table = Table::new(&columns);
    for value in lead.values {
        let cooperation = known[value.cooperation];
        let mut cells = vec![Cell::text(&cooperation.key)];
        for one in &all {
            cells.extend(value_cells(one, value.cooperation));
        }
        let is_assumed = cooperation.assumed.iter().any(|path| path == "kind" || path == "terms");
        cells.extend([Cell::Flag(is_assumed), Cell::text(cooperation.kind.name())]);
        table.row(cells);
    }
    let mut table = table.details(&["kind"]);
    for at in 0..all.len() {
        table = table.details(&value_details(&all, at));
    }
    let others = known.len() - lead.values.len();
    let by = study.query().protocol.label();
    let mut section = Section::new(
        "cooperations",
        format!("By the hours that would be lost if this one ended and all others stayed ({by})"),
        table,
    );
    for one in &all {
        section = section.note(shared_out(one));
    }
    section = section
        .note("Saved: hours a year that would be lost if this one ended. Alone: the hours that it would save if it were the only one. Share: what of all that they save together it contributes, the mean over all orders in which they could have been made (Shapley value).")
        .note("Of two that do exactly the same, the one with the smaller partner's key has all cases.");
    for note in notes(&studies) {
        section = section.note(note);
    }
    let totals: Vec<Effect> = all
        .iter()
        .flat_map(|one| one.values)
        .flat_map(|value| [value.total(), value.total_alone()])
        .collect();
    section = section
        .maybe_note(below_zero(&totals))
        .maybe_note(caveats::on_unknown(region.network(), &study.unknown_sites()))
        .note(counted(study))
        .note(format!(
            "{others} other cooperations serve no stage and no transfer of these pathways: frameworks, ownership, teaching and the like change nothing in them before their terms are agreed.",
        ));
    let document = about(open("What cooperations change", region), &studies)
        .section(section)
        .section(together(&studies, lead.values));
    let document = costs(study, lead.values).into_iter().fold(document, Document::section);
    document.section(pathways_used(&all))
}

/// The cells of [`VALUES`].
fn value_cells(one: &ProtocolValues<'_, '_>, cooperation: usize) -> Vec<Cell> {
    let rank = one.values.iter().position(|value| value.cooperation == cooperation);
    let Some(rank) = rank else { return vec![Cell::Missing; VALUES.len()] };
    let value = &one.values[rank];
    let (total, alone) = (value.total(), value.total_alone());
    let share = one.shapley.values.iter().find(|share| share.cooperation == cooperation);
    vec![
        Cell::Number(value.total_cases(), 1),
        people(total.people),
        people(total.people_later),
        Cell::maybe_minutes(total.seconds_per_case()),
        hours(total.net_seconds()),
        hours(alone.net_seconds()),
        share.map_or(Cell::Missing, |share| hours(share.seconds)),
        share.map_or(Cell::Missing, |share| hours(share.half_width)),
        Cell::Count(rank as u64 + 1),
        people(total.people_with_way),
    ]
}

/// What cooperations bring together under a protocol, and how exactly that is shared out.
fn shared_out(one: &ProtocolValues<'_, '_>) -> String {
    let count = one.shapley.values.len();
    let who = if count == one.values.len() {
        "together they".to_owned()
    } else {
        format!("the {count} with a share")
    };
    let drawn = if one.shapley.is_exact {
        String::new()
    } else {
        let widths = one.shapley.values.iter().map(|share| share.half_width);
        let widest = widths.fold(0.0, f64::max);
        format!(" (orders drawn at random: shares within ± {:.1})", widest / HOUR)
    };
    let by = first_upper(&one.study.query().protocol.label());
    format!("{by}: {who} save {:.1} hours a year{drawn}.", one.shapley.seconds / HOUR + 0.0)
}

/// Cooperations that can stand in for each other, each with what they are called: a kind as a whole, and
/// those of one kind that serve the same hospital.
fn groups(study: &Study<'_>, values: &[CooperationValue]) -> Vec<(String, Vec<usize>)> {
    let known = study.cooperations();
    let mut groups: BTreeMap<(&str, String), Vec<usize>> = BTreeMap::new();
    for value in values {
        let cooperation = known[value.cooperation];
        let kind = cooperation.kind.name();
        groups.entry((kind, String::new())).or_default().push(value.cooperation);
        if let Parties::Directed { from, to } = &cooperation.parties {
            let is_transfer = matches!(cooperation.kind, CooperationKind::Transfer { .. });
            let sites = if is_transfer { std::slice::from_ref(from) } else { to.as_slice() };
            for site in sites {
                groups.entry((kind, site.clone())).or_default().push(value.cooperation);
            }
        }
    }
    let mut named: Vec<(String, Vec<usize>)> = Vec::new();
    for ((kind, site), mut members) in groups {
        members.sort_unstable();
        let what = if site.is_empty() {
            format!("all {kind}")
        } else if kind == "Transfer" {
            format!("{kind} from {site}")
        } else {
            format!("{kind} to {site}")
        };
        named.push((what, members));
    }
    named
}

/// All of these out of order.
fn without(members: &[usize]) -> Outage {
    Outage { cooperations: members.iter().copied().collect(), ..Outage::default() }
}

/// Where cooperations cost more time than they save under a protocol: by pathway and until which stage;
/// `None` where none do.
fn costs(study: &Study<'_>, values: &[CooperationValue]) -> Option<Section> {
    const FIGURES: [&str; 4] = ["hours_saved", "people_sooner", "people_later", "minutes_per_case"];
    let protocol = study.query().protocol;
    let mut columns = vec!["what", "pathway", "until"];
    columns.extend(keys(&FIGURES, protocol));
    let mut table = Table::new(&columns);
    let cells = |effect: &Effect| {
        [
            hours(effect.net_seconds()),
            people(effect.people),
            people(effect.people_later),
            Cell::maybe_minutes(effect.seconds_per_case()),
        ]
    };
    for (what, members) in groups(study, values) {
        let (worse, better) = (without(&members), Outage::default());
        let effects = study.compare(&worse, &better);
        let total: Effect = effects.iter().copied().sum();
        if total.net_seconds() >= 0.0 {
            continue;
        }
        let to_door = study.compare_to_door(&worse, &better);
        for (at, pathway) in study.pathways().enumerate() {
            if effects[at].is_nothing() {
                continue;
            }
            let mut row = vec![
                Cell::text(&what),
                Cell::text(&pathway.key),
                Cell::text(until(study, pathway)),
            ];
            row.extend(cells(&effects[at]));
            table.row(row);
            if let Some((stage, effect)) = &to_door[at] {
                let mut row = vec![
                    Cell::text(&what),
                    Cell::text(&pathway.key),
                    Cell::text(&pathway.stages[*stage].key),
                ];
                row.extend(cells(effect));
                table.row(row);
            }
        }
    }
    (!table.rows().is_empty()).then(|| {
        Section::new("costs", "What costs more time than it saves, and where", table).note(
            "A link that makes a hospital the nearest door: patients who are done there are sooner by the longer journey and later by the consultation; patients who need more are handed on. Until: the end of this stage; only the last one of a pathway counts above.",
        )
    })
}

/// What cooperations bring that can stand in for each other: a kind as a whole, and those of one
/// kind that serve the same hospital.
fn together(studies: &[&Study<'_>], values: &[CooperationValue]) -> Section {
    const FIGURES: [&str; 5] =
        ["hours_saved", "people_sooner", "people_later", "minutes_per_case", "people_with_way"];
    let Some(lead) = studies.first() else {
        return Section::new("together", "", Table::new(&["what"]));
    };
    let known = lead.cooperations();
    let mut rows: Vec<(f64, Vec<Cell>)> = Vec::new();
    for (what, members) in groups(lead, values) {
        if members.len() < 2 {
            continue;
        }
        let outage = without(&members);
        let mut cells = vec![Cell::text(what), Cell::Count(members.len() as u64)];
        let mut leading = 0.0;
        for (at, study) in studies.iter().enumerate() {
            let total: Effect = study.compare(&outage, &Outage::default()).into_iter().sum();
            if at == 0 {
                leading = total.net_seconds();
            }
            cells.extend([
                hours(total.net_seconds()),
                people(total.people),
                people(total.people_later),
                Cell::maybe_minutes(total.seconds_per_case()),
                people(total.people_with_way),
            ]);
        }
        let members = members.iter().map(|&at| known[at].key.clone());
        cells.push(Cell::List(members.collect()));
        rows.push((leading, cells));
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut columns = vec!["what", "count"];
    for study in studies {
        columns.extend(keys(&FIGURES, study.query().protocol));
    }
    columns.push("cooperations");
    let mut table = Table::new(&columns);
    rows.into_iter().for_each(|(_, row)| table.row(row));
    let mut table = table.details(&["cooperations"]);
    for study in &studies[1..] {
        table = table.details(&keys(
            &["people_sooner", "people_later", "minutes_per_case", "people_with_way"],
            study.query().protocol,
        ));
    }
    Section::new("together", "What they bring that can stand in for each other", table)
        .note("If all of a row ended at once: where two cooperations do the same, the end of one alone costs nothing.")
}

/// Figures of a cooperation in one pathway under one protocol; what it replaces stands behind those of
/// all protocols.
const USED: [&str; 5] =
    ["cases_over", "hours_saved", "people_sooner", "people_later", "minutes_per_case"];

/// The table of what cooperations change in a pathway, until which stage.
fn used_table(studies: &[&Study<'_>]) -> Table {
    let mut columns = vec!["cooperation", "pathway", "until"];
    for study in studies {
        columns.extend(keys(&USED, study.query().protocol));
    }
    for study in studies {
        columns.push(key("replaces", study.query().protocol));
    }
    let mut table = Table::new(&columns);
    for (at, study) in studies.iter().enumerate() {
        let protocol = study.query().protocol;
        if studies.len() > 1 {
            table = table.details(&keys(&["people_sooner", "minutes_per_case"], protocol));
        }
        if at > 0 || protocol == Protocol::Free {
            table = table.details(&[key("people_later", protocol)]);
        }
        if at > 0 {
            table = table.details(&keys(&["cases_over", "replaces"], protocol));
        }
    }
    table
}

/// Adds the rows of a cooperation to [`used_table`]: a row a pathway where it changes or carries
/// anything, and one until the stage that makes a door where that is another one.
fn add_used(table: &mut Table, all: &[(&Study<'_>, Option<&CooperationValue>)], name: &str) {
    let Some((study, _)) = all.first() else { return };
    for (at, pathway) in study.pathways().enumerate() {
        let is_used = |value: &CooperationValue| {
            value.cases[at] > 0.0 || !value.given_others[at].is_nothing()
        };
        if !all.iter().filter_map(|(_, value)| *value).any(is_used) {
            continue;
        }
        let mut cells =
            vec![Cell::text(name), Cell::text(&pathway.key), Cell::text(until(study, pathway))];
        for (_, value) in all {
            match value {
                Some(value) => {
                    cells.extend(used_cells(value.cases[at], &value.given_others[at]));
                }
                None => cells.extend(vec![Cell::Missing; USED.len()]),
            }
        }
        for (study, value) in all {
            let replaces = value.map(|value| replaced(study, pathway, value, at));
            cells.push(replaces.unwrap_or(Cell::Missing));
        }
        table.row(cells);
        let door = |value: Option<&CooperationValue>| value.and_then(|value| value.to_door[at]);
        let stage = all.iter().find_map(|(_, value)| door(*value)).map(|effect| effect.stage);
        let Some(stage) = stage else { continue };
        let mut cells = vec![
            Cell::text(name),
            Cell::text(&pathway.key),
            Cell::text(&pathway.stages[stage].key),
        ];
        for (_, value) in all {
            match (value, door(*value)) {
                (Some(value), Some(effect)) => {
                    cells.extend(used_cells(value.cases[at], &effect.given_others));
                }
                _ => cells.extend(vec![Cell::Missing; USED.len()]),
            }
        }
        cells.extend(vec![Cell::Missing; all.len()]);
        table.row(cells);
    }
}

/// The cells of [`USED`].
fn used_cells(cases: f64, effect: &Effect) -> Vec<Cell> {
    vec![
        Cell::Number(cases, 1),
        hours(effect.net_seconds()),
        people(effect.people),
        people(effect.people_later),
        Cell::maybe_minutes(effect.seconds_per_case()),
    ]
}

/// The key of the stage until which times of a pathway are counted.
fn until(study: &Study<'_>, pathway: &Pathway) -> String {
    match &study.query().objective {
        Objective::Stage(key) => key.clone(),
        _ => pathway.stages.last().map_or_else(String::new, |stage| stage.key.clone()),
    }
}

/// Where most patients of a cooperation would go without it, stage by stage.
fn replaced(study: &Study<'_>, pathway: &Pathway, value: &CooperationValue, at: usize) -> Cell {
    let network = study.region().network();
    Cell::maybe_text(value.replaces[at].as_ref().map(|replacement| {
        let mut stops: Vec<String> = Vec::new();
        for (stage, &(hospital, way, partner)) in replacement.route.iter().enumerate() {
            let way = super::pathway::way_name(&pathway.stages[stage].ways[way]);
            let help = partner.map(|id| format!(" ({way} from {})", network[id].key));
            let stop = format!("{}{}", network[hospital].key, help.unwrap_or_default());
            if stops.last() != Some(&stop) {
                stops.push(stop);
            }
        }
        stops.join(" -> ")
    }))
}

/// What each cooperation changes in each pathway that it is used in.
fn pathways_used(all: &[&ProtocolValues<'_, '_>]) -> Section {
    let studies: Vec<&Study<'_>> = all.iter().map(|one| one.study).collect();
    let mut table = used_table(&studies);
    if let Some(lead) = all.first() {
        let known = lead.study.cooperations();
        for value in lead.values {
            let index = value.cooperation;
            let own: Vec<(&Study<'_>, Option<&CooperationValue>)> = all
                .iter()
                .map(|one| (one.study, one.values.iter().find(|own| own.cooperation == index)))
                .collect();
            add_used(&mut table, &own, &known[index].key);
        }
    }
    Section::new("by_pathway", "Where they are used, and what they replace", table)
        .note("Until: the end of this stage. The last one counts above; a row until the stage that makes a hospital a door stands beside it where patients may be handed on for more.")
        .note("Without it: the hospitals, stage by stage, to which most of its patients would go instead.")
}

/// What one cooperation changes under the protocol of a study.
#[derive(Debug, Clone)]
pub struct ProtocolValue<'a, 'r> {
    /// The study.
    pub study: &'a Study<'r>,
    /// What it changes; `None` when it can serve no pathway of the study.
    pub value: Option<CooperationValue>,
    /// By pathway: what is lost when it works in these hours only, where that was asked.
    pub limited: Option<(Hours, Vec<Effect>)>,
}

/// Figures of a state under one protocol.
const STATE: [&str; 7] = [
    "cases_over",
    "people_sooner",
    "people_later",
    "people_losing_way",
    "hours_lost",
    "minutes_per_case",
    "most_minutes",
];

/// What one cooperation is and changes: ended, alone, and with other hours; under the protocol of a
/// study, and beside it under another one where that is given.
pub fn cooperation(
    cooperation: &Cooperation,
    lead: &ProtocolValue<'_, '_>,
    beside: Option<&ProtocolValue<'_, '_>>,
) -> Document {
    let all = both(lead, beside);
    let studies: Vec<&Study<'_>> = all.iter().map(|one| one.study).collect();
    let (study, region) = (lead.study, lead.study.region());
    let document = about(open(format!("Cooperation {}", cooperation.key), region), &studies)
        .section(Section::new("cooperation", "What it is", record(cooperation)));
    let values: Vec<&CooperationValue> = all.iter().filter_map(|one| one.value.as_ref()).collect();
    if values.is_empty() {
        let why = if cooperation.kind.has_effect_on_care() {
            "It serves no stage and no transfer of these pathways, so nobody's time depends on it."
        } else {
            "This kind of cooperation changes nothing in care by itself: it counts in the graph and in reports. What its fields could change once they get terms: verbund cooperation --suggest."
        };
        let why = match caveats::on_unknown(region.network(), &study.unknown_sites()) {
            Some(unknown) => format!("{why} {unknown}"),
            None => why.to_owned(),
        };
        let section = Section::new("changes", "What it changes", Table::new(&["state", "pathway"]));
        return document.section(section.in_words(why));
    }
    let is_used =
        values.iter().any(|value| value.total_cases() > 0.0 || !value.total().is_nothing());
    let mut section =
        Section::new("changes", "What would change without it", states(&all, &studies));
    if is_used {
        section = section
            .note("Sooner, later: who is done sooner or later with it than without; who is later in a third of the hours counts as a third. Lost: hours a year that would be lost without it, less what others would gain. Minutes: of a case that is sooner with it. Cases: those that go over it now.")
            .note("Until: the end of this stage.");
        for note in notes(&studies) {
            section = section.note(note);
        }
        let effects: Vec<Effect> =
            values.iter().flat_map(|value| [value.total(), value.total_alone()]).collect();
        section = section
            .maybe_note(below_zero(&effects))
            .maybe_note(caveats::on_unknown(region.network(), &study.unknown_sites()))
            .note(counted(study));
    } else {
        let limited = lead.limited.as_ref().map_or_else(String::new, |(hours, _)| {
            format!(" So it makes no difference either if it only works {hours}.")
        });
        section = section.in_words(format!(
            "Nobody depends on it as things stand: another way is as fast or faster for everybody.{limited}"
        ));
    }
    let document = document.section(section).section(alone(&all, &studies));
    if !is_used {
        return document;
    }
    let mut used = used_table(&studies);
    let own: Vec<(&Study<'_>, Option<&CooperationValue>)> =
        all.iter().map(|one| (one.study, one.value.as_ref())).collect();
    add_used(&mut used, &own, &cooperation.key);
    document.section(
        Section::new("replaces", "What it replaces", used)
            .note("Without it: where most of its patients would go instead, stage by stage."),
    )
}

/// What would change in each pathway if it ended, or worked in some hours only.
fn states(all: &[&ProtocolValue<'_, '_>], studies: &[&Study<'_>]) -> Table {
    let mut columns = vec!["state", "pathway", "until"];
    for study in studies {
        columns.extend(keys(&STATE, study.query().protocol));
    }
    let mut table = Table::new(&columns);
    for (at, study) in studies.iter().enumerate() {
        let protocol = study.query().protocol;
        if studies.len() > 1 {
            table = table.details(&keys(&["minutes_per_case", "most_minutes"], protocol));
        }
        if protocol == Protocol::Free {
            table = table.details(&[key("people_later", protocol)]);
        }
        if at > 0 {
            table = table.details(&keys(&["cases_over", "people_losing_way"], protocol));
        }
    }
    let Some(study) = studies.first() else { return table };
    let limited = |one: &ProtocolValue<'_, '_>, at: usize| {
        one.limited.as_ref().map(|(_, effects)| effects[at])
    };
    let mut states: Vec<(String, bool)> = vec![("ended".to_owned(), true)];
    if let Some((hours, _)) = all.iter().find_map(|one| one.limited.as_ref()) {
        states.push((format!("only {hours}"), false));
    }
    for (state, is_ended) in states {
        for (at, pathway) in study.pathways().enumerate() {
            let cases = |one: &ProtocolValue<'_, '_>| {
                one.value.as_ref().map_or(0.0, |value| value.cases[at])
            };
            let ended = |one: &ProtocolValue<'_, '_>| {
                one.value.as_ref().map(|value| value.given_others[at])
            };
            let to_door = |one: &ProtocolValue<'_, '_>| {
                let value = one.value.as_ref()?;
                value.to_door[at].map(|effect| effect.given_others)
            };
            let door_stage = all.iter().find_map(|one| {
                let value = one.value.as_ref()?;
                value.to_door[at].map(|effect| effect.stage)
            });
            let effect = |one: &ProtocolValue<'_, '_>| {
                if is_ended { ended(one) } else { limited(one, at) }
            };
            let changes = all.iter().any(|one| {
                effect(one).is_some_and(|effect| !effect.is_nothing()) || cases(one) > 0.0
            });
            if !changes {
                continue;
            }
            let mut row = |until: String, effects: Vec<Option<Effect>>| {
                let mut cells =
                    vec![Cell::text(&state), Cell::text(&pathway.key), Cell::text(until)];
                for (one, effect) in all.iter().zip(effects) {
                    cells.extend(state_cells(cases(one), effect.as_ref()));
                }
                table.row(cells);
            };
            row(until(study, pathway), all.iter().map(|one| effect(one)).collect());
            if let Some(stage) = door_stage.filter(|_| is_ended) {
                let key = pathway.stages[stage].key.clone();
                row(key, all.iter().map(|one| to_door(one)).collect());
            }
        }
    }
    table
}

/// The cells of [`STATE`].
fn state_cells(cases: f64, effect: Option<&Effect>) -> Vec<Cell> {
    let Some(effect) = effect else { return vec![Cell::Missing; STATE.len()] };
    vec![
        Cell::Number(cases, 1),
        people(effect.people),
        people(effect.people_later),
        people(effect.people_with_way),
        hours(effect.net_seconds()),
        Cell::maybe_minutes(effect.seconds_per_case()),
        Cell::Minutes(f64::from(effect.most.0)),
    ]
}

/// What it would bring in each pathway if it were the only one.
fn alone(all: &[&ProtocolValue<'_, '_>], studies: &[&Study<'_>]) -> Section {
    const FIGURES: [&str; 4] =
        ["people_sooner", "people_later", "minutes_per_case", "hours_saved_alone"];
    let mut columns = vec!["pathway", "until"];
    for study in studies {
        columns.extend(keys(&FIGURES, study.query().protocol));
    }
    let mut table = Table::new(&columns);
    for study in studies.iter().filter(|study| study.query().protocol == Protocol::Free) {
        table = table.details(&[key("people_later", study.query().protocol)]);
    }
    let cells = |effect: Option<Effect>| -> Vec<Cell> {
        let Some(effect) = effect else { return vec![Cell::Missing; FIGURES.len()] };
        vec![
            people(effect.people),
            people(effect.people_later),
            Cell::maybe_minutes(effect.seconds_per_case()),
            hours(effect.net_seconds()),
        ]
    };
    let Some(study) = studies.first() else {
        return Section::new("alone", "", table);
    };
    for (at, pathway) in study.pathways().enumerate() {
        let effects: Vec<Option<Effect>> =
            all.iter().map(|one| one.value.as_ref().map(|value| value.alone[at])).collect();
        if !effects.iter().flatten().any(|effect| !effect.is_nothing()) {
            continue;
        }
        let mut row = vec![Cell::text(&pathway.key), Cell::text(until(study, pathway))];
        effects.into_iter().for_each(|effect| row.extend(cells(effect)));
        table.row(row);
        let doors: Vec<_> =
            all.iter().map(|one| one.value.as_ref().and_then(|value| value.to_door[at])).collect();
        let Some(stage) = doors.iter().flatten().map(|effect| effect.stage).next() else {
            continue;
        };
        let mut row = vec![Cell::text(&pathway.key), Cell::text(&pathway.stages[stage].key)];
        doors.into_iter().for_each(|effect| row.extend(cells(effect.map(|effect| effect.alone))));
        table.row(row);
    }
    Section::new("alone", "What it would bring if it were the only one", table)
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

/// Which cooperations to add next under the protocol of a study.
#[derive(Debug, Clone, Copy)]
pub struct ProtocolSuggestions<'a, 'r> {
    /// The study.
    pub study: &'a Study<'r>,
    /// What was found.
    pub found: &'a Suggestions,
}

/// Which cooperations of a kind and field to add next, at most `count`; under the protocol of a study,
/// and beside it under another one where that is given.
pub fn suggestions(
    (kind, field): (CandidateKind, &str),
    count: usize,
    lead: &ProtocolSuggestions<'_, '_>,
    beside: Option<&ProtocolSuggestions<'_, '_>>,
) -> Document {
    let all = both(lead, beside);
    let studies: Vec<&Study<'_>> = all.iter().map(|one| one.study).collect();
    let (study, region) = (lead.study, lead.study.region());
    let title = format!("Which {} in {field} next? The best {count}", kind.label());
    let mut document = about(open(title, region), &studies);
    for one in &all {
        document = document.section(chosen(one));
    }
    let assumed = Section::new("assumed", "What is assumed", Table::new(&["what"])).in_words(
        "The terms of a cooperation that does not exist: the pathway's defaults, round the clock. That both sides would agree, and have the staff.",
    );
    document
        .section(ranked(&all))
        .section(
            assumed
                .maybe_note(caveats::on_unknown(region.network(), &lead.found.unknown))
                .note("A hospital that lacks what has to be on site, such as CT and an emergency stage for strokes, is no candidate.")
                .note(counted(study)),
        )
}

/// The set that is chosen under one protocol.
fn chosen(one: &ProtocolSuggestions<'_, '_>) -> Section {
    const FIGURES: [&str; 4] = ["people_sooner", "people_later", "minutes_per_case", "hours_saved"];
    let (region, protocol) = (one.study.region(), one.study.query().protocol);
    let mut columns = vec!["rank", "to", "from"];
    columns.extend(keys(&FIGURES, protocol));
    columns.extend(["instead_count", "instead"]);
    let mut table = Table::new(&columns).details(&["instead"]);
    if protocol == Protocol::Free {
        table = table.details(&[key("people_later", protocol)]);
    }
    for (rank, suggestion) in one.found.chosen.iter().enumerate() {
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
    if one.found.chosen.is_empty() {
        return section.in_words("None of the candidates saves time over all cases.");
    }
    let found = one.found;
    let bound = found.bound.map_or_else(String::new, |bound| {
        let share = if bound > 0.0 { found.seconds / bound * 100.0 } else { 100.0 };
        let share = (share * 10.0).floor() / 10.0;
        format!(
            " No choice of as many saves more than {:.1} hours a year, so this one brings at least {share:.1} % of the best.",
            bound / HOUR
        )
    });
    section.note(format!(
        "Together they save {:.1} hours a year.{bound} {}.",
        found.seconds / HOUR,
        first_upper(&found.reason)
    ))
}

/// Every candidate that changes anything, alone, by what it brings under the leading protocol.
fn ranked(all: &[&ProtocolSuggestions<'_, '_>]) -> Section {
    const FIGURES: [&str; 4] = ["hours_saved", "people_sooner", "people_later", "minutes_per_case"];
    let mut columns = vec!["rank", "to", "from"];
    for one in all {
        columns.extend(keys(&FIGURES, one.study.query().protocol));
    }
    columns.extend(["instead_count", "instead"]);
    let mut table = Table::new(&columns).details(&["instead"]);
    for (at, one) in all.iter().enumerate() {
        let protocol = one.study.query().protocol;
        if protocol == Protocol::Free {
            table = table.details(&[key("people_later", protocol)]);
        }
        if at > 0 {
            table = table.details(&keys(&["people_sooner", "minutes_per_case"], protocol));
        }
    }
    // Each pair of hospitals with what is known of it by protocol, those of the lead in their order.
    let mut order: Vec<(HospitalId, HospitalId)> = Vec::new();
    let mut by_pair: BTreeMap<(HospitalId, HospitalId), Vec<Option<&Suggestion>>> = BTreeMap::new();
    for (at, one) in all.iter().enumerate() {
        for suggestion in one.found.ranked.iter().chain(&one.found.harmful) {
            let pair = (suggestion.to, suggestion.from);
            let known = by_pair.entry(pair).or_insert_with(|| {
                order.push(pair);
                vec![None; all.len()]
            });
            known[at] = Some(suggestion);
        }
    }
    // Who changes nothing under the lead stands between those who save and those who cost.
    let lead_seconds = |pair: &(HospitalId, HospitalId)| {
        let lead = by_pair.get(pair).and_then(|known| known.first().copied().flatten());
        lead.map_or(0.0, |suggestion| suggestion.total().net_seconds())
    };
    order.sort_by(|a, b| lead_seconds(b).total_cmp(&lead_seconds(a)));
    let candidates = all.first().map_or(0, |one| one.found.candidates);
    let mut totals: Vec<Effect> = Vec::new();
    for (rank, pair) in order.iter().enumerate() {
        let known = &by_pair[pair];
        let Some(first) = known.iter().flatten().next() else { continue };
        let Some(region) = all.first().map(|one| one.study.region()) else { continue };
        let network = region.network();
        let mut cells = vec![
            Cell::Count(rank as u64 + 1),
            Cell::text(&network[first.to].key),
            Cell::text(&network[first.from].key),
        ];
        for suggestion in known {
            let [sooner, later, minutes, saved] = suggested_cells(*suggestion);
            cells.extend([saved, sooner, later, minutes]);
            totals.extend(suggestion.map(Suggestion::total));
        }
        cells.extend(instead(region, first));
        table.row(cells);
    }
    let heading =
        format!("Every candidate that changes anything, alone ({candidates} pairs tried)");
    let studies: Vec<&Study<'_>> = all.iter().map(|one| one.study).collect();
    let mut section = Section::new("ranked", heading, table)
        .note("From: of hospitals that could give the same, one that already has such cooperations, then the nearest. Others: how many more could; --format json names them.");
    for note in notes(&studies) {
        section = section.note(note);
    }
    section.maybe_note(below_zero(&totals))
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
    let network = region.network();
    let others = suggestion.instead.iter().map(|id| network[*id].key.clone());
    [Cell::Count(suggestion.instead.len() as u64), Cell::List(others.collect())]
}

fn first_upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What hurts when it fails, under the protocol of a study and, beside it, of another one.
pub fn failures(
    lead: (&Study<'_>, &[Failure]),
    beside: Option<(&Study<'_>, &[Failure])>,
    limit: Seconds,
) -> Document {
    let mut table = Table::new(&[
        "protocol",
        "pathway",
        "what",
        "failed",
        "people_losing_way",
        "people_later",
        "backup_minutes",
        "most_minutes",
        "cases_over",
    ]);
    let shown: Vec<(&Study<'_>, &[Failure])> = std::iter::once(lead).chain(beside).collect();
    for (study, failures) in &shown {
        for failure in failures.iter().filter(|failure| !is_told(failure, failures)) {
            table.row(failure_row(study, failure));
        }
    }
    let table = if beside.is_none() { table.details(&["protocol"]) } else { table };

    let studies: Vec<&Study<'_>> = shown.iter().map(|(study, _)| *study).collect();
    let heading =
        format!("What leaves somebody without a way, or costs somebody more than {limit}");
    let document = about(open("Critical edges", lead.0.region()), &studies);
    document.about("more_than", limit.to_string()).section(
        Section::new("critical", heading, table)
            .note("Hospital: it is gone. Door: nobody is brought there from outside, transfers and help over cooperations still work; listed where that is another loss.")
            .note("Cases: those that use it now. Backup: mean extra minutes of those of them who still have a way; a dash where nobody has."),
    )
}

fn failure_row(study: &Study<'_>, failure: &Failure) -> Vec<Cell> {
    let network = study.region().network();
    let (what, key) = match failure.what {
        Failed::Cooperation(index) => ("cooperation", study.cooperations()[index].key.as_str()),
        Failed::Door(id) => ("door", network[id].key.as_str()),
        Failed::Hospital(id) => ("hospital", network[id].key.as_str()),
    };
    let pathway = study.pathways().nth(failure.pathway);
    let longest = Cell::Minutes(f64::from(failure.longest.0));
    vec![
        Cell::text(study.query().protocol.key()),
        Cell::maybe_text(pathway.map(|pathway| pathway.key.as_str())),
        Cell::text(what),
        Cell::text(key),
        Cell::Number(failure.people_without_way.round(), 0),
        Cell::Number(failure.people_later.round(), 0),
        Cell::maybe_minutes(failure.backup_seconds),
        failure.backup_seconds.map_or(Cell::Missing, |_| longest),
        Cell::Number(failure.cases, 1),
    ]
}

/// Whether the failure of a door costs exactly what that of its hospital does.
fn is_told(door: &Failure, all: &[Failure]) -> bool {
    let Failed::Door(id) = door.what else { return false };
    all.iter().any(|one| {
        Failure { what: door.what, ..one.clone() } == *door && one.what == Failed::Hospital(id)
    })
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

/// What studies have in common, above their tables, and their protocols.
fn about(document: Document, studies: &[&Study<'_>]) -> Document {
    let Some(study) = studies.first() else { return document };
    let keys: Vec<&str> = study.pathways().map(|pathway| pathway.key.as_str()).collect();
    let query = study.query();
    let mut document = document
        .about("pathways", keys.join(", "))
        .about("when", super::pathway::calls(query.when))
        .about("protocol", labels(studies))
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
