//! Factors of cases that meet: their product stays within bounds at every moment, for everybody.

use std::collections::BTreeMap;

use super::Checker;
use super::base::Listed;
use crate::model::location::Fault;
use crate::model::problem::ProblemKind;
use crate::model::{Change, DemandScale, Sex, Surge};
use crate::units::grouped;

/// Greatest product of factors that meet, as of one factor.
pub(super) const MOST_FACTOR: f64 = 100.0;
/// Most changes that scale demand: each concerns every place.
const MOST_SCALES: usize = 1_000;
/// Most steps of all surges.
const MOST_STEPS: usize = 1_000_000;
/// What rounding may add to the logarithm of a product.
const ROUNDING: f64 = 1e-6;
/// A factor counts as no less than this, so that what is multiplied by 0 can be divided again.
const LEAST_FACTOR: f64 = 1e-9;
/// Years of age, from 0.
const AGES: usize = 256;

/// A change begins or ends to multiply cases. Ends come before beginnings of the same minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    minute: i64,
    begins: bool,
    /// The number of the change, and of its step.
    change: usize,
    step: usize,
}

/// Appends a fault for the first scale of demand, and for the first surge, with which the factors in force
/// multiply some cases by more than 100.
pub(super) fn check_factors<'s>(changes: &[Listed<'s>], checker: &mut Checker<'s>) {
    check_scales(changes, checker);
    check_surges(changes, checker);
}

/// The minutes of a change's beginning and end since the first change.
fn minutes(changes: &[Listed<'_>], at: usize) -> (i64, Option<i64>) {
    let start = changes[0].change.on;
    let change = changes[at].change;
    (change.on.minutes_since(start), change.until.map(|until| until.minutes_since(start)))
}

/// The logarithm of a factor that is no fault by itself.
fn log(factor: f64) -> Option<f64> {
    (0.0..=MOST_FACTOR).contains(&factor).then(|| factor.max(LEAST_FACTOR).ln())
}

/// A fault of the change with which a product is too large.
fn too_large<'s>(
    (listed, path, product): (&Listed<'s>, &str, f64),
    what: &str,
    checker: &mut Checker<'s>,
) {
    let product = match product.exp() {
        product if product < 1e15 => grouped(product.round() as u64),
        product => format!("{product:.0e}"),
    };
    listed.enter(checker);
    let message = format!("with the {what} in force then, cases are multiplied by {product}");
    let fault = Fault::new(ProblemKind::Range, message);
    let path = format!("change.{path}");
    checker.fault(&path, fault.expected(format!("a product of at most {MOST_FACTOR}")));
}

/// Logarithms of products by sex and year of age.
type ByPerson = [[f64; AGES]; 2];

/// The sexes and years of age that a scale concerns.
fn concerned(scale: &DemandScale) -> (Vec<usize>, std::ops::RangeInclusive<usize>) {
    let sexes = match scale.population.sex {
        None => vec![Sex::Female as usize, Sex::Male as usize],
        Some(sex) => vec![sex as usize],
    };
    let last = scale.population.to.map_or(AGES - 1, usize::from);
    (sexes, usize::from(scale.population.from)..=last)
}

/// Products of the scales in force: of those for everywhere, and of those for each district.
struct Scales<'s> {
    everywhere: ByPerson,
    by_district: BTreeMap<&'s str, ByPerson>,
}

impl<'s> Scales<'s> {
    /// Multiplies by a factor, or divides by it.
    fn add(&mut self, scale: &'s DemandScale, log: f64) {
        let (sexes, ages) = concerned(scale);
        let add = |products: &mut ByPerson| {
            for &sex in &sexes {
                products[sex][ages.clone()].iter_mut().for_each(|product| *product += log);
            }
        };
        if scale.districts.is_empty() {
            add(&mut self.everywhere);
            return;
        }
        for district in &scale.districts {
            add(self.by_district.entry(district).or_insert([[0.0; AGES]; 2]));
        }
    }

    /// The greatest product among those whom a scale concerns.
    fn greatest(&self, scale: &DemandScale) -> f64 {
        let (sexes, ages) = concerned(scale);
        let nothing = [[0.0; AGES]; 2];
        let is_named = |district: &str| {
            scale.districts.is_empty() || scale.districts.iter().any(|own| own == district)
        };
        let named = self.by_district.iter().filter(|(district, _)| is_named(district));
        let products = named.map(|(_, products)| products);
        let mut greatest = f64::NEG_INFINITY;
        for own in products.chain(scale.districts.is_empty().then_some(&nothing)) {
            for &sex in &sexes {
                for age in ages.clone() {
                    greatest = greatest.max(self.everywhere[sex][age] + own[sex][age]);
                }
            }
        }
        greatest
    }
}

