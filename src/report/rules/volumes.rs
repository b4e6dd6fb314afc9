//! Minimum volumes by service and hospital.

use super::super::document::{Cell, Document, Hint, Remark, Section, Table};
use super::super::hours::{self, Cases};
use super::super::open;
use super::supplement::in_words;
use crate::model::{Answer, MinimumVolume, VolumeBasis, VolumeLine};
use crate::region::Region;
use crate::report::columns::{
    BETWEEN_MINUTES, CASES, CASES_HIGH, CASES_LOW, COUNTED_IN, EXTRA_MINUTES, FAILS_COUNT,
    FASTER_CASES, FLIPS, HOLDS_COUNT, HOSPITAL, IS_ASSUMED, IS_ENOUGH, LATER_LINES, LEAST_CASES,
    POOLED_CASES, POOLED_TO, SCENARIO_CASES, SERVICE, SLOWER_CASES, SOURCE, UNCOUNTED_COUNT,
    UNKNOWN_COUNT, VERDICT, WITHOUT_WAY_CASES,
};
use crate::routing::Choice;
use crate::rules::{MODEL_ERROR, ServiceVolumes, Variant, Volume, VolumeRow, VolumeSensitivity};

/// Minimum volumes of the law, then lines of planners: the numbers of the year, every hospital inside whose
/// cases are counted or expected, the fewest cases first, and what pooling would do.
pub fn volumes(region: &Region, found: &[ServiceVolumes], choice: &Choice) -> Document {
    let of_basis = |basis: VolumeBasis| -> Vec<&ServiceVolumes> {
        found.iter().filter(|service| service.service.basis == basis).collect()
    };
    let (law, planning) = (of_basis(VolumeBasis::Law), of_basis(VolumeBasis::Planning));
    let document = open("Minimum volumes", region).about("choice", choice.to_string());
    let mut document = hours::on_cases(document, region, Cases::Split);
    if let Some(one) = found.first() {
        document = document.about("year", one.year.to_string());
    }
    if !law.is_empty() {
        let source = &region.network().catalog().minimum_volumes.source;
        let section = Section::new("lines", "Minimum volumes (Mindestmengen)", lines(region, &law));
        let has_line = law.iter().any(|service| service.least_cases.is_some());
        let year = law[0].year;
        let without = (!has_line).then(|| {
            let told = format!(
                "The catalog has no line for {year}, which does not say that none was in force"
            );
            Remark::from(told).hint(Hint::LinesOfAnotherYear).and(".")
        });
        let section = numbers(section, &law).maybe_note(without);
        document = document.section(section.note(format!("Source: {source}.")));
        let title = "Cases against the minimum volumes";
        document = document.section(by_hospital(region, "volumes", title, &law));
    }
    if !planning.is_empty() {
        let title = "Planning lines: no rule asks for them";
        let section = by_hospital(region, "planning_lines", title, &planning);
        document = document.section(numbers(section, &planning));
    }
    document
}

fn is_inside(region: &Region, volume: &Volume) -> bool {
    !region.network()[volume.hospital].outside
}

/// The numbers of each service, and of how many hospitals inside each verdict is.
fn lines(region: &Region, found: &[&ServiceVolumes]) -> Table {
    let count = |service: &ServiceVolumes, answer: Answer| {
        let is_counted =
            |volume: &&Volume| is_inside(region, volume) && volume.verdict == Some(answer);
        Cell::count(service.volumes.iter().filter(is_counted).count())
    };
    Table::of(found)
        .column(SERVICE, |row| Cell::text(&row.service.key))
        .column(LEAST_CASES, |row| Cell::maybe_number(row.least_cases, 0))
        .column(LATER_LINES, |row| Cell::list(row.service.later(row.year).map(line_in_words)))
        .column(HOLDS_COUNT, |row| count(row, Answer::Meets))
        .column(FAILS_COUNT, |row| count(row, Answer::DoesNot))
        .column(UNKNOWN_COUNT, |row| count(row, Answer::Unknown))
        .column(UNCOUNTED_COUNT, |row| Cell::count(row.uncounted.len()))
        .detail(IS_ASSUMED, |row| Cell::flag(row.service.assumed))
        .detail(SOURCE, |row| Cell::text(&row.service.source))
        .build()
}

/// A line of the law or of planners: `25 from 2026`.
fn line_in_words(line: &VolumeLine) -> String {
    match line.least_cases {
        Some(least) => format!("{least} from {}", line.from),
        None => format!("none from {}", line.from),
    }
}

