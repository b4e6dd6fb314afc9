//! The sites of the directory that a network takes: those of its districts, and those of neighbours.

use super::assembly::Assembly;
use super::directory::Directory;
use super::directory_site::DirectorySite;
use super::districts::district_of;
use super::faults::{ImportRemark, RemarkKind};
use super::reach::ReachedArea;
use super::settings::ImportedSite;
use super::site_numbers::SiteNumbers;
use super::site_positions::{FoundPosition, SitePosition, SitePositions};
use super::sources::{
    DIRECTORY_POSITIONS, directory_key, directory_positions_source, directory_source,
    positions_key, positions_source,
};
use crate::model::{Fact, Places, Position};

/// A site that is taken, with its position.
pub(super) struct TakenSite<'f> {
    pub(super) site: &'f DirectorySite,
    pub(super) district: String,
    pub(super) position: SitePosition,
    /// Its official number, where there is no doubt.
    pub(super) number: Option<Fact>,
    pub(super) is_outside: bool,
}

impl TakenSite<'_> {
    /// Where the hospital of this key stands in the directory.
    pub(super) fn imported_as(&self, key: String) -> ImportedSite {
        ImportedSite {
            key,
            municipality: self.site.municipality.clone(),
            hospital: self.site.hospital.clone(),
            site: self.site.site.clone(),
            address: self.site.address.in_words(),
            position_from: self.position.from.in_words().to_owned(),
            row: self.site.row,
        }
    }
}

/// How many sites without beds were left out.
#[derive(Default)]
struct WithoutBeds {
    inside: usize,
    outside: usize,
}

impl WithoutBeds {
    fn count(&mut self, is_outside: bool) {
        if is_outside {
            self.outside += 1;
        } else {
            self.inside += 1;
        }
    }
}

impl<'f> Assembly<'f> {
    /// The sites of the districts and those of their neighbours, with positions.
    pub(super) fn sites(
        &mut self,
        directory: &'f Directory,
        places: &Places,
    ) -> Vec<TakenSite<'f>> {
        self.note_sources_of_sites(directory);
        let positions = SitePositions::new(self.files);
        let numbers = SiteNumbers::new(directory, &self.files.known_sites);
        let reach = self.reach(directory, places, &positions);

        let mut taken = Vec::new();
        let mut without_beds = WithoutBeds::default();
        for site in &directory.sites {
            let Some(district) = district_of(&site.municipality) else {
                let message = format!(
                    "\"{}\": \"{}\" is no key of a municipality; it is left out",
                    site.site, site.municipality
                );
                self.leave_out(directory, site, "municipality", message);
                continue;
            };
            let is_outside = !self.districts.contains(&district);
            if is_outside && reach.is_none() {
                // Before its position is looked for: the rest of Germany would give remarks on positions.
                continue;
            }

            let position = self.position(directory, site, &positions);
            let Some(position) = position else {
                // Nobody misses a neighbour that may be anywhere.
                if !is_outside {
                    let message = format!(
                        "\"{}\" has no position, not even that of its municipality; it is left out",
                        site.site
                    );
                    self.leave_out(directory, site, "position", message);
                }
                continue;
            };
            if is_outside && reach.as_ref().is_some_and(|reach| !reach.covers(position.position)) {
                continue;
            }

            // Neighbours are there for their beds.
            if site.beds.is_none() && (is_outside || !self.settings.day_clinics) {
                let message = format!("\"{}\" has no beds", site.site);
                self.leave_out(directory, site, "site", message);
                without_beds.count(is_outside);
                continue;
            }
            let number = numbers.fact(site);
            taken.push(TakenSite { site, district, position, number, is_outside });
        }
        self.remark_without_beds(&without_beds);
        taken
    }

    fn note_sources_of_sites(&mut self, directory: &Directory) {
        self.sources.insert(directory_key(directory), directory_source(directory));
        for known in &self.files.known_sites {
            self.sources.insert(positions_key(known).to_owned(), positions_source(known));
        }
        if directory.sites.iter().any(|site| site.position.is_some()) {
            self.sources.insert(DIRECTORY_POSITIONS.to_owned(), directory_positions_source());
        }
    }

    /// The surroundings in which neighbours are; `None` where none are wanted.
    fn reach(
        &mut self,
        directory: &Directory,
        places: &Places,
        positions: &SitePositions<'_>,
    ) -> Option<ReachedArea> {
        let limit = self.settings.neighbours?;
        let mut starts = Vec::new();
        for place in &places.places {
            if !place.outside {
                starts.extend(self.parts.lay_out(place));
            }
        }
        // An import of hospitals only may have no table of municipalities.
        if starts.is_empty() {
            starts = self.positions_inside(directory, positions);
        }
        if places.places.is_empty() {
            let message = "without municipalities, neighbours are measured from the hospitals of the districts";
            self.remark(RemarkKind::Assumed, "neighbours", message);
        }
        Some(ReachedArea::new(&starts, &self.travel, limit))
    }

    /// Positions of the hospitals of the districts.
    fn positions_inside(
        &self,
        directory: &Directory,
        positions: &SitePositions<'_>,
    ) -> Vec<Position> {
        let mut inside = Vec::new();
        for site in &directory.sites {
            let Some(district) = district_of(&site.municipality) else { continue };
            if self.districts.contains(&district)
                && let Some(found) = positions.find(site).in_use
            {
                inside.push(found.position);
            }
        }
        inside
    }

    /// The position of a site that is in use, with a remark for each contradiction of its sources.
    fn position(
        &mut self,
        directory: &Directory,
        site: &DirectorySite,
        positions: &SitePositions<'_>,
    ) -> Option<SitePosition> {
        let FoundPosition { in_use, contradictions } = positions.find(site);
        for message in contradictions {
            let remark = ImportRemark::new(RemarkKind::Contradiction, "position", message);
            self.remarks.push(remark.at(&directory.file, site.row));
        }
        in_use
    }

    fn leave_out(
        &mut self,
        directory: &Directory,
        site: &DirectorySite,
        topic: &'static str,
        message: String,
    ) {
        let remark = ImportRemark::new(RemarkKind::LeftOut, topic, message);
        self.remarks.push(remark.at(&directory.file, site.row));
    }

    fn remark_without_beds(&mut self, count: &WithoutBeds) {
        let WithoutBeds { inside, outside } = *count;
        if inside + outside == 0 {
            return;
        }
        let mut message =
            format!("sites without beds (day clinics, outpatient departments): {inside} inside");
        if outside > 0 {
            message.push_str(&format!(", {outside} outside"));
        }
        if inside > 0 {
            message.push_str("; --day-clinics takes those inside");
        }
        self.remark(RemarkKind::LeftOut, "without_beds", message);
    }
}
