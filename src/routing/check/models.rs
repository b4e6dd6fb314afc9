//! Models of choice held against births and cases together, each also where it could not know them.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

use super::births::{self, ObservedYear, observed_years};
use super::cases::{self, CasesPredictor, counts, log_ratio};
use super::fit::{
    HUFF_RANGES, Known, Parameter, fit, huff, points_beside, starting_at, thousandths,
};
use super::predictor::Predictor;
use crate::model::Model;
use crate::region::{Region, RegionError};
use crate::routing::choice::{Choice, ChoiceError, Logit};

/// The weight of a parameter that is one of [`SPREADS`] away from where it starts: as much as an observation that is wrong by
/// the factor e^0.3, a third.
const RIDGE: f64 = 0.3;
/// How far parameters are from their starts without a surprise.
const SPREADS: [f64; 6] = [0.5, 0.04, 1.0, 0.5, 0.5, 0.5];
/// The parameters of a logit: those of the default of [`Huff`](crate::routing::Huff), then nearest, private, non-profit and stage.
const LOGIT_RANGES: [Parameter; 6] = [
    HUFF_RANGES[0],
    HUFF_RANGES[1],
    Parameter { start: 0.0, least: -5.0, most: 5.0 },
    Parameter { start: 0.0, least: -5.0, most: 5.0 },
    Parameter { start: 0.0, least: -5.0, most: 5.0 },
    Parameter { start: 0.0, least: -5.0, most: 5.0 },
];

/// Mean absolute errors, as shares of what was observed (0.1 for a tenth).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ModelErrors {
    /// Of births and cases together: a hospital's births count as one observation, whatever the number of years.
    pub all: f64,
    /// Of births by hospital; `None` when none were observed.
    pub births: Option<f64>,
    /// Of inpatient cases by hospital; `None` when none were published.
    pub cases: Option<f64>,
}

/// One model of choice with its errors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
/// years counting as one observation. A ridge holds the parameters near the default of
/// [`Huff`](super::super::Huff) and the others near 0, because there are few hospitals: one that is as far away
/// as exponent 0.5, decay 0.04, nearest 1 or 0.5 of the rest counts as an observation that is wrong by a third. Births are scaled to those of the
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
    let years = observed_years(model, Some(region))?;
    let observed = Observed::new(&years, region);
    if observed.groups < births::FEWEST {
        return Ok(None);
    }
    let mut rows = Vec::new();
    // The nearest has one row, whichever model is in use.
    if in_use != Choice::Nearest {
        rows.push(observed.plain_row(Choice::Nearest)?);
    }
    let used = observed.plain_row(in_use)?;
    rows.push(ModelRow { is_in_use: true, ..used });
    rows.push(observed.fitted_row(&HUFF_RANGES, |values| Choice::Huff(huff(values)))?);
    rows.push(observed.fitted_row(&LOGIT_RANGES, |values| Choice::Logit(logit(values)))?);
    Ok(Some(ModelsCheck { rows, observations: observed.list.len(), groups: observed.groups }))
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

/// All that was observed, with what predicts it.
struct Observed<'r> {
    years: &'r [ObservedYear],
    of_years: Vec<Predictor<'r>>,
    counted: CasesPredictor<'r>,
    list: Vec<Observation>,
    groups: usize,
}

impl<'r> Observed<'r> {
    fn new(years: &'r [ObservedYear], region: &'r Region) -> Self {
        let mut counts = counts(region);
        // Few counts would be fitted to exactly and tell nothing.
        if counts.len() < cases::FEWEST {
            counts.clear();
        }
        let of_years = years.iter().map(ObservedYear::predictor).collect();
        let counted = CasesPredictor::new(region, counts);
        let mut observed = Self { years, of_years, counted, list: Vec::new(), groups: 0 };
        observed.list = observed.observations(region);
        observed.group();
        observed
    }

    /// The observations, not in groups yet.
    fn observations(&self, region: &Region) -> Vec<Observation> {
        let mut list: Vec<Observation> = Vec::new();
        for year in self.years {
            for births in &year.births {
                let hospitals =
                    BTreeSet::from([year.region.network()[births.hospital].key.clone()]);
                list.push(Observation { hospitals, group: 0, is_of_births: true, weight: 1.0 });
            }
        }
        // A hospital whose births are known for many years weighs no more than one with a single year.
        let mut years: BTreeMap<BTreeSet<String>, u32> = BTreeMap::new();
        for observation in &list {
            *years.entry(observation.hospitals.clone()).or_default() += 1;
        }
        for observation in &mut list {
            observation.weight = 1.0 / f64::from(years[&observation.hospitals]);
        }

        for count in &self.counted.counts {
            let mut hospitals = BTreeSet::new();
            for id in &count.hospitals {
                hospitals.insert(region.network()[*id].key.clone());
            }
            list.push(Observation { hospitals, group: 0, is_of_births: false, weight: 1.0 });
        }
        list
    }

    /// Puts observations that share a hospital, directly or through others, into one group.
    fn group(&mut self) {
        let mut groups: Vec<BTreeSet<String>> = Vec::new();
        for observation in &self.list {
            let mut merged = observation.hospitals.clone();
            // An observation of several hospitals may join groups that were apart.
            for group in groups.extract_if(.., |group| !group.is_disjoint(&observation.hospitals)) {
                merged.extend(group);
            }
            groups.push(merged);
        }
        for observation in &mut self.list {
            let shares = |group: &BTreeSet<String>| !group.is_disjoint(&observation.hospitals);
            observation.group = groups.iter().position(shares).unwrap_or(0); // every hospital is in one
        }
        self.groups = groups.len();
    }

