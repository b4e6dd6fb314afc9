//! The flows held against what really happened: inpatient cases by hospital.

use rayon::prelude::*;
use serde::Serialize;

use super::fit::{
    HUFF_RANGES, Known, Parameter, fit, huff, points_beside, starting_at, thousandths,
};
use super::predictor::Predictor;
use crate::model::{Fact, HospitalId, Network};
use crate::region::Region;
use crate::routing::choice::{Choice, ChoiceError, Huff};

/// Name of the facts that count the inpatient cases of one hospital.
const ALONE: &str = "inpatient_cases";
/// Name of the facts that count the cases of several hospitals in one number: each of them has the fact,
/// with the same number, year and source.
const TOGETHER: &str = "inpatient_cases_together";
/// Fewest observations that make a comparison.
pub(super) const FEWEST: usize = 3;

/// Inpatient cases of one year at one hospital, or at several that a source counts together: published, and
/// predicted by three models.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CasesRow {
    /// The hospitals, one or more, in the order of their ids.
    pub hospitals: Vec<HospitalId>,
    /// The year of the count; of a span of years the last.
    pub year: i16,
    /// Cases as the source counts them (some sources count part-time cases, too).
    pub published: f64,
    /// What it counts, in its words; empty where it does not say.
    pub unit: String,
    /// Predicted when everybody goes to the nearest.
    pub nearest: f64,
    /// Predicted by the Huff model whose parameters fit all rows best.
    pub fitted: f64,
    /// Predicted by the Huff model whose parameters fit all other rows best: this row is no part of its fit.
    pub left_out: f64,
    /// Predicted by the model in use.
    pub in_use: f64,
}

/// Inpatient cases by hospital beside predictions; made by [`check_cases`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CasesCheck {
    /// Hospitals whose cases a source counts, in the order of their ids.
    pub rows: Vec<CasesRow>,
    /// The Huff parameters that fit all rows best.
    pub fitted: Huff,
    /// The model in use.
    pub in_use: Choice,
}

impl CasesCheck {
    /// Mean absolute error of a prediction, as a share of the published cases (0.1 for a tenth).
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::routing::{Choice, Huff, check_cases};
    ///
    /// let region = Region::leipzig()?;
    /// let check = check_cases(&region, Choice::Huff(Huff::default()))?.expect("six counts");
    /// assert!(check.mean_error(|row| row.in_use) < check.mean_error(|row| row.published * 1.5));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn mean_error(&self, prediction: impl Fn(&CasesRow) -> f64) -> f64 {
        let mut sum = 0.0;
        for row in &self.rows {
            sum += (prediction(row) / row.published - 1.0).abs();
        }
        sum / self.rows.len() as f64
    }
}

/// Holds the flows of all specialties against the inpatient cases that sources count by hospital (facts
/// `inpatient_cases` and `inpatient_cases_together`, the latest year of each), and fits the Huff model to them.
///
/// Predictions count patients from beyond the places, as sources do. They are cases of the year that the
/// catalog's rates describe, at hospitals as they are in the region: a count of an earlier year differs from
/// them by the change since, too. They are not scaled. The fit minimises the sum of squared logarithms of
/// predicted over published, over exponents of the beds from 0 to 2 and decays from 0 to 0.4 per minute; for
/// [`CasesRow::left_out`] it does so without the row.
///
/// `None` with fewer than three counts.
///
/// # Errors
///
/// When a parameter of the model in use is out of range.
pub fn check_cases(region: &Region, in_use: Choice) -> Result<Option<CasesCheck>, ChoiceError> {
    let counts = counts(region);
    if counts.len() < FEWEST {
        return Ok(None);
    }
    let predictor = CasesPredictor::new(region, counts);
    let nearest = predictor.predict(Choice::Nearest)?;
    let used = predictor.predict(in_use)?;

    let known = Known::new(|parameters| predictor.predict(Choice::Huff(huff(parameters))));
    let parameters = predictor.fit_huff(&known, &HUFF_RANGES, None)?;
    let fitted = huff(&thousandths(&parameters));
    let by_fit = predictor.predict(Choice::Huff(fitted))?;

    // Every fit without one count begins here, and takes its first slopes here.
    let near = starting_at(&HUFF_RANGES, &parameters);
    known.learn(&points_beside(&near))?;
    let predict_without = |left_out: usize| {
        let parameters = predictor.fit_huff(&known, &near, Some(left_out))?;
        Ok(known.predict(&parameters)?[left_out])
    };
    let positions = (0..predictor.counts.len()).into_par_iter();
    let left_out: Vec<f64> = positions.map(predict_without).collect::<Result<_, ChoiceError>>()?;

    let mut rows = Vec::with_capacity(predictor.counts.len());
    for (index, count) in predictor.counts.iter().enumerate() {
        rows.push(CasesRow {
            hospitals: count.hospitals.clone(),
            year: count.year,
            published: count.cases,
            unit: count.unit.clone(),
            nearest: nearest[index],
            fitted: by_fit[index],
            left_out: left_out[index],
            in_use: used[index],
        });
    }
    Ok(Some(CasesCheck { rows, fitted, in_use }))
}

