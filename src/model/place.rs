//! Places: where people live, by age and sex.

use serde::{Deserialize, Serialize};

use crate::model::Position;
use crate::words;

/// Sex as population statistics record it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Sex {
    /// Women and girls.
    Female,
    /// Men and boys.
    Male,
}

/// An age band in completed years, both ends inclusive; no end means no upper bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct AgeBand {
    /// Youngest age.
    pub from: u8,
    /// Oldest age; `None` for everybody older.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<u8>,
}

impl AgeBand {
    /// The oldest age of the band; an open band is taken to end at 94, or to span ten years.
    fn last_year(&self) -> u16 {
        self.to.map_or_else(|| (u16::from(self.from) + 9).max(94), u16::from)
    }

    /// The share of this band (0 to 1) that lies within another one.
    ///
    /// People are spread evenly over the years of a band, which is exact when the bands agree; an
    /// open band that is cut is taken to end at 94 years.
    pub fn share_within(&self, other: &Self) -> f64 {
        // A group without an end takes everybody, however old the last band is taken to be.
        let end_of_other = other.to.map_or(u16::MAX, u16::from);
        let from = u16::from(self.from.max(other.from));
        let to = self.last_year().min(end_of_other);
        let years = (self.last_year() + 1).saturating_sub(u16::from(self.from)).max(1);
        f64::from((to + 1).saturating_sub(from)) / f64::from(years)
    }
}

/// Most square kilometres of a place.
pub(crate) const MOST_AREA: f64 = 10_000_000.0;

/// Whether a place may have so many square kilometres: none, or from 100 square metres on, so that densities stay
/// numbers that somebody can read.
pub(crate) fn is_area(square_km: f64) -> bool {
    square_km == 0.0 || (0.0001..=MOST_AREA).contains(&square_km)
}

/// Bands must start at 0, follow each other without gaps, and end open; no band is fine, too.
pub(crate) fn check_bands(bands: &[(u8, Option<u8>)]) -> Result<(), String> {
    let mut next = Some(0_u16);
    for &(from, to) in bands {
        if next != Some(u16::from(from)) {
            return Err(said!("the age band from {from} does not follow the one before", from));
        }
        if to.is_some_and(|to| to < from) {
            return Err(said!("the age band from {from} ends before it starts", from));
        }
        next = to.map(|to| u16::from(to) + 1);
    }

    // Without an open end the oldest people would be in no band.
    match (bands.is_empty(), next) {
        (false, Some(next)) => Err(said!("there is no age band from {next}", next)),
        _ => Ok(()),
    }
}

/// Whom something is for: people of one sex or both, of an age.
///
/// In files: `(sex: Female, from: 15, to: 49)`; what is left out does not restrict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PopulationGroup {
    /// Only this sex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Youngest age in completed years.
    #[serde(default)]
    pub from: u8,
    /// Oldest age, inclusive; `None` for no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u8>,
}

impl PopulationGroup {
    /// Everybody.
    pub const ALL: Self = Self { sex: None, from: 0, to: None };

    /// Whether it is everybody.
    pub fn is_everybody(&self) -> bool {
        *self == Self::ALL
    }

    /// The ages as a band.
    pub fn ages(&self) -> AgeBand {
        AgeBand { from: self.from, to: self.to }
    }

    /// What the group is called in texts for people, in the language in force: `women 15-49`, in German
    /// `Frauen 15-49`. [`Self::label`] is the same in every language.
    pub fn in_print(&self) -> String {
        let who = match self.sex {
            None => words::of(""),
            Some(Sex::Female) => words::of("women "),
            Some(Sex::Male) => words::of("men "),
        };
        let ages = match (self.from, self.to) {
            (0, None) if self.sex.is_none() => return words::of("all").into_owned(),
            (0, None) => return who.trim().to_owned(),
            (0, Some(to)) => said!("under {age}", age = u16::from(to) + 1),
            (from, None) => format!("{from}+"),
            (from, Some(to)) => format!("{from}-{to}"),
        };
        format!("{who}{ages}")
    }

