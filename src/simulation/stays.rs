//! Stays that somebody knows: by hospital, specialty, urgency and age, as figures or as a list of stays.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::disk::clean;
use crate::files::access::read_text;
use crate::files::table::{Columns, Row, Table, read_rows};
use crate::model::Network;
use crate::problem::{ProblemKind, Problems};
use crate::queueing::{Distribution, MixturePart};
use crate::stats::{Fit, FittedLaw, fit_times};

/// How long patients stay, by hospital, specialty and urgency, where somebody knows: in the place of the stays of the
/// catalog and of [`Settings::stay_cv`](super::Settings::stay_cv).
///
/// A table (CSV) in one of two forms. Both have a column `specialty`, and may have `hospital` (empty: all), `urgency`
/// (`emergency` or `elective`; empty: both) and `age` (a word, such as `65+`):
///
/// - figures, with `median_days` and `cv` (standard deviation over mean): lognormal stays. Rows of several ages of one
///   group are mixed by their `cases`, which they then need;
/// - stays, one a row, with `days`: laws are fitted to each group of at least 30 ([`fit_times`]), and the one
///   with the least AIC is taken; where even that is refuted (a chance of its distance below 1 in 100), the stays themselves are
///   drawn, at most 1,000 at equal steps of their order. Ages are mixed as they come.
///
/// What is said of a hospital goes before what is said of all, and what is said of an urgency before what is said of both. It
/// is the stay on the ward, without intensive care; patients of care pathways keep theirs.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::simulation::Stays;
///
/// let network = Folder::small().read()?.network;
/// let table = "hospital,specialty,urgency,median_days,cv\nsouth,internal_medicine,emergency,4,1.2\n,obstetrics,,3,0.5\n";
/// let stays = Stays::read(table, "stays.csv", &network)?;
/// // A lognormal's mean is its median times the root of 1 + cv^2.
/// assert!((stays.rows()[1].law.mean() - 4.0 * (1.0_f64 + 1.2 * 1.2).sqrt()).abs() < 1e-9);
///
/// let problems = Stays::read("specialty,days\nobstetrics,0\n", "stays.csv", &network).unwrap_err();
/// assert_eq!(problems.list()[0].line, Some(2));
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stays {
    rows: Vec<StayRow>,
}

/// How long the patients of a group stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StayRow {
    /// Key of the hospital; `None` for all.
    pub hospital: Option<String>,
    /// Key of the specialty.
    pub specialty: String,
    /// Whether of elective patients, or of emergencies; `None` for both.
    pub is_elective: Option<bool>,
    /// How long, in days.
    pub law: Distribution,
    /// How the law was found, where it was fitted.
    pub fit: Option<StayFit>,
    /// The stays that it was fitted to, for a picture; not written.
    #[serde(skip)]
    pub histogram: Option<StayHistogram>,
}

/// Listed stays in bins of equal width, with every law that was fitted to them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StayHistogram {
    /// Days of a bin, above 0.
    pub bin_days: f64,
    /// Stays by bin, the first from 0 days on; a bin holds its upper end.
    pub counts: Vec<u64>,
    /// Stays longer than the last bin: about one in fifty, so that a few very long ones do not squeeze the others.
    pub beyond: u64,
    /// The laws, the one with the least AIC first.
    pub fits: Vec<Fit>,
}

/// Widths of bins, of which the least is taken that needs at most so many.
const BIN_DAYS: [f64; 12] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 7.0, 14.0, 30.0, 91.0, 365.0, 3650.0];

/// Most bins.
const MOST_BINS: f64 = 40.0;

impl StayHistogram {
    fn new(days: &[f64], fits: Vec<Fit>) -> Self {
        let mut sorted = days.to_vec();
        sorted.sort_by(f64::total_cmp);
        // Up to the 98th of a hundred: a few of half a year would leave all others in one bin.
        let last = (sorted.len() * 49 / 50).min(sorted.len().saturating_sub(1));
        let longest = sorted.get(last).copied().unwrap_or(1.0);
        let is_wide = |width: &&f64| longest / **width <= MOST_BINS;
        let bin_days = BIN_DAYS.iter().find(is_wide).copied().unwrap_or(3650.0);
        let mut histogram = Self { bin_days, counts: Vec::new(), beyond: 0, fits };
        histogram.counts.resize((longest / bin_days).ceil().max(1.0) as usize, 0);
        for stay in sorted {
            // A stay of exactly one bin's width is in the first one.
            let bin = ((stay / bin_days).ceil() as usize).saturating_sub(1);
            match histogram.counts.get_mut(bin) {
                Some(count) => *count += 1,
                None => histogram.beyond += 1,
            }
        }
        histogram
    }

