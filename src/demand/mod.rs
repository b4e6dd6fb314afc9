//! Who needs what: expected cases a year by place, from rates by specialty, age and sex.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::model::{
    AgeBand, AgeIndex, ByAge, Catalog, DemandRates, DemandScale, Place, Places, Population,
    PopulationGroup, ReferenceBand, Sex,
};

/// Expected cases a year of every specialty and tracer condition at every place.
///
/// A rate counts cases per 1,000 people of the whole reference population. It is spread over the
/// people whom it concerns, evenly or along the age index, so that the reference population itself
/// has exactly that rate: cases at a place = rate x reference people / 1,000 x weighted people of
/// the place / weighted people of the reference population.
///
/// ```
/// use verbund::demand::Demand;
/// use verbund::model::Folder;
///
/// let model = Folder::leipzig().read()?;
/// let demand = Demand::new(&model.places, model.network.catalog());
/// let births = demand.condition("birth").unwrap();
/// assert_eq!(births.cases.len(), model.places.places.len());
/// # Ok::<(), verbund::model::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// By specialty, in the order of the catalog's rates.
    pub specialties: Vec<Cases>,
    /// By tracer condition, in the order of the catalog. Conditions are part of the specialties'
    /// cases: never add them up.
    pub conditions: Vec<Cases>,
}

/// Expected cases of one specialty or condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Cases {
    /// Key of the specialty or condition.
    pub key: String,
    /// Mean stay in days, with the catalog's factor on it.
    pub stay_days: f64,
    /// Cases a year by place, in the order of the places.
    pub cases: Vec<f64>,
}

impl Cases {
    /// Cases a year at all places.
    pub fn total(&self) -> f64 {
        self.cases.iter().sum()
    }
}

impl Demand {
    /// The demand of these places by the rates of a catalog.
    ///
    /// A catalog without a reference population spreads every rate evenly over its group, as if
    /// the places were the reference population.
    pub fn new(places: &Places, catalog: &Catalog) -> Self {
        Self::scaled(places, catalog, &[])
    }

    /// The same with cases that scenarios scaled: those of the people whom a scale concerns are
    /// multiplied by its factor, where several do by all of their factors. What the people of a year of
    /// age contribute to a rate is theirs, so that scales over bands that together are everybody scale
    /// everything.
    pub fn scaled(places: &Places, catalog: &Catalog, scales: &[DemandScale]) -> Self {
        let rates = &catalog.demand;
        let specialties = rates.rates.par_iter().map(|rate| Cases {
            key: rate.specialty.clone(),
            stay_days: rate.stay_days * rates.stay_factor,
            cases: spread(places, rates, rate.per_1000, (&rate.population, rate.by_age), scales),
        });
        let conditions = rates.conditions.par_iter().map(|condition| Cases {
            key: condition.key.clone(),
            stay_days: condition.stay_days * rates.stay_factor,
            cases: spread(
                places,
                rates,
                condition.per_1000,
                (&condition.population, condition.by_age),
                scales,
            ),
        });
        Self { specialties: specialties.collect(), conditions: conditions.collect() }
    }

    /// The cases of a specialty.
    pub fn specialty(&self, key: &str) -> Option<&Cases> {
        self.specialties.iter().find(|cases| cases.key == key)
    }

    /// The cases of a specialty or tracer condition; the catalog lets no key be both.
    pub fn cases(&self, key: &str) -> Option<&Cases> {
        self.specialty(key).or_else(|| self.condition(key))
    }

    /// The cases of a tracer condition.
    pub fn condition(&self, key: &str) -> Option<&Cases> {
        self.conditions.iter().find(|cases| cases.key == key)
    }
}

