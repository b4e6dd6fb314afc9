//! The pictures of a page: people by minutes, standard by standard, the beds from day to day, closures against people in
//! time, and what was drawn elsewhere.

use crate::coverage;
use crate::model::Hospital;
use crate::overview::Overview;
use crate::page::PageSettings;
use crate::page::findings::filled;
use crate::page::text::Imprint;
use crate::planning::closures::{self, Order, Sites};
use crate::plot::{self, NothingToDraw, OccupancyCurve, OccupancyView, Plot, Source};
use crate::region::Region;
use crate::report::Cell;
use crate::run::Control;

/// Hospitals inside of a network whose closures are drawn, at most: of more the search takes longer than all else of a
/// page.
const MOST_CLOSING: usize = 150;

/// What can be written with fewer letters: ends of lines between elements, and colours.
const SHORT: [[&str; 2]; 5] = [
    ["\n<", "<"],
    ["\"#ffffff\"", "\"#fff\""],
    ["\"#dddddd\"", "\"#ddd\""],
    ["\"#333333\"", "\"#333\""],
    ["\"#111111\"", "\"#111\""],
];

/// Whether a page draws closures: of a country the search would take longer than all else.
pub(super) fn has_closures(region: &Region) -> bool {
    let is_inside = |hospital: &&Hospital| !hospital.outside;
    region.network().hospitals().iter().filter(is_inside).count() <= MOST_CLOSING
}

/// Every picture, as figures of HTML; one that has nothing to show is left out.
pub(super) fn figures(overview: &Overview, settings: &PageSettings) -> String {
    let region = &overview.region;
    let source = source(region, settings);
    let mut figures = String::new();
    for coverage in &overview.coverage {
        // What could be evaluated before has minutes, too.
        if let Ok(minutes) = coverage::minutes_of_people(region, &coverage.standard) {
            add(&mut figures, plot::minutes(&[minutes], &source));
        }
    }
    add(&mut figures, occupancy(overview, settings));
    if has_closures(region) {
        add(&mut figures, frontier(overview, &source));
    }
    figures.push_str(&asked_for(settings));
    figures
}

/// The pictures that were asked for: they stay where all others would make the page too large.
pub(super) fn asked_for(settings: &PageSettings) -> String {
    let mut figures = String::new();
    for picture in &settings.pictures {
        add(&mut figures, Ok(picture.clone()));
    }
    figures
}

/// Where the numbers of a region come from, and what changed it.
fn source(region: &Region, settings: &PageSettings) -> Source {
    let source = Source::of(region);
    match &settings.change {
        Some(change) => source.after(&change.name),
        None => source,
    }
}

/// How many people stay in time while hospitals close, in the standard that the map shows first.
fn frontier(overview: &Overview, source: &Source) -> Result<Plot, NothingToDraw> {
    let region = &overview.region;
    let standard = &overview.coverage.first().ok_or(NothingToDraw::NoClosures)?.standard;
    let control = Control::default();
    let searched = closures::frontier(region, standard, Sites::Inside, Order::Pair, &control);
    // What could be evaluated before can be searched, too.
    let frontier = searched.map_err(|_| NothingToDraw::NoClosures)?;
    plot::frontier(region, &frontier, source)
}

/// How full the beds get in the short simulation of the report.
fn occupancy(overview: &Overview, settings: &PageSettings) -> Result<Plot, NothingToDraw> {
    // The run of the report itself, so that picture and tables tell of the same days.
    let simulation = &overview.simulation;
    let run = simulation.run.as_ref().map_err(|_| NothingToDraw::NoDays)?;
    let network = overview.week.network();
    let curve = OccupancyCurve::new(network.name(), run.beds, run.days.clone());
    let view = OccupancyView::new(network.date(), simulation.replications, vec![curve]);
    let (days, before) = (u64::from(simulation.days), u64::from(simulation.warm_up_days));
    let values = [
        ("days", Cell::count(days).display()),
        ("warm_up", Cell::count(before).display()),
        ("seed", simulation.seed.0.to_string()),
    ];
    let runs = filled(Imprint::here().days, &values);
    plot::occupancy(&view, &source(&overview.week, settings).remark(runs))
}

fn add(figures: &mut String, plot: Result<Plot, NothingToDraw>) {
    // Nothing to draw is no fault of a page: the tables beside it say what is missing.
    if let Ok(plot) = plot {
        figures.push_str("<figure>\n");
        figures.push_str(&compact(&plot.svg));
        figures.push_str("</figure>\n");
    }
}

/// A picture as it stands in a page of many: what most of its texts share is said once, by the element that has them
/// all; its name space and font are those of the page.
fn compact(svg: &str) -> String {
    const OF_TEXTS: &str = " font-size=\"11\" fill=\"#222222\"";
    const FONT: &str =
        " font-family=\"system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif\"";
    let texts = svg.replace(OF_TEXTS, "").replacen(FONT, OF_TEXTS, 1);
    // A line has nothing to fill.
    let lines = texts.replace("<line fill=\"none\"", "<line");
    let mut svg = lines.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1);
    for [long, short] in SHORT {
        svg = svg.replace(long, short);
    }
    svg
}