    /// All stays.
    pub fn stays(&self) -> u64 {
        self.counts.iter().sum::<u64>() + self.beyond
    }
}

/// How a law of stays was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct StayFit {
    /// Stays that it was fitted to.
    pub stays: u64,
    /// The law; `empirical` where the stays themselves are drawn, as the best law is refuted.
    pub law: String,
    /// The law with the next AIC, and how much more that is: up to 2 is as good, 10 is much worse. Where the stays
    /// themselves are drawn, the law that is refuted, with 0.
    pub next: Option<(String, f64)>,
    /// Largest distance between the distribution functions of the stays and of the law with the least AIC (Kolmogorov and
    /// Smirnov), 0 to 1.
    pub distance: f64,
    /// Chance of a distance as large if the law were right: a small one refutes it, a large one says little, as the law
    /// was fitted to the same stays.
    pub chance: f64,
}

/// The columns of the table.
const COLUMNS: [&str; 8] =
    ["hospital", "specialty", "urgency", "age", "median_days", "cv", "cases", "days"];

/// Most days of a stay: a hundred years.
const MOST_DAYS: f64 = 36_500.0;

/// Least days of a stay: a minute and a half.
const LEAST_DAYS: f64 = 0.001;

/// Chance of its distance below which a fitted law is refuted.
const REFUTED: f64 = 0.01;

/// Most stays that are drawn themselves: every ward of the group has a copy.
const MOST_DRAWN: usize = 1000;

/// A group of patients: hospital, specialty, and whether they are elective.
type Group = (Option<String>, String, Option<bool>);

impl Stays {
    /// Reads the file at a path for a network.
    ///
    /// # Errors
    ///
    /// Those of [`Stays::read`]; that it cannot be read or is no UTF-8.
    pub fn open(path: &Path, network: &Network) -> Result<Self, Problems> {
        let name = path.display().to_string();
        let text = read_text(path)?;
        Self::read(&text, &name, network)
    }

    /// Reads a table for a network; `name` is what problems call it.
    ///
    /// # Errors
    ///
    /// Every fault with its line: a hospital or a specialty that does not exist, a number that is none or out of its
    /// range, a group of too few stays, a group that is there twice.
    pub fn read(text: &str, name: &str, network: &Network) -> Result<Self, Problems> {
        let text = clean(text);
        let header = text.lines().next().unwrap_or_default();
        let is_list = header.split(',').any(|column| column.trim().trim_matches('"') == "days");
        let of_figures: [&str; 3] = ["specialty", "median_days", "cv"];
        let of_stays: [&str; 2] = ["specialty", "days"];
        let is_known = |column: &str| COLUMNS.contains(&column);
        let columns = Columns {
            required: if is_list { &of_stays } else { &of_figures },
            named: &COLUMNS,
            is_known: &is_known,
        };
        let (mut table, rows) = read_rows(name, &text, &columns);
        if table.has_header && rows.is_empty() && table.problems.is_empty() {
            let expected = "a row for each group, or for each stay";
            table.fault(ProblemKind::Missing, "", "the table has no row".to_owned(), expected);
        }
        let reading = Reading { network };
        let stays = if is_list {
            reading.fitted(&mut table, &rows)
        } else {
            reading.figures(&mut table, &rows)
        };
        if table.problems.is_empty() { Ok(stays) } else { Err(table.problems) }
    }

    /// The groups, in the order of their keys.
    pub fn rows(&self) -> &[StayRow] {
        &self.rows
    }

