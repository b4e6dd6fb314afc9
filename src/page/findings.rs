//! One sentence of finding a question.

use crate::model::{Answer, Catalog, Network, Pathway, Standard};
use crate::overview::Overview;
use crate::page::PageChange;
use crate::page::markup::{escaped, name};
use crate::page::text::{Findings, fill};
use crate::report::columns::{TREATMENT_LIMIT, TREATMENT_SHARE_WITHIN_LIMIT};
use crate::report::{Cell, Column, Document, Section};
use crate::rules::{GroupStanding, StageComparison};
use crate::words;

/// The findings as items of a list, in the order of the questions.
pub(super) fn list(overview: &Overview, report: &Document, change: Option<&PageChange>) -> String {
    let mut sentences = Vec::new();
    sentences.extend(change.map(PageChange::finding));
    sentences.push(coverage(overview));
    sentences.push(pathways(overview, report));
    sentences.push(failures(overview));
    sentences.push(beds(overview));
    sentences.push(law(overview));
    sentences.push(cooperations(overview));

    let mut items = String::new();
    for sentence in sentences {
        // The words before the colon name the question: whoever skims reads those.
        let (question, finding) = sentence.split_once(": ").unwrap_or(("", &sentence));
        items.push_str(&format!("<li><b>{}:</b> {}</li>\n", escaped(question), escaped(finding)));
    }
    items
}

/// What a standard is called in the language in force.
pub(super) fn called(standard: &Standard) -> String {
    name(words::name_of(&standard.name, &standard.name_de))
}

/// What a care pathway is called in the language in force.
pub(super) fn pathway_name(pathway: &Pathway) -> String {
    name(words::name_of(&pathway.name, &pathway.name_de))
}

/// What a specialty, field or facility is called in the language in force; its key where the catalog has none.
pub(super) fn name_in_catalog(catalog: &Catalog, key: &str) -> String {
    // The first list that has the key counts, as everywhere.
    if let Some(specialty) = catalog.specialty(key) {
        return name(words::name_of(&specialty.name, &specialty.name_de));
    }
    if let Some(field) = catalog.fields.iter().find(|field| field.key == key) {
        return name(words::name_of(&field.name, &field.name_de));
    }
    match catalog.facility(key) {
        Some(facility) => name(words::name_of(&facility.name, &facility.name_de)),
        None => name(catalog.name(key)),
    }
}

/// The name of the standard of a key.
pub(super) fn standard_name(network: &Network, key: &str) -> String {
    network.catalog().standard(key).map_or_else(|| key.to_owned(), called)
}

fn coverage(overview: &Overview) -> String {
    let words = Findings::here();
    let results = &overview.coverage;
    if results.is_empty() {
        return words.no_standard.to_owned();
    }
    let count = |answer| results.iter().filter(|result| result.answer() == answer).count();
    let values = [
        ("met", count(Answer::Meets).to_string()),
        ("all", results.len().to_string()),
        ("fails", count(Answer::DoesNot).to_string()),
        ("unknown", count(Answer::Unknown).to_string()),
    ];
    let mut told = filled(words.coverage, &values);

    // Of equally many people the first standard of the catalog counts.
    let mut worst: Option<(&crate::coverage::Coverage, u64)> = None;
    for result in results {
        let beyond = result.total.people - result.total.within_limit;
        if result.is_offered() && beyond > worst.map_or(0, |(_, most)| most) {
            worst = Some((result, beyond));
        }
    }
    if let Some((result, beyond)) = worst {
        let values = [
            ("standard", called(&result.standard)),
            ("beyond", Cell::count(beyond).display()),
            ("limit", result.standard.minutes.to_string()),
            ("share", Cell::maybe_share(result.share_within_limit()).display()),
        ];
        told.push(' ');
        told.push_str(&filled(words.coverage_worst, &values));
    }
    told
}

fn pathways(overview: &Overview, report: &Document) -> String {
    let words = Findings::here();
    // Read from the table of the report: it knows which target of a pathway counts.
    let rows = section(report, "pathways").map(|section| {
        let share = column(section, TREATMENT_SHARE_WITHIN_LIMIT);
        let limit = column(section, TREATMENT_LIMIT);
        (section, share, limit)
    });
    let Some((section, Some(share), Some(limit))) = rows else { return words.no_limit.to_owned() };

    let (mut with_limit, mut full) = (0, 0);
    let mut least: Option<(f64, &[Cell])> = None;
    for row in section.table.rows() {
        let Cell::Share(reached) = row[share] else { continue };
        with_limit += 1;
        full += usize::from(reached >= 1.0);
        if least.is_none_or(|(before, _)| reached < before) {
            least = Some((reached, row));
        }
    }
    let Some((reached, row)) = least else { return words.no_limit.to_owned() };
    let key = row[0].display();
    let catalog = overview.week.network().catalog();
    let pathway = catalog.pathways.iter().find(|pathway| pathway.key == key);
    let values = [
        ("all", with_limit.to_string()),
        ("full", full.to_string()),
        ("pathway", pathway.map_or(key.clone(), pathway_name)),
        ("share", Cell::share(reached).display()),
        ("limit", row[limit].display()),
    ];
    filled(words.pathways, &values)
}

