//! Minimum volumes by service and hospital.

use super::super::document::{
    Cell, Document, Hint, Remark, Section, Table, data_field_of, service_of,
};
use super::super::hours::{self, Cases};
use super::super::open;
use super::joined;
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
use crate::rules::{
    MODEL_ERROR, Pooling, ServiceVolumes, Variant, Volume, VolumeRow, VolumeSensitivity,
};
use crate::words::{self, fixed, with_mark};

/// Minimum volumes of the law, then lines of planners: the numbers of the year, every hospital inside whose
/// cases are counted or expected, the fewest cases first, and what pooling would do.
pub fn volumes(region: &Region, found: &[ServiceVolumes], choice: &Choice) -> Document {
    // Apart, so that nobody takes a line of planners for a rule.
    let (mut law, mut planning) = (Vec::new(), Vec::new());
    for service in found {
        match service.service.basis {
            VolumeBasis::Law => law.push(service),
            VolumeBasis::Planning => planning.push(service),
        }
    }
    let document = open("Minimum volumes", region).about("choice", choice.to_string());
    let mut document = hours::on_cases(document, region, Cases::Split);
    // All services are looked at for one year.
    if let Some(first) = found.first() {
        document = document.about("year", first.year.to_string());
    }

    if !law.is_empty() {
        let source = &region.network().catalog().minimum_volumes.source;
        let section = Section::new("lines", "Minimum volumes (Mindestmengen)", lines(region, &law));
        let section = numbers(section, &law)
            .maybe_note(without_line(&law))
            .note(said!("Source: {source}.", source));
        document = document.section(section);
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

/// That the catalog has no line for the year; `None` where it has one for some service.
fn without_line(law: &[&ServiceVolumes]) -> Option<Remark> {
    if law.iter().any(|service| service.least_cases.is_some()) {
        return None;
    }
    let year = law.first()?.year;
    let told = said!(
        "The catalog has no line for {year}, which does not say that none was in force",
        year
    );
    Some(Remark::from(told).hint(Hint::LinesOfAnotherYear).and("."))
}

fn is_inside(region: &Region, volume: &Volume) -> bool {
    !region.network()[volume.hospital].outside
}

/// The numbers of each service, and of how many hospitals inside each verdict is.
fn lines(region: &Region, found: &[&ServiceVolumes]) -> Table {
    let count = |service: &ServiceVolumes, answer: Answer| {
        let mut count = 0_u64;
        for volume in &service.volumes {
            count += u64::from(is_inside(region, volume) && volume.verdict == Some(answer));
        }
        Cell::count(count)
    };
    Table::of(found)
        .column(SERVICE, |row| Cell::text(&row.service.key))
        .column(LEAST_CASES, |row| Cell::maybe_number(row.least_cases, 0))
        // Known today, in force later: planners look ahead.
        .column(LATER_LINES, |row| {
            Cell::told(|| row.service.later(row.year).map(line_in_words).collect())
        })
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
        Some(least) => said!("{least} from {from}", least, from = line.from),
        None => said!("none from {from}", from = line.from),
    }
}

/// Adds what the numbers rest on, and which services nothing in the data counts.
fn numbers(mut section: Section, found: &[&ServiceVolumes]) -> Section {
    let mut silent = Vec::new();
    for service in found {
        // Where nobody may do it either, there is nothing to be counted.
        if service.volumes.is_empty() && !service.uncounted.is_empty() {
            silent.push(service_of(&service.service.key));
        }
    }
    if !silent.is_empty() {
        section = section.note(said!("The data have no count of {silent}, and no rate of demand counts them: unknown at every hospital that may do \
             them by its departments (assumed). A hospital's facts of that name give one.", silent = silent.join(", ")));
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

    if found.iter().any(|service| saves_time(service)) {
        section = section.note(
            "Extra minutes below 0: where shares choose, some went past the hospital that they would go to then.",
        );
    }
    for service in found {
        let (key, left) = (service_of(&service.service.key), service.leftover);
        // Less would be printed as none.
        if left > 0.05 {
            section = section.note(said!(
                "{key}: {left} cases a year find no hospital.",
                key,
                left = fixed(left, 1)
            ));
        }
    }
    section
}

/// Whether pooling brings the patients of some hospital nearer, by what print shows: a twentieth of a minute.
fn saves_time(service: &ServiceVolumes) -> bool {
    for volume in &service.volumes {
        if let Some(pooling) = &volume.pooling
            && let Some(extra) = pooling.extra_seconds
            && extra <= -3.0
        {
            return true;
        }
    }
    false
}

/// A hospital with cases of a service.
struct VolumeAt<'v> {
    service: &'v ServiceVolumes,
    volume: &'v Volume,
    pooling: Option<&'v Pooling>,
}

fn hospital_table(region: &Region, found: &[&ServiceVolumes]) -> Table {
    let mut rows = Vec::new();
    for service in found {
        let inside = service.volumes.iter().filter(|volume| is_inside(region, volume));
        let mut volumes: Vec<&Volume> = inside.collect();
        // Those who may have to stop come first.
        volumes.sort_by(|a, b| a.cases.total_cmp(&b.cases).then(a.hospital.cmp(&b.hospital)));
        for volume in volumes {
            rows.push(VolumeAt { service, volume, pooling: volume.pooling.as_ref() });
        }
    }
    let network = region.network();

    Table::of(rows)
        .column(SERVICE, |row| Cell::text(&row.service.service.key))
        .column(HOSPITAL, |row| Cell::text(&network[row.volume.hospital].key))
        .column(CASES, |row| Cell::number(row.volume.cases, 1))
        .column(CASES_LOW, |row| Cell::number(row.volume.interval.low, 0))
        .column(CASES_HIGH, |row| Cell::number(row.volume.interval.high, 0))
        .column(COUNTED_IN, |row| match row.volume.counted_in {
            Some(year) => Cell::text(year.to_string()),
            None => Cell::Missing,
        })
        .detail(LEAST_CASES, |row| Cell::maybe_number(row.service.least_cases, 0))
        .column(VERDICT, |row| match row.volume.verdict {
            Some(answer) => Cell::word(verdict(answer)),
            None => Cell::Missing,
        })
        .detail(IS_ENOUGH, |row| Cell::flag(row.volume.is_enough))
        .column(POOLED_TO, |row| {
            Cell::maybe_text(row.pooling.map(|pooling| &network[pooling.to].key))
        })
        .detail(BETWEEN_MINUTES, |row| Cell::maybe_time(row.pooling.map(|pooling| pooling.between)))
        .column(EXTRA_MINUTES, |row| match row.pooling {
            Some(pooling) => Cell::maybe_minutes(pooling.extra_seconds),
            None => Cell::Missing,
        })
        .column(POOLED_CASES, |row| Cell::number(row.volume.pooled_cases, 1))
        .detail(WITHOUT_WAY_CASES, |row| match row.pooling {
            Some(pooling) => Cell::number(pooling.without_way, 1),
            None => Cell::Missing,
        })
        .detail(IS_ASSUMED, |row| Cell::flag(row.service.service.assumed))
        .build()
}

/// What counted and expected cases are, and how far they may be off.
fn counted_cases() -> Remark {
    let told = said!(
        "Counted: the year of the count in a hospital's facts; else cases are expected ones by rates of demand and the choice of hospitals. From, to: 95 % of the years, by chance and, for expected cases, by the error of the model (a standard deviation of {deviation} of them, from births and cases that were counted",
        deviation = with_mark(MODEL_ERROR.to_string())
    );
    Remark::from(told)
        .hint(Hint::CheckOfCases)
        .and("); cases of the year or of the year before it stand as counted.")
}

/// A verdict on a number of cases, in words.
fn verdict(answer: Answer) -> &'static str {
    match answer {
        // Cases are known here; only chance hides on which side of the line they are.
        Answer::Unknown => "too close to call",
        sure => sure.word(),
    }
}