fn check_scales<'s>(changes: &[Listed<'s>], checker: &mut Checker<'s>) {
    let mut scales: Vec<(usize, &DemandScale)> = Vec::new();
    for (at, listed) in changes.iter().enumerate() {
        if let Change::ScaleDemand(scale) = &listed.change.change {
            scales.push((at, scale));
        }
    }
    if let Some((at, _)) = scales.get(MOST_SCALES) {
        changes[*at].enter(checker);
        let message = format!("{} changes scale demand", grouped(scales.len() as u64));
        let fault = Fault::new(ProblemKind::Range, message);
        checker.fault("change", fault.expected(format!("at most {MOST_SCALES}")));
        return;
    }
    let mut events: Vec<Event> = Vec::new();
    for (step, (change, scale)) in scales.iter().enumerate() {
        let (from, until) = minutes(changes, *change);
        if log(scale.factor).is_none() || until.is_some_and(|until| until <= from) {
            continue; // a fault of its own
        }
        events.push(Event { minute: from, begins: true, change: *change, step });
        let end = until.map(|minute| Event { minute, begins: false, change: *change, step });
        events.extend(end);
    }
    events.sort_unstable();
    let mut products = Scales { everywhere: [[0.0; AGES]; 2], by_district: BTreeMap::new() };
    for event in events {
        let (_, scale) = scales[event.step];
        let Some(factor) = log(scale.factor) else { continue };
        if !event.begins {
            products.add(scale, -factor);
            continue;
        }
        products.add(scale, factor);
        let greatest = products.greatest(scale);
        if factor > 0.0 && greatest > MOST_FACTOR.ln() + ROUNDING {
            too_large((&changes[event.change], "factor", greatest), "ScaleDemand", checker);
            return;
        }
    }
}

/// Products of the surges in force of one specialty or condition.
#[derive(Default)]
struct OfSubject<'s> {
    everywhere: f64,
    by_district: BTreeMap<&'s str, f64>,
}

impl<'s> OfSubject<'s> {
    fn add(&mut self, surge: &'s Surge, log: f64) {
        if surge.districts.is_empty() {
            self.everywhere += log;
            return;
        }
        for district in &surge.districts {
            *self.by_district.entry(district).or_default() += log;
        }
    }

    /// The greatest product among the districts that a surge concerns.
    fn greatest(&self, surge: &Surge) -> f64 {
        let of_district = |district: &str| self.by_district.get(district).copied().unwrap_or(0.0);
        let greatest = if surge.districts.is_empty() {
            self.by_district.values().copied().fold(0.0, f64::max)
        } else {
            let named = surge.districts.iter().map(|district| of_district(district));
            named.fold(f64::NEG_INFINITY, f64::max)
        };
        self.everywhere + greatest
    }
}

fn check_surges<'s>(changes: &[Listed<'s>], checker: &mut Checker<'s>) {
    let mut events: Vec<Event> = Vec::new();
    for (change, listed) in changes.iter().enumerate() {
        let Change::Surge(surge) = &listed.change.change else { continue };
        if events.len() / 2 + surge.factors.len() > MOST_STEPS {
            listed.enter(checker);
            let message = format!("more than {} steps of surges", grouped(MOST_STEPS as u64));
            let fault = Fault::new(ProblemKind::Range, message);
            checker.fault("change.factors", fault.expected("fewer, longer steps"));
            return;
        }
        let (from, _) = minutes(changes, change);
        let length = i64::from(surge.days) * 24 * 60;
        for (step, factor) in surge.factors.iter().enumerate() {
            // A factor out of range has a fault of its own; one of 1 changes no product.
            if log(*factor).is_none_or(|log| log == 0.0) || length == 0 {
                continue;
            }
            let minute = from + i64::try_from(step).unwrap_or(i64::MAX).saturating_mul(length);
            events.push(Event { minute, begins: true, change, step });
            events.push(Event { minute: minute + length, begins: false, change, step });
        }
    }
    events.sort_unstable();
    let mut products: BTreeMap<(bool, &str), OfSubject<'_>> = BTreeMap::new();
    for event in events {
        let Change::Surge(surge) = &changes[event.change].change.change else { continue };
        let Some(factor) = log(surge.factors[event.step]) else { continue };
        let specialties = surge.specialties.iter().map(|key| (false, key.as_str()));
        let conditions = surge.conditions.iter().map(|key| (true, key.as_str()));
        for subject in specialties.chain(conditions) {
            let product = products.entry(subject).or_default();
            product.add(surge, if event.begins { factor } else { -factor });
            let greatest = product.greatest(surge);
            if event.begins && factor > 0.0 && greatest > MOST_FACTOR.ln() + ROUNDING {
                let path = format!("factors[{}]", event.step);
                too_large((&changes[event.change], &path, greatest), "surges", checker);
                return;
            }
        }
    }
}
