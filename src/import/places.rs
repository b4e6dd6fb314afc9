//! The places of an imported network: municipalities, or cells of a census grid, with their people.

use std::collections::{BTreeMap, BTreeSet};

use super::age_shape::{AgeCounts, AgeShape};
use super::assembly::Assembly;
use super::built::Derivation;
use super::faults::RemarkKind;
use super::grid::{Grid, MunicipalityIndex};
use super::people::{Municipalities, Municipality};
use super::reach::ReachedArea;
use super::sources::{
    AGES, CENSUS_GRID, MUNICIPALITIES, ages_source, grid_source, municipalities_source,
};
use crate::model::{Place, Places, Position};
use crate::units::grouped;

/// Ages of municipalities by those of their districts.
pub(super) const AGES_BY_DISTRICT: Derivation = Derivation {
    key: "ages-by-district",
    rule: "each municipality has the ages of its district, by the latest count of ages, and its own people; women by age as in the reference population of the catalog, scaled to the municipality's share of women where it is known; ages from 75 split as the reference population is",
};

/// A municipality, or a cell of a grid, that becomes a place.
struct PlaceSource<'f> {
    key: &'f str,
    name: &'f str,
    district: &'f str,
    position: Position,
    area_km2: Option<f64>,
    people: u32,
    female_share: Option<f64>,
}

impl<'f> PlaceSource<'f> {
    fn of(municipality: &'f Municipality) -> Self {
        Self {
            key: &municipality.key,
            name: &municipality.name,
            district: &municipality.district,
            position: municipality.position,
            area_km2: municipality.area_km2,
            people: municipality.people,
            female_share: municipality.female_share,
        }
    }
}

impl<'f> Assembly<'f> {
    /// The people of the districts by place, with the ages of their district.
    pub(super) fn places(&mut self, municipalities: &'f Municipalities) -> Places {
        let source = municipalities_source(municipalities);
        self.sources.insert(MUNICIPALITIES.to_owned(), source);
        if let Some(ages) = &self.files.ages {
            self.sources.insert(AGES.to_owned(), ages_source(ages));
        }

        let mut place_sources = match self.grid() {
            Some(grid) => {
                self.note_grid(grid);
                self.cells(grid, municipalities)
            }
            None => self.municipalities_inside(municipalities),
        };
        // Municipalities also beside a grid: people around fill hospitals, and nobody looks at where exactly they live.
        let around = self.municipalities_around(municipalities, &place_sources);
        self.remark_around(&around);
        place_sources.extend(around);
        self.with_ages(&place_sources)
    }

    /// The grid whose cells are places; `None` where municipalities are.
    fn grid(&self) -> Option<&'f Grid> {
        if self.settings.grid { self.files.grid.as_ref() } else { None }
    }

    /// Notes the grid among the sources, with a remark on how its cells find their districts.
    fn note_grid(&mut self, grid: &Grid) {
        self.sources.insert(CENSUS_GRID.to_owned(), grid_source(grid));
        if grid.cells.iter().any(|cell| cell.district.is_none()) {
            let message = "the grid does not say its districts: each cell is in that of the nearest municipality, \
                           measured in radii of its area";
            self.remark(RemarkKind::Assumed, "grid", message);
        }
    }

    fn cells(&self, grid: &'f Grid, municipalities: &'f Municipalities) -> Vec<PlaceSource<'f>> {
        let index = MunicipalityIndex::new(&municipalities.list);
        let mut sources = Vec::new();
        for cell in &grid.cells {
            let Some(municipality) = index.nearest(cell.position) else { continue };
            // Near a border the nearest centre may be that of the wrong district.
            let district = cell.district.as_ref().unwrap_or(&municipality.district);
            if self.districts.contains(district) {
                sources.push(PlaceSource {
                    key: &cell.key,
                    district,
                    position: cell.position,
                    area_km2: None,
                    people: cell.people,
                    ..PlaceSource::of(municipality)
                });
            }
        }
        sources
    }

    fn municipalities_inside(&self, municipalities: &'f Municipalities) -> Vec<PlaceSource<'f>> {
        let mut sources = Vec::new();
        for municipality in &municipalities.list {
            if self.districts.contains(&municipality.district) {
                sources.push(PlaceSource::of(municipality));
            }
        }
        sources
    }

    /// Municipalities of other districts that are within the limit for neighbours of a place of these districts:
    /// without their people, hospitals near the border would look empty.
    fn municipalities_around(
        &self,
        municipalities: &'f Municipalities,
        inside: &[PlaceSource<'_>],
    ) -> Vec<PlaceSource<'f>> {
        let Some(limit) = self.settings.neighbours else { return Vec::new() };
        let starts: Vec<Position> = inside.iter().map(|source| source.position).collect();
        let reach = ReachedArea::new(&starts, &self.travel, limit);
        let mut around = Vec::new();
        for municipality in &municipalities.list {
            let is_outside = !self.districts.contains(&municipality.district);
            if is_outside && reach.covers(municipality.position) {
                around.push(PlaceSource::of(municipality));
            }
        }
        around
    }

    fn remark_around(&mut self, around: &[PlaceSource<'_>]) {
        if around.is_empty() {
            return;
        }
        let people: u64 = around.iter().map(|source| u64::from(source.people)).sum();
        let message = format!(
            "{} municipalities around the districts, with {} people, are taken as places outside: they fill the \
             hospitals and count in no figure of the region",
            grouped(around.len() as u64),
            grouped(people)
        );
        self.remark(RemarkKind::Derived, "around", message);
    }

    /// Places in the order of their keys, with people by age and sex.
    fn with_ages(&mut self, place_sources: &[PlaceSource<'_>]) -> Places {
        let reference = self.catalog.demand.reference_population.clone();
        let shape = AgeShape { reference: &reference };
        let mut shares_by_district: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        let mut without_ages: BTreeSet<&str> = BTreeSet::new();
        let mut places = Vec::new();
        for source in place_sources {
            let ages = self.ages_of(source.district);
            if ages.is_none() {
                without_ages.insert(source.district);
            }
            // 400 districts have 10,000 municipalities, and 200,000 cells.
            let shares = shares_by_district.entry(source.district);
            let shares = shares.or_insert_with(|| shape.shares(ages));
            places.push(Place {
                key: source.key.to_owned(),
                name: source.name.to_owned(),
                district: self.district_name(source.district),
                position: source.position,
                area_km2: source.area_km2,
                outside: !self.districts.contains(source.district),
                population: shape.spread(source.people, shares, source.female_share),
            });
        }

        if !without_ages.is_empty() {
            let list = without_ages.into_iter().collect::<Vec<_>>().join(", ");
            let message = format!(
                "no ages of district {list}: its people have those of the reference population (Germany 2022)"
            );
            self.remark(RemarkKind::Assumed, "ages", message);
        }
        if self.files.ages.is_some() {
            self.remark(RemarkKind::Derived, "ages", AGES_BY_DISTRICT.rule);
        }

        places.sort_by(|first, second| first.key.cmp(&second.key));
        Places { bands: shape.bands(), places, ages_assumed: false }
    }

    fn ages_of(&self, district: &str) -> Option<AgeCounts<'f>> {
        let ages = self.files.ages.as_ref()?;
        let district = ages.districts.get(district)?;
        Some(AgeCounts { bands: &ages.bands, people: &district.people })
    }
}
