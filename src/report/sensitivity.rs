//! How robust simulated figures are, as tables.

use super::document::{Cell, Document, Section, Table};
use super::hours::{self, Cases};
use super::open;
use crate::simulation::{End, Ended, Factor, Figure, Hypercube, Sensitivity, Tornado};
use crate::stats::Interval;

/// Among how many first hospitals one is looked for.
const FIRST: usize = 5;

/// What each factor changes in these figures, the widest bar first, and what all of them change
/// together, where that was asked for.
pub fn sensitivity(
    study: &Sensitivity<'_>,
    tornado: &Tornado,
    hypercube: Option<&Hypercube>,
    figures: &[Figure],
) -> Document {
    let settings = study.settings;
    let scenario = study.scenario.map_or("none", |scenario| scenario.key.as_str());
    let document = open("How robust the simulated figures are", study.region);
    let mut document = hours::on_cases(document, study.region, Cases::OverTime)
        .about("scenario", scenario)
        .about("seed", study.plan.seed.0.to_string())
        .about("days", format!("{} after {}", settings.days, settings.warm_up_days))
        .about("replications", tornado.plan.replications.to_string())
        .about("spread", format!("± {} %", percent(study.spread)));
    if let Some(cube) = hypercube {
        document = document.about("points", cube.points.len().to_string());
    }
    if let Some(ended) = ended(tornado, hypercube) {
        document = document.about("interrupted", ended);
    }
    document = document.section(bars(tornado, figures));
    if let Some(cube) = hypercube {
        document = document
            .section(joint(cube))
            .section(correlations(cube, figures))
            .section(stability(cube))
            .section(first(study, cube));
    }
    let mut faults = Table::new(&["message"]);
    let cube = hypercube.into_iter().flat_map(|cube| &cube.faults);
    tornado.faults.iter().chain(cube).for_each(|fault| faults.row(vec![Cell::text(fault)]));
    if !faults.rows().is_empty() {
        document = document.section(Section::new("faults", "What did not add up", faults));
    }
    let mut assumed = Table::new(&["what", "source"]);
    for (what, source) in settings.assumed() {
        assumed.row(vec![Cell::text(what), Cell::text(source)]);
    }
    document.section(Section::new("assumed", "Taken for granted", assumed))
}

/// A share of 1 in per cent, without digits that the multiplication adds.
fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

/// What is finished of a run that somebody stopped.
fn ended(tornado: &Tornado, hypercube: Option<&Hypercube>) -> Option<String> {
    let cube_ended = hypercube.map(|cube| cube.ended);
    if tornado.ended != Ended::Interrupted && cube_ended != Some(Ended::Interrupted) {
        return None;
    }
    let (finished, all) = (tornado.finished, Tornado::RUNS);
    let mut text = format!("{finished} of {all} runs with one factor changed are finished");
    if let Some(cube) = hypercube {
        text.push_str(&format!(", {} of {} points", cube.points.len(), cube.asked));
    }
    Some(text)
}

/// A value of a figure.
fn value(figure: Figure, number: f64) -> Cell {
    match figure {
        _ if figure.is_share() => Cell::Share(number),
        Figure::WaitingDays | Figure::Blocked => Cell::Number(number, 2),
        _ => Cell::Number(number, 0),
    }
}

/// A difference of two values of a figure, or half the width of its interval.
fn difference(figure: Figure, number: f64) -> Cell {
    if figure.is_share() { Cell::Points(number) } else { value(figure, number) }
}

fn maybe(figure: Figure, number: Option<f64>) -> Cell {
    number.map_or(Cell::Missing, |number| value(figure, number))
}

