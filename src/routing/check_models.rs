//! Models of choice held against births and cases together, each also where it could not know them.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::check::{self, CONDITION, observations, observed_years};
use super::check_cases::{self, Count, counts, log_ratio};
use super::choice::{Choice, ChoiceError, Logit};
use super::fit::{HUFF_RANGES, Parameter, fit, huff, starting_at, thousandths};
use super::flows::Flows;
use crate::model::{Date, HospitalId, Model};
use crate::region::{Region, RegionError};

/// What a parameter one [`SPREADS`] away from where it starts counts: as much as an observation that is wrong by
/// the factor e^0.3, a third.
const RIDGE: f64 = 0.3;
/// How far parameters are from their starts without a surprise.
const SPREADS: [f64; 6] = [0.5, 0.04, 1.0, 0.5, 0.5, 0.5];
/// The parameters of a logit: those of the default of [`Huff`], then nearest, private, non-profit and stage.
const LOGIT_RANGES: [Parameter; 6] = [
    HUFF_RANGES[0],
    HUFF_RANGES[1],
    Parameter { start: 0.0, least: -5.0, most: 5.0 },
    Parameter { start: 0.0, least: -5.0, most: 5.0 },
    Parameter { start: 0.0, least: -5.0, most: 5.0 },
    Parameter { start: 0.0, least: -5.0, most: 5.0 },
];

/// Mean absolute errors, as shares of what was observed (0.1 for a tenth).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelErrors {
    /// Of births and cases together: a hospital's births count as one observation, whatever the number of years.
    pub all: f64,
    /// Of births by hospital; `None` when none were observed.
    pub births: Option<f64>,
    /// Of inpatient cases by hospital; `None` when none were published.
    pub cases: Option<f64>,
}

/// One model of choice with its errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelRow {
    /// The model; a fitted one with its parameters.
    pub choice: Choice,
    /// How many of them were fitted to these observations.
    pub fitted_parameters: u8,
    /// Whether flows, beds, closures and simulations are computed with it.
    pub is_in_use: bool,
    /// On the observations that it was fitted to.
    pub errors: ModelErrors,
    /// On those of each hospital by a fit to all others; of a model that is not fitted the same but for the
    /// scale of the births.
    pub left_out: ModelErrors,
}

/// Models of choice beside each other; made by [`check_models`].
#[derive(Debug, Clone, PartialEq)]
pub struct ModelsCheck {
    /// Nearest, in use, Huff fitted, logit fitted; the one in use once, where it is the nearest.
    pub rows: Vec<ModelRow>,
    /// Observations: births of one hospital in one year, or a count of cases.
    pub observations: usize,
    /// Hospitals, or groups of them that a source counts together, that are left out one after the other.
    pub groups: usize,
}

/// Models of choice could not be checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The region of a year cannot be built.
    #[error(transparent)]
    Region(#[from] RegionError),
    /// A parameter of the model in use is out of range.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
}

/// Holds the nearest hospital, the model in use, a fitted Huff model and a fitted multinomial logit against
/// births ([`check_births`](super::check_births)) and cases ([`check_cases`](super::check_cases)) together, and
/// against those of every hospital that the fit did not know.
///
/// Both fits minimise the sum of squared logarithms of predicted over observed, a hospital's births of all
/// years counting as one observation. A ridge holds the parameters near the default of [`Huff`](super::Huff) and the others
/// near 0, because there are few hospitals: one that is as far away as exponent 0.5, decay 0.04, nearest 1 or
/// 0.5 of the rest counts as an observation that is wrong by a third. Births are scaled to those of the
/// hospitals of the year that are not left out.
///
/// For Leipzig / Nordwestsachsen, 26 observations of 8 hospitals or groups:
///
/// | model | fitted | error | left out | of births | of cases |
/// |---|---|---|---|---|---|
/// | nearest | 0 | 29.8 % | 34.1 % | 52.3 % | 9.7 % |
/// | in use: beds, 4 % less a minute | 0 | 21.0 % | 22.7 % | 28.2 % | 15.4 % |
/// | Huff: beds^0.758, 5.7 % less | 2 | 21.4 % | 26.9 % | 36.8 % | 13.7 % |
/// | logit | 6 | 18.9 % | 30.7 % | 42.0 % | 15.7 % |
///
/// The fits are better where they know the hospital, and worse where they do not: with so few hospitals the
/// default stays in use.
///
/// `None` with fewer than three groups.
///
/// # Errors
///
/// When the region of a year cannot be built, or a parameter of the model in use is out of range.
pub fn check_models(
    model: &Model,
    region: &Region,
    in_use: Choice,
) -> Result<Option<ModelsCheck>, CheckError> {
    in_use.check()?;
    let observed = Observed::new(model, region)?;
    if observed.groups < check::FEWEST {
        return Ok(None);
    }
    let mut rows = Vec::new();
    if in_use != Choice::Nearest {
        rows.push(observed.plain_row(Choice::Nearest)?);
    }
    let used = observed.plain_row(in_use)?;
    rows.push(ModelRow { is_in_use: true, ..used });
    rows.push(observed.fitted_row(&HUFF_RANGES, |values| Choice::Huff(huff(values)))?);
    rows.push(observed.fitted_row(&LOGIT_RANGES, |values| Choice::Logit(logit(values)))?);
    Ok(Some(ModelsCheck { rows, observations: observed.list.len(), groups: observed.groups }))
}

