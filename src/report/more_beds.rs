//! Where more beds help most: wards ranked, the formula beside the simulation.

use super::document::{Cell, Document, Section, Table, figure_of, hospital_of, specialty_of};
use super::hours::{self, Cases};
use super::open;
use crate::report::columns::{
    BEDS, BEST_PROBABILITY_SHARE, FORMULA_GAIN_PER_YEAR, FORMULA_RANK, GAIN_PER_YEAR,
    GAIN_PER_YEAR_HALF_WIDTH, MORE_BEDS, RANK, REPLICATIONS, WARD,
};
use crate::simulation::{
    BedQuestion, BedSplit, Ended, MoreBeds, MoreBedsAnswer, MoreBedsWard, PatientFlow,
};
use crate::stats::Interval;
use crate::words::{self, with_mark};

/// What a question about more beds rests on.
#[derive(Debug, Clone, Copy)]
pub struct MoreBedsView<'a> {
    question: &'a MoreBeds,
    wards: Wards<'a>,
}

/// The wards that were asked about.
#[derive(Debug, Clone, Copy)]
enum Wards<'a> {
    Region(&'a PatientFlow<'a>),
    Written(&'a BedQuestion),
}

impl<'a> MoreBedsView<'a> {
    /// About wards of a region.
    pub fn of_region(question: &'a MoreBeds, flow: &'a PatientFlow<'a>) -> Self {
        Self { question, wards: Wards::Region(flow) }
    }

    /// About wards that were written out.
    pub fn of_wards(question: &'a MoreBeds, wards: &'a BedQuestion) -> Self {
        Self { question, wards: Wards::Written(wards) }
    }

    fn head(&self) -> Document {
        let title = "Where more beds help most";
        match self.wards {
            Wards::Region(flow) => {
                let document = open(title, flow.region());
                hours::on_cases(document, flow.region(), Cases::OverTime)
            }
            Wards::Written(_) => {
                let version = concat!("verbund ", env!("CARGO_PKG_VERSION"));
                Document::new(title).about("version", version)
            }
        }
    }

    /// Days that are counted, those before them, and what of the stays is assumed.
    fn simulation(&self) -> String {
        let seed = self.question.seed.0;
        match self.wards {
            Wards::Region(flow) => {
                let settings = flow.settings();
                said!(
                    "patients of the region as in a simulation over time, {days} days after {warm_up}, seed {seed}; further beds are staffed as those that are there",
                    days = settings.days,
                    warm_up = settings.warm_up_days,
                    seed
                )
            }
            Wards::Written(question) => {
                let days = question.trial.unwrap_or_default().days;
                said!(
                    "each ward alone, {days} days after the wards have forgotten that they were empty, seed {seed}; stays lognormal, coefficient of variation {stay_cv} (assumed, where not measured)",
                    days,
                    seed,
                    stay_cv = with_mark(question.stay_cv.to_string())
                )
            }
        }
    }

    /// What a ward is called: of a region by its hospital and specialty, whose keys are its name.
    fn ward(&self, name: &str) -> String {
        match (self.wards, name.split_once(' ')) {
            (Wards::Region(_), Some((hospital, specialty))) => {
                format!("{}, {}", hospital_of(hospital), specialty_of(specialty))
            }
            _ => name.to_owned(),
        }
    }

    fn counted(&self) -> String {
        // Nobody waits or is sent on there: who is refused is all that can be counted.
        if let Wards::Written(_) = self.wards {
            return said!("patients a year who find no bed, of all wards");
        }
        let mut keys = Vec::new();
        for figure in &self.question.figures {
            keys.push(figure_of(figure.key()));
        }
        said!("{keys}: patients a year, of all hospitals inside", keys = keys.join(" + "))
    }
}

/// Lays out where more beds help most.
pub fn more_beds(view: &MoreBedsView<'_>, answer: &MoreBedsAnswer) -> Document {
    let count = |value: u64| Cell::count(value).display();
    let mut document = view
        .head()
        .about("beds", said!("{beds} more, all in one ward", beds = view.question.beds))
        .about("counted", view.counted())
        .about("simulation", view.simulation())
        .about(
            "replications",
            said!(
                "{done}; budget {budget}, shared out so that the best ward is found with the fewest (OCBA, Chen et al. 2000), the same patients in all",
                done = count(answer.replications),
                budget = count(answer.budget)
            ),
        )
        .about(
            "formula",
            "Erlang B: each ward alone, patients come at random and find a bed or go elsewhere, any stays",
        );
    if answer.ended == Ended::Interrupted {
        document = document.about("interrupted", "what was finished counts");
    }
    document = document.section(ranked(view, answer));
    if let Some(split) = &answer.split {
        document = document.section(of_split(view, answer, split));
    }
    document
}

/// Rank of each ward by the formula, in the order of the wards; `None` without its load.
fn ranks_by_formula(wards: &[MoreBedsWard]) -> Vec<Option<usize>> {
    let mut gains: Vec<f64> = Vec::with_capacity(wards.len());
    for ward in wards {
        gains.extend(ward.formula);
    }
    gains.sort_by(|left, right| right.total_cmp(left));
    let mut ranks = Vec::with_capacity(wards.len());
    for ward in wards {
        // Equal gains share a rank, that of the first of them.
        let gain = ward.formula;
        ranks.push(gain.map(|gain| gains.partition_point(|better| *better > gain) + 1));
    }
    ranks
}

/// A ward with its ranks.
struct Row<'a> {
    rank: usize,
    by_formula: Option<usize>,
    ward: &'a MoreBedsWard,
    /// Of the first one.
    probability: Option<f64>,
}