    /// What the group is called in tables: `all`, `women 15-49`, `under 18`.
    pub fn label(&self) -> String {
        let who = match self.sex {
            None => "",
            Some(Sex::Female) => "women ",
            Some(Sex::Male) => "men ",
        };
        let ages = match (self.from, self.to) {
            (0, None) => return if who.is_empty() { "all" } else { who.trim() }.to_owned(),
            (0, Some(to)) => format!("under {}", u16::from(to) + 1),
            (from, None) => format!("{from}+"),
            (from, Some(to)) => format!("{from}-{to}"),
        };
        format!("{who}{ages}")
    }
}

/// People by age band and sex; the bands are those of [`Places::bands`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Population {
    /// Women and girls by band.
    pub female: Vec<u32>,
    /// Men and boys by band.
    pub male: Vec<u32>,
}

impl Population {
    /// So many people of any age, half of them women and girls: a population of one band.
    pub fn of(people: u32) -> Self {
        Self { female: vec![people / 2], male: vec![people - people / 2] }
    }

    /// Everybody.
    pub fn people(&self) -> u64 {
        let mut sum = 0;
        for people in self.female.iter().chain(&self.male) {
            sum += u64::from(*people);
        }
        sum
    }

    /// The people of a group, rounded to whole people; exact when the group's ages agree with
    /// the bands.
    pub fn people_in(&self, group: &PopulationGroup, bands: &[AgeBand]) -> u32 {
        self.weighted(group, bands, |_| 1.0).round() as u32
    }

    /// The sum over bands and sexes of people of the group times a weight by band.
    pub(crate) fn weighted(
        &self,
        group: &PopulationGroup,
        bands: &[AgeBand],
        weight: impl Fn(usize) -> f64,
    ) -> f64 {
        // Within a band people are taken to be spread evenly over its years.
        let mut sum = 0.0;
        for (sex, counts) in [(Sex::Female, &self.female), (Sex::Male, &self.male)] {
            // Counts come by sex: a group of one sex leaves the other list out as a whole.
            if group.sex.is_some_and(|only| only != sex) {
                continue;
            }
            for (index, (&people, band)) in counts.iter().zip(bands).enumerate() {
                sum += f64::from(people) * band.share_within(&group.ages()) * weight(index);
            }
        }
        sum
    }
}

/// Where people live: a municipality, a city district or a grid cell.
///
/// ```
/// use verbund::model::{Place, Places, Population, Position};
///
/// let ostheim = Place::new("ostheim", "Ostheim", Position::new(51.34, 12.48)?, Population::of(4_001))
///     .district("Two towns")
///     .area_km2(21.5);
/// assert_eq!(ostheim.population.people(), 4_001);
/// assert!(!ostheim.outside);
/// let places = Places::of(vec![ostheim]);
/// assert_eq!((places.bands.len(), places.bands[0].to), (1, None));
/// # Ok::<(), verbund::model::PositionError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Written key, unique among places; `id` in files.
    pub key: String,
    /// Name.
    pub name: String,
    /// District (Kreis).
    pub district: String,
    /// Centre.
    pub position: Position,
    /// Area in square kilometres; `None` for a place that is taken as a point.
    pub area_km2: Option<f64>,
    /// Whether it lies outside of the region: its people fill beds, but count in no coverage.
    pub outside: bool,
    /// Who lives there.
    pub population: Population,
}

impl Place {
    /// A place inside of the region, a point without an area and without a district.
    ///
    /// `key` is unique among the places, `position` its centre, and `population` has as many bands as the
    /// [`Places`] that it will be among.
    pub fn new(
        key: impl Into<String>,
        name: impl Into<String>,
        position: Position,
        population: Population,
    ) -> Self {
        Self {
            key: key.into(),
            name: name.into(),
            district: String::new(),
            position,
            area_km2: None,
            outside: false,
            population,
        }
    }

    /// The same in a district (Kreis).
    #[must_use]
    pub fn district(mut self, district: impl Into<String>) -> Self {
        self.district = district.into();
        self
    }

    /// The same with an area in square kilometres, 0 or from 0.0001 to 10,000,000: it is laid out as points of a
    /// disc ([`PartRule`]).
    #[must_use]
    pub fn area_km2(mut self, area: f64) -> Self {
        self.area_km2 = Some(area);
        self
    }