/// A published number of cases.
pub(super) struct Count {
    pub(super) hospitals: Vec<HospitalId>,
    year: i16,
    pub(super) cases: f64,
    unit: String,
}

/// The latest count of every hospital, those of several together as one.
pub(super) fn counts(region: &Region) -> Vec<Count> {
    let network = region.network();
    let mut counts: Vec<Count> = Vec::new();
    for (id, hospital) in network.iter() {
        // A count of its own says more than one of several together.
        if let Some(latest) = Latest::of(&hospital.facts, ALONE) {
            counts.push(latest.count(vec![id]));
            continue;
        }
        let Some(latest) = Latest::of(&hospital.facts, TOGETHER) else { continue };
        let hospitals = counted_by(network, latest.fact);
        // The first of them speaks for all.
        if hospitals[0] == id {
            counts.push(latest.count(hospitals));
        }
    }
    counts
}

/// The hospitals that have a count of several together, by id.
fn counted_by(network: &Network, count: &Fact) -> Vec<HospitalId> {
    let mut hospitals = Vec::new();
    for (id, hospital) in network.iter() {
        if hospital.facts.iter().any(|fact| is_same_count(fact, count)) {
            hospitals.push(id);
        }
    }
    hospitals
}

fn is_same_count(fact: &Fact, other: &Fact) -> bool {
    (&fact.field, &fact.value, &fact.year, &fact.source)
        == (&other.field, &other.value, &other.year, &other.source)
}

/// The latest fact of a name that has a year and a number above 0.
struct Latest<'f> {
    fact: &'f Fact,
    year: i16,
    cases: f64,
}

impl<'f> Latest<'f> {
    fn of(facts: &'f [Fact], field: &str) -> Option<Self> {
        let mut latest: Option<Self> = None;
        for fact in facts {
            if fact.field != field {
                continue;
            }
            // "2022-2024" is a span: its last year.
            let year = fact.year.as_deref().and_then(|year| year.rsplit('-').next()?.parse().ok());
            let (Some(year), Ok(cases)) = (year, fact.value.parse::<f64>()) else { continue };
            let is_usable = cases > 0.0 && cases.is_finite();
            if is_usable && latest.as_ref().is_none_or(|before| year > before.year) {
                latest = Some(Self { fact, year, cases });
            }
        }
        latest
    }

    fn count(&self, hospitals: Vec<HospitalId>) -> Count {
        let unit = self.fact.unit.clone().unwrap_or_default();
        Count { hospitals, year: self.year, cases: self.cases, unit }
    }
}

/// Predicts published counts.
pub(super) struct CasesPredictor<'r> {
    pub(super) counts: Vec<Count>,
    predictor: Predictor<'r>,
}

impl<'r> CasesPredictor<'r> {
    pub(super) fn new(region: &'r Region, counts: Vec<Count>) -> Self {
        let mut hospitals = Vec::new();
        for count in &counts {
            hospitals.extend(&count.hospitals);
        }
        Self { counts, predictor: Predictor::new(region, None, hospitals) }
    }

    /// Cases that a choice predicts for every count; none without counts.
    pub(super) fn predict(&self, choice: Choice) -> Result<Vec<f64>, ChoiceError> {
        if self.counts.is_empty() {
            return Ok(Vec::new());
        }
        let mut loads = self.predictor.predict(choice)?.into_iter();
        let mut predicted = Vec::with_capacity(self.counts.len());
        for count in &self.counts {
            // The predictor has the hospitals of all counts, one count after the other.
            let mut cases = 0.0;
            for load in loads.by_ref().take(count.hospitals.len()) {
                cases += load.all_cases();
            }
            predicted.push(cases);
        }
        Ok(predicted)
    }

    /// The Huff parameters with the least sum of squared logarithms of predicted over published cases, over
    /// all counts but one.
    fn fit_huff(
        &self,
        known: &Known<'_, 2>,
        ranges: &[Parameter; 2],
        left_out: Option<usize>,
    ) -> Result<[f64; 2], ChoiceError> {
        let errors = |parameters: &[f64; 2]| {
            let predicted = known.predict(parameters)?;
            let mut errors = Vec::with_capacity(self.counts.len());
            for (index, count) in self.counts.iter().enumerate() {
                if left_out != Some(index) {
                    errors.push(log_ratio(predicted[index], count.cases));
                }
            }
            Ok(errors)
        };
        fit(ranges, errors)
    }
}

/// The logarithm of predicted over published. A hospital that gets nobody is wrong by far, not without end.
pub(super) fn log_ratio(predicted: f64, published: f64) -> f64 {
    (predicted / published).max(1e-6).ln()
}
