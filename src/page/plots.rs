//! The pictures of a page: people by minutes, standard by standard, and the beds from day to day.

use crate::coverage;
use crate::overview::Overview;
use crate::page::findings::filled;
use crate::page::text::Imprint;
use crate::plot::{self, NothingToDraw, OccupancyCurve, OccupancyView, Plot, Source};
use crate::report::Cell;

/// Every picture, as figures of HTML; one that has nothing to show is left out.
pub(super) fn figures(overview: &Overview) -> String {
    let region = &overview.region;
    let source = Source::of(region);
    let mut figures = String::new();
    for coverage in &overview.coverage {
        // What could be evaluated before has minutes, too.
        if let Ok(minutes) = coverage::minutes_of_people(region, &coverage.standard) {
            add(&mut figures, plot::minutes(&[minutes], &source));
        }
    }
    add(&mut figures, occupancy(overview));
    figures
}

/// How full the beds get in the short simulation of the report.
fn occupancy(overview: &Overview) -> Result<Plot, NothingToDraw> {
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
    plot::occupancy(&view, &Source::of(&overview.week).remark(runs))
}

fn add(figures: &mut String, plot: Result<Plot, NothingToDraw>) {
    // Nothing to draw is no fault of a page: the tables beside it say what is missing.
    if let Ok(plot) = plot {
        figures.push_str("<figure>\n");
        figures.push_str(&plot.svg);
        figures.push_str("</figure>\n");
    }
}
