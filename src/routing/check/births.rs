//! The flows held against what really happened: births by hospital.

use serde::Serialize;

use super::fit::{HUFF_RANGES, fit, huff, thousandths};
use super::predictor::Predictor;
use crate::calendar::Date;
use crate::model::{Fact, HospitalId, Model};
use crate::region::{Region, RegionError};
use crate::routing::choice::{Choice, Huff};
use crate::stats::rank_correlation;

/// Key of the tracer condition that is compared.
const CONDITION: &str = "birth";
/// Name of the facts that say how many births a hospital had.
const FACT: &str = "births";
/// Fewest hospitals of a year that make a comparison.
pub(super) const FEWEST: usize = 3;

/// Births of one hospital in one year: observed, and predicted by three models.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
    check_births_as(model, None, fit_year, in_use)
}

/// [`check_births`] with every year measured as a region is: over the same roads, within the same cut-off.
///
/// # Errors
///
/// Those of [`check_births`].
pub fn check_births_like(
    model: &Model,
    measured: &Region,
    fit_year: i16,
    in_use: Choice,
) -> Result<Option<BirthCheck>, RegionError> {
    check_births_as(model, Some(measured), fit_year, in_use)
}

fn check_births_as(
    model: &Model,
    measured: Option<&Region>,
    fit_year: i16,
    in_use: Choice,
) -> Result<Option<BirthCheck>, RegionError> {
    let observed_years = observed_years(model, measured)?;
    let Some(year_of_fit) = observed_years.iter().find(|observed| observed.year == fit_year) else {
        return Ok(None);
    };
    let fitted = fit_huff(year_of_fit);

    let mut years = Vec::with_capacity(observed_years.len());
    for observed in &observed_years {
        let check = compare(observed, fitted, in_use);
        years.push(YearCheck { is_fit: observed.year == fit_year, ..check });
    }
    Ok(Some(BirthCheck { fitted, fit_year, in_use, years }))
}

/// Births that a hospital had in a year.
#[derive(Clone, Copy)]
pub(super) struct Births {
    pub(super) hospital: HospitalId,
    pub(super) births: f64,
}

/// Births of a year, in the region of its 1 July.
pub(super) struct ObservedYear {
    pub(super) year: i16,
    pub(super) region: Region,
    /// In the order of ids.
    pub(super) births: Vec<Births>,
}

impl ObservedYear {
    /// Predicts births at the hospitals where they were observed.
    pub(super) fn predictor(&self) -> Predictor<'_> {
        let births = self.region.demand().condition(CONDITION);
        let mut hospitals = Vec::with_capacity(self.births.len());
        for observed in &self.births {
            hospitals.push(observed.hospital);
        }
        Predictor::new(&self.region, births, hospitals)
    }

    /// The numbers of births, in the order of the hospitals.
    fn counts(&self) -> Vec<f64> {
        let mut counts = Vec::with_capacity(self.births.len());
        for observed in &self.births {
            counts.push(observed.births);
        }
        counts
    }
}

/// The years with births of at least three hospitals, rising; measured as a region is, or as the model says.
pub(super) fn observed_years(
    model: &Model,
    measured: Option<&Region>,
) -> Result<Vec<ObservedYear>, RegionError> {
    let mut observed_years = Vec::new();
    for year in years_with_facts(model) {
        // A year beyond the calendar is a mistake of the source; the other years still tell something.
        let Some(day) = Date::middle_of_year(year) else { continue };
        let region = match measured {
            Some(measured) => measured.measured_alike(model, day)?,
            None => Region::new(model, day)?,
        };
        let births = observations(&region, year);
        if births.len() >= FEWEST && region.demand().condition(CONDITION).is_some() {
            observed_years.push(ObservedYear { year, region, births });
        }
    }
    Ok(observed_years)
}

