//! Factors of cases that meet: their product stays within bounds at every moment, for everybody.

use std::collections::{BTreeMap, BTreeSet};

use super::Listed;
use crate::model::check::Checker;
use crate::model::location::Fault;
use crate::model::{DemandScale, Sex};
use crate::problem::ProblemKind;
use crate::scenario::base::MOST_FACTOR;
use crate::scenario::{Change, Surge};
use crate::units::grouped;

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
/// multiply some cases by more than 100; without one, for the first change with which both together do.
pub(super) fn check_factors<'s>(changes: &[Listed<'s>], checker: &mut Checker<'s>) {
    let scales = check_scales(changes, checker);
    let surges = check_surges(changes, checker);
    // A kind with a fault of its own would be told a second time as part of both.
    let (Some(scales), Some(surges)) = (scales, surges) else { return };
    if !scales.is_empty() && !surges.is_empty() {
        let mut events = [scales, surges].concat();
        events.sort_unstable();
        check_together(changes, &events, checker);
    }
}

/// The minutes of a change's beginning and end since the first change.
fn minutes(changes: &[Listed<'_>], at: usize) -> (i64, Option<i64>) {
    let start = changes[0].change.on;
    let change = changes[at].change;
    (change.on.minutes_since(start), change.until.map(|until| until.minutes_since(start)))
}

/// The logarithm of a factor that is no fault by itself.
fn log(factor: f64) -> Option<f64> {
    // Sums of logarithms: a factor that ends is taken out again, and thousands of them do not
    // overflow.
    (0.0..=MOST_FACTOR).contains(&factor).then(|| factor.max(LEAST_FACTOR).ln())
}

/// Whether a product, as a logarithm, is greater than it may be.
fn is_too_large(product: f64) -> bool {
    product > MOST_FACTOR.ln() + ROUNDING
}

/// A fault of the change with which a product is too large; `what` is in force then.
fn too_large<'s>(
    listed: &Listed<'s>,
    path: &str,
    product: f64,
    what: &str,
    checker: &mut Checker<'s>,
) {
    let product = match product.exp() {
        product if product < 1e15 => grouped(product.round() as u64),
        product => format!("{product:.0e}"),
    };
    listed.enter(checker);
    let message =
        said!("with {what} in force then, cases are multiplied by {product}", what, product);
    let fault = Fault::new(ProblemKind::Range, message);
    let path = format!("change.{path}");
    checker.fault(
        &path,
        fault.expected(said!("a product of at most {most_factor}", most_factor = MOST_FACTOR)),
    );
}

/// Logarithms of products by sex and year of age.
type ByPerson = [[f64; AGES]; 2];

/// The sexes and years of age that a scale concerns.
fn concerned(scale: &DemandScale) -> (Vec<usize>, std::ops::RangeInclusive<usize>) {
    let sexes = match scale.population.sex {
        None => vec![Sex::Female as usize, Sex::Male as usize],
        Some(sex) => vec![sex as usize],
    };
    // Year by year: groups of several scales overlap in any way.
    let last = scale.population.to.map_or(AGES - 1, usize::from);
    (sexes, usize::from(scale.population.from)..=last)
}

/// Products of the scales in force: of those for everywhere, and of those for each district.
struct Scales<'s> {
    everywhere: ByPerson,
    by_district: BTreeMap<&'s str, ByPerson>,
}

impl Default for Scales<'_> {
    fn default() -> Self {
        Self { everywhere: [[0.0; AGES]; 2], by_district: BTreeMap::new() }
    }
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

    /// The greatest product of anybody in a district; `None` is one that no scale names.
    fn greatest_in(&self, district: Option<&str>) -> f64 {
        let named = district.and_then(|district| self.by_district.get(district));
        let mut greatest = f64::NEG_INFINITY;
        for (sex, everywhere) in self.everywhere.iter().enumerate() {
            for (age, product) in everywhere.iter().enumerate() {
                greatest = greatest.max(product + named.map_or(0.0, |products| products[sex][age]));
            }
        }
        greatest
    }

    /// The greatest product among those whom a scale concerns.
    fn greatest(&self, scale: &DemandScale) -> f64 {
        let (sexes, ages) = concerned(scale);
        let nothing = [[0.0; AGES]; 2];
        let is_named = |district: &str| {
            scale.districts.is_empty() || scale.districts.iter().any(|named| named == district)
        };
        let named = self.by_district.iter().filter(|(district, _)| is_named(district));
        let products = named.map(|(_, products)| products);
        let mut greatest = f64::NEG_INFINITY;
        // Districts that no scale names have the product of everywhere, and nothing more.
        for in_district in products.chain(scale.districts.is_empty().then_some(&nothing)) {
            for &sex in &sexes {
                for age in ages.clone() {
                    greatest = greatest.max(self.everywhere[sex][age] + in_district[sex][age]);
                }
            }
        }
        greatest
    }
}

