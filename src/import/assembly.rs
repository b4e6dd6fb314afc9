//! A network while it is assembled.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::ImportRemark;
use super::files::ImportFiles;
use super::settings::ImportSettings;
use crate::model::{Catalog, PartRule, Source, TravelSettings};

/// A network while it is assembled. Its places are added in `places`, its sites in `sites`.
pub(super) struct Assembly<'f> {
    pub(super) files: &'f ImportFiles,
    pub(super) settings: &'f ImportSettings,
    /// Keys of the districts.
    pub(super) districts: BTreeSet<String>,
    pub(super) catalog: Catalog,
    pub(super) travel: TravelSettings,
    pub(super) parts: PartRule,
    pub(super) remarks: Vec<ImportRemark>,
    pub(super) sources: BTreeMap<String, Source>,
}
