//! Minimum volumes by service and hospital.

use super::super::document::{Cell, Document, Section, Table};
use super::super::hours::{self, Cases};
use super::super::open;
use super::supplement::in_words;
use crate::model::{Answer, MinimumVolume, VolumeBasis};
use crate::region::Region;
use crate::routing::Choice;
use crate::rules::{MODEL_ERROR, ServiceVolumes, Variant, Volume, VolumeSensitivity};

/// Minimum volumes of the law, then lines of planners: the numbers of the year, every hospital inside whose
/// cases are counted or expected, the fewest cases first, and what pooling would do.
pub fn volumes(region: &Region, found: &[ServiceVolumes], choice: &Choice) -> Document {
    let of_basis = |basis: VolumeBasis| -> Vec<&ServiceVolumes> {
        found.iter().filter(|one| one.service.basis == basis).collect()
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
        let has_line = law.iter().any(|one| one.least_cases.is_some());
        let year = law[0].year;
        let without = (!has_line).then(|| {
            format!(
                "The catalog has no line for {year}, which does not say that none was in force; --year asks for another one."
            )
        });
        let section = numbers(section, &law).maybe_note(without);
        document = document.section(section.note(format!("Source: {source}.")));
        let title = "Cases against the minimum volumes";
        document = document.section(by_hospital(region, ("volumes", title), &law));
    }
    if !planning.is_empty() {
        let title = "Planning lines: no rule asks for them";
        let section = by_hospital(region, ("planning_lines", title), &planning);
        document = document.section(numbers(section, &planning));
    }
    document
}

fn is_inside(region: &Region, volume: &Volume) -> bool {
    !region.network()[volume.hospital].outside
}

/// The numbers of each service, and of how many hospitals inside each verdict is.
fn lines(region: &Region, found: &[&ServiceVolumes]) -> Table {
    let mut table = Table::new(&[
        "service",
        "least_cases",
        "later_lines",
        "holds_count",
        "fails_count",
        "unknown_count",
        "uncounted_count",
        "is_assumed",
        "source",
    ]);
    for one in found {
        let inside: Vec<&Volume> =
            one.volumes.iter().filter(|volume| is_inside(region, volume)).collect();
        let count = |answer: Answer| {
            let those = inside.iter().filter(|volume| volume.verdict == Some(answer));
            Cell::Count(those.count() as u64)
        };
        let later = one.service.later(one.year).map(|line| match line.least_cases {
            Some(least) => format!("{least} from {}", line.from),
            None => format!("none from {}", line.from),
        });
        table.row(vec![
            Cell::text(&one.service.key),
            one.least_cases.map_or(Cell::Missing, |least| Cell::Number(least, 0)),
            Cell::List(later.collect()),
            count(Answer::Meets),
            count(Answer::DoesNot),
            count(Answer::Unknown),
            Cell::Count(one.uncounted.len() as u64),
            Cell::Flag(one.service.assumed),
            Cell::text(&one.service.source),
        ]);
    }
    table.details(&["is_assumed", "source"])
}

/// Adds what the numbers rest on, and which services nothing in the data counts.
fn numbers(mut section: Section, found: &[&ServiceVolumes]) -> Section {
    let silent: Vec<&str> = found
        .iter()
        .filter(|one| one.volumes.is_empty() && !one.uncounted.is_empty())
        .map(|one| one.service.key.as_str())
        .collect();
    if !silent.is_empty() {
        section = section.note(format!(
            "The data have no count of {}, and no rate of demand counts them: unknown at every hospital that may do \
             them by its departments (assumed). A hospital's facts of that name give one.",
            silent.join(", ")
        ));
    }
    if found.len() > FEW {
        return section.note("Where each number comes from: --service KEY, or --format json.");
    }
    for one in found {
        section = section.note(line(&one.service));
    }
    section
}

/// Services whose numbers are told one by one, with their sources.
const FEW: usize = 3;

/// Every hospital inside with cases, the fewest first, and what pooling would do.
fn by_hospital(
    region: &Region,
    (key, title): (&'static str, &str),
    found: &[&ServiceVolumes],
) -> Section {
    let network = region.network();
    let mut table = Table::new(&[
        "service",
        "hospital",
        "cases",
        "cases_low",
        "cases_high",
        "counted_in",
        "least_cases",
        "verdict",
        "is_enough",
        "pooled_to",
        "between_minutes",
        "extra_minutes",
        "pooled_cases",
        "without_way_cases",
        "is_assumed",
    ]);
    for one in found {
        let inside = one.volumes.iter().filter(|volume| is_inside(region, volume));
        let mut volumes: Vec<_> = inside.collect();
        volumes.sort_by(|a, b| a.cases.total_cmp(&b.cases).then(a.hospital.cmp(&b.hospital)));
        for volume in volumes {
            let pooling = volume.pooling.as_ref();
            table.row(vec![
                Cell::text(&one.service.key),
                Cell::text(&network[volume.hospital].key),
                Cell::Number(volume.cases, 1),
                Cell::Number(volume.interval.0, 0),
                Cell::Number(volume.interval.1, 0),
                Cell::maybe_text(volume.counted_in.map(|year| year.to_string())),
                one.least_cases.map_or(Cell::Missing, |least| Cell::Number(least, 0)),
                Cell::maybe_text(volume.verdict.map(verdict)),
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
    let details =
        ["least_cases", "is_enough", "between_minutes", "without_way_cases", "is_assumed"];
    let section = Section::new(key, title, table.details(&details));
    if section.table.rows().is_empty() {
        return section;
    }
    let mut section = section
        .note(format!(
            "Counted: the year of the count in a hospital's facts; else cases are expected ones by rates of demand and the choice of hospitals. From, to: 95 % of the years, by chance and, for expected cases, by the error of the model (a standard deviation of {MODEL_ERROR} of them, from births and cases that were counted: verbund flows --check); cases of the year or of the year before it stand as counted."
        ))
        .note("Exactly the line is enough. Too close to call: the line is between from and to.")
        .note("Pooling: all cases of every hospital inside below the line go to the nearest one at or above it; the last column is a year after that. Hospitals outside are not judged, because most people around them are not in the data; they may receive.");
    let pooled = found.iter().flat_map(|one| &one.volumes).filter_map(|one| one.pooling.as_ref());
    if pooled.filter_map(|one| one.extra_seconds).any(|extra| extra <= -3.0) {
        section = section.note(
            "Extra minutes below 0: where shares choose, some went past the hospital that they would go to then.",
        );
    }
    for one in found.iter().filter(|one| one.leftover > 0.05) {
        let (key, left) = (&one.service.key, one.leftover);
        section = section.note(format!("{key}: {left:.1} cases a year find no hospital."));
    }
    section
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
    let year = region.network().date().year();
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
            least
                .and_then(|one| one.least_cases(year))
                .map_or(Cell::Missing, |least| Cell::Number(least, 0)),
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
        .note("Roads: every journey as a whole, access included, at speeds 20 % higher and lower. The law sets the lines, so they are not varied. Cases are expected ones, counts left aside; services that no rate of demand counts are left out.");
    section = section.note(match other {
        Some(name) => format!("Scenario: {name}."),
        None => "People of another year: --scenario FILE, such as one that sets the population."
            .to_owned(),
    });
    for service in services.iter().filter(|one| one.counted_by.is_some()) {
        section = section.note(line(service));
    }
    let document = open("Minimum volumes: how robust the verdicts are", region)
        .about("choice", choice.to_string());
    hours::on_cases(document, region, Cases::Split).section(section)
}