fn rows(answer: &MoreBedsAnswer) -> Vec<Row<'_>> {
    let by_formula = ranks_by_formula(&answer.wards);
    let mut rows = Vec::with_capacity(answer.wards.len());
    for (ward, by_formula) in answer.wards.iter().zip(by_formula) {
        let rank = rows.len() + 1;
        let probability = answer.probability.filter(|_| rank == 1);
        rows.push(Row { rank, by_formula, ward, probability });
    }
    rows
}

fn ranked(view: &MoreBedsView<'_>, answer: &MoreBedsAnswer) -> Section {
    let table = Table::of(rows(answer))
        .column(RANK, |row| Cell::count(row.rank))
        .column(WARD, |row| Cell::both(&row.ward.name, view.ward(&row.ward.name)))
        .column(BEDS, |row| Cell::count(row.ward.beds))
        .column(GAIN_PER_YEAR, |row| Cell::number(row.ward.gain.mean, 1))
        .column(GAIN_PER_YEAR_HALF_WIDTH, |row| half(row.ward.gain))
        .column(REPLICATIONS, |row| Cell::count(row.ward.gain.count))
        .column(FORMULA_GAIN_PER_YEAR, |row| Cell::maybe_number(row.ward.formula, 1))
        .column(FORMULA_RANK, |row| Cell::maybe_count(row.by_formula))
        .detail(BEST_PROBABILITY_SHARE, |row| Cell::maybe_share(row.probability))
        .build();
    let heading = said!("{beds} more beds, all in one ward", beds = view.question.beds);
    let mut section = Section::new("wards", heading, table);
    // Before anything else: an order that chance made would be read as an answer.
    section = section.note(verdict(view, answer));
    if let Some(best) = best_by_formula(&answer.wards) {
        let name = view.ward(&answer.wards[best].name);
        section = section.note(if best == 0 {
            said!("Erlang's formula puts the same ward first.")
        } else {
            said!("Erlang's formula alone would put {name} first.", name)
        });
    }
    if answer.without_need > 0 {
        let count = answer.without_need;
        section =
            section.note(said!("Not tried, as nobody is counted there: {count} wards.", count));
    }
    if answer.screened > 0 {
        let count = answer.screened;
        section = section
            .note(said!("Not tried, as they promise less by formula: {count} wards.", count));
        // Else it is the number of wards that is limited, and not what can be spent on them.
        if answer.wards.len() < view.question.most_wards {
            section = section.note("A larger budget tries more of them.");
        }
    }
    if let Wards::Region(_) = view.wards {
        // Written wards stand alone in the simulation, too.
        section = section.note(
            "The formula sees each ward alone: that wards of a house help each other, that who is sent on fills another ward, weekends and waiting lists are in the simulation only.",
        );
    }
    section
}

/// The ward that gains most by the formula.
fn best_by_formula(wards: &[MoreBedsWard]) -> Option<usize> {
    ranks_by_formula(wards).iter().position(|rank| *rank == Some(1))
}

/// How sure the first ward is.
fn verdict(view: &MoreBedsView<'_>, answer: &MoreBedsAnswer) -> String {
    let Some(best) = answer.wards.first() else {
        return said!("No ward could be tried: nobody is counted in any.");
    };
    let name = view.ward(&best.name);
    let Some(probability) = answer.probability else {
        return said!(
            "{name} is first so far; fewer than two replications say nothing about chance.",
            name
        );
    };
    // Rounded down, and never to certainty: it is a bound.
    let percent = words::fixed((probability * 1000.0).floor().min(999.0) / 10.0, 1);
    let gain = Cell::number(best.gain.mean, 1).display();
    let base = answer.base.map_or(0.0, |base| base.mean);
    let base = Cell::number(base, 0).display();
    if probability >= 0.95 {
        return said!(
            "{name} is the best of these wards with a probability of at least {percent} %: {gain} of {base} patients a year fewer.",
            name,
            percent,
            gain,
            base
        );
    }
    said!(
        "{name} is first with {gain} of {base} patients a year fewer, but not told apart from the next: it is the best with a probability of at least {percent} %. A larger budget tells more.",
        name,
        gain,
        base,
        percent
    )
}

fn of_split(view: &MoreBedsView<'_>, answer: &MoreBedsAnswer, split: &BedSplit) -> Section {
    let table = Table::of(&split.parts)
        .column(WARD, |part| Cell::both(&part.name, view.ward(&part.name)))
        .column(MORE_BEDS, |part| Cell::count(part.beds))
        .build();
    let heading = "The same beds split among wards, as is best by formula";
    let section = Section::new("split", heading, table);
    let by_formula = Cell::number(split.formula, 1).display();
    let Some(gain) = split.gain else {
        return section.note(said!(
            "By formula {by_formula} patients a year fewer; not simulated, as the run was stopped.",
            by_formula
        ));
    };
    let half = Cell::number(gain.half_width.unwrap_or(0.0), 1).display();
    // Beside it what all beds in one ward give: the split is worth its trouble only where it gains more.
    let best = answer.wards.first().map_or(0.0, |best| best.gain.mean);
    section.note(said!(
        "Together {gain} ± {half} patients a year fewer by simulation ({count} replications), {by_formula} by formula; all in the best ward: {best}.",
        gain = Cell::number(gain.mean, 1).display(),
        half,
        count = gain.count,
        by_formula,
        best = Cell::number(best, 1).display()
    ))
}

/// Half of the width of an interval.
fn half(interval: Interval) -> Cell {
    Cell::maybe_number(interval.half_width, 1)
}
