//! The flows held against what really happened: births by hospital.

use super::choice::{Choice, Huff};
use super::fit::{HUFF_RANGES, fit, huff, thousandths};
use super::flows::Flows;
use crate::model::{Date, HospitalId, Model};
use crate::region::{Region, RegionError};
use crate::stats::rank_correlation;

/// Key of the tracer condition that is compared.
pub(super) const CONDITION: &str = "birth";
/// Name of the facts that say how many births a hospital had.
const FACT: &str = "births";
/// Fewest hospitals of a year that make a comparison.
pub(super) const FEWEST: usize = 3;

/// Births of one hospital in one year: observed, and predicted by three models.
#[derive(Debug, Clone, PartialEq)]
pub struct BirthRow {
    /// Key of the hospital.
    pub hospital: String,
    /// Its name.
    pub name: String,
    /// Births as the source gives them (deliveries or children).
    pub observed: f64,
    /// Predicted when everybody goes to the nearest.
    pub nearest: f64,
    /// Predicted by the Huff model with the fitted parameters.
    pub huff: f64,
    /// Predicted by the model in use.
    pub in_use: f64,
}

/// Predictions of one year beside what was observed.
///
/// Predictions are scaled so that the hospitals with an observation have as many births together
/// as were observed: no yearly number of births of the region was published, so only the
/// distribution among hospitals is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct YearCheck {
    /// The year.
    pub year: i16,
    /// Whether the Huff parameters were fitted on this year; it is then no test.
    pub is_fit: bool,
    /// Hospitals with an observation, by key.
    pub rows: Vec<BirthRow>,
    /// Mean absolute error in births per hospital: nearest.
    pub mean_error_nearest: f64,
    /// Mean absolute error in births per hospital: Huff, fitted.
    pub mean_error_huff: f64,
    /// Mean absolute error in births per hospital: the model in use.
    pub mean_error_in_use: f64,
    /// Rank correlation of predicted and observed: nearest.
    pub rank_nearest: Option<f64>,
    /// Rank correlation of predicted and observed: Huff, fitted.
    pub rank_huff: Option<f64>,
    /// Rank correlation of predicted and observed: the model in use.
    pub rank_in_use: Option<f64>,
}

/// The comparison over all years with enough observations.
#[derive(Debug, Clone, PartialEq)]
pub struct BirthCheck {
    /// The Huff parameters that fit the year of the fit best.
    pub fitted: Huff,
    /// The year of the fit.
    pub fit_year: i16,
    /// The model in use: the one that was held against the same births without a fit.
    pub in_use: Choice,
    /// The years, the earliest first.
    pub years: Vec<YearCheck>,
}

/// Fits the Huff model to the births of one year and tests it, the nearest hospital, and the model in
/// use on every other year with at least three hospitals observed.
///
/// The fit is a check of the model's form; flows are computed with the model in use, so its errors are
/// those of the flows.
///
/// Each year uses the network of its 1 July. The fit minimises the sum of squared errors over
/// exponents of the beds from 0 to 2 and decays from 0 to 0.4 per minute.
///
/// For Leipzig / Nordwestsachsen, fitted on 2021: exponent 1.04, decay 0.003 per minute; five hospitals a year.
///
/// | year | mean error, nearest | mean error, Huff fitted | mean error, in use | rank correlation: nearest, fitted, in use |
/// |---|---|---|---|---|
/// | 2016 | 375 births | 209 births | 232 births | 0.90, 0.90, 1.00 |
/// | 2021 (fit) | 456 | 127 | 171 | 0.90, 0.90, 0.90 |
/// | 2022 | 415 | 77 | 114 | 0.80, 1.00, 1.00 |
/// | 2025 | 354 | 180 | 114 | 0.72, 0.97, 0.97 |
///
/// In use is the default of [`Huff`].
///
/// `None` when the year of the fit, or the condition `birth`, is missing.
///
/// # Errors
///
/// When a region cannot be built. A parameter of the model in use that is out of range predicts no
/// births at all: see [`Choice::check`].
pub fn check_births(
    model: &Model,
    fit_year: i16,
    in_use: Choice,
) -> Result<Option<BirthCheck>, RegionError> {
    let mut years = Vec::new();
    for year in observed_years(model) {
        let Some(day) = Date::middle_of_year(year) else { continue };
        let region = Region::new(model, day)?;
        let observed = observations(&region, year);
        if observed.len() >= FEWEST && region.demand().condition(CONDITION).is_some() {
            years.push((year, region, observed));
        }
    }
    let Some((_, region, observed)) = years.iter().find(|(year, ..)| *year == fit_year) else {
        return Ok(None);
    };
    let fitted = fit_huff(region, observed);
    let compared = years.iter().map(|(year, region, observed)| {
        let models = Models { fitted, in_use };
        YearCheck { is_fit: *year == fit_year, ..compare(*year, region, observed, models) }
    });
    let years = compared.collect();
    Ok(Some(BirthCheck { fitted, fit_year, in_use, years }))
}