fn failures(overview: &Overview) -> String {
    let words = Findings::here();
    let network = overview.region.network();
    let Some(first) = overview.single_points.first() else { return words.no_failure.to_owned() };
    let values = [
        ("count", overview.single_points.len().to_string()),
        ("hospital", name(&network[first.hospital].name)),
        ("people", Cell::count(first.newly_beyond).display()),
        ("standard", standard_name(network, &first.standard)),
    ];
    filled(words.failures, &values)
}

fn beds(overview: &Overview) -> String {
    let words = Findings::here();
    let network = overview.week.network();
    // By average occupancy of the year: a simulation of four months orders the hospitals by chance where they are close.
    let mut fullest: Option<(&str, f64)> = None;
    for (id, hospital) in network.iter() {
        let occupancy = overview.huff.hospitals[id.index()].load.occupancy();
        let Some(occupancy) = occupancy.filter(|_| !hospital.outside) else { continue };
        if fullest.is_none_or(|(_, most)| occupancy > most) {
            fullest = Some((&hospital.name, occupancy));
        }
    }
    let (Some(inside), Some((hospital, most))) = (overview.huff.inside_occupancy, fullest) else {
        return words.no_beds.to_owned();
    };

    let mut simulated = String::new();
    let run = overview.simulation.run.as_ref().ok();
    if let Some(occupancy) = run.and_then(|run| run.occupancy) {
        let mut told = Cell::share(occupancy.mean).display();
        if let Some(half) = occupancy.half_width {
            told.push_str(&format!(" ± {}", Cell::share(half).display()));
        }
        simulated = format!(" {}", filled(words.simulated, &[("occupancy", told)]));
    }
    let values = [
        ("occupancy", Cell::share(inside).display()),
        ("simulated", simulated),
        ("hospital", name(hospital)),
        ("most", Cell::share(most).display()),
    ];
    filled(words.beds, &values)
}

fn law(overview: &Overview) -> String {
    let words = Findings::here();
    let network = overview.week.network();
    let Some(assessment) = &overview.service_groups else { return words.no_law.to_owned() };
    let (mut sites, mut missing) = (0, 0);
    for site in &assessment.sites {
        if network[site.hospital].outside || site.groups.is_empty() {
            continue;
        }
        // Sites without any group are day clinics and the like: they lack nothing.
        sites += 1;
        let lacks =
            |group: &crate::rules::GroupVerdict| group.verdict.standing() == GroupStanding::Missing;
        missing += usize::from(site.groups.iter().any(lacks));
    }

    let mut emergency = String::new();
    if let Some(stages) = &overview.emergency_stages {
        let (mut hospitals, mut differing) = (0, 0);
        for stage in stages {
            if network[stage.hospital].outside {
                continue;
            }
            hospitals += 1;
            let comparison = stage.comparison();
            differing +=
                usize::from(matches!(comparison, StageComparison::Higher | StageComparison::Lower));
        }
        let values = [("differing", differing.to_string()), ("hospitals", hospitals.to_string())];
        emergency = filled(words.emergency, &values);
    }
    let values =
        [("sites", sites.to_string()), ("missing", missing.to_string()), ("emergency", emergency)];
    filled(words.law, &values)
}

fn cooperations(overview: &Overview) -> String {
    let words = Findings::here();
    let changes = &overview.cooperations.changes;
    let known = overview.week.network().cooperations().len().to_string();
    let value = changes.first().and_then(|first| Some((first, first.values.first()?.as_ref()?)));
    let Some((first, value)) = value else {
        return filled(words.no_cooperation, &[("all", known)]);
    };
    let values = [
        ("all", known),
        ("effective", changes.len().to_string()),
        ("cooperation", name(&first.cooperation)),
        ("hours", hours(value.total().net_seconds())),
    ];
    filled(words.cooperations, &values)
}

/// Hours of seconds, as the report prints them.
pub(super) fn hours(seconds: f64) -> String {
    Cell::number(seconds / 3600.0, 1).display()
}

/// A section of the report.
pub(super) fn section<'d>(report: &'d Document, key: &str) -> Option<&'d Section> {
    report.sections.iter().find(|section| section.key == key)
}

/// The position of a column in the table of a section.
fn column(section: &Section, column: Column) -> Option<usize> {
    section.table.columns().iter().position(|present| *present == column)
}

/// A template with these values.
pub(super) fn filled(template: &str, values: &[(&str, String)]) -> String {
    let mut borrowed = Vec::with_capacity(values.len());
    for (key, value) in values {
        borrowed.push((*key, value.as_str()));
    }
    fill(template, &borrowed)
}