/// Adds what the numbers rest on, and which services nothing in the data counts.
fn numbers(mut section: Section, found: &[&ServiceVolumes]) -> Section {
    let silent: Vec<&str> = found
        .iter()
        .filter(|service| service.volumes.is_empty() && !service.uncounted.is_empty())
        .map(|service| service.service.key.as_str())
        .collect();
    if !silent.is_empty() {
        section = section.note(format!(
            "The data have no count of {}, and no rate of demand counts them: unknown at every hospital that may do \
             them by its departments (assumed). A hospital's facts of that name give one.",
            silent.join(", ")
        ));
    }
    if found.len() > FEW {
        return section.note(Hint::SourcesOfLines);
    }
    for service in found {
        section = section.note(line(&service.service));
    }
    section
}

/// Services whose numbers are told one by one, with their sources.
const FEW: usize = 3;

/// Every hospital inside with cases, the fewest first, and what pooling would do.
fn by_hospital(
    region: &Region,
    key: &'static str,
    title: &str,
    found: &[&ServiceVolumes],
) -> Section {
    let section = Section::new(key, title, hospital_table(region, found));
    if section.table.rows().is_empty() {
        return section;
    }
    let mut section = section
        .note(counted_cases())
        .note("Exactly the line is enough. Too close to call: the line is between from and to.")
        .note("Pooling: all cases of every hospital inside below the line go to the nearest one at or above it; the last column is a year after that. Hospitals outside are not judged, because most people around them are not in the data; they may receive.");
    let pooled = found
        .iter()
        .flat_map(|service| &service.volumes)
        .filter_map(|service| service.pooling.as_ref());
    if pooled.filter_map(|pooling| pooling.extra_seconds).any(|extra| extra <= -3.0) {
        section = section.note(
            "Extra minutes below 0: where shares choose, some went past the hospital that they would go to then.",
        );
    }
    for service in found.iter().filter(|service| service.leftover > 0.05) {
        let (key, left) = (&service.service.key, service.leftover);
        section = section.note(format!("{key}: {left:.1} cases a year find no hospital."));
    }
    section
}

fn hospital_table(region: &Region, found: &[&ServiceVolumes]) -> Table {
    let mut rows: Vec<(&ServiceVolumes, &Volume)> = Vec::new();
    for service in found {
        let inside = service.volumes.iter().filter(|volume| is_inside(region, volume));
        let mut volumes: Vec<&Volume> = inside.collect();
        volumes.sort_by(|a, b| a.cases.total_cmp(&b.cases).then(a.hospital.cmp(&b.hospital)));
        for volume in volumes {
            rows.push((service, volume));
        }
    }
    let network = region.network();
    Table::of(rows)
        .column(SERVICE, |(row, _)| Cell::text(&row.service.key))
        .column(HOSPITAL, |(_, volume)| Cell::text(&network[volume.hospital].key))
        .column(CASES, |(_, volume)| Cell::number(volume.cases, 1))
        .column(CASES_LOW, |(_, volume)| Cell::number(volume.interval.low, 0))
        .column(CASES_HIGH, |(_, volume)| Cell::number(volume.interval.high, 0))
        .column(COUNTED_IN, |(_, volume)| {
            Cell::maybe_text(volume.counted_in.map(|year| year.to_string()))
        })
        .detail(LEAST_CASES, |(row, _)| Cell::maybe_number(row.least_cases, 0))
        .column(VERDICT, |(_, volume)| Cell::maybe_text(volume.verdict.map(verdict)))
        .detail(IS_ENOUGH, |(_, volume)| Cell::flag(volume.is_enough))
        .column(POOLED_TO, |(_, volume)| {
            let pooling = volume.pooling.as_ref();
            Cell::maybe_text(pooling.map(|pooling| &network[pooling.to].key))
        })
        .detail(BETWEEN_MINUTES, |(_, volume)| {
            Cell::maybe_time(volume.pooling.as_ref().map(|pooling| pooling.between))
        })
        .column(EXTRA_MINUTES, |(_, volume)| {
            let pooling = volume.pooling.as_ref();
            Cell::maybe_minutes(pooling.and_then(|pooling| pooling.extra_seconds))
        })
        .column(POOLED_CASES, |(_, volume)| Cell::number(volume.pooled_cases, 1))
        .detail(WITHOUT_WAY_CASES, |(_, volume)| {
            Cell::maybe_number(volume.pooling.as_ref().map(|pooling| pooling.without_way), 1)
        })
        .detail(IS_ASSUMED, |(row, _)| Cell::flag(row.service.assumed))
        .build()
}

