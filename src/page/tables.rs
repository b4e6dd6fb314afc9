//! The tables of a page, and what stands at its end.

use std::collections::HashMap;

use crate::coverage::Coverage;
use crate::impact::CooperationValue;
use crate::model::{AreaSource, Areas, CooperationId, OverBand, Parties};
use crate::overview::Overview;
use crate::page::PageSettings;
use crate::page::findings::{
    called, filled, hours, kind_in_print, name_in_catalog, section, standard_name,
};
use crate::page::markup::{escaped, escaped_name, name, shortened, table_cell};
use crate::page::text::{Columns, Imprint, LeftOut};
use crate::report::{Cell, Document};

/// Rows of the lists of the worst.
const WORST: usize = 10;

/// A table of headings and rows of cells that are HTML already.
pub(super) fn table(class: &str, headings: &[&str], rows: &[String]) -> String {
    let mut head = String::new();
    for heading in headings {
        head.push_str(&format!("<th scope=\"col\">{}</th>", escaped(heading)));
    }
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table class=\"{class}\">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{}</tbody></table></div>",
        // Its columns: two tables of a page that begin alike are two to a screen reader.
        escaped(&headings.join(", ")),
        rows.concat()
    )
}

/// What the page is about, below its title.
pub(super) fn subtitle(overview: &Overview, report: &Document) -> String {
    let network = overview.region.network();
    let words = Imprint::here();
    let values = [("network", name(network.name())), ("day", network.date().to_string())];
    let mut told = filled(words.subtitle, &values);
    for (key, value) in &report.about {
        match *key {
            "hospitals" => told.push_str(&format!(" · {value}")),
            "residents" => {
                let count = filled(words.residents, &[("count", value.to_string())]);
                told.push_str(&format!(" · {count}"));
            }
            _ => {}
        }
    }
    escaped(&told)
}

/// Every standard: people in time and beyond, with the band of the travel model.
pub(super) fn standards(overview: &Overview) -> String {
    let words = Columns::here();
    let mut rows = Vec::new();
    for coverage in &overview.coverage {
        let standard = &coverage.standard;
        let total = &coverage.total;
        let is_offered = coverage.is_offered();
        let (mut people, mut beyond) = (Cell::Missing, Cell::Missing);
        if is_offered {
            people = Cell::count(total.within_limit);
            beyond = Cell::count(total.people - total.within_limit);
        }
        let band = if is_offered { band(coverage) } else { "–".to_owned() };
        rows.push(format!(
            "<tr data-standard=\"{}\"><th scope=\"row\">{}<small>{}</small></th>{}<td class=\"number\">{}</td>{}{}{}{}{}</tr>\n",
            escaped_name(&standard.key),
            escaped(&called(standard)),
            escaped(&standard.population.in_print()),
            table_cell(&Cell::count(standard.minutes)),
            Cell::maybe_share(coverage.share_within_limit()).display(),
            format_args!("<td class=\"number\">{}</td>", escaped(&band)),
            table_cell(&people),
            table_cell(&beyond),
            table_cell(&Cell::maybe_minutes(total.mean_seconds)),
            table_cell(&Cell::maybe_time(total.p95)),
        ));
    }
    let headings = [
        words.standard,
        words.limit,
        words.in_time,
        words.band,
        words.people_in_time,
        words.beyond,
        words.mean,
        words.p95,
    ];
    table("standards", &headings, &rows)
}

/// The share in time if all journeys were as slow, and as quick, as the margin of the travel model allows, and whether
/// that turns the verdict that everybody is in time.
fn band(coverage: &Coverage) -> String {
    let Some((least, most)) = coverage.total.share_band() else { return "–".to_owned() };
    let words = match coverage.over_band() {
        Some(OverBand::NotDecided) => Columns::here().band_not_decided,
        _ => Columns::here().band_ends,
    };
    let ends = [("from", Cell::share(least).display()), ("to", Cell::share(most).display())];
    filled(words, &ends)
}

pub(super) fn worst_places(overview: &Overview) -> String {
    let words = Columns::here();
    let region = &overview.region;
    let network = region.network();
    let mut rows = Vec::new();
    for worst in overview.worst_places.iter().take(WORST) {
        let place = region.place(worst.place);
        let mut missed = Vec::new();
        for key in &worst.missed {
            let name = standard_name(network, key);
            let is_decided = !worst.undecided.contains(key);
            missed.push(if is_decided { name } else { not_decided(&name) });
        }
        rows.push(format!(
            "<tr><th scope=\"row\">{}<small>{}</small></th>{}{}<td>{}</td></tr>\n",
            escaped_name(&place.name),
            escaped_name(&place.district),
            table_cell(&Cell::count(place.population.people())),
            table_cell(&Cell::maybe_minutes(worst.mean_seconds)),
            escaped(&missed.join(", "))
        ));
    }
    table("worst", &[words.place, words.people, words.to_first, words.misses], &rows)
}

