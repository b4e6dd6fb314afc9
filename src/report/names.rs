//! Names in the place of keys, for people.

use std::collections::BTreeMap;

use super::columns::{
    ALLIANCE, CLOSED_HOSPITALS, COUNTED_AT, Column, DEPARTMENT, DEPENDS_ON, FAILED, FROM,
    FURTHER_STANDARDS, GAINING_BY, HOSPITAL, HOSPITAL_NAME, KEPT_AT, LOSING_BY, LOST_STANDARD,
    MEMBER, NAME, NEAREST_HOSPITAL, PARTNER, PARTNERS, PATHWAY, POOLED_TO, SECOND_HOSPITAL,
    SPECIALTY, STANDARD, STANDARDS_MISSED, TO, UNKNOWN_HOSPITALS, WARD,
};
use super::document::{Cell, Document, Remark, Table};
use super::namesakes::hospital_labels;
use crate::model::Network;
use crate::words;

/// Of what kind the things are that the cells of a column name by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Hospital,
    /// A standard, or a care pathway.
    Standard,
    Specialty,
    Alliance,
}

/// What things are called, by kind and key.
struct Names<'n> {
    network: &'n Network,
    hospitals: BTreeMap<&'n str, String>,
}

/// A document with the names of its hospitals, standards, care pathways, specialties and alliances in the place of
/// their keys: text and Markdown show names, data stay as they are ([`Cell::Key`]).
///
/// Where a table has a column of names beside the one of keys, as the lists do from which commands take keys, the
/// keys stay. Cooperations have no other name than their key.
///
/// ```
/// use verbund::report::{self, CoverageBy};
/// use verbund::{Region, coverage};
///
/// let region = Region::leipzig()?;
/// let standard = region.network().catalog().standard("stroke_unit").ok_or("no such standard")?;
/// let document = report::coverage(&region, &[coverage::evaluate(&region, standard)?], CoverageBy::Region);
/// let cell = report::named(&document).sections[0].table.rows()[0][0].clone();
/// assert_eq!((cell.display(), cell.plain()), ("stroke unit".to_owned(), "stroke_unit".to_owned()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn named(document: &Document) -> Document {
    let mut named = document.clone();
    // A document without a network, as of an import, has nothing that could be called by name.
    let Some(ground) = &document.ground else { return named };
    let names = Names::of(&ground.network);
    // In the language of the document, whatever is in force: names of the catalog follow it.
    words::in_language(document.language(), || {
        for section in &mut named.sections {
            section.table = names.put_into(&section.table);
            let sentences = section.notes.iter_mut().chain(&mut section.in_words);
            for sentence in sentences {
                *sentence = names.told(sentence);
            }
        }
        for (_, value) in &mut named.about {
            *value = names.told(value);
        }
    });
    named
}

impl<'n> Names<'n> {
    fn of(network: &'n Network) -> Self {
        Self { network, hospitals: hospital_labels(network) }
    }

    /// A remark with the names of its hospitals.
    fn told(&self, remark: &Remark) -> Remark {
        remark.named(|key| self.hospitals.get(key).cloned())
    }

    fn put_into(&self, table: &Table) -> Table {
        let has = |column: Column| {
            let position = table.columns().iter().position(|known| *known == column);
            position.is_some_and(|position| table.is_shown(position))
        };
        let has_names = has(NAME) || has(HOSPITAL_NAME);
        table.with_cells(|column, cell| {
            if has_names && [HOSPITAL, STANDARD, PATHWAY, ALLIANCE].contains(&column) {
                return None;
            }
            self.named(kind(column)?, cell)
        })
    }

    /// A cell of keys with their names; `None` where it has none that is known.
    fn named(&self, kind: Kind, cell: &Cell) -> Option<Cell> {
        match cell {
            Cell::Text(key) => Some(Cell::named(key, self.name(kind, key)?)),
            Cell::List(keys) => {
                let mut names = Vec::with_capacity(keys.len());
                for key in keys {
                    names.push(self.name(kind, key).unwrap_or_else(|| key.clone()));
                }
                Some(Cell::Keys { keys: keys.clone(), names })
            }
            _ => None,
        }
    }

    fn name(&self, kind: Kind, key: &str) -> Option<String> {
        let catalog = self.network.catalog();
        let name = match kind {
            Kind::Hospital => return self.hospitals.get(key).cloned(),
            Kind::Alliance => {
                let alliances = self.network.alliances();
                &alliances.iter().find(|alliance| alliance.key == key)?.name
            }
            Kind::Standard => {
                if let Some(standard) = catalog.standard(key) {
                    words::name_of(&standard.name, &standard.name_de)
                } else {
                    let pathway = catalog.pathway(key)?;
                    words::name_of(&pathway.name, &pathway.name_de)
                }
            }
            Kind::Specialty => {
                let specialty = catalog.specialty(key)?;
                words::name_of(&specialty.name, &specialty.name_de)
            }
        };
        Some(name.to_owned())
    }
}

/// Of what kind the keys of a column are; `None` for a column of something else.
fn kind(column: Column) -> Option<Kind> {
    match column {
        HOSPITAL | CLOSED_HOSPITALS | NEAREST_HOSPITAL | SECOND_HOSPITAL | UNKNOWN_HOSPITALS
        | COUNTED_AT | DEPENDS_ON | PARTNER | PARTNERS | FAILED | KEPT_AT | POOLED_TO | FROM
        | TO | MEMBER => Some(Kind::Hospital),
        STANDARD | STANDARDS_MISSED | FURTHER_STANDARDS | LOST_STANDARD | PATHWAY | GAINING_BY
        | LOSING_BY => Some(Kind::Standard),
        SPECIALTY | DEPARTMENT | WARD => Some(Kind::Specialty),
        ALLIANCE => Some(Kind::Alliance),
        _ => None,
    }
}
