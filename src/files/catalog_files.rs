//! The files of a catalog: which there are, and how they are read.

use super::access::{Leads, check_links, check_path, names_in};
use super::catalog::{
    read_demand, read_entries, read_facility, read_field, read_specialty, read_standard,
};
use super::folder::{Folder, located};
use super::pathway::read_pathways;
use super::record::Reader;
use super::rules::{read_emergency, read_supplement, read_volumes};
use super::service_group::{read_group_assumptions, read_service_groups};
use super::sources::{File, Files, NETWORK, OF_NETWORK, Root};
use crate::model::Catalog;
use crate::model::check::Known;
use crate::model::location::{Entity, Fault, Locations};
use crate::problem::{Problem, Problems};

/// Files that a catalog must have.
pub(super) const NEEDED: [&str; 5] =
    ["specialties.ron", "fields.ron", "facilities.ron", "standards.ron", "demand.ron"];

/// Files that a catalog may do without: coverage needs none of them.
pub(super) const OPTIONAL: [&str; 6] = [
    "pathways.ron",
    "service_groups.ron",
    "service_group_assumptions.ron",
    "supplement.ron",
    "emergency_stages.ron",
    "minimum_volumes.ron",
];

impl Folder {
    /// The catalog, and which of its lists can be trusted for checks.
    pub(super) fn read_catalog(
        &self,
        folder: Option<&str>,
        locations: &mut Locations,
        problems: &mut Problems,
    ) -> (Catalog, Known) {
        let Some(folder) = folder else {
            return Self::leipzig().read_catalog(Some("../catalog"), locations, problems);
        };
        let field = "catalog";
        if let Err(fault) = self.check_catalog(folder) {
            let place = locations.find(Entity::Network, field);
            problems.push(Problem { field: field.to_owned(), ..located(NETWORK, place, fault) });
            return (Catalog::default(), Known::NOTHING);
        }
        CatalogFiles { folder: self, path: folder, locations, problems }.read_all()
    }

    /// Why a folder is no catalog that a network may name.
    fn check_catalog(&self, folder: &str) -> Result<(), Fault> {
        check_path(folder, Leads::Beside, self.reach, OF_NETWORK)?;
        let Files::Disk(network) = &self.files else { return Ok(()) };
        let beside = network.join("..");
        let path = network.join(folder);
        check_links(&path, &beside, self.reach, folder, OF_NETWORK)?;
        names_in(&path).map(drop).map_err(Fault::unreadable)
    }
}

/// The files of a catalog, being read.
struct CatalogFiles<'a> {
    folder: &'a Folder,
    /// The folder of the catalog, as `network.ron` names it.
    path: &'a str,
    locations: &'a mut Locations,
    problems: &'a mut Problems,
}

impl CatalogFiles<'_> {
    /// The catalog of all files, and which of its lists can be trusted for checks.
    fn read_all(&mut self) -> (Catalog, Known) {
        // Each file is read even where one before it has faults, so that all of them are told at once.
        let specialties = self.read("specialties.ron", |reader| {
            read_entries(reader, "specialty", Entity::Specialty, read_specialty)
        });
        let fields = self
            .read("fields.ron", |reader| read_entries(reader, "field", Entity::Field, read_field));
        let facilities = self.read("facilities.ron", |reader| {
            read_entries(reader, "facility", Entity::Facility, read_facility)
        });
        let standards = self.read("standards.ron", |reader| {
            read_entries(reader, "standard", Entity::Standard, read_standard)
        });
        let demand = self.read("demand.ron", read_demand);
        // A catalog may do without pathways and rules: coverage needs none.
        let pathways = self.read_if_there("pathways.ron", read_pathways);
        let (first_leg, pathways) = pathways.unwrap_or_default();
        let service_groups = self.read_if_there("service_groups.ron", read_service_groups);
        let group_assumptions =
            self.read_if_there("service_group_assumptions.ron", read_group_assumptions);
        let supplement = self.read_if_there("supplement.ron", |reader| {
            read_supplement(reader, standards.as_deref())
        });
        let emergency_rules = self.read_if_there("emergency_stages.ron", read_emergency);
        let minimum_volumes = self.read_if_there("minimum_volumes.ron", read_volumes);

        // A list that could not be read knows no keys: to look references up in it would make each a fault.
        let known = Known {
            cooperations: true,
            specialties: specialties.is_some(),
            fields: fields.is_some(),
            facilities: facilities.is_some(),
            demand: demand.is_some(),
            hospitals: true,
        };
        let catalog = Catalog {
            specialties: specialties.unwrap_or_default(),
            fields: fields.unwrap_or_default(),
            facilities: facilities.unwrap_or_default(),
            standards: standards.unwrap_or_default(),
            demand: demand.unwrap_or_default(),
            first_leg,
            pathways,
            service_groups: service_groups.unwrap_or_default(),
            group_assumptions: group_assumptions.unwrap_or_default(),
            supplement: supplement.unwrap_or_default(),
            emergency_rules: emergency_rules.unwrap_or_default(),
            minimum_volumes: minimum_volumes.unwrap_or_default(),
        };
        (catalog, known)
    }

    fn path_of(&self, name: &str) -> String {
        format!("{}/{name}", self.path.trim_end_matches('/'))
    }

    fn read<T>(&mut self, name: &str, read: impl Fn(&mut Reader<'_>) -> Option<T>) -> Option<T> {
        let path = self.path_of(name);
        let file = File { path: &path, root: Root::Catalog(self.path), field: "catalog" };
        self.folder.read_ron(file, self.locations, self.problems, read)
    }

    fn read_if_there<T>(
        &mut self,
        name: &str,
        read: impl Fn(&mut Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        if self.folder.files.has(&self.path_of(name)) { self.read(name, read) } else { None }
    }
}
