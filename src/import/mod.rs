//! Networks from official files: the directory of hospitals, quality reports, the register of sites,
//! municipalities, ages and census grids.
//!
//! [`ImportFiles::read`] recognises files by their content, [`ImportFiles::assemble`] makes a network of districts
//! from them, and [`Import::write`] writes it as a folder that a person goes on editing. Nothing is guessed in
//! silence: [`ImportRemark`]s say which rows were joined by less than a number or an address, which sources
//! contradict each other, which values are missing and which ones a rule gave.
//!
//! ```no_run
//! use std::path::PathBuf;
//! use verbund::import::{Districts, ImportFiles, ImportSettings};
//! use verbund::run::Control;
//!
//! let files = ImportFiles::read(&[PathBuf::from("downloads")], &Control::default())?;
//! let settings = ImportSettings::of(Districts::Some(vec!["14625".into(), "14626".into()]));
//! let import = files.assemble(&settings)?;
//! println!("{} hospitals", import.model.network.hospitals().len());
//! # Ok::<(), verbund::problem::Problems>(())
//! ```

// A problem is large because it says where it is; it is made once where a file cannot be read.
#![allow(clippy::result_large_err)]
// Texts of files are short, and copied once.
#![allow(clippy::assigning_clones, clippy::needless_pass_by_value)]

mod address;
mod age_shape;
mod assemble;
mod assembly;
mod births;
mod build;
mod built;
mod department_keys;
mod directory;
mod directory_cells;
mod directory_layouts;
mod directory_site;
mod districts;
mod faults;
mod files;
mod folder;
mod folder_error;
mod folder_update;
mod grid;
mod groups;
mod joined_reports;
mod keys;
mod known_sites;
mod people;
mod places;
mod projection;
mod quality_report;
mod reach;
mod register;
mod reports;
mod settings;
mod sheet;
mod site_numbers;
mod site_positions;
mod sites;
mod sources;
mod table_text;
mod text;
mod xml;

pub use address::Address;
pub use assemble::Import;
pub use built::{
    CATH_LAB, CT_BY_STAGE, DERIVATIONS, Derivation, ICU_BY_STAGE, OBSTETRIC_BEDS, STROKE_UNIT,
    TRAUMA_CENTRE, WOMEN_BY_KEY,
};
pub use department_keys::{
    OfficialDepartment, STROKE_BEDS, WOMEN_AND_BIRTHS, department_key, department_keys,
};
pub use directory::Directory;
pub use directory_site::{
    DepartmentBeds, DirectorySite, KnownPosition, Licence, Modules, PositionFrom,
};
pub use faults::{ImportRemark, RemarkKind};
pub use files::{ImportFiles, RecognisedFile};
pub use folder::{WrittenFolder, imported_sites};
pub use folder_error::ImportError;
pub use folder_update::{ChangedBeds, ImportDifference, ListedHospital};
pub use grid::{Grid, GridCell};
pub use known_sites::{KnownSite, KnownSites};
pub use people::{Ages, DistrictAges, Municipalities, Municipality};
pub use quality_report::{
    Equipment, QualityReport, ReportedCount, ReportedDepartment, ReportedStage, ReportedVolume,
};
pub use settings::{Districts, ImportPart, ImportSettings, ImportedSite};
