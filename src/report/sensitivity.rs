//! How robust simulated figures are, as tables.

use super::document::{Cell, Document, Section, Table, figure_of};
use super::hours::{self, Cases};
use super::open;
use super::simulation::with_specialties;
use crate::report::columns::{
    CHANGE_HIGH, CHANGE_HIGH_HALF_WIDTH, CHANGE_LOW, CHANGE_LOW_HALF_WIDTH, EFFECT,
    EFFECT_DEVIATION, EFFECT_SIZE, FACTOR, FACTOR_HIGH, FACTOR_LOW, FIGURE, HOSPITAL,
    HOSPITAL_NAME, HOSPITALS, MESSAGE, RANK, RANK_CORRELATION, RANK_STABILITY,
    RANK_STABILITY_LEAST, SETTING_VALUE, SHARE_AMONG_FIRST, SOURCE, VALUE_HIGH, VALUE_LOW,
    VALUE_MEDIAN, VALUE_MIDDLE, VALUE_P5, VALUE_P95, WHAT,
};
use crate::report::figures;
use crate::simulation::{
    Effect, End, Ended, Factor, Figure, Hypercube, Screening, Sensitivity, Setting, Tornado,
};
use crate::words::{self, fixed, with_mark};

/// Among how many first hospitals one is looked for.
const FIRST: usize = 5;

/// What came of a study of how robust simulated figures are.
#[derive(Debug, Clone, Copy)]
pub struct SensitivityView<'s> {
    /// The study.
    pub study: &'s Sensitivity<'s>,
    /// What each factor that every region has changes alone.
    pub tornado: &'s Tornado,
    /// Which of all factors matter, where that was asked for.
    pub screening: Option<&'s Screening>,
    /// What factors change together, where that was asked for.
    pub hypercube: Option<&'s Hypercube>,
    /// The figures that are shown.
    pub figures: &'s [Figure],
}

/// What each factor changes in these figures, the widest bar first, which of all factors matter, and what those
/// change together.
pub fn sensitivity(view: &SensitivityView<'_>) -> Document {
    let SensitivityView { study, tornado, screening, hypercube, figures } = *view;
    let settings = study.settings;
    let scenario = study.scenario.map_or("none", |scenario| scenario.key.as_str());
    let document = open("How robust the simulated figures are", study.region);
    let mut document = hours::on_cases(document, study.region, Cases::OverTime)
        .about("scenario", scenario)
        .about("seed", study.plan.seed.0.to_string())
        .about(
            "days",
            said!("{days} after {warm_up}", days = settings.days, warm_up = settings.warm_up_days),
        )
        .about("replications", tornado.plan.replications.to_string())
        .about("spread", format!("± {} %", with_mark(percent(study.spread).to_string())));
    if let Some(cube) = hypercube {
        document = document.about("points", cube.points.len().to_string());
    }
    if let Some(screening) = screening {
        document = document.about("trajectories", screening.finished.to_string());
    }
    if let Some(ended) = ended(view) {
        document = document.about("interrupted", ended);
    }

    document = document.section(bars(tornado, figures));
    if let Some(screening) = screening {
        document = document.section(effects(view, screening));
    }
    if let Some(cube) = hypercube {
        document = document
            .section(joint(cube))
            .section(correlations(cube, figures))
            .section(stability(cube))
            .section(first(study, cube));
    }

    let mut faults = tornado.faults.clone();
    if let Some(screening) = screening {
        faults.extend(screening.faults.iter().cloned());
    }
    if let Some(cube) = hypercube {
        faults.extend(cube.faults.iter().cloned());
    }
    if !faults.is_empty() {
        let faults = Table::of(faults).column(MESSAGE, |fault| Cell::text(fault.as_str())).build();
        document = document.section(Section::new("faults", "What did not add up", faults));
    }
    let assumed = Table::of(settings.assumed())
        .column(WHAT, |(what, _)| with_specialties(|| words::of(what).into_owned(), settings))
        .column(SOURCE, |(_, source)| Cell::known(source))
        .build();
    document.section(Section::new("assumed", "Taken for granted", assumed))
}

/// A share of 1 in per cent, without digits that the multiplication adds.
fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

/// What is finished of a run that somebody stopped.
fn ended(view: &SensitivityView<'_>) -> Option<String> {
    let SensitivityView { tornado, screening, hypercube, .. } = *view;
    let is_interrupted = tornado.ended == Ended::Interrupted
        || screening.is_some_and(|screening| screening.ended == Ended::Interrupted)
        || hypercube.is_some_and(|cube| cube.ended == Ended::Interrupted);
    if !is_interrupted {
        return None;
    }
    let (finished, asked) = (tornado.finished, Tornado::RUNS);
    let mut text =
        said!("{finished} of {asked} runs with one factor changed are finished", finished, asked);
    if let Some(screening) = screening {
        let (finished, asked) = (screening.finished, screening.asked);
        text.push_str(&said!(", {finished} of {asked} trajectories", finished, asked));
    }
    if let Some(cube) = hypercube {
        text.push_str(&said!(
            ", {points} of {asked} points",
            points = cube.points.len(),
            asked = cube.asked
        ));
    }
    Some(text)
}