/// Births of a year, in the region of its middle.
struct Year {
    region: Region,
    births: Vec<(HospitalId, f64)>,
}

/// A number that was observed, in the order of years and then of counts.
struct Observation {
    /// Keys of the hospitals that it counts.
    hospitals: BTreeSet<String>,
    /// Group of hospitals that are left out together.
    group: usize,
    is_of_births: bool,
    /// Of births: one over the years in which the hospital's were observed.
    weight: f64,
}

/// All that was observed.
struct Observed<'r> {
    years: Vec<Year>,
    region: &'r Region,
    counts: Vec<Count>,
    list: Vec<Observation>,
    groups: usize,
}

impl<'r> Observed<'r> {
    fn new(model: &Model, region: &'r Region) -> Result<Self, RegionError> {
        let mut years = Vec::new();
        for year in observed_years(model) {
            let Some(day) = Date::middle_of_year(year) else { continue };
            let region = Region::new(model, day)?;
            let births = observations(&region, year);
            if births.len() >= check::FEWEST && region.demand().condition(CONDITION).is_some() {
                years.push(Year { region, births });
            }
        }
        let mut counts = counts(region);
        if counts.len() < check_cases::FEWEST {
            counts.clear();
        }

        let mut observed = Self { years, region, counts, list: Vec::new(), groups: 0 };
        observed.list = observed.observations();
        observed.group();
        Ok(observed)
    }

    /// The observations, each a group of its own.
    fn observations(&self) -> Vec<Observation> {
        let mut list: Vec<Observation> = Vec::new();
        for year in &self.years {
            for (id, _) in &year.births {
                let hospitals = BTreeSet::from([year.region.network()[*id].key.clone()]);
                list.push(Observation { hospitals, group: 0, is_of_births: true, weight: 1.0 });
            }
        }
        let births: Vec<BTreeSet<String>> = list.iter().map(|one| one.hospitals.clone()).collect();
        for one in &mut list {
            let years = births.iter().filter(|hospitals| **hospitals == one.hospitals).count();
            one.weight = 1.0 / years as f64;
        }
        for count in &self.counts {
            let key = |id: &HospitalId| self.region.network()[*id].key.clone();
            let hospitals = count.hospitals.iter().map(key).collect();
            list.push(Observation { hospitals, group: 0, is_of_births: false, weight: 1.0 });
        }
        list
    }

    /// Puts observations that share a hospital, directly or through others, into one group.
    fn group(&mut self) {
        let mut groups: Vec<BTreeSet<String>> = Vec::new();
        for one in &self.list {
            let mut merged = one.hospitals.clone();
            for group in groups.extract_if(.., |group| !group.is_disjoint(&one.hospitals)) {
                merged.extend(group);
            }
            groups.push(merged);
        }
        for one in &mut self.list {
            let of = groups.iter().position(|group| !group.is_disjoint(&one.hospitals));
            one.group = of.unwrap_or(0); // every hospital is in one
        }
        self.groups = groups.len();
    }

    /// What a model predicts of each observation, births not scaled yet.
    fn predict(&self, choice: Choice) -> Result<Vec<f64>, ChoiceError> {
        let mut predicted = Vec::with_capacity(self.list.len());
        for year in &self.years {
            let hospitals = year.region.network().hospitals().len();
            let flows = Flows::of_key(&year.region, CONDITION, choice)?;
            let cases = flows.map(|flows| flows.cases_by_hospital(hospitals)).unwrap_or_default();
            for (id, _) in &year.births {
                predicted.push(cases.get(id.index()).copied().unwrap_or(0.0));
            }
        }
        if !self.counts.is_empty() {
            predicted.extend(check_cases::predict(self.region, &self.counts, choice)?);
        }
        Ok(predicted)
    }

    /// Predicted over observed, by observation; births scaled to those of the groups that are not left out.
    fn ratios(&self, predicted: &[f64], left_out: Option<usize>) -> Vec<f64> {
        let mut ratios = Vec::with_capacity(self.list.len());
        for year in &self.years {
            let of_year = ratios.len()..ratios.len() + year.births.len();
            let (mut predicted_sum, mut observed_sum) = (0.0, 0.0);
            for (number, (_, births)) in of_year.clone().zip(&year.births) {
                if left_out != Some(self.list[number].group) {
                    predicted_sum += predicted[number];
                    observed_sum += births;
                }
            }
            let scale = if predicted_sum > 0.0 { observed_sum / predicted_sum } else { 1.0 };
            for (number, (_, births)) in of_year.zip(&year.births) {
                ratios.push(predicted[number] * scale / births);
            }
        }
        for (cases, count) in predicted[ratios.len()..].iter().zip(&self.counts) {
            ratios.push(cases / count.cases);
        }
        ratios
    }