    /// The same outside of the region: its people fill beds, but count in no coverage.
    #[must_use]
    pub fn outside(mut self) -> Self {
        self.outside = true;
        self
    }
}

/// The places of a region, in the order of their keys.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Places {
    /// The age bands of every population, in rising order.
    pub bands: Vec<AgeBand>,
    /// The places.
    pub places: Vec<Place>,
    /// Whether age and sex were not given, but taken from the catalog's reference population.
    pub ages_assumed: bool,
}

impl Places {
    /// Places whose people are not told apart by age: one band from 0 on, as [`Population::of`] has it. They are
    /// put in the order of their keys.
    pub fn of(places: Vec<Place>) -> Self {
        Self::in_bands(vec![AgeBand { from: 0, to: None }], places)
    }

    /// Places whose populations have these age bands, which begin at 0, follow each other without gaps and end open.
    /// They are put in the order of their keys.
    ///
    /// Nothing is checked yet: [`Model::check`](super::Model::check) tells bands and populations that do not fit,
    /// and a key that is there twice.
    ///
    /// ```
    /// use verbund::model::{AgeBand, Place, Places, Population, Position, PopulationGroup};
    ///
    /// let bands = vec![AgeBand { from: 0, to: Some(17) }, AgeBand { from: 18, to: None }];
    /// let population = Population { female: vec![200, 900], male: vec![210, 850] };
    /// let adorf = Place::new("adorf", "Adorf", Position::new(50.96, 12.0)?, population);
    /// let places = Places::in_bands(bands, vec![adorf]);
    /// let children = PopulationGroup { to: Some(17), ..PopulationGroup::ALL };
    /// assert_eq!(places.places[0].population.people_in(&children, &places.bands), 410);
    /// # Ok::<(), verbund::model::PositionError>(())
    /// ```
    pub fn in_bands(bands: Vec<AgeBand>, mut places: Vec<Place>) -> Self {
        // A key is found by halves, and ids are positions.
        places.sort_by(|a, b| a.key.cmp(&b.key));
        Self { bands, places, ages_assumed: false }
    }
}

/// How a place with an area is laid out as points.
///
/// The G-BA rules count people in units of at most 1,000; a municipality is not a point. This is a
/// model of where people live within a place, not a fact.
///
/// The factor was calibrated on the 2,199 census cells of Leipzig / Nordwestsachsen, each
/// municipality's cells scaled to its people of 2022. Within 15 minutes of basic care live 83.3 % of
/// the people by census cells, 82.7 % by discs with factor 0.6, and 79.0 % by bare points. Over ten
/// standards and 5 to 45 minutes the mean gap to the cells is 0.52 percentage points with 0.6 (0.50 at
/// best, with 0.4 and 0.5; 0.65 with 1.0) and 0.75 with bare points. Repeat it with
/// `cargo test --release --test integration -- census --nocapture`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PartRule {
    /// Most people in a part, at least 1.
    pub people: u32,
    /// Radius of the disc as a multiple of that of a circle with the place's area, 0 or more.
    pub radius_factor: f64,
}

impl Default for PartRule {
    fn default() -> Self {
        Self { people: 1000, radius_factor: 0.6 }
    }
}

/// Most parts of one place.
const MOST_PARTS: u64 = 100_000;

impl PartRule {
    /// How many parts a place is laid out in: 1 without an area or people, at most 100,000.
    pub(crate) fn parts_of(&self, place: &Place) -> u64 {
        let people = place.population.people();
        match place.area_km2 {
            Some(area) if area > 0.0 => {
                people.div_ceil(u64::from(self.people.max(1))).clamp(1, MOST_PARTS)
            }
            _ => 1,
        }
    }

