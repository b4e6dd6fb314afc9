//! The flows held against what really happened: inpatient cases by hospital.

use super::choice::{Choice, ChoiceError, Huff};
use super::fit::{HUFF_RANGES, Parameter, fit, huff, starting_at, thousandths};
use super::flows::Flows;
use crate::model::{Fact, HospitalId};
use crate::region::Region;

/// Name of the facts that count the inpatient cases of one hospital.
const ALONE: &str = "inpatient_cases";
/// Name of the facts that count the cases of several hospitals in one number: each of them has the fact,
/// with the same number, year and source.
const TOGETHER: &str = "inpatient_cases_together";
/// Fewest observations that make a comparison.
pub(super) const FEWEST: usize = 3;

/// Inpatient cases of one year at one hospital, or at several that a source counts together: published, and
/// predicted by three models.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
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
/// Predictions count patients from beyond the places, as sources do. They are cases of the year that the catalog's rates describe, at hospitals as they are in the region: a
/// count of an earlier year differs from them by the change since, too. They are not scaled. The fit
/// minimises the sum of squared logarithms of predicted over published, over exponents of the beds from 0
/// to 2 and decays from 0 to 0.4 per minute; for [`CasesRow::left_out`] the same without the row.
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
    let nearest = predict(region, &counts, Choice::Nearest)?;
    let used = predict(region, &counts, in_use)?;
    let parameters = fit_huff(region, &counts, &HUFF_RANGES, None)?;
    let fitted = huff(&thousandths(&parameters));
    let by_fit = predict(region, &counts, Choice::Huff(fitted))?;
    let near = starting_at(&HUFF_RANGES, &parameters);

    let mut rows = Vec::with_capacity(counts.len());
    for (index, count) in counts.iter().enumerate() {
        let of_others = fit_huff(region, &counts, &near, Some(index))?;
        let left_out = predict(region, &counts, Choice::Huff(huff(&of_others)))?;
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
    let mut counts: Vec<Count> = Vec::new();
    for (id, hospital) in region.network().iter() {
        let alone = latest(&hospital.facts, ALONE);
        if let Some((fact, year, cases)) = alone {
            let unit = fact.unit.clone().unwrap_or_default();
            counts.push(Count { hospitals: vec![id], year, cases, unit });
            continue;
        }
        let Some((fact, year, cases)) = latest(&hospital.facts, TOGETHER) else { continue };
        let mut hospitals = Vec::new();
        for (other, hospital) in region.network().iter() {
            if hospital.facts.iter().any(|own| is_same_count(own, fact)) {
                hospitals.push(other);
            }
        }
        // The first of them speaks for all.
        if hospitals[0] == id {
            let unit = fact.unit.clone().unwrap_or_default();
            counts.push(Count { hospitals, year, cases, unit });
        }
    }
    counts
}

fn is_same_count(fact: &Fact, other: &Fact) -> bool {
    (&fact.field, &fact.value, &fact.year, &fact.source)
        == (&other.field, &other.value, &other.year, &other.source)
}

/// The latest fact of a name that has a year and a number above 0.
fn latest<'f>(facts: &'f [Fact], field: &str) -> Option<(&'f Fact, i16, f64)> {
    let mut latest: Option<(&Fact, i16, f64)> = None;
    for fact in facts.iter().filter(|fact| fact.field == field) {
        // "2022-2024" is a span: its last year.
        let year = fact.year.as_deref().and_then(|year| year.rsplit('-').next()?.parse().ok());
        let cases =
            fact.value.parse::<f64>().ok().filter(|cases| *cases > 0.0 && cases.is_finite());
        let (Some(year), Some(cases)) = (year, cases) else { continue };
        if latest.is_none_or(|(_, before, _)| year > before) {
            latest = Some((fact, year, cases));
        }
    }
    latest
}

/// What a choice predicts for every count.
pub(super) fn predict(
    region: &Region,
    counts: &[Count],
    choice: Choice,
) -> Result<Vec<f64>, ChoiceError> {
    let flows = Flows::of_region(region, choice)?;
    let loads = flows.hospital_loads(region.network().hospitals().len());
    let mut predicted = Vec::with_capacity(counts.len());
    for count in counts {
        predicted.push(count.hospitals.iter().map(|id| loads[id.index()].all_cases()).sum());
    }
    Ok(predicted)
}

/// The Huff parameters with the least sum of squared logarithms of predicted over published cases, over all
/// counts but one.
fn fit_huff(
    region: &Region,
    counts: &[Count],
    ranges: &[Parameter; 2],
    left_out: Option<usize>,
) -> Result<[f64; 2], ChoiceError> {
    let errors = |parameters: &[f64; 2]| {
        let predicted = predict(region, counts, Choice::Huff(huff(parameters)))?;
        let mut errors = Vec::with_capacity(counts.len());
        for (index, (count, cases)) in counts.iter().zip(predicted).enumerate() {
            if left_out != Some(index) {
                errors.push(log_ratio(cases, count.cases));
            }
        }
        Ok(errors)
    };
    fit(ranges, errors)
}

/// The logarithm of predicted over published. Who gets nobody is wrong by far, not without end.
pub(super) fn log_ratio(predicted: f64, published: f64) -> f64 {
    (predicted / published).max(1e-6).ln()
}