    /// What a fit lowers: the errors of all groups but one, and the ridge.
    fn residuals(
        &self,
        predicted: &[f64],
        left_out: Option<usize>,
        surprises: impl Iterator<Item = f64>,
    ) -> Vec<f64> {
        let ratios = self.ratios(predicted, left_out);
        let mut residuals = Vec::with_capacity(ratios.len() + SPREADS.len());
        for (one, ratio) in self.list.iter().zip(ratios) {
            if left_out != Some(one.group) {
                residuals.push(one.weight.sqrt() * log_ratio(ratio, 1.0));
            }
        }
        residuals.extend(surprises.map(|surprise| RIDGE * surprise));
        residuals
    }

    /// The errors of a model of these parameters, fitted to all groups, and to all but each.
    fn fitted_row<const N: usize>(
        &self,
        ranges: &[Parameter; N],
        choice: impl Fn(&[f64; N]) -> Choice + Sync,
    ) -> Result<ModelRow, ChoiceError> {
        // All fits without one group begin at the same point and take slopes at the same points beside it.
        let known: Mutex<HashMap<[u64; N], Arc<Vec<f64>>>> = Mutex::default();
        let predict = |values: &[f64; N]| -> Result<Arc<Vec<f64>>, ChoiceError> {
            let key = values.map(f64::to_bits);
            let lock = || known.lock().unwrap_or_else(PoisonError::into_inner);
            let before = lock().get(&key).cloned();
            if let Some(predicted) = before {
                return Ok(predicted);
            }
            let predicted = Arc::new(self.predict(choice(values))?);
            lock().insert(key, Arc::clone(&predicted));
            Ok(predicted)
        };
        let fit_without = |starts: &[Parameter; N], left_out: Option<usize>| {
            fit(starts, |values| {
                Ok(self.residuals(&predict(values)?, left_out, surprises(ranges, values)))
            })
        };
        let fitted = fit_without(ranges, None)?;
        let near = starting_at(ranges, &fitted);
        let without = |group: usize| Ok(predict(&fit_without(&near, Some(group))?)?.to_vec());
        let choice = choice(&thousandths(&fitted));
        let row = self.row(choice, &self.predict(choice)?, without)?;
        Ok(ModelRow { fitted_parameters: N as u8, ..row })
    }

    /// The errors of a model that is not fitted.
    fn plain_row(&self, choice: Choice) -> Result<ModelRow, ChoiceError> {
        let predicted = self.predict(choice)?;
        self.row(choice, &predicted, |_| Ok(predicted.clone()))
    }

    /// The errors of a model by what it predicts, and of the same without each group by what that predicts.
    fn row(
        &self,
        choice: Choice,
        predicted: &[f64],
        without: impl Fn(usize) -> Result<Vec<f64>, ChoiceError>,
    ) -> Result<ModelRow, ChoiceError> {
        let ratios = self.ratios(predicted, None);
        let mut of_others = vec![1.0; self.list.len()];
        for group in 0..self.groups {
            let ratios = self.ratios(&without(group)?, Some(group));
            for (number, one) in self.list.iter().enumerate() {
                if one.group == group {
                    of_others[number] = ratios[number];
                }
            }
        }
        Ok(ModelRow {
            choice,
            fitted_parameters: 0,
            is_in_use: false,
            errors: self.errors(&ratios),
            left_out: self.errors(&of_others),
        })
    }

    fn errors(&self, ratios: &[f64]) -> ModelErrors {
        let mean = |is_meant: &dyn Fn(&Observation) -> bool| {
            let (mut sum, mut weight) = (0.0, 0.0);
            for (one, ratio) in self.list.iter().zip(ratios) {
                if is_meant(one) {
                    sum += one.weight * (ratio - 1.0).abs();
                    weight += one.weight;
                }
            }
            (weight > 0.0).then(|| sum / weight)
        };
        ModelErrors {
            all: mean(&|_| true).unwrap_or(0.0),
            births: mean(&|one| one.is_of_births),
            cases: mean(&|one| !one.is_of_births),
        }
    }
}

/// How far each parameter is from where it starts, in spreads.
fn surprises<'a, const N: usize>(
    ranges: &'a [Parameter; N],
    values: &'a [f64; N],
) -> impl Iterator<Item = f64> + 'a {
    let pairs = ranges.iter().zip(values).zip(SPREADS);
    pairs.map(|((parameter, value), spread)| (value - parameter.start) / spread)
}

fn logit(&[log_beds, per_minute, nearest, private, non_profit, stage]: &[f64; 6]) -> Logit {
    Logit { per_minute, log_beds, nearest, private, non_profit, stage }
}
