//! Who needs what: expected cases a year by place, from rates by specialty, age and sex.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::model::{
    AgeBand, AgeIndex, ByAge, Catalog, DemandScale, Places, Population, PopulationGroup,
    ReferenceBand, Sex,
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
/// use verbund::files::Folder;
///
/// let model = Folder::leipzig().read()?;
/// let demand = Demand::new(&model.places, model.network.catalog());
/// let births = demand.condition("birth").unwrap();
/// assert_eq!(births.cases.len(), model.places.places.len());
/// # Ok::<(), verbund::problem::Problems>(())
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

    /// The demand with cases that scenarios scaled: those of the people whom a scale concerns are
    /// multiplied by its factor, where several do by all of their factors. What the people of a year of
    /// age contribute to a rate is theirs, so that scales over bands that together are everybody scale
    /// everything.
    pub fn scaled(places: &Places, catalog: &Catalog, scales: &[DemandScale]) -> Self {
        let rates = &catalog.demand;
        // Each is a pass over all places: specialties side by side, collected in their order.
        let cases_of = |per_1000, group, by_age| {
            let spread = Spread { per_1000, group, by_age, age_index: &rates.age_index };
            spread.cases_by_place(places, &rates.reference_population, scales)
        };
        let specialties = rates.rates.par_iter().map(|rate| Cases {
            key: rate.specialty.clone(),
            stay_days: rate.stay_days * rates.stay_factor,
            cases: cases_of(rate.per_1000, &rate.population, rate.by_age),
        });
        let conditions = rates.conditions.par_iter().map(|condition| Cases {
            key: condition.key.clone(),
            stay_days: condition.stay_days * rates.stay_factor,
            cases: cases_of(condition.per_1000, &condition.population, condition.by_age),
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

/// A rate and how it is spread over people: whom it concerns, and what a person counts by age.
#[derive(Clone, Copy)]
struct Spread<'a> {
    per_1000: f64,
    group: &'a PopulationGroup,
    by_age: ByAge,
    age_index: &'a [AgeIndex],
}

/// The population to which a rate belongs: all people, and those of the group by their weights.
#[derive(Clone, Copy)]
struct Whole {
    people: f64,
    weighted: f64,
}

impl Spread<'_> {
    /// The mean weight of the people of a band who belong to a group.
    fn mean_in(&self, band: &AgeBand, group: &PopulationGroup) -> f64 {
        match self.by_age {
            ByAge::Even => 1.0,
            ByAge::Index => mean_index(band, group, self.age_index),
        }
    }

    /// The mean weight of the people of the group in each band.
    fn of_bands(&self, bands: &[AgeBand]) -> Vec<f64> {
        let mut weights = Vec::with_capacity(bands.len());
        for band in bands {
            weights.push(self.mean_in(band, self.group));
        }
        weights
    }

    /// The people of the group at each place, by their weights.
    fn of_places(&self, places: &Places) -> Vec<f64> {
        let bands = &places.bands;
        let weights = self.of_bands(bands);
        let mut weighted = Vec::with_capacity(places.places.len());
        for place in &places.places {
            weighted.push(place.population.weighted(self.group, bands, |band| weights[band]));
        }
        weighted
    }

    /// The reference population; the places themselves where there is none.
    fn whole(&self, places: &Places, reference: &[ReferenceBand]) -> Whole {
        if reference.is_empty() {
            let mut people = 0;
            for place in &places.places {
                people += place.population.people();
            }
            let weighted = self.of_places(places).iter().sum();
            return Whole { people: people as f64, weighted };
        }

        let mut bands = Vec::with_capacity(reference.len());
        let mut population = Population { female: Vec::new(), male: Vec::new() };
        for band in reference {
            bands.push(band.ages());
            population.female.push(band.female);
            population.male.push(band.male);
        }
        let weights = self.of_bands(&bands);
        let weighted = population.weighted(self.group, &bands, |band| weights[band]);
        Whole { people: population.people() as f64, weighted }
    }

    /// What a person of a band counts, by sex, in a district; `None` where nothing is scaled.
    fn scaled_in(
        &self,
        district: &str,
        bands: &[AgeBand],
        scales: &[DemandScale],
    ) -> Option<[Vec<f64>; 2]> {
        let mut scales_here: Vec<&DemandScale> = Vec::new();
        for scale in scales {
            // A scale that names no district concerns all of them.
            if scale.districts.is_empty() || scale.districts.iter().any(|key| key == district) {
                scales_here.push(scale);
            }
        }
        if scales_here.is_empty() {
            return None;
        }

        let no_weights = vec![0.0; bands.len()];
        let mut weights = [no_weights.clone(), no_weights];
        for (piece, factor) in pieces(self.group, &scales_here) {
            // Every piece has one: a scale may concern women or men only.
            let Some(sex) = piece.sex else { continue };
            for (weight, band) in weights[sex as usize].iter_mut().zip(bands) {
                let share = band.share_within(&piece.ages());
                *weight += factor * share * self.mean_in(band, &piece);
            }
        }
        Some(weights)
    }

    /// Cases a year by place.
    fn cases_by_place(
        &self,
        places: &Places,
        reference: &[ReferenceBand],
        scales: &[DemandScale],
    ) -> Vec<f64> {
        let whole = self.whole(places, reference);
        // Nobody of the group lives in the reference population: no place can have its share of the cases.
        if whole.weighted <= 0.0 {
            return vec![0.0; places.places.len()];
        }
        // Where nothing is scaled, weights stay as they are to the last bit.
        let mut weights = self.of_places(places);
        if !scales.is_empty() {
            self.scale(&mut weights, places, scales);
        }

        let mut cases = Vec::with_capacity(weights.len());
        for weight in weights {
            cases.push(self.per_1000 * whole.people / 1000.0 * weight / whole.weighted);
        }
        cases
    }

    /// Scales the weights of places.
    fn scale(&self, weights: &mut [f64], places: &Places, scales: &[DemandScale]) {
        // Scales concern districts as a whole, and a country has far fewer of them than places.
        let mut by_district: BTreeMap<&str, Option<[Vec<f64>; 2]>> = BTreeMap::new();
        for (weight, place) in weights.iter_mut().zip(&places.places) {
            let scaled = by_district
                .entry(&place.district)
                .or_insert_with(|| self.scaled_in(&place.district, &places.bands, scales));
            if let Some([female, male]) = scaled {
                let population = &place.population;
                *weight =
                    weighted_sum(&population.female, female) + weighted_sum(&population.male, male);
            }
        }
    }
}

/// The sum of people times their weights, by band.
fn weighted_sum(people: &[u32], weights: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (people, weight) in people.iter().zip(weights) {
        sum += f64::from(*people) * weight;
    }
    sum
}

/// A group cut by sex and at the ages at which scales begin and end, each piece with the product of the
/// factors that concern it.
fn pieces(group: &PopulationGroup, scales: &[&DemandScale]) -> Vec<(PopulationGroup, f64)> {
    let first = u16::from(group.from);
    let last = age_behind(group.to);
    let mut cuts = vec![first, last];
    for scale in scales {
        cuts.push(u16::from(scale.population.from));
        cuts.push(age_behind(scale.population.to));
    }
    cuts.retain(|cut| (first..=last).contains(cut));
    cuts.sort_unstable();
    cuts.dedup();

    let mut pieces = Vec::new();
    for sex in [Sex::Female, Sex::Male] {
        if group.sex.unwrap_or(sex) != sex {
            continue;
        }
        for pair in cuts.windows(2) {
            let (from, behind) = (pair[0], pair[1]);
            let mut factor = 1.0;
            for scale in scales {
                if concerns(&scale.population, sex, from, behind) {
                    factor *= scale.factor;
                }
            }
            let to = if behind < OLDER_THAN_ALL { Some((behind - 1) as u8) } else { None };
            pieces.push((PopulationGroup { sex: Some(sex), from: from as u8, to }, factor));
        }
    }
    pieces
}

/// An age that nobody reaches: ages are kept in 8 bits.
const OLDER_THAN_ALL: u16 = 256;

/// The first age behind a group that ends with this one.
fn age_behind(to: Option<u8>) -> u16 {
    match to {
        Some(to) => u16::from(to) + 1,
        None => OLDER_THAN_ALL,
    }
}

/// Whether all people of a sex from one age up to another, which does not count, belong to a group.
fn concerns(group: &PopulationGroup, sex: Sex, from: u16, behind: u16) -> bool {
    group.sex.unwrap_or(sex) == sex
        && u16::from(group.from) <= from
        && behind <= age_behind(group.to)
}

/// The mean age index over the years of a band that belong to a group; 1 without an index.
fn mean_index(band: &AgeBand, group: &PopulationGroup, index: &[AgeIndex]) -> f64 {
    if index.is_empty() {
        return 1.0;
    }
    let ages = group.ages();
    // An open band ends at 94 (assumed): hardly anybody is older.
    let last = band.to.unwrap_or(94.max(band.from));
    let from = band.from.max(ages.from);
    let to = last.min(ages.to.unwrap_or(u8::MAX));
    if to < from {
        return 0.0;
    }
    let mut sum = 0.0;
    for year in from..=to {
        // A year that no entry has counts nothing.
        for entry in index {
            if entry.from <= year && year <= entry.to.unwrap_or(u8::MAX) {
                sum += entry.index;
                break;
            }
        }
    }
    sum / f64::from(to - from + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DemandRates, Place, Position, Rate, Sex};

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
                let cases = &demand.specialties[0];
                assert!((cases.total() - 20.0).abs() < 1e-9);
                assert!((cases.stay_days - 5.65).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn an_old_place_has_more_cases_by_hand() {
        // Weights: 800 people under 65 count 1, 200 older count 3: 1,400 in the reference.
        // 100 people over 65 count 300: 20 * 300 / 1,400.
        let old = places([0, 0, 60], [0, 0, 40]);
        let demand = Demand::new(&old, &rates(ByAge::Index, PopulationGroup::ALL));
        let total = demand.specialties[0].total();
        assert!((total - 20.0 * 300.0 / 1400.0).abs() < 1e-9);
        let men_only = places([0, 0, 0], [50, 50, 50]);
        let women = PopulationGroup { sex: Some(Sex::Female), from: 0, to: None };
        let demand = Demand::new(&men_only, &rates(ByAge::Even, women));
        assert!(demand.specialties[0].total().abs() < 1e-12);
    }
}
