//! The sources of an imported network: their keys and titles, and the licences under which they are published.

use super::directory::Directory;
use super::grid::Grid;
use super::known_sites::KnownSites;
use super::people::{Ages, Municipalities};
use super::text::file_name;
use crate::model::Source;

/// Key of the register of sites among the sources.
pub(super) const REGISTER: &str = "register";
/// Key of other tables of positions.
const POSITIONS: &str = "positions";
/// Key of positions that the directory of hospitals has itself.
pub(super) const DIRECTORY_POSITIONS: &str = "directory-positions";
/// Key of the table of municipalities.
pub(super) const MUNICIPALITIES: &str = "municipalities";
/// Key of the table of ages.
pub(super) const AGES: &str = "ages";
/// Key of the census grid.
pub(super) const CENSUS_GRID: &str = "census-grid";

const LICENCE_OF_OFFICES: &str = "dl-de/by-2-0: © Statistische Ämter des Bundes und der Länder";
const LICENCE_OF_DESTATIS: &str = "dl-de/by-2-0: © Statistisches Bundesamt (Destatis)";
const LICENCE_OF_DIRECTORY: &str =
    "reuse, also of parts, with the source named: © Statistisches Bundesamt (Destatis)";
const LICENCE_OF_GISCO: &str = "Eurostat/GISCO reuse with attribution";
const LICENCE_OF_REPORTS: &str = "terms of use of the G-BA's data portal for quality reports";

/// A source without a year.
fn source(title: impl Into<String>, licence: Option<&str>) -> Source {
    Source { title: title.into(), year: None, licence: licence.map(str::to_owned), url: None }
}

/// A source of a year, or of a date.
fn source_of(year: impl ToString, title: impl Into<String>, licence: &str) -> Source {
    Source { year: Some(year.to_string()), ..source(title, Some(licence)) }
}

/// Key of the directory of a year.
pub(super) fn directory_key(directory: &Directory) -> String {
    format!("directory-{}", directory.year)
}

pub(super) fn directory_source(directory: &Directory) -> Source {
    let title = format!(
        "Verzeichnis der Krankenhäuser {}, Statistische Ämter des Bundes und der Länder (set-up beds by department, emergency stage, modules; reported by the hospitals)",
        directory.year
    );
    source_of(directory.year, title, LICENCE_OF_DIRECTORY)
}

/// Key of the quality reports of a year.
pub(super) fn reports_key(year: i16) -> String {
    format!("quality-reports-{year}")
}

pub(super) fn reports_source(year: i16) -> Source {
    let title = format!(
        "Qualitätsberichte der Krankenhäuser (section 136b SGB V), reporting year {year}, Gemeinsamer Bundesausschuss"
    );
    source_of(year, title, LICENCE_OF_REPORTS)
}

/// Key of a file of sites with their positions.
pub(super) fn positions_key(sites: &KnownSites) -> &'static str {
    if sites.is_register { REGISTER } else { POSITIONS }
}

pub(super) fn positions_source(sites: &KnownSites) -> Source {
    let name = file_name(&sites.file);
    let title = if sites.is_register {
        format!("Standortverzeichnis (section 293 (6) SGB V), InEK ({name})")
    } else if sites.is_gisco {
        format!(
            "Eurostat GISCO healthcare services, Germany: positions of the official register of hospital sites (InEK) ({name})"
        )
    } else {
        format!("Table of positions of sites ({name})")
    };
    source(title, if sites.is_gisco { Some(LICENCE_OF_GISCO) } else { None })
}

/// The source of positions that the cleaned table of the directory has beside its rows.
pub(super) fn directory_positions_source() -> Source {
    let title = "Positions beside the directory: official register of hospital sites of 2020 (InEK, through Eurostat GISCO), joined by address";
    source_of(2020, title, LICENCE_OF_GISCO)
}

pub(super) fn municipalities_source(municipalities: &Municipalities) -> Source {
    // Counts of 2022 are those of the census; of other years the offices carry them forward.
    let title = match municipalities.year {
        Some(2022) => "People, areas and centres of municipalities (Zensus 2022 and Gemeindeverzeichnis of the statistical offices)".to_owned(),
        Some(year) => format!("People of {year}, areas and centres of municipalities (Gemeindeverzeichnis of the statistical offices)"),
        None => "People, areas and centres of municipalities (year unknown)".to_owned(),
    };
    let year = municipalities.year.map(|year| year.to_string());
    Source { year, ..source(title, Some(LICENCE_OF_OFFICES)) }
}

pub(super) fn grid_source(grid: &Grid) -> Source {
    let title = format!("Census grid, cells of {} m ({})", grid.side, file_name(&grid.file));
    source(title, Some(LICENCE_OF_OFFICES))
}

pub(super) fn ages_source(ages: &Ages) -> Source {
    // The date begins with the year: 2023-12-31.
    let year: String = ages.date.chars().take(4).collect();
    let title = format!("People of districts by age on {} (GENESIS 12411-0017)", ages.date);
    source_of(year, title, LICENCE_OF_DESTATIS)
}