    /// What a model predicts of each observation, births not scaled yet.
    fn predict(&self, choice: Choice) -> Result<Vec<f64>, ChoiceError> {
        let mut predicted = Vec::with_capacity(self.list.len());
        for predictor in &self.of_years {
            for load in predictor.predict(choice)? {
                predicted.push(load.cases);
            }
        }
        predicted.extend(self.counted.predict(choice)?);
        Ok(predicted)
    }

    /// Predicted over observed, by observation; births scaled to those of the groups that are not left out.
    fn ratios(&self, predicted: &[f64], left_out: Option<usize>) -> Vec<f64> {
        let mut ratios = Vec::with_capacity(self.list.len());
        for year in self.years {
            // No yearly births of the region were published: only how they spread over hospitals counts.
            let first = ratios.len();
            let (mut predicted_sum, mut observed_sum) = (0.0, 0.0);
            for (position, observed) in year.births.iter().enumerate() {
                if left_out != Some(self.list[first + position].group) {
                    predicted_sum += predicted[first + position];
                    observed_sum += observed.births;
                }
            }
            let scale = if predicted_sum > 0.0 { observed_sum / predicted_sum } else { 1.0 };
            for (position, observed) in year.births.iter().enumerate() {
                ratios.push(predicted[first + position] * scale / observed.births);
            }
        }

        let of_counts = &predicted[ratios.len()..];
        for (cases, count) in of_counts.iter().zip(&self.counted.counts) {
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
        for (observation, ratio) in self.list.iter().zip(ratios) {
            if left_out != Some(observation.group) {
                residuals.push(observation.weight.sqrt() * log_ratio(ratio, 1.0));
            }
        }
        for surprise in surprises {
            residuals.push(RIDGE * surprise);
        }
        residuals
    }

    /// The errors of a model of these parameters, fitted to all groups, and to all but each.
    fn fitted_row<const N: usize>(
        &self,
        ranges: &[Parameter; N],
        choice: impl Fn(&[f64; N]) -> Choice + Sync,
    ) -> Result<ModelRow, ChoiceError> {
        let known = Known::new(|values| self.predict(choice(values)));
        let fit_without = |starts: &[Parameter; N], left_out: Option<usize>| {
            fit(starts, |values| {
                let predicted = known.predict(values)?;
                Ok(self.residuals(&predicted, left_out, surprises(ranges, values)))
            })
        };
        let fitted = fit_without(ranges, None)?;

        // Every fit without one group begins here, and takes its first slopes here.
        let near = starting_at(ranges, &fitted);
        known.learn(&points_beside(&near))?;
        let predict_without = |group: usize| known.predict(&fit_without(&near, Some(group))?);
        let groups = (0..self.groups).into_par_iter();
        let without: Vec<_> = groups.map(predict_without).collect::<Result<_, ChoiceError>>()?;

        let choice = choice(&thousandths(&fitted));
        let row = self.row(choice, &self.predict(choice)?, |group| &without[group]);
        Ok(ModelRow { fitted_parameters: N as u8, ..row })
    }

    /// The errors of a model that is not fitted.
    fn plain_row(&self, choice: Choice) -> Result<ModelRow, ChoiceError> {
        let predicted = self.predict(choice)?;
        Ok(self.row(choice, &predicted, |_| &predicted))
    }

    /// The errors of a model by what it predicts, and by what it predicts when a group is left out of its fit.
    fn row<'p>(
        &self,
        choice: Choice,
        predicted: &[f64],
        without: impl Fn(usize) -> &'p Vec<f64>,
    ) -> ModelRow {
        let ratios = self.ratios(predicted, None);
        let mut of_others = vec![1.0; self.list.len()];
        // One group after the other: each is judged by the fit that did not know it.
        for group in 0..self.groups {
            let ratios = self.ratios(without(group), Some(group));
            for (number, observation) in self.list.iter().enumerate() {
                if observation.group == group {
                    of_others[number] = ratios[number];
                }
            }
        }
        ModelRow {
            choice,
            fitted_parameters: 0,
            is_in_use: false,
            errors: self.errors(&ratios),
            left_out: self.errors(&of_others),
        }
    }

    fn errors(&self, ratios: &[f64]) -> ModelErrors {
        ModelErrors {
            all: self.mean_error(ratios, |_| true).unwrap_or(0.0),
            births: self.mean_error(ratios, |observation| observation.is_of_births),
            cases: self.mean_error(ratios, |observation| !observation.is_of_births),
        }
    }

    /// The weighted mean of errors of the observations that are meant; `None` without any.
    fn mean_error(&self, ratios: &[f64], is_meant: impl Fn(&Observation) -> bool) -> Option<f64> {
        let (mut sum, mut weight) = (0.0, 0.0);
        for (observation, ratio) in self.list.iter().zip(ratios) {
            if is_meant(observation) {
                sum += observation.weight * (ratio - 1.0).abs();
                weight += observation.weight;
            }
        }
        if weight > 0.0 { Some(sum / weight) } else { None }
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