/// The beginnings and ends of the scales of demand; `None` with a fault.
fn check_scales<'s>(changes: &[Listed<'s>], checker: &mut Checker<'s>) -> Option<Vec<Event>> {
    let mut scales: Vec<(usize, &DemandScale)> = Vec::new();
    for (change, listed) in changes.iter().enumerate() {
        if let Change::ScaleDemand(scale) = &listed.change.change {
            scales.push((change, scale));
        }
    }
    if let Some((change, _)) = scales.get(MOST_SCALES) {
        changes[*change].enter(checker);
        let message = said!("{count} changes scale demand", count = grouped(scales.len() as u64));
        let fault = Fault::new(ProblemKind::Range, message);
        checker.fault(
            "change",
            fault.expected(said!("at most {most_scales}", most_scales = MOST_SCALES)),
        );
        return None;
    }

    let mut events: Vec<Event> = Vec::new();
    for (change, scale) in scales {
        let (from, until) = minutes(changes, change);
        if log(scale.factor).is_none() || until.is_some_and(|until| until <= from) {
            continue; // a fault of its own
        }
        events.push(Event { minute: from, begins: true, change, step: 0 });
        events.extend(until.map(|minute| Event { minute, begins: false, change, step: 0 }));
    }
    events.sort_unstable();

    let mut products = Scales::default();
    for event in &events {
        let Change::ScaleDemand(scale) = &changes[event.change].change.change else { continue };
        let Some(factor) = log(scale.factor) else { continue };
        if !event.begins {
            products.add(scale, -factor);
            continue;
        }
        products.add(scale, factor);
        let greatest = products.greatest(scale);
        // Only a factor above 1 can be the one with which it became too much.
        if factor > 0.0 && is_too_large(greatest) {
            let listed = &changes[event.change];
            too_large(listed, "factor", greatest, "the ScaleDemand", checker);
            return None;
        }
    }
    Some(events)
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

    /// The product in a district; `None` is one that no surge names.
    fn product_in(&self, district: Option<&str>) -> f64 {
        let named = district.and_then(|district| self.by_district.get(district));
        self.everywhere + named.copied().unwrap_or(0.0)
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

/// The beginnings and ends of the steps of surges; `None` with a fault.
fn check_surges<'s>(changes: &[Listed<'s>], checker: &mut Checker<'s>) -> Option<Vec<Event>> {
    let mut events: Vec<Event> = Vec::new();
    for (change, listed) in changes.iter().enumerate() {
        let Change::Surge(surge) = &listed.change.change else { continue };
        // Each step has two events.
        if events.len() / 2 + surge.factors.len() > MOST_STEPS {
            listed.enter(checker);
            let message = said!(
                "more than {most_steps} steps of surges",
                most_steps = grouped(MOST_STEPS as u64)
            );
            let fault = Fault::new(ProblemKind::Range, message);
            checker.fault("change.factors", fault.expected("fewer, longer steps"));
            return None;
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

    let mut surges = Surges::default();
    for event in &events {
        let Change::Surge(surge) = &changes[event.change].change.change else { continue };
        let Some(factor) = log(surge.factors[event.step]) else { continue };
        for subject in subjects(surge) {
            let product = surges.entry(subject).or_default();
            product.add(surge, if event.begins { factor } else { -factor });
            let greatest = product.greatest(surge);
            if event.begins && factor > 0.0 && is_too_large(greatest) {
                let path = format!("factors[{}]", event.step);
                too_large(&changes[event.change], &path, greatest, "the surges", checker);
                return None;
            }
        }
    }
    Some(events)
}

/// Products of the surges in force, by whether it is a condition and by key.
type Surges<'s> = BTreeMap<(bool, &'s str), OfSubject<'s>>;

/// The specialties and conditions that a surge names.
fn subjects(surge: &Surge) -> impl Iterator<Item = (bool, &str)> {
    let specialties = surge.specialties.iter().map(|key| (false, key.as_str()));
    specialties.chain(surge.conditions.iter().map(|key| (true, key.as_str())))
}