/// A value of a figure.
fn value(figure: Figure, number: f64) -> Cell {
    match figure {
        _ if figure.is_share() => Cell::share(number),
        Figure::WaitingDays | Figure::Blocked => Cell::number(number, 2),
        _ => Cell::number(number, 0),
    }
}

/// A difference of two values of a figure, or half the width of its interval.
fn difference(figure: Figure, number: f64) -> Cell {
    if figure.is_share() { Cell::points(number) } else { value(figure, number) }
}

fn maybe(figure: Figure, number: Option<f64>) -> Cell {
    match number {
        Some(number) => value(figure, number),
        None => Cell::Missing,
    }
}

fn bars(tornado: &Tornado, figures: &[Figure]) -> Section {
    let mut rows = Vec::new();
    for &figure in figures {
        for bar in tornado.bars(figure) {
            rows.push((figure, bar));
        }
    }
    // One replication has no interval.
    let half = |figure: Figure, end: &End| match end.change.half_width {
        Some(half) => difference(figure, half),
        None => Cell::Missing,
    };

    let table = Table::of(rows)
        .column(FIGURE, |(figure, _)| Cell::text(figure.key()))
        .column(FACTOR, |(_, bar)| Cell::text(bar.factor.key()))
        .column(FACTOR_LOW, |(_, bar)| Cell::number(bar.low.factor, 2))
        .column(FACTOR_HIGH, |(_, bar)| Cell::number(bar.high.factor, 2))
        .column(VALUE_LOW, |(figure, bar)| value(*figure, bar.low.value.mean))
        .column(VALUE_MIDDLE, |(figure, bar)| value(*figure, bar.middle.mean))
        .column(VALUE_HIGH, |(figure, bar)| value(*figure, bar.high.value.mean))
        .column(CHANGE_LOW, |(figure, bar)| difference(*figure, bar.low.change.mean))
        .column(CHANGE_LOW_HALF_WIDTH, |(figure, bar)| half(*figure, &bar.low))
        .column(CHANGE_HIGH, |(figure, bar)| difference(*figure, bar.high.change.mean))
        .column(CHANGE_HIGH_HALF_WIDTH, |(figure, bar)| half(*figure, &bar.high))
        .build();

    let (heading, table) = match figures {
        [only] => (
            said!("One factor at a time: {figure}", figure = figures::told(only.key())),
            table.hide(&[FIGURE]),
        ),
        _ => (said!("One factor at a time"), table),
    };
    let mut section = Section::new("factors", heading, table).note(
        "All hospitals inside. Means of the replications; differences to the middle, paired, with \
         95 % intervals. Beds that the network does not know are those of the middle.",
    );
    // Of every figure the factors are the same.
    let bars = figures.first().map(|figure| tornado.bars(*figure)).unwrap_or_default();
    for bar in bars {
        // More than all beds cannot be staffed, so its upper end may be nearer than the lower one.
        let (up, down) = (bar.high.factor - 1.0, 1.0 - bar.low.factor);
        if bar.factor == Factor::Staffing && up < down - 1e-9 {
            section = section.note(said!(
                "Staffing ends at a factor of {factor}: then all beds are staffed.",
                factor = fixed(bar.high.factor, 2)
            ));
            break;
        }
    }
    section
}

/// How many factors are said to decide a figure.
const DECIDING: usize = 3;

/// Which of all factors matter.
fn effects(view: &SensitivityView<'_>, screening: &Screening) -> Section {
    let mut rows: Vec<&Effect> = Vec::new();
    for figure in view.figures {
        rows.extend(screening.order(*figure));
    }
    let settings = view.study.settings;
    let table = Table::of(rows)
        .column(FIGURE, |effect| Cell::text(effect.figure.key()))
        .column(FACTOR, |effect| Cell::text(effect.factor.key()))
        .column(SETTING_VALUE, |effect| match Setting::find(effect.factor.key()) {
            Some(setting) => with_specialties(|| setting.value_in_words(settings), settings),
            None => Cell::Missing,
        })
        .column(EFFECT, |effect| difference(effect.figure, effect.mean))
        .column(EFFECT_SIZE, |effect| difference(effect.figure, effect.mean_size))
        .column(EFFECT_DEVIATION, |effect| match effect.deviation {
            Some(deviation) => difference(effect.figure, deviation),
            None => Cell::Missing,
        })
        .build();
    let table = if view.figures.len() == 1 { table.hide(&[FIGURE]) } else { table };
    let mut section = Section::new("effects", "Which of all factors matter", table).note(
        "Elementary effects over the whole span of each factor (Morris): their mean with its sign, the mean of their \
         sizes, and how much they scatter with the other factors. Settings that are lists of keys, hours or models of \
         choice are not moved.",
    );
    for figure in view.figures {
        section = section.maybe_note(deciding(screening, *figure));
    }
    section
}