/// Years for which any hospital has births, rising.
pub(super) fn observed_years(model: &Model) -> Vec<i16> {
    let facts = model.network.hospitals().iter().flat_map(|hospital| &hospital.facts);
    let births = facts.filter(|fact| fact.field == FACT);
    let mut years: Vec<i16> =
        births.filter_map(|fact| fact.year.as_deref()?.parse().ok()).collect();
    years.sort_unstable();
    years.dedup();
    years
}

/// Births of a year at hospitals that have an obstetric department then; of several figures for
/// one hospital the first.
pub(super) fn observations(region: &Region, year: i16) -> Vec<(HospitalId, f64)> {
    let network = region.network();
    let of_year = |id: HospitalId| {
        let fact = network[id].facts.iter().find(|fact| {
            fact.field == FACT
                && fact.year.as_deref().and_then(|own| own.parse().ok()) == Some(year)
        })?;
        fact.value.parse::<f64>().ok()
    };
    let ids = network.iter().map(|(id, _)| id);
    let with_obstetrics = ids.filter(|id| network[*id].has_specialty("obstetrics"));
    with_obstetrics.filter_map(|id| Some((id, of_year(id)?))).collect()
}

/// Predicted births at the observed hospitals, scaled to the observed sum.
fn predict(region: &Region, observed: &[(HospitalId, f64)], choice: Choice) -> Vec<f64> {
    let hospitals = region.network().hospitals().len();
    let flows = Flows::of_key(region, CONDITION, choice);
    let cases = match flows {
        Ok(Some(flows)) => flows.cases_by_hospital(hospitals),
        _ => vec![0.0; hospitals],
    };
    let predicted: Vec<f64> = observed.iter().map(|(id, _)| cases[id.index()]).collect();
    let sum: f64 = predicted.iter().sum();
    let observed: f64 = observed.iter().map(|(_, births)| births).sum();
    if sum > 0.0 { predicted.iter().map(|one| one * observed / sum).collect() } else { predicted }
}

/// The Huff parameters with the least squared errors in births.
fn fit_huff(region: &Region, observed: &[(HospitalId, f64)]) -> Huff {
    let errors = |parameters: &[f64; 2]| {
        let predicted = predict(region, observed, Choice::Huff(huff(parameters)));
        let pairs = predicted.iter().zip(observed);
        Ok(pairs.map(|(predicted, (_, births))| predicted - births).collect())
    };
    let fitted = fit(&HUFF_RANGES, errors);
    huff(&thousandths(&fitted.expect("within their ranges no parameter is refused")))
}

/// The models that are held against births beside the nearest hospital.
#[derive(Clone, Copy)]
struct Models {
    fitted: Huff,
    in_use: Choice,
}

/// One year, as if it were none of a fit.
fn compare(
    year: i16,
    region: &Region,
    observed: &[(HospitalId, f64)],
    models: Models,
) -> YearCheck {
    let nearest = predict(region, observed, Choice::Nearest);
    let huff = predict(region, observed, Choice::Huff(models.fitted));
    let in_use = predict(region, observed, models.in_use);
    let births: Vec<f64> = observed.iter().map(|(_, births)| *births).collect();
    let mean_error = |predicted: &[f64]| {
        let errors = predicted.iter().zip(&births).map(|(p, o)| (p - o).abs());
        errors.sum::<f64>() / births.len() as f64
    };
    let rows = observed
        .iter()
        .enumerate()
        .map(|(row, (id, observed))| BirthRow {
            hospital: region.network()[*id].key.clone(),
            name: region.network()[*id].name.clone(),
            observed: *observed,
            nearest: nearest[row],
            huff: huff[row],
            in_use: in_use[row],
        })
        .collect();
    YearCheck {
        year,
        is_fit: false,
        rows,
        mean_error_nearest: mean_error(&nearest),
        mean_error_huff: mean_error(&huff),
        mean_error_in_use: mean_error(&in_use),
        rank_nearest: rank_correlation(&nearest, &births),
        rank_huff: rank_correlation(&huff, &births),
        rank_in_use: rank_correlation(&in_use, &births),
    }
}