/// A name with the mark that the road model does not decide what is said of it.
fn not_decided(name: &str) -> String {
    filled(Columns::here().name_not_decided, &[("name", name.to_owned())])
}

/// Whether a verdict holds over the band, as a cell of a table.
pub(super) fn over_band(over_band: Option<OverBand>) -> String {
    let word = over_band.map_or("–".into(), |over_band| crate::words::of(over_band.short()));
    format!("<td>{}</td>", escaped(&word))
}

pub(super) fn failures(overview: &Overview) -> String {
    let words = Columns::here();
    let network = overview.region.network();
    let mut rows = Vec::new();
    for point in overview.single_points.iter().take(WORST) {
        rows.push(format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td>{}{}{}</tr>\n",
            escaped_name(&network[point.hospital].name),
            escaped(&standard_name(network, &point.standard)),
            table_cell(&Cell::count(point.newly_beyond)),
            over_band(point.over_band),
            table_cell(&Cell::maybe_minutes(point.backup_seconds)),
        ));
    }
    let headings =
        [words.hospital, words.standard, words.newly_beyond, words.over_band, words.backup];
    table("failures", &headings, &rows)
}

/// What each cooperation changes under the leading protocol, by its key; only of those that change anything.
pub(super) fn values_by_cooperation(overview: &Overview) -> HashMap<&str, &CooperationValue> {
    let mut values = HashMap::new();
    for change in &overview.cooperations.changes {
        if let Some(Some(value)) = change.values.first() {
            values.insert(change.cooperation.as_str(), value);
        }
    }
    values
}

/// Every cooperation with what its end would change: those that change most first, then in the network's order.
pub(super) fn cooperations(overview: &Overview, most: usize) -> String {
    let words = Columns::here();
    let network = overview.week.network();
    // What changes something comes first: most cooperations of a network change nothing that can be counted.
    let mut order: Vec<usize> = Vec::new();
    for change in &overview.cooperations.changes {
        order.extend(network.find_cooperation(&change.cooperation).map(CooperationId::index));
    }
    let mut is_listed = vec![false; network.cooperations().len()];
    for position in &order {
        is_listed[*position] = true;
    }
    for (position, is_listed) in is_listed.iter().enumerate() {
        if !is_listed {
            order.push(position);
        }
    }

    let values = values_by_cooperation(overview);
    let mut rows = Vec::new();
    for position in order.iter().copied().take(most) {
        let cooperation = &network.cooperations()[position];
        let value = values.get(cooperation.key.as_str());
        let hours = value.map_or("–".to_owned(), |value| hours(value.total().net_seconds()));
        let cases = value.map_or(Cell::Missing, |value| Cell::number(value.total_cases(), 1));
        let mut fields = Vec::new();
        for field in &cooperation.fields {
            fields.push(name_in_catalog(network.catalog(), field));
        }
        rows.push(format!(
            "<tr data-cooperation=\"{position}\"><th scope=\"row\">{}<small>{}</small></th><td>{}</td><td>{}</td>{}<td class=\"number\">{hours}</td><td class=\"end\"{}></td></tr>\n",
            escaped_name(&cooperation.key),
            escaped(&kind_in_print(cooperation.kind.name())),
            escaped(&partners(overview, &cooperation.parties)),
            escaped(&fields.join(", ")),
            table_cell(&cases),
            if cooperation.kind.has_effect_on_care() { " data-care=\"1\"" } else { "" },
        ));
    }
    let left = order.len().saturating_sub(most);
    if left > 0 {
        let more = filled(LeftOut::here().rows, &[("count", left.to_string())]);
        rows.push(format!("<tr><td colspan=\"6\">{}</td></tr>\n", escaped(&more)));
    }
    let headings =
        [words.cooperation, words.partners, words.fields, words.cases, words.hours, words.end];
    table("cooperations", &headings, &rows)
}