    /// How long patients of a specialty stay at a hospital; `None` where nobody says.
    pub(super) fn law(
        &self,
        hospital: &str,
        specialty: &str,
        is_elective: bool,
    ) -> Option<&StayRow> {
        let mut best: Option<(u8, &StayRow)> = None;
        for row in self.rows.iter().filter(|row| row.specialty == specialty) {
            let is_here = row.hospital.as_deref().is_none_or(|key| key == hospital);
            if !is_here || row.is_elective.is_some_and(|elective| elective != is_elective) {
                continue;
            }
            let rank = 2 * u8::from(row.hospital.is_some()) + u8::from(row.is_elective.is_some());
            if best.is_none_or(|(before, _)| rank > before) {
                best = Some((rank, row));
            }
        }
        best.map(|(_, row)| row)
    }
}

/// Rows being read.
struct Reading<'n> {
    network: &'n Network,
}

/// Figures of a group: one row, or one for each age.
#[derive(Default)]
struct Figures {
    /// With their cases.
    laws: Vec<(Distribution, Option<f64>)>,
    line: u32,
}

/// Stays of a group.
#[derive(Default)]
struct Listed {
    days: Vec<f64>,
    line: u32,
}

impl Reading<'_> {
    /// The group of a row; `None` where it has a fault.
    fn group(&self, table: &mut Table<'_>, row: &Row) -> Option<Group> {
        let told = table.problems.count();
        table.line = row.line;
        let hospital = table.text(&row.cells, "hospital");
        if !hospital.is_empty() && self.network.find(hospital).is_none() {
            let hospitals = self.network.hospitals();
            let keys: Vec<&str> = hospitals.iter().map(|hospital| hospital.key.as_str()).collect();
            table.unknown("hospital", "hospital", hospital, keys);
        }
        let specialty = table.required(&row.cells, "specialty", "the key of a specialty");
        let catalog = self.network.catalog();
        if let Some(key) = specialty.filter(|key| catalog.specialty(key).is_none()) {
            let keys: Vec<&str> =
                catalog.specialties.iter().map(|specialty| specialty.key.as_str()).collect();
            table.unknown("specialty", "specialty", key, keys);
        }
        let words = [("emergency", false), ("elective", true)];
        let is_elective = table.choice(&row.cells, "urgency", &words);
        if table.problems.count() > told {
            return None;
        }
        let hospital = (!hospital.is_empty()).then(|| hospital.to_owned());
        Some((hospital, specialty?.to_owned(), is_elective))
    }

    fn figures(&self, table: &mut Table<'_>, rows: &[Row]) -> Stays {
        let mut groups: BTreeMap<Group, Figures> = BTreeMap::new();
        for row in rows {
            let group = self.group(table, row);
            for field in ["median_days", "cv"] {
                table.required(&row.cells, field, "a number");
            }
            let median = table.number(&row.cells, "median_days", (LEAST_DAYS, MOST_DAYS));
            let cv = table.number(&row.cells, "cv", (0.0, 100.0));
            let cases = table.number(&row.cells, "cases", (0.0, 1e9));
            let (Some(group), Some(median), Some(cv)) = (group, median, cv) else { continue };
            // Of a lognormal; constant stays are one without spread.
            let mean = median * (1.0 + cv * cv).sqrt();
            let figures = groups.entry(group).or_default();
            if figures.laws.is_empty() {
                figures.line = row.line;
            }
            let is_more = !figures.laws.is_empty();
            let first_has_cases = figures.laws.first().is_some_and(|(_, cases)| cases.is_some());
            figures.laws.push((Distribution::Lognormal { mean, cv }, cases));
            if is_more && !(first_has_cases && cases.is_some_and(|cases| cases > 0.0)) {
                let first = figures.line;
                let message = format!("the group of line {first} once more, without cases");
                let expected = "cases above 0 in each row of a group with several ages";
                table.fault(ProblemKind::Duplicate, "cases", message, expected);
            }
        }

        // By their keys, so that the order of the file changes nothing.
        let mut stays = Stays::default();
        for ((hospital, specialty, is_elective), Figures { laws, .. }) in groups {
            let law = mixed(&laws);
            stays.rows.push(StayRow {
                hospital,
                specialty,
                is_elective,
                law,
                fit: None,
                histogram: None,
            });
        }
        stays
    }

    fn fitted(&self, table: &mut Table<'_>, rows: &[Row]) -> Stays {
        let mut groups: BTreeMap<Group, Listed> = BTreeMap::new();
        for row in rows {
            let group = self.group(table, row);
            table.required(&row.cells, "days", "the days of a stay");
            let days = table.number(&row.cells, "days", (LEAST_DAYS, MOST_DAYS));
            let (Some(group), Some(days)) = (group, days) else { continue };
            let listed = groups.entry(group).or_default();
            if listed.days.is_empty() {
                listed.line = row.line;
            }
            listed.days.push(days);
        }

        let mut stays = Stays::default();
        // Faults of rows first: with rows missing, a group would be too small for a reason that is none.
        if !table.problems.is_empty() {
            return stays;
        }
        for ((hospital, specialty, is_elective), Listed { days, line }) in groups {
            let fits = fit_times(&days);
            let Some(best) = fits.first() else {
                table.line = line;
                let count = days.len();
                let message = format!("{count} stays of this group, to which no law can be fitted");
                let expected = "at least 30 stays, not all of the same length";
                table.fault(ProblemKind::Range, "days", message, expected);
                continue;
            };
            let next = fits.get(1).map(|fit| (fit.law.name().to_owned(), fit.aic - best.aic));
            let fit = StayFit {
                stays: days.len() as u64,
                law: best.law.name().to_owned(),
                next,
                distance: best.distance,
                chance: best.chance,
            };
            let mut fit = fit;
            let mut law = law_of(&best.law);
            let is_refuted = best.chance < REFUTED;
            // Stays of whole days, or of many kinds of patients: no simple law says them, and they are drawn themselves.
            if is_refuted {
                "empirical".clone_into(&mut fit.law);
                fit.next = Some((best.law.name().to_owned(), 0.0));
                law = Distribution::Empirical(thinned(days.clone()));
            }
            let histogram = Some(StayHistogram::new(&days, fits));
            stays.rows.push(StayRow {
                hospital,
                specialty,
                is_elective,
                law,
                fit: Some(fit),
                histogram,
            });
        }
        stays
    }
}