/// What counted and expected cases are, and how far they may be off.
fn counted_cases() -> Remark {
    let told = format!(
        "Counted: the year of the count in a hospital's facts; else cases are expected ones by rates of demand and the choice of hospitals. From, to: 95 % of the years, by chance and, for expected cases, by the error of the model (a standard deviation of {MODEL_ERROR} of them, from births and cases that were counted"
    );
    Remark::from(told)
        .hint(Hint::CheckOfCases)
        .and("); cases of the year or of the year before it stand as counted.")
}

/// A verdict on a number of cases, in words.
fn verdict(answer: Answer) -> &'static str {
    match answer {
        Answer::Unknown => "too close to call",
        other => other.word(),
    }
}

/// The lines of a service in a sentence.
fn line(service: &MinimumVolume) -> String {
    let lines = service.lines.iter().map(|line| match line.least_cases {
        Some(least) => format!("{least} from {}", line.from),
        None => format!("none from {}", line.from),
    });
    let lines = lines.collect::<Vec<String>>().join(", ");
    let share = match service.share {
        share if share < 1.0 => format!(" times {share}"),
        _ => String::new(),
    };
    let counts = [
        service.fact.as_ref().map(|field| format!("the fact {field}")),
        service.counted_by.as_ref().map(|key| format!("the rate of {key}{share}")),
    ];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let (key, source) = (&service.key, &service.source);
    format!("{key}: {lines}; counted by {} ({source}).", counts.join(", else "))
}

/// Which verdicts flip: cases in the base and in each variant. `other` names the other region.
pub fn volume_sensitivity(
    region: &Region,
    found: &VolumeSensitivity,
    (services, choice): (&[&MinimumVolume], &Choice),
    other: Option<&str>,
) -> Document {
    let year = region.network().date().year();
    let cases =
        |volume: &Option<Volume>| Cell::maybe_number(volume.as_ref().map(|volume| volume.cases), 1);
    let least = |row: &VolumeRow| {
        let service = services.iter().find(|service| service.key == row.service);
        Cell::maybe_number(service.and_then(|service| service.least_cases(year)), 0)
    };
    let mut table = Table::of(&found.rows)
        .column(SERVICE, |row| Cell::text(&row.service))
        .column(HOSPITAL, |row| Cell::text(&row.hospital))
        .column(LEAST_CASES, |row| least(row))
        .column(CASES, |row| cases(&row.base));
    for (position, variant) in found.variants.iter().enumerate() {
        let column = match variant {
            Variant::Faster => FASTER_CASES,
            Variant::Slower => SLOWER_CASES,
            Variant::Other => SCENARIO_CASES,
            // The law sets the lines.
            Variant::Shorter | Variant::Longer => continue,
        };
        table = table.column(column, |row| cases(&row.variants[position]));
    }
    let flips = |row: &VolumeRow| {
        let mut words = Vec::new();
        for (position, variant) in found.variants.iter().enumerate() {
            if row.is_changed(position) {
                words.push(in_words(*variant));
            }
        }
        words
    };
    let table = table.column(FLIPS, |row| Cell::list(flips(row))).build();
    // The notes say it, and a screen has room for the rest.
    let table = table.hide_if(other.is_some(), &[LEAST_CASES]);

    let mut counts = vec![0; found.variants.len()];
    for row in &found.rows {
        for (position, count) in counts.iter_mut().enumerate() {
            *count += usize::from(row.is_changed(position));
        }
    }
    let flips: Vec<String> = counts
        .iter()
        .zip(&found.variants)
        .map(|(count, variant)| format!("{count} {}", in_words(*variant)))
        .collect();
    let mut section = Section::new("volumes", "Expected cases a year, and what flips", table)
        .note(format!("Of {} verdicts change: {}.", found.rows.len(), flips.join(", ")))
        .note("Roads: every journey as a whole, access included, at speeds 20 % higher and lower. The law sets the lines, so they are not varied. Cases are expected ones, counts left aside; services that no rate of demand counts are left out.");
    section = match other {
        Some(name) => section.note(format!("Scenario: {name}.")),
        None => section.note(Hint::PeopleOfAnotherYear),
    };
    for service in services.iter().filter(|service| service.counted_by.is_some()) {
        section = section.note(line(service));
    }
    let document = open("Minimum volumes: how robust the verdicts are", region)
        .about("choice", choice.to_string());
    hours::on_cases(document, region, Cases::Split).section(section)
}
