//! Settings of an import, and the hospitals of an earlier one.

use serde::{Deserialize, Serialize};

use crate::calendar::Date;
use crate::units::Seconds;

/// The districts of a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Districts {
    /// Every district of the files.
    All,
    /// The districts of these keys, five digits each.
    Some(Vec<String>),
}

/// The part of a network that is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportPart {
    /// Hospitals and people.
    #[default]
    All,
    /// Hospitals only.
    Hospitals,
    /// People only.
    People,
}

/// Settings of an import.
///
/// ```
/// use verbund::import::{Districts, ImportPart, ImportSettings};
/// use verbund::units::Seconds;
///
/// let leipzig = Districts::Some(vec!["14713".into()]);
/// let settings = ImportSettings { part: ImportPart::People, ..ImportSettings::of(leipzig) };
/// assert_eq!(settings.neighbours, Some(Seconds::from_minutes(60)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportSettings {
    /// Hospitals, people, or both.
    pub part: ImportPart,
    /// Its districts.
    pub districts: Districts,
    /// Time within which people of the districts reach hospitals outside of them that are taken, too, by the network's
    /// own travel model; municipalities outside that are so near are taken as places outside. `None` for neither.
    pub neighbours: Option<Seconds>,
    /// The name of the network; `None` for the names of its districts.
    pub name: Option<String>,
    /// The day that the network describes; `None` for the last day of the directory's year.
    pub as_of: Option<Date>,
    /// Whether sites without beds are taken as day clinics; else they are left out, with a remark.
    pub day_clinics: bool,
    /// Whether places are the cells of a census grid, where one is among the files; else they are municipalities.
    pub grid: bool,
    /// Hospitals of an earlier import, which keep their keys ([`imported_sites`](super::imported_sites)).
    pub earlier: Vec<ImportedSite>,
}

impl ImportSettings {
    /// Settings for these districts, with the neighbours within an hour and without sites that have no beds.
    pub fn of(districts: Districts) -> Self {
        Self {
            part: ImportPart::All,
            districts,
            neighbours: Some(Seconds::from_minutes(60)),
            name: None,
            as_of: None,
            day_clinics: false,
            grid: false,
            earlier: Vec::new(),
        }
    }
}

/// A hospital of the network with where it stands in the directory: by this a later import finds it again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ImportedSite {
    /// Its key in the network.
    pub key: String,
    /// Key of its municipality.
    pub municipality: String,
    /// Name of the hospital in the directory.
    pub hospital: String,
    /// Name of the site in the directory.
    pub site: String,
    /// Its address in one line.
    pub address: String,
    /// How its position was found.
    pub position_from: String,
    /// Its row in the directory.
    pub row: u32,
}