fn bars(tornado: &Tornado, figures: &[Figure]) -> Section {
    let mut table = Table::new(&[
        "figure",
        "factor",
        "factor_low",
        "factor_high",
        "value_low",
        "value_middle",
        "value_high",
        "change_low",
        "change_low_half_width",
        "change_high",
        "change_high_half_width",
    ]);
    for &figure in figures {
        let half = |change: Interval| {
            change.half_width.map_or(Cell::Missing, |half| difference(figure, half))
        };
        let change = |end: &End| [difference(figure, end.change.mean), half(end.change)];
        for bar in tornado.bars(figure) {
            let mut row = vec![
                Cell::text(figure.key()),
                Cell::text(bar.factor.key()),
                Cell::Number(bar.low.factor, 2),
                Cell::Number(bar.high.factor, 2),
                value(figure, bar.low.value.mean),
                value(figure, bar.middle.mean),
                value(figure, bar.high.value.mean),
            ];
            row.extend(change(&bar.low));
            row.extend(change(&bar.high));
            table.row(row);
        }
    }
    let (heading, table) = match figures {
        [only] => (format!("One factor at a time: {}", only.key()), table.details(&["figure"])),
        _ => ("One factor at a time".to_owned(), table),
    };
    let section = Section::new("factors", heading, table).note(
        "All hospitals inside. Means of the replications; differences to the middle, paired, with \
         95 % intervals. Beds that the network does not know are those of the middle.",
    );
    // Of every figure the factors are the same.
    let bars = figures.first().map(|figure| tornado.bars(*figure)).unwrap_or_default();
    let capped = bars.iter().find(|bar| {
        bar.factor == Factor::Staffing && bar.high.factor - 1.0 < 1.0 - bar.low.factor - 1e-9
    });
    section.maybe_note(capped.map(|bar| {
        format!("Staffing ends at a factor of {:.2}: then all beds are staffed.", bar.high.factor)
    }))
}

fn joint(cube: &Hypercube) -> Section {
    let mut table =
        Table::new(&["figure", "value_middle", "value_p5", "value_median", "value_p95"]);
    for figure in Figure::ALL {
        let of = |share| maybe(figure, cube.quantile(figure, share));
        let middle = cube.middle.as_ref().map(|middle| middle.figure(figure));
        table.row(vec![
            Cell::text(figure.key()),
            maybe(figure, middle),
            of(0.05),
            of(0.5),
            of(0.95),
        ]);
    }
    Section::new("joint", "All factors at once", table).note(format!(
        "All hospitals inside, at {} points of a Latin hypercube: every factor anywhere in its \
         range with the same chance, independent of the others.",
        cube.points.len()
    ))
}

fn correlations(cube: &Hypercube, figures: &[Figure]) -> Section {
    let mut table = Table::new(&["figure", "factor", "rank_correlation"]);
    for &figure in figures {
        for factor in Factor::ALL {
            table.row(vec![
                Cell::text(figure.key()),
                Cell::text(factor.key()),
                correlation(cube.correlation(factor, figure)),
            ]);
        }
    }
    Section::new("correlations", "Which factor the figure follows", table)
        .note("Near 1 or -1, the factor decides; near 0, the others do.")
        .maybe_note(chance(cube.points.len()))
}

/// How far rank correlations at so many points get by chance: their standard deviation is 1 / sqrt(n - 1)
/// where the factor decides nothing (Kendall & Gibbons, Rank Correlation Methods).
fn chance(points: usize) -> Option<String> {
    (points > 4).then(|| {
        let far = 1.96 / (points as f64 - 1.0).sqrt();
        format!("At {points} points, one of twenty factors without any effect is beyond ±{far:.2}.")
    })
}

fn correlation(number: Option<f64>) -> Cell {
    number.map_or(Cell::Missing, |number| Cell::Number(number, 2))
}

fn stability(cube: &Hypercube) -> Section {
    let mut table = Table::new(&["figure", "hospitals", "rank_stability", "rank_stability_least"]);
    for figure in Hypercube::RANKED {
        let found = cube.stability(figure);
        table.row(vec![
            Cell::text(figure.key()),
            Cell::Count(cube.hospitals.len() as u64),
            correlation(found.map(|found| found.mean)),
            correlation(found.map(|found| found.least)),
        ]);
    }
    Section::new("stability", "Whether the order of the hospitals stays", table)
        .note("At 1, every point has the order of the middle.")
}

fn first(study: &Sensitivity<'_>, cube: &Hypercube) -> Section {
    let network = study.region.network();
    let mut table = Table::new(&[
        "figure",
        "hospital",
        "hospital_name",
        "rank",
        "value_middle",
        "share_among_first",
    ]);
    for figure in Hypercube::RANKED {
        for one in cube.first(figure, FIRST) {
            let hospital = &network[one.hospital];
            table.row(vec![
                Cell::text(figure.key()),
                Cell::text(&hospital.key),
                Cell::text(&hospital.name),
                Cell::Count(one.rank as u64),
                value(figure, one.middle),
                Cell::maybe_share((!cube.points.is_empty()).then_some(one.share_among_first)),
            ]);
        }
    }
    let table = table.details(&["hospital_name"]);
    Section::new("first", format!("The first {FIRST} hospitals"), table).note(format!(
        "Those that are among the first {FIRST} in the middle or at any point, by their rank in the \
         middle."
    ))
}
