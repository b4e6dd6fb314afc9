//! People of a place by age and sex, from the ages of its district and its share of women.

use crate::model::{AgeBand, Population, ReferenceBand};

/// People of a district by age.
#[derive(Debug, Clone, Copy)]
pub(super) struct AgeCounts<'a> {
    pub(super) bands: &'a [AgeBand],
    /// People of each band.
    pub(super) people: &'a [u32],
}

/// How people of a place are spread over ages and sexes.
pub(super) struct AgeShape<'r> {
    /// The bands of the reference population, which are those of the network's places.
    pub(super) reference: &'r [ReferenceBand],
}

/// The part of a place's people who are of one age band, by sex: shares of all, or people.
#[derive(Debug, Clone, Copy, PartialEq)]
struct BySex {
    women: f64,
    men: f64,
}

impl AgeShape<'_> {
    /// The bands of places.
    pub(super) fn bands(&self) -> Vec<AgeBand> {
        self.reference.iter().map(ReferenceBand::ages).collect()
    }

    /// Shares of people by band, summing to 1: those of a district where they are known, else of the reference
    /// population. A band of the district that several of ours cut is split as the reference population is.
    pub(super) fn shares(&self, district: Option<AgeCounts<'_>>) -> Vec<f64> {
        let mut weights = Vec::with_capacity(self.reference.len());
        for band in self.reference {
            weights.push(f64::from(band.female) + f64::from(band.male));
        }

        // Ages of districts end with 75 and over, where places have finer bands.
        let people = match district {
            Some(ages) => self.people_of_district(ages, &weights),
            None => weights,
        };
        let sum: f64 = people.iter().sum();
        people.iter().map(|count| if sum > 0.0 { count / sum } else { 0.0 }).collect()
    }

    /// People of a district in the bands of places.
    fn people_of_district(&self, ages: AgeCounts<'_>, weights: &[f64]) -> Vec<f64> {
        let bands = self.bands();
        let mut people = vec![0.0; bands.len()];
        for (district_band, count) in ages.bands.iter().zip(ages.people) {
            // How much of each of our bands lies in that of the district, in people of the reference.
            let mut parts = Vec::with_capacity(bands.len());
            for (band, weight) in bands.iter().zip(weights) {
                parts.push(band.share_within(district_band) * weight);
            }

            let sum: f64 = parts.iter().sum();
            if sum > 0.0 {
                for (people, part) in people.iter_mut().zip(&parts) {
                    *people += f64::from(*count) * part / sum;
                }
            }
        }
        people
    }

    /// Spreads people over ages and sexes, in whole people that sum to exactly their number. The share of women by
    /// age is that of the reference population, scaled in turns with the ages until the place's own share of women
    /// is met (iterative proportional fitting).
    pub(super) fn spread(
        &self,
        people: u32,
        shares: &[f64],
        female_share: Option<f64>,
    ) -> Population {
        // Ages are published of districts, and women of municipalities: no table has both by municipality.
        let mut table = Vec::with_capacity(shares.len());
        for (band, share) in self.reference.iter().zip(shares) {
            // At least one: in a band of nobody the share of women would be 0 / 0.
            let both = (f64::from(band.female) + f64::from(band.male)).max(1.0);
            let women = f64::from(band.female) / both;
            table.push(BySex { women: share * women, men: share * (1.0 - women) });
        }
        if let Some(women) = female_share {
            fit(&mut table, shares, BySex { women, men: 1.0 - women });
        }

        let mut weights: Vec<f64> = table.iter().map(|band| band.women).collect();
        weights.extend(table.iter().map(|band| band.men));
        let mut counts = whole_numbers(people, &weights);
        let male = counts.split_off(self.reference.len());
        Population { female: counts, male }
    }
}

/// Turns of fitting: after so many, sums are met to less than a person.
const TURNS: usize = 20;

/// Scales a table by sex and by age in turns until its sums are those wanted.
fn fit(table: &mut [BySex], by_age: &[f64], by_sex: BySex) {
    for _ in 0..TURNS {
        let women: f64 = table.iter().map(|band| band.women).sum();
        let men: f64 = table.iter().map(|band| band.men).sum();
        for band in table.iter_mut() {
            // A sum of 0 cannot be scaled to anything.
            if women > 0.0 {
                band.women *= by_sex.women / women;
            }
            if men > 0.0 {
                band.men *= by_sex.men / men;
            }
        }

        for (band, wanted) in table.iter_mut().zip(by_age) {
            let sum = band.women + band.men;
            if sum > 0.0 {
                band.women = band.women * wanted / sum;
                band.men = band.men * wanted / sum;
            }
        }
    }
}

/// A total in whole numbers by weights, by largest remainder; ties go to the first.
fn whole_numbers(total: u32, weights: &[f64]) -> Vec<u32> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        // Nothing says where they are: the first takes all, so that nobody gets lost.
        let mut counts = vec![0; weights.len()];
        if let Some(first) = counts.first_mut() {
            *first = total;
        }
        return counts;
    }

    let mut counts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for weight in weights {
        let exact = f64::from(total) * weight / sum;
        counts.push(exact as u32);
        remainders.push(exact - exact.floor());
    }

    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by(|&first, &second| {
        remainders[second].total_cmp(&remainders[first]).then(first.cmp(&second))
    });
    let missing = total.saturating_sub(counts.iter().sum());
    for index in order.into_iter().take(missing as usize) {
        counts[index] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(from: u8, to: Option<u8>, female: u32, male: u32) -> ReferenceBand {
        ReferenceBand { from, to, female, male }
    }

    #[test]
    fn a_band_of_the_district_that_ours_cut_is_split_as_the_reference_is() {
        let reference =
            [band(0, Some(64), 50, 50), band(65, Some(84), 20, 10), band(85, None, 8, 2)];
        let shape = AgeShape { reference: &reference };
        let bands = [AgeBand { from: 0, to: Some(64) }, AgeBand { from: 65, to: None }];
        // 400 people from 65: 30 of 40 parts up to 84, 10 of 40 beyond.
        let shares = shape.shares(Some(AgeCounts { bands: &bands, people: &[600, 400] }));
        assert_eq!(shares, [0.6, 0.3, 0.1]);
    }

    #[test]
    fn people_are_whole_and_meet_ages_and_sexes() {
        let reference = [band(0, Some(64), 50, 50), band(65, None, 30, 20)];
        let shape = AgeShape { reference: &reference };
        let place = shape.spread(1000, &[0.7, 0.3], Some(0.55));
        let sum = |counts: &[u32]| counts.iter().sum::<u32>();
        assert_eq!((sum(&place.female), sum(&place.male)), (550, 450));
        assert_eq!(place.female[0] + place.male[0], 700);
        assert!(place.female[1] > place.male[1]);
        assert_eq!(shape.spread(7, &[0.7, 0.3], None).people(), 7);
        assert_eq!(shape.spread(0, &[0.7, 0.3], None).people(), 0);
    }
}