/// Years for which any hospital has births, rising.
fn years_with_facts(model: &Model) -> Vec<i16> {
    let mut years = Vec::new();
    for hospital in model.network.hospitals() {
        for fact in &hospital.facts {
            if fact.field == FACT {
                years.extend(year_of(fact));
            }
        }
    }
    // The same year stands at many hospitals.
    years.sort_unstable();
    years.dedup();
    years
}

fn year_of(fact: &Fact) -> Option<i16> {
    fact.year.as_deref()?.parse().ok()
}

/// Births of a year at hospitals that have an obstetric department then; of several figures for
/// one hospital the first.
fn observations(region: &Region, year: i16) -> Vec<Births> {
    let mut observations = Vec::new();
    for (id, hospital) in region.network().iter() {
        // Without a department the model sends nobody there: such a count would test the data, not the choice.
        if !hospital.has_specialty("obstetrics") {
            continue;
        }
        let is_meant = |fact: &&Fact| fact.field == FACT && year_of(fact) == Some(year);
        let Some(fact) = hospital.facts.iter().find(is_meant) else { continue };
        if let Ok(births) = fact.value.parse() {
            observations.push(Births { hospital: id, births });
        }
    }
    observations
}

/// Predicted births at the observed hospitals, scaled to the observed sum.
fn predict(observed: &ObservedYear, predictor: &Predictor<'_>, choice: Choice) -> Vec<f64> {
    let mut predicted = vec![0.0; observed.births.len()];
    // A parameter out of range predicts no births: the command line refuses it before.
    if let Ok(loads) = predictor.predict(choice) {
        for (births, load) in predicted.iter_mut().zip(loads) {
            *births = load.cases;
        }
    }

    let predicted_sum: f64 = predicted.iter().sum();
    let observed_sum: f64 = observed.counts().iter().sum();
    // Where nobody is predicted there is nothing to scale: all of it is error.
    if predicted_sum > 0.0 {
        for births in &mut predicted {
            *births = *births * observed_sum / predicted_sum;
        }
    }
    predicted
}

/// The Huff parameters with the least squared errors in births.
fn fit_huff(observed: &ObservedYear) -> Huff {
    let predictor = observed.predictor();
    let errors = |parameters: &[f64; 2]| {
        let mut errors = predict(observed, &predictor, Choice::Huff(huff(parameters)));
        for (error, observed) in errors.iter_mut().zip(&observed.births) {
            *error -= observed.births;
        }
        Ok(errors)
    };
    let fitted = fit(&HUFF_RANGES, errors);
    huff(&thousandths(&fitted.expect("within their ranges no parameter is refused")))
}

/// One year, as if it were none of a fit: the nearest hospital, the fitted model and the one in use.
fn compare(observed: &ObservedYear, fitted: Huff, in_use: Choice) -> YearCheck {
    let predictor = observed.predictor();
    let nearest = predict(observed, &predictor, Choice::Nearest);
    let huff = predict(observed, &predictor, Choice::Huff(fitted));
    let in_use = predict(observed, &predictor, in_use);

    let network = observed.region.network();
    let mut rows = Vec::with_capacity(observed.births.len());
    for (row, Births { hospital, births }) in observed.births.iter().enumerate() {
        rows.push(BirthRow {
            hospital: network[*hospital].key.clone(),
            name: network[*hospital].name.clone(),
            observed: *births,
            nearest: nearest[row],
            huff: huff[row],
            in_use: in_use[row],
        });
    }

    let births = observed.counts();
    YearCheck {
        year: observed.year,
        is_fit: false,
        rows,
        mean_error_nearest: mean_error(&nearest, &births),
        mean_error_huff: mean_error(&huff, &births),
        mean_error_in_use: mean_error(&in_use, &births),
        rank_nearest: rank_correlation(&nearest, &births),
        rank_huff: rank_correlation(&huff, &births),
        rank_in_use: rank_correlation(&in_use, &births),
    }
}

/// The mean absolute error.
fn mean_error(predicted: &[f64], observed: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (predicted, observed) in predicted.iter().zip(observed) {
        sum += (predicted - observed).abs();
    }
    sum / observed.len() as f64
}