/// Cases of one rate by place.
fn spread(
    places: &Places,
    rates: &DemandRates,
    per_1000: f64,
    (group, by_age): (&PopulationGroup, ByAge),
    scales: &[DemandScale],
) -> Vec<f64> {
    let weight_in = |band: &AgeBand, group: &PopulationGroup| match by_age {
        ByAge::Even => 1.0,
        ByAge::Index => mean_index(band, group, &rates.age_index),
    };
    let weight = |band: &AgeBand| weight_in(band, group);
    let reference_bands: Vec<AgeBand> =
        rates.reference_population.iter().map(ReferenceBand::ages).collect();
    let reference = Population {
        female: rates.reference_population.iter().map(|band| band.female).collect(),
        male: rates.reference_population.iter().map(|band| band.male).collect(),
    };
    let weights: Vec<f64> = places.bands.iter().map(weight).collect();
    let at = |place: &Place| place.population.weighted(group, &places.bands, |band| weights[band]);
    let local: Vec<f64> = places.places.iter().map(at).collect();
    let (people, weighted) = if reference_bands.is_empty() {
        let people: u64 = places.places.iter().map(|place| place.population.people()).sum();
        (people as f64, local.iter().sum())
    } else {
        let weights: Vec<f64> = reference_bands.iter().map(weight).collect();
        let sum = reference.weighted(group, &reference_bands, |band| weights[band]);
        (reference.people() as f64, sum)
    };
    if weighted <= 0.0 {
        return vec![0.0; local.len()];
    }
    let cases = |local: &f64| per_1000 * people / 1000.0 * local / weighted;
    if scales.is_empty() {
        return local.iter().map(cases).collect();
    }
    // What a person of a band counts, by sex, in a district; `None` where nothing is scaled.
    let weights_in = |district: &str| {
        let is_here = |scale: &&DemandScale| {
            scale.districts.is_empty() || scale.districts.iter().any(|own| own == district)
        };
        let own: Vec<&DemandScale> = scales.iter().filter(is_here).collect();
        if own.is_empty() {
            return None;
        }
        let mut weights = [vec![0.0; places.bands.len()], vec![0.0; places.bands.len()]];
        for (piece, factor) in pieces(group, &own) {
            let Some(sex) = piece.sex else { continue };
            for (weight, band) in weights[sex as usize].iter_mut().zip(&places.bands) {
                *weight += factor * band.share_within(&piece.ages()) * weight_in(band, &piece);
            }
        }
        Some(weights)
    };
    let mut by_district: BTreeMap<&str, Option<[Vec<f64>; 2]>> = BTreeMap::new();
    let mut scaled = Vec::with_capacity(local.len());
    for (place, all) in places.places.iter().zip(local) {
        let district = place.district.as_str();
        let weights = by_district.entry(district).or_insert_with(|| weights_in(district));
        let Some([female, male]) = weights else {
            scaled.push(cases(&all));
            continue;
        };
        let sum = weighted_sum(&place.population.female, female)
            + weighted_sum(&place.population.male, male);
        scaled.push(cases(&sum));
    }
    scaled
}

/// The sum of people times their weights, by band.
fn weighted_sum(people: &[u32], weights: &[f64]) -> f64 {
    people.iter().zip(weights).map(|(people, weight)| f64::from(*people) * weight).sum()
}

/// A group cut by sex and at the ages at which scales begin and end, each piece with the product of the
/// factors that concern it.
fn pieces(group: &PopulationGroup, scales: &[&DemandScale]) -> Vec<(PopulationGroup, f64)> {
    let end = |to: Option<u8>| to.map_or(256, |to| u16::from(to) + 1);
    let (first, last) = (u16::from(group.from), end(group.to));
    let mut cuts = vec![first, last];
    for scale in scales {
        cuts.extend([u16::from(scale.population.from), end(scale.population.to)]);
    }
    cuts.retain(|cut| (first..=last).contains(cut));
    cuts.sort_unstable();
    cuts.dedup();
    let mut pieces = Vec::new();
    for sex in [Sex::Female, Sex::Male] {
        if group.sex.is_some_and(|only| only != sex) {
            continue;
        }
        for pair in cuts.windows(2) {
            let (from, behind) = (pair[0], pair[1]);
            let concerns = |scale: &&&DemandScale| {
                let whom = &scale.population;
                whom.sex.is_none_or(|only| only == sex)
                    && u16::from(whom.from) <= from
                    && behind <= end(whom.to)
            };
            let factor = scales.iter().filter(concerns).map(|scale| scale.factor).product();
            let to = (behind < 256).then(|| (behind - 1) as u8);
            pieces.push((PopulationGroup { sex: Some(sex), from: from as u8, to }, factor));
        }
    }
    pieces
}