    /// The points of a place: as many equal parts as are needed for at most `people` each.
    ///
    /// Part k of n lies on a sunflower pattern: at radius R * sqrt((k + 0.5) / n) in direction
    /// k times the golden angle, clockwise from north, with R = `radius_factor` * sqrt(area / pi).
    /// A place without an area, or with one part, is its centre; one with very many people stops at
    /// 100,000 parts, which then hold more people each.
    ///
    /// Vogel, H. (1979): A better way to construct the sunflower head. Mathematical Biosciences
    /// 44, 179-189.
    pub fn lay_out(&self, place: &Place) -> Vec<Position> {
        let parts = self.parts_of(place);
        if parts == 1 {
            return vec![place.position];
        }

        // The spiral of a sunflower: equal areas for all parts, and nothing random.
        let golden_angle = std::f64::consts::PI * (3.0 - 5.0_f64.sqrt());
        let area = place.area_km2.unwrap_or(0.0) * 1e6;
        let radius = self.radius_factor * (area / std::f64::consts::PI).sqrt();
        let mut positions = Vec::with_capacity(parts as usize);
        for part in 0..parts {
            let out = radius * ((part as f64 + 0.5) / parts as f64).sqrt();
            let (sin, cos) = (part as f64 * golden_angle).sin_cos();
            positions.push(place.position.offset(out * cos, out * sin));
        }
        positions
    }
}

/// The share of `total` whole people that part `part` of `parts` gets: as equal as whole numbers
/// allow, and all parts together are exactly the total.
pub(crate) fn equal_share(total: u32, part: usize, parts: usize) -> u32 {
    // Differences of rounded running sums, which add up to the total.
    // In 64 bits: people times parts do not fit into 32.
    let (total, part, parts) = (u64::from(total), part as u64, parts as u64);
    ((part + 1) * total / parts - part * total / parts) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const BANDS: [AgeBand; 3] = [
        AgeBand { from: 0, to: Some(14) },
        AgeBand { from: 15, to: Some(64) },
        AgeBand { from: 65, to: None },
    ];

    #[test]
    fn a_group_that_cuts_a_band_takes_its_years() {
        let population = Population { female: vec![15, 100, 20], male: vec![15, 50, 10] };
        let women = PopulationGroup { sex: Some(Sex::Female), from: 15, to: Some(49) };
        assert_eq!(population.people_in(&women, &BANDS), 70); // 35 of 50 years
        assert_eq!(population.people_in(&PopulationGroup::ALL, &BANDS), 210);
        let old = PopulationGroup { sex: None, from: 70, to: None };
        assert_eq!(population.people_in(&old, &BANDS), 25); // 25 of 30 years, 65 to 94
        let young = PopulationGroup { sex: None, from: 0, to: Some(17) };
        assert_eq!(population.people_in(&young, &BANDS), 39); // 30 + 3/50 of 150
    }

    #[test]
    fn parts_of_a_place_are_exactly_its_people() {
        for (total, parts) in [(8040, 9), (7, 3), (0, 2), (1, 5)] {
            let (mut sum, mut least, mut most) = (0, u32::MAX, 0);
            for part in 0..parts {
                let share = equal_share(total, part, parts);
                sum += share;
                (least, most) = (least.min(share), most.max(share));
            }
            assert_eq!(sum, total);
            assert!(most - least <= 1);
        }
    }

    #[test]
    fn a_disc_of_parts_keeps_its_radius_and_its_centre() {
        let place = Place {
            key: "p".into(),
            name: "P".into(),
            district: "D".into(),
            position: Position::new(51.0, 12.0).unwrap(),
            area_km2: Some(std::f64::consts::PI * 25.0), // a circle of 5 km
            outside: false,
            population: Population { female: vec![20_000], male: vec![20_000] },
        };
        let rule = PartRule { people: 1000, radius_factor: 0.8 };
        let parts = rule.lay_out(&place);
        assert_eq!(parts.len(), 40);
        let farthest = parts.iter().map(|part| place.position.distance_to(*part).0).max().unwrap();
        assert!((3900..=4010).contains(&farthest), "{farthest}"); // 4 km * sqrt(39.5 / 40)
        let mean_lat = parts.iter().map(|part| part.lat()).sum::<f64>() / 40.0;
        assert!((mean_lat - 51.0).abs() < 0.002);
        let as_point = Place { area_km2: None, ..place };
        assert_eq!(rule.lay_out(&as_point), vec![as_point.position]);
    }
}
