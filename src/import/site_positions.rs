//! The position of each site of the directory, from the surest source that has one.

use std::collections::BTreeMap;

use super::directory_site::{DirectorySite, KnownPosition, PositionFrom};
use super::districts::district_of;
use super::files::ImportFiles;
use super::known_sites::SiteIndex;
use super::people::Municipality;
use super::sheet::column_name;
use super::sources::{DIRECTORY_POSITIONS, MUNICIPALITIES, REGISTER, positions_key};
use crate::model::Position;

/// A site cannot be farther from the centre of its municipality, in kilometres: the largest, Berlin, is 45 km wide.
const FARTHEST_KM: f64 = 50.0;
/// Two sources that put a site farther apart than this contradict each other, in kilometres.
const ONE_SITE_KM: f64 = 2.0;

/// A position of a site.
#[derive(Debug, Clone, Copy)]
pub(super) struct SitePosition {
    pub(super) position: Position,
    pub(super) from: PositionFrom,
    /// Key of its source.
    pub(super) source: &'static str,
}

/// The position of a site that is in use, and contradictions of its sources in words.
pub(super) struct FoundPosition {
    pub(super) in_use: Option<SitePosition>,
    pub(super) contradictions: Vec<String>,
}

/// Sources of positions: files of sites, the directory itself, and municipalities.
pub(super) struct SitePositions<'f> {
    files: Vec<IndexedFile<'f>>,
    municipalities: BTreeMap<&'f str, &'f Municipality>,
}

struct IndexedFile<'f> {
    /// Key of the source.
    source: &'static str,
    index: SiteIndex<'f>,
}

impl<'f> SitePositions<'f> {
    pub(super) fn new(files: &'f ImportFiles) -> Self {
        let mut indexed = Vec::new();
        for known in &files.known_sites {
            let index = SiteIndex::new(&known.sites);
            indexed.push(IndexedFile { source: positions_key(known), index });
        }

        let mut by_key = BTreeMap::new();
        if let Some(municipalities) = &files.municipalities {
            for municipality in &municipalities.list {
                by_key.insert(municipality.key.as_str(), municipality);
            }
        }
        Self { files: indexed, municipalities: by_key }
    }

    /// The position of a site: from a register or table by its address, else from the directory, else the centre of
    /// its municipality or, for a city state, of the city. Positions far from the municipality are not in use.
    pub(super) fn find(&self, site: &DirectorySite) -> FoundPosition {
        let mut candidates = self.candidates(site);
        let mut contradictions = Vec::new();
        if let Some(municipality) = self.municipality_of(site) {
            leave_out_far_ones(&mut candidates, site, municipality, &mut contradictions);
            // The last resort; it is marked as assumed.
            candidates.push(SitePosition {
                position: municipality.position,
                from: PositionFrom::MunicipalityCentre,
                source: MUNICIPALITIES,
            });
        }

        let Some((in_use, others)) = candidates.split_first() else {
            return FoundPosition { in_use: None, contradictions };
        };
        for candidate in others {
            let are_by_address =
                in_use.from == PositionFrom::Address && candidate.from == PositionFrom::Address;
            let apart = kilometres(candidate.position, in_use.position);
            if are_by_address && apart > ONE_SITE_KM {
                contradictions.push(format!(
                    "\"{}\": {} and {} put it {apart:.1} km apart; the first is in use",
                    site.site, in_use.source, candidate.source
                ));
            }
        }
        FoundPosition { in_use: Some(*in_use), contradictions }
    }

    /// Positions that name the site, the surest first.
    fn candidates(&self, site: &DirectorySite) -> Vec<SitePosition> {
        let mut candidates = Vec::new();
        for IndexedFile { source, index } in &self.files {
            if let Some(KnownPosition { position, from }) = index.position(&site.address) {
                candidates.push(SitePosition { position, from, source });
            }
        }
        // The whole address before the street alone, and the register, which is published every week, before tables.
        candidates.sort_by_key(|candidate| {
            (candidate.from == PositionFrom::Street, candidate.source != REGISTER)
        });
        // Positions beside the directory are those of the register of 2020.
        if let Some(KnownPosition { position, from }) = site.position {
            candidates.push(SitePosition { position, from, source: DIRECTORY_POSITIONS });
        }
        candidates
    }

    /// The municipality of a site; the whole city for a borough of a city state.
    fn municipality_of(&self, site: &DirectorySite) -> Option<&'f Municipality> {
        let by_key = self.municipalities.get(site.municipality.as_str());
        if by_key.is_some() {
            return by_key.copied();
        }
        let city = format!("{}000", district_of(&site.municipality)?);
        self.municipalities.get(city.as_str()).copied()
    }
}

/// Takes positions away that are too far from the municipality of the key. Where the town of the address is another
/// one, the key may be wrong, and they stay. Either is a contradiction.
fn leave_out_far_ones(
    candidates: &mut Vec<SitePosition>,
    site: &DirectorySite,
    municipality: &Municipality,
    contradictions: &mut Vec<String>,
) {
    // Names of municipalities have an addition behind a comma: "Leipzig, Stadt".
    let town = municipality.name.split(',').next().unwrap_or_default();
    let is_its_town = column_name(&site.address.city).starts_with(&column_name(town));
    candidates.retain(|candidate| {
        let apart = kilometres(candidate.position, municipality.position);
        if apart <= FARTHEST_KM {
            return true;
        }
        let outcome = if is_its_town { "not in use" } else { "in use, as its address is" };
        contradictions.push(format!(
            "\"{}\", {}: {} puts it {apart:.0} km from the centre of {}, its municipality by key: {outcome}",
            site.site, site.address.city, candidate.source, municipality.name
        ));
        !is_its_town
    });
}

fn kilometres(from: Position, to: Position) -> f64 {
    f64::from(from.distance_to(to).0) / 1000.0
}