/// The lines of a service in a sentence.
fn line(service: &MinimumVolume) -> String {
    let lines = joined(service.lines.iter().map(line_in_words), ", ");
    let share = match service.share {
        share if share < 1.0 => said!(" times {share}", share = with_mark(share.to_string())),
        _ => String::new(),
    };
    // In the order in which they are looked for.
    let mut counts = Vec::new();
    if let Some(field) = &service.fact {
        counts.push(said!("the fact {field}", field = data_field_of(field)));
    }
    if let Some(key) = &service.counted_by {
        counts.push(said!("the rate of {key}{share}", key = data_field_of(key), share));
    }
    let (key, source) = (service_of(&service.key), &service.source);
    said!(
        "{key}: {lines}; counted by {counts} ({source}).",
        key,
        lines,
        counts = counts.join(&words::of(", else ")),
        source
    )
}

/// What is asked of verdicts on minimum volumes under variants.
#[derive(Debug, Clone, Copy)]
pub struct VolumeView<'v> {
    /// The services that were counted.
    pub services: &'v [&'v MinimumVolume],
    /// How patients chose a hospital.
    pub choice: &'v Choice,
    /// What the other region is called, where there is one.
    pub other: Option<&'v str>,
}

/// Which verdicts flip: cases in the base and in each variant.
pub fn volume_sensitivity(
    region: &Region,
    found: &VolumeSensitivity,
    view: &VolumeView<'_>,
) -> Document {
    let year = region.network().date().year();
    let table = robust_table(found, view.services, year);
    // The notes say it, and a screen has room for the rest.
    let table = table.hide_if(view.other.is_some(), &[LEAST_CASES]);

    let mut flips = Vec::new();
    for (position, variant) in found.variants.iter().enumerate() {
        let count = found.rows.iter().filter(|row| row.is_changed(position)).count();
        flips.push(format!("{count} {}", words::of(in_words(*variant))));
    }
    let mut section = Section::new("volumes", "Expected cases a year, and what flips", table)
        .note(said!("Of {rows} verdicts change: {flips}.", rows = found.rows.len(), flips = flips.join(", ")))
        .note("Roads: every journey as a whole, access included, at speeds 20 % higher and lower. The law sets the lines, so they are not varied. Cases are expected ones, counts left aside; services that no rate of demand counts are left out.");
    section = match view.other {
        Some(name) => section.note(said!("Scenario: {name}.", name)),
        None => section.note(Hint::PeopleOfAnotherYear),
    };
    for service in view.services {
        // The others have no expected cases, so no row.
        if service.counted_by.is_some() {
            section = section.note(line(service));
        }
    }
    let document = open("Minimum volumes: how robust the verdicts are", region)
        .about("choice", view.choice.to_string());
    hours::on_cases(document, region, Cases::Split).section(section)
}

/// Cases in the base and in each variant, and which verdicts flip.
fn robust_table(found: &VolumeSensitivity, services: &[&MinimumVolume], year: i16) -> Table {
    // A scenario may close a department or open one, so that there are no cases on one side.
    let cases = |volume: &Option<Volume>| match volume {
        Some(volume) => Cell::number(volume.cases, 1),
        None => Cell::Missing,
    };
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
        let mut flips = Vec::new();
        for (position, variant) in found.variants.iter().enumerate() {
            if row.is_changed(position) {
                flips.push(words::of(in_words(*variant)).into_owned());
            }
        }
        flips
    };
    table.column(FLIPS, |row| Cell::told(|| flips(row))).build()
}