/// Who takes part, by name.
pub(super) fn partners(overview: &Overview, parties: &Parties) -> String {
    let network = overview.week.network();
    let called = |key: &str| {
        let hospital = network.find(key).map(|id| &network[id]);
        hospital.map_or_else(|| name(key), |hospital| name(&hospital.name))
    };
    let mut names = Vec::new();
    for key in parties.keys() {
        names.push(called(key));
    }
    // Of a directed one the giver comes first.
    match parties {
        Parties::Directed { .. } => format!("{} → {}", names[0], names[1..].join(", ")),
        Parties::Mutual(_) => names.join(", "),
    }
}

/// How much rests on assumptions, as the report tells it.
pub(super) fn assumed(report: &Document) -> String {
    let mut told = String::new();
    if let Some(quality) = section(report, "quality") {
        let words = quality.in_words.as_ref().map(ToString::to_string).unwrap_or_default();
        told.push_str(&format!("<p>{}</p>", escaped(&words)));
    }
    for (key, value) in &report.about {
        if ["travel", "choice", "without_dates", "hours"].contains(key) {
            told.push_str(&format!(
                "<p>{}: {}.</p>",
                escaped(&crate::words::of(&key.replace('_', " "))),
                escaped(&value.to_string())
            ));
        }
    }
    told
}

/// One source as an item: title, year, licence.
fn source_item(title: &str, year: Option<&str>, licence: Option<&str>) -> String {
    // Longer than names: a licence asks for the whole title.
    let mut told = escaped(&shortened(title, 400));
    if let Some(year) = year {
        told.push_str(&format!(" ({})", escaped_name(year)));
    }
    if let Some(licence) = licence {
        told.push_str(&format!(" <b>{}</b>", escaped_name(licence)));
    }
    format!("<li>{told}</li>")
}

fn area_items(areas: Option<&Areas>) -> String {
    let mut items = String::new();
    for AreaSource { title, licence } in areas.iter().flat_map(|areas| &areas.sources) {
        items.push_str(&source_item(title, None, licence.as_deref()));
    }
    items
}

/// All sources, borders first.
pub(super) fn sources(overview: &Overview, areas: Option<&Areas>, most: usize) -> String {
    let sources = overview.region.network().sources();
    let mut items = area_items(areas);
    for source in sources.values().take(most) {
        items.push_str(&source_item(
            &source.title,
            source.year.as_deref(),
            source.licence.as_deref(),
        ));
    }
    let left = sources.len().saturating_sub(most);
    if left > 0 {
        let more = filled(LeftOut::here().rows, &[("count", left.to_string())]);
        items.push_str(&format!("<li>{}</li>", escaped(&more)));
    }
    items
}

/// The sources that a licence asks to name, for paper, and how many others the file lists.
pub(super) fn printed_sources(overview: &Overview, areas: Option<&Areas>) -> String {
    // Paper has no room for 170 sources; those with a licence have to be named wherever their data are shown.
    let mut items = area_items(areas);
    let mut others = 0;
    for source in overview.region.network().sources().values() {
        if source.licence.is_some() {
            items.push_str(&source_item(
                &source.title,
                source.year.as_deref(),
                source.licence.as_deref(),
            ));
        } else {
            others += 1;
        }
    }
    if others > 0 {
        let more = filled(LeftOut::here().sources, &[("count", others.to_string())]);
        items.push_str(&format!("<li>{}</li>", escaped(&more)));
    }
    items
}

/// Version, day, seed, travel model and command.
pub(super) fn imprint(overview: &Overview, settings: &PageSettings) -> String {
    let region = &overview.region;
    let simulation = &overview.simulation;
    let words = Imprint::here();
    let runs = [
        ("replications", simulation.replications.to_string()),
        ("days", simulation.days.to_string()),
        ("warm_up", simulation.warm_up_days.to_string()),
        ("seed", simulation.seed.0.to_string()),
    ];
    let mut rows = vec![
        (words.network, name(region.network().name())),
        (words.day, region.network().date().to_string()),
        (words.version, concat!("verbund ", env!("CARGO_PKG_VERSION")).to_owned()),
        (words.travel, crate::words::of(region.travel()).into_owned()),
        (words.simulation, filled(words.runs, &runs)),
    ];
    if let Some(command) = &settings.command {
        rows.push((words.command, command.clone()));
    }
    if !settings.not_asked_for.is_empty() {
        rows.push((words.not_asked_for, settings.not_asked_for.join(" ")));
    }
    let mut told = String::new();
    for (key, value) in rows {
        told.push_str(&format!("<dt>{}</dt><dd>{}</dd>", escaped(key), escaped(&value)));
    }
    told
}
