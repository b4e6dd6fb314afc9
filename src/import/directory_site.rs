//! A row of the directory of hospitals.

use serde::Serialize;

use super::address::Address;
use crate::model::{EmergencyLevel, Ownership, Position};

/// Most beds of a site: the largest have about 3,000.
pub(super) const MOST_BEDS: u32 = 20_000;

/// Legal type of a hospital (Einrichtungstyp).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Licence {
    /// University hospital (Hochschulklinik).
    University,
    /// In the hospital plan of its state (Plankrankenhaus).
    Plan,
    /// With a contract of supply.
    Contract,
    /// Without a contract of supply.
    NoContract,
    /// Of the armed forces.
    Military,
}

/// The five modules of special emergency care of the G-BA rules; `None` where the directory says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Modules {
    /// Care of the badly injured (Schwerverletztenversorgung).
    pub trauma: Option<bool>,
    /// Emergency care of children.
    pub children: Option<bool>,
    /// Special provider (Spezialversorgung).
    pub special: Option<bool>,
    /// Stroke care (Schlaganfallversorgung).
    pub stroke: Option<bool>,
    /// Disturbed blood flow of the heart: chest pain units (Durchblutungsstörungen am Herzen).
    pub heart: Option<bool>,
}

/// How a position was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionFrom {
    /// The address of the site, or a register of sites.
    Address,
    /// The street, without the number.
    Street,
    /// The postcode and the name of the hospital.
    PostcodeAndName,
    /// The centre of the postcode.
    PostcodeCentre,
    /// The centre of the municipality.
    MunicipalityCentre,
}

impl PositionFrom {
    /// Whether the site may stand somewhere else: the position is then marked as assumed.
    ///
    /// ```
    /// use verbund::import::PositionFrom;
    ///
    /// assert!(!PositionFrom::Street.is_assumed());
    /// assert!(PositionFrom::PostcodeCentre.is_assumed());
    /// ```
    pub fn is_assumed(self) -> bool {
        !matches!(self, Self::Address | Self::Street)
    }

    /// The part of an address, or of the map, that gave the position.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Address => "the address",
            Self::Street => "the street",
            Self::PostcodeAndName => "postcode and name",
            Self::PostcodeCentre => "the centre of the postcode",
            Self::MunicipalityCentre => "the centre of the municipality",
        }
    }
}

/// A row of the directory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DirectorySite {
    /// Its row in the file, from 1 with the header.
    pub row: u32,
    /// Key of the municipality, eight digits; fewer where the directory says less.
    pub municipality: String,
    /// Name of the hospital, which may have several sites.
    pub hospital: String,
    /// Name of the site.
    pub site: String,
    /// Where it is.
    pub address: Address,
    /// Type of its owner; `None` where the directory does not say.
    pub ownership: Option<Ownership>,
    /// Its operator (Träger).
    pub operator: String,
    /// Its legal type; `None` where the directory does not say.
    pub licence: Option<Licence>,
    /// Stage of emergency care; `None` for stage 0 (no part in it).
    pub emergency_level: Option<EmergencyLevel>,
    /// Modules of special emergency care.
    pub modules: Modules,
    /// Set-up beds; `None` for a site without any, such as a day clinic.
    pub beds: Option<u32>,
    /// Set-up beds by department key, in the order of the keys.
    pub departments: Vec<DepartmentBeds>,
    /// Its position, where the file gives one.
    pub position: Option<KnownPosition>,
}

/// Set-up beds of a department of a site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DepartmentBeds {
    /// The department key, four digits, such as `0100`.
    pub key: String,
    /// How many.
    pub beds: u32,
}

impl DepartmentBeds {
    /// Whether it is one of these departments, and has beds.
    pub(super) fn has_beds_of(&self, keys: &[&str]) -> bool {
        self.beds > 0 && keys.contains(&self.key.as_str())
    }
}

/// A position of a site, with how it was found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct KnownPosition {
    /// Where it is.
    pub position: Position,
    /// How it was found.
    pub from: PositionFrom,
}

impl DirectorySite {
    /// The beds of all departments together.
    pub fn beds_in_departments(&self) -> u64 {
        let mut sum = 0;
        for department in &self.departments {
            sum += u64::from(department.beds);
        }
        sum
    }
}
