//! Minimum volumes by service and hospital.

use super::super::document::{Cell, Document, Section, Table};
use super::super::hours::{self, Cases};
use super::super::open;
use super::supplement::in_words;
use crate::model::MinimumVolume;
use crate::region::Region;
use crate::routing::Choice;
use crate::rules::{ServiceVolumes, Variant, Volume, VolumeSensitivity};

/// Minimum volumes: every hospital inside that has a service, the fewest cases first, and what pooling
/// would do.
pub fn volumes(region: &Region, found: &[ServiceVolumes], choice: &Choice) -> Document {
    let network = region.network();
    let mut table = Table::new(&[
        "service",
        "hospital",
        "cases",
        "least_cases",
        "is_enough",
        "pooled_to",
        "between_minutes",
        "extra_minutes",
        "pooled_cases",
        "without_way_cases",
        "is_assumed",
    ]);
    for one in found {
        let inside = one.volumes.iter().filter(|volume| !network[volume.hospital].outside);
        let mut volumes: Vec<_> = inside.collect();
        volumes.sort_by(|a, b| a.cases.total_cmp(&b.cases).then(a.hospital.cmp(&b.hospital)));
        for volume in volumes {
            let pooling = volume.pooling.as_ref();
            table.row(vec![
                Cell::text(&one.service.key),
                Cell::text(&network[volume.hospital].key),
                Cell::Number(volume.cases, 1),
                Cell::Number(one.service.least_cases, 0),
                Cell::Flag(volume.is_enough),
                Cell::maybe_text(pooling.map(|pooling| network[pooling.to].key.as_str())),
                Cell::maybe_time(pooling.map(|pooling| pooling.between)),
                Cell::maybe_minutes(pooling.and_then(|pooling| pooling.extra_seconds)),
                Cell::Number(volume.pooled_cases, 1),
                pooling.map_or(Cell::Missing, |pooling| Cell::Number(pooling.without_way, 1)),
                Cell::Flag(one.service.assumed),
            ]);
        }
    }
    let table =
        table.details(&["least_cases", "between_minutes", "without_way_cases", "is_assumed"]);
    let mut section = Section::new("volumes", "Expected cases against the line", table)
        .note("Cases are expected ones by rates of demand and the choice of hospitals, not counted ones. Exactly the line is enough.")
        .note("Pooling: all cases of every hospital inside below the line go to the nearest one at or above it; the last column is a year after that. Hospitals outside are not judged, because most people around them are not in the data; they may receive.");
    let pooled = found.iter().flat_map(|one| &one.volumes).filter_map(|one| one.pooling.as_ref());
    if pooled.filter_map(|one| one.extra_seconds).any(|extra| extra <= -3.0) {
        section = section.note(
            "Extra minutes below 0: where shares choose, some went past the hospital that they would go to then.",
        );
    }
    for one in found {
        let service = &one.service;
        section = section.note(line(service));
        if one.leftover > 0.05 {
            let left = one.leftover;
            section =
                section.note(format!("{}: {left:.1} cases a year find no hospital.", service.key));
        }
    }
    let document = open("Minimum volumes", region).about("choice", choice.to_string());
    hours::on_cases(document, region, Cases::Split).section(section)
}

/// The line of a service in a sentence.
fn line(service: &MinimumVolume) -> String {
    let share = match service.share {
        share if share < 1.0 => format!(" times {share}"),
        _ => String::new(),
    };
    format!(
        "{}: at least {} a year, counted by {}{share} ({}).",
        service.key, service.least_cases, service.counted_by, service.source
    )
}

/// Which verdicts flip: cases in the base and in each variant. `other` names the other region.
pub fn volume_sensitivity(
    region: &Region,
    found: &VolumeSensitivity,
    (services, choice): (&[&MinimumVolume], &Choice),
    other: Option<&str>,
) -> Document {
    let columns = found.variants.iter().filter_map(|variant| match variant {
        Variant::Faster => Some("faster_cases"),
        Variant::Slower => Some("slower_cases"),
        Variant::Other => Some("scenario_cases"),
        // The law sets the lines.
        Variant::Shorter | Variant::Longer => None,
    });
    let keys: Vec<&str> =
        ["service", "hospital", "least_cases", "cases"].into_iter().chain(columns).collect();
    let mut table = Table::new(&[&keys[..], &["flips"]].concat());
    let cases =
        |one: &Option<Volume>| one.as_ref().map_or(Cell::Missing, |one| Cell::Number(one.cases, 1));
    if other.is_some() {
        // The notes say it, and a screen has room for the rest.
        table = table.details(&["least_cases"]);
    }
    let mut counts = vec![0; found.variants.len()];
    for row in &found.rows {
        let flips = (0..found.variants.len()).filter(|at| row.is_changed(*at));
        let flips: Vec<usize> = flips.collect();
        flips.iter().for_each(|at| counts[*at] += 1);
        let least = services.iter().find(|one| one.key == row.service);
        let mut cells = vec![
            Cell::text(&row.service),
            Cell::text(&row.hospital),
            least.map_or(Cell::Missing, |one| Cell::Number(one.least_cases, 0)),
            cases(&row.base),
        ];
        cells.extend(row.variants.iter().map(cases));
        let words = flips.iter().map(|at| in_words(found.variants[*at]).to_owned());
        cells.push(Cell::List(words.collect()));
        table.row(cells);
    }
    let flips: Vec<String> = counts
        .iter()
        .zip(&found.variants)
        .map(|(count, variant)| format!("{count} {}", in_words(*variant)))
        .collect();
    let mut section = Section::new("volumes", "Expected cases a year, and what flips", table)
        .note(format!("Of {} verdicts change: {}.", found.rows.len(), flips.join(", ")))
        .note("Roads: every journey as a whole, access included, at speeds 20 % higher and lower. The law sets the lines, so they are not varied.");
    section = section.note(match other {
        Some(name) => format!("Scenario: {name}."),
        None => "People of another year: --scenario FILE, such as one that sets the population."
            .to_owned(),
    });
    for service in services {
        section = section.note(line(service));
    }
    let document = open("Minimum volumes: how robust the verdicts are", region)
        .about("choice", choice.to_string());
    hours::on_cases(document, region, Cases::Split).section(section)
}