/// The laws of several ages as one.
fn mixed(laws: &[(Distribution, Option<f64>)]) -> Distribution {
    let whole: f64 = laws.iter().filter_map(|(_, cases)| *cases).sum();
    if let [(law, _)] = laws {
        return law.clone();
    }
    let mut parts = Vec::with_capacity(laws.len());
    for (law, cases) in laws {
        let share = cases.unwrap_or_default() / whole;
        parts.push(MixturePart { share, law: law.clone() });
    }
    Distribution::Mixture(parts)
}

/// At most so many stays, at equal steps of their order.
fn thinned(mut days: Vec<f64>) -> Vec<f64> {
    days.sort_by(f64::total_cmp);
    let count = days.len().min(MOST_DRAWN);
    let mut kept = Vec::with_capacity(count);
    for number in 0..count {
        // In the middle of each step, so that neither end counts twice.
        kept.push(days[(2 * number + 1) * days.len() / (2 * count)]);
    }
    kept
}

/// A fitted law as a model has it.
fn law_of(law: &FittedLaw) -> Distribution {
    match law {
        FittedLaw::Gamma { mean, cv } => Distribution::Gamma { mean: *mean, cv: *cv },
        FittedLaw::Weibull { mean, shape } => Distribution::Weibull { mean: *mean, shape: *shape },
        FittedLaw::Lognormal { mean, cv } => Distribution::Lognormal { mean: *mean, cv: *cv },
        FittedLaw::TwoLognormals { share, means, cvs } => {
            let part = |share: f64, number: usize| MixturePart {
                share,
                law: Distribution::Lognormal { mean: means[number], cv: cvs[number] },
            };
            Distribution::Mixture(vec![part(*share, 0), part(1.0 - share, 1)])
        }
    }
}

/// The same law of times that are so many times as long.
pub(super) fn scaled(law: &Distribution, factor: f64) -> Distribution {
    let mut scaled_law = law.clone();
    match &mut scaled_law {
        Distribution::Lognormal { mean, .. }
        | Distribution::Gamma { mean, .. }
        | Distribution::Weibull { mean, .. } => *mean *= factor,
        Distribution::Mixture(parts) => {
            for part in parts {
                part.law = scaled(&part.law, factor);
            }
        }
        Distribution::Empirical(values) => {
            for value in values {
                *value *= factor;
            }
        }
        // No other law is read or fitted.
        _ => {}
    }
    scaled_law
}