/// The factors that decide a figure, with how much of the sum of all effects is theirs.
fn deciding(screening: &Screening, figure: Figure) -> Option<String> {
    let effects = screening.order(figure);
    let whole: f64 = effects.iter().map(|effect| effect.mean_size).sum();
    // A figure that nothing moves is decided by none.
    if whole <= 0.0 {
        return None;
    }
    let (mut names, mut share) = (Vec::new(), 0.0);
    for effect in effects.iter().take(DECIDING).filter(|effect| effect.mean_size > 0.0) {
        names.push(figure_of(effect.factor.key()));
        share += effect.mean_size / whole;
    }
    Some(said!(
        "{figure} is decided by {names}: {share} of the sum of all effects.",
        figure = figure_of(figure.key()),
        names = names.join(", "),
        share = Cell::share(share).display()
    ))
}

fn joint(cube: &Hypercube) -> Section {
    // The middle may not have been reached before somebody stopped the run.
    let middle = |figure| Some(cube.middle.as_ref()?.figure(figure));
    let quantile = |figure, share| maybe(figure, cube.quantile(figure, share));
    let table = Table::of(Figure::ALL)
        .column(FIGURE, |figure| Cell::text(figure.key()))
        .column(VALUE_MIDDLE, |figure| maybe(*figure, middle(*figure)))
        .column(VALUE_P5, |figure| quantile(*figure, 0.05))
        .column(VALUE_MEDIAN, |figure| quantile(*figure, 0.5))
        .column(VALUE_P95, |figure| quantile(*figure, 0.95))
        .build();
    Section::new("joint", "All factors at once", table).note(said!("All hospitals inside, at {points} points of a Latin hypercube: every factor anywhere in its \
         range with the same chance, independent of the others.", points = cube.points.len()))
}

fn correlations(cube: &Hypercube, figures: &[Figure]) -> Section {
    let mut rows = Vec::new();
    for &figure in figures {
        for &factor in &cube.factors {
            rows.push((figure, factor));
        }
    }
    let table = Table::of(rows)
        .column(FIGURE, |(figure, _)| Cell::text(figure.key()))
        .column(FACTOR, |(_, factor)| Cell::text(factor.key()))
        .column(RANK_CORRELATION, |(figure, factor)| {
            correlation(cube.correlation(*factor, *figure))
        })
        .build();
    Section::new("correlations", "Which factor the figure follows", table)
        .note("Near 1 or -1, the factor decides; near 0, the others do.")
        .maybe_note(chance(cube.points.len()))
}

/// How far rank correlations at so many points get by chance: their standard deviation is 1 / sqrt(n - 1)
/// where the factor decides nothing (Kendall & Gibbons, Rank Correlation Methods).
fn chance(points: usize) -> Option<String> {
    // At five points it is nearly 1, which no correlation exceeds; at fewer the sentence would be wrong.
    if points <= 4 {
        return None;
    }
    let far = 1.96 / (points as f64 - 1.0).sqrt();
    Some(said!(
        "At {points} points, one of twenty factors without any effect is beyond ±{far}.",
        points,
        far = fixed(far, 2)
    ))
}

fn correlation(number: Option<f64>) -> Cell {
    Cell::maybe_number(number, 2)
}

fn stability(cube: &Hypercube) -> Section {
    let table = Table::of(Hypercube::RANKED.map(|figure| (figure, cube.stability(figure))))
        .column(FIGURE, |(figure, _)| Cell::text(figure.key()))
        .column(HOSPITALS, |_| Cell::count(cube.hospitals.len()))
        // A single hospital has no order.
        .column(RANK_STABILITY, |(_, stability)| {
            correlation(stability.as_ref().map(|stability| stability.mean))
        })
        .column(RANK_STABILITY_LEAST, |(_, stability)| {
            correlation(stability.as_ref().map(|stability| stability.least))
        })
        .build();
    Section::new("stability", "Whether the order of the hospitals stays", table)
        .note("At 1, every point has the order of the middle.")
}

fn first(study: &Sensitivity<'_>, cube: &Hypercube) -> Section {
    let network = study.region.network();
    let mut rows = Vec::new();
    for figure in Hypercube::RANKED {
        for place in cube.first(figure, FIRST) {
            rows.push((figure, place));
        }
    }
    let has_points = !cube.points.is_empty();
    let table = Table::of(rows)
        .column(FIGURE, |(figure, _)| Cell::text(figure.key()))
        .column(HOSPITAL, |(_, place)| Cell::text(&network[place.hospital].key))
        .detail(HOSPITAL_NAME, |(_, place)| Cell::text(&network[place.hospital].name))
        .column(RANK, |(_, place)| Cell::count(place.rank))
        .column(VALUE_MIDDLE, |(figure, place)| value(*figure, place.middle))
        .column(SHARE_AMONG_FIRST, |(_, place)| {
            Cell::maybe_share(has_points.then_some(place.share_among_first))
        })
        .build();
    Section::new("first", said!("The first {count} hospitals", count = FIRST), table).note(said!("Those that are among the first {count} in the middle or at any point, by their rank in the \
         middle.", count = FIRST))
}