/// Factors of both kinds that are in force.
#[derive(Default)]
struct Together<'s> {
    scales: Scales<'s>,
    /// The greatest product of scales, in each district that one names and elsewhere (`None`).
    of_scales: BTreeMap<Option<&'s str>, f64>,
    surges: Surges<'s>,
    /// The changes that multiply by more than 1, with their steps.
    raising: BTreeSet<(usize, usize)>,
}

impl<'s> Together<'s> {
    /// Begins or ends to multiply by a factor.
    fn add(&mut self, change: &'s Change, event: &Event, factor: f64) {
        let raised = (event.change, event.step);
        if factor > 0.0 && event.begins {
            self.raising.insert(raised);
        } else {
            self.raising.remove(&raised);
        }
        let factor = if event.begins { factor } else { -factor };
        match change {
            Change::ScaleDemand(scale) => {
                self.scales.add(scale, factor);
                // Only the districts that the scale concerns are worked out anew: a country has
                // four hundred, and a scenario may have thousands of events.
                let mut districts: Vec<Option<&str>> = Vec::new();
                if scale.districts.is_empty() {
                    districts.extend(self.scales.by_district.keys().copied().map(Some));
                    districts.push(None);
                }
                districts.extend(scale.districts.iter().map(|district| Some(district.as_str())));
                for district in districts {
                    self.of_scales.insert(district, self.scales.greatest_in(district));
                }
            }
            Change::Surge(surge) => {
                for subject in subjects(surge) {
                    self.surges.entry(subject).or_default().add(surge, factor);
                }
            }
            _ => {}
        }
    }

    /// The product of scales in a district; `None` is one that nothing names.
    fn of_scales(&self, district: Option<&str>) -> f64 {
        let everywhere = self.of_scales.get(&None).copied().unwrap_or(0.0);
        self.of_scales.get(&district).copied().unwrap_or(everywhere)
    }

    /// The greatest product of both kinds among those whom a change concerns.
    fn greatest(&self, change: &Change) -> f64 {
        let districts: &[String];
        let mut named: Vec<&OfSubject<'_>> = Vec::new();
        match change {
            Change::Surge(surge) => {
                districts = &surge.districts;
                named.extend(subjects(surge).filter_map(|subject| self.surges.get(&subject)));
            }
            Change::ScaleDemand(scale) => {
                districts = &scale.districts;
                named.extend(self.surges.values());
            }
            _ => return f64::NEG_INFINITY, // multiplies nothing
        }

        let mut greatest = f64::NEG_INFINITY;
        for subject in named {
            let mut look = |district: Option<&str>| {
                greatest = greatest.max(self.of_scales(district) + subject.product_in(district));
            };
            for district in districts {
                look(Some(district));
            }
            if !districts.is_empty() {
                continue;
            }

            // A change for everywhere concerns each district that any change names, and the rest.
            look(None);
            for district in self.of_scales.keys() {
                look(*district);
            }
            for district in subject.by_district.keys() {
                look(Some(district));
            }
        }
        greatest
    }
}

/// Changes that a message names at most.
const NAMED: usize = 5;

fn check_together<'s>(changes: &[Listed<'s>], events: &[Event], checker: &mut Checker<'s>) {
    let mut together = Together::default();
    for event in events {
        let listed = &changes[event.change];
        let change = &listed.change.change;
        let (factor, path) = match change {
            Change::ScaleDemand(scale) => (log(scale.factor), "factor".to_owned()),
            Change::Surge(surge) => {
                (log(surge.factors[event.step]), format!("factors[{}]", event.step))
            }
            _ => continue,
        };
        let Some(factor) = factor else { continue };
        together.add(change, event, factor);
        if !event.begins || factor <= 0.0 {
            continue;
        }
        let greatest = together.greatest(change);
        if is_too_large(greatest) {
            let what = labels(changes, &together.raising);
            too_large(listed, &path, greatest, &what, checker);
            return;
        }
    }
}

/// The names of changes, the first ones: "change 1 (`ScaleDemand`) and change 2 (`Surge`)".
fn labels(changes: &[Listed<'_>], raising: &BTreeSet<(usize, usize)>) -> String {
    let numbers: BTreeSet<usize> = raising.iter().map(|(change, _)| *change).collect();
    let first = numbers.iter().take(NAMED).map(|number| changes[*number].label.as_str());
    let mut names: Vec<String> = first.map(str::to_owned).collect();
    if numbers.len() > NAMED {
        names.push(format!("{} more", numbers.len() - NAMED));
    }
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) }
}