/// The mean age index over the years of a band that belong to a group; 1 without an index.
fn mean_index(band: &AgeBand, group: &PopulationGroup, index: &[AgeIndex]) -> f64 {
    if index.is_empty() {
        return 1.0;
    }
    let ages = group.ages();
    let last = |band: &AgeBand| band.to.unwrap_or(94.max(band.from));
    let from = band.from.max(ages.from);
    let to = last(band).min(ages.to.unwrap_or(u8::MAX));
    if to < from {
        return 0.0;
    }
    let of_year = |year: u8| {
        let found = index.iter().find(|one| one.from <= year && one.to.is_none_or(|to| year <= to));
        found.map_or(0.0, |one| one.index)
    };
    (from..=to).map(of_year).sum::<f64>() / f64::from(to - from + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Position, Rate, Sex};

    fn rates(by_age: ByAge, group: PopulationGroup) -> Catalog {
        let band = |from, to, female, male| ReferenceBand { from, to, female, male };
        Catalog {
            demand: DemandRates {
                stay_factor: 1.13,
                reference_population: vec![
                    band(0, Some(14), 100, 100),
                    band(15, Some(64), 300, 300),
                    band(65, None, 100, 100),
                ],
                age_index: vec![
                    AgeIndex { from: 0, to: Some(64), index: 1.0 },
                    AgeIndex { from: 65, to: None, index: 3.0 },
                ],
                rates: vec![Rate {
                    specialty: "s".into(),
                    per_1000: 20.0,
                    stay_days: 5.0,
                    emergency_share: 0.5,
                    population: group,
                    by_age,
                    source: String::new(),
                    assumed: true,
                    derived: None,
                }],
                conditions: Vec::new(),
            },
            ..Catalog::default()
        }
    }

    fn places(female: [u32; 3], male: [u32; 3]) -> Places {
        let bands = vec![
            AgeBand { from: 0, to: Some(14) },
            AgeBand { from: 15, to: Some(64) },
            AgeBand { from: 65, to: None },
        ];
        let place = Place {
            key: "p".into(),
            name: "P".into(),
            district: String::new(),
            position: Position::new(51.0, 12.0).unwrap(),
            area_km2: None,
            outside: false,
            population: Population { female: female.into(), male: male.into() },
        };
        Places { bands, places: vec![place], ages_assumed: false }
    }

    #[test]
    fn the_reference_population_has_the_rate() {
        // 1,000 people at 20 per 1,000 are 20 cases, however they are spread.
        let same = places([100, 300, 100], [100, 300, 100]);
        for by_age in [ByAge::Even, ByAge::Index] {
            let women = PopulationGroup { sex: Some(Sex::Female), from: 15, to: None };
            for group in [PopulationGroup::ALL, women] {
                let demand = Demand::new(&same, &rates(by_age, group));
                assert!((demand.specialties[0].total() - 20.0).abs() < 1e-9);
                assert!((demand.specialties[0].stay_days - 5.65).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn an_old_place_has_more_cases_by_hand() {
        // Weights: 800 people under 65 count 1, 200 older count 3: 1,400 in the reference.
        // 100 people over 65 count 300: 20 * 300 / 1,400.
        let old = places([0, 0, 60], [0, 0, 40]);
        let demand = Demand::new(&old, &rates(ByAge::Index, PopulationGroup::ALL));
        assert!((demand.specialties[0].total() - 20.0 * 300.0 / 1400.0).abs() < 1e-9);
        let men_only = places([0, 0, 0], [50, 50, 50]);
        let women = PopulationGroup { sex: Some(Sex::Female), from: 0, to: None };
        let demand = Demand::new(&men_only, &rates(ByAge::Even, women));
        assert!(demand.specialties[0].total().abs() < 1e-12);
    }
}
