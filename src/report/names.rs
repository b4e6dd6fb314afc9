//! Names in the place of keys, for people.

use std::collections::BTreeMap;

use super::columns::{
    ALLIANCE, CLOSED_HOSPITALS, COOPERATION, COOPERATIONS, COUNTED_AT, Column, DEPARTMENT,
    DEPENDS_ON, FACTOR, FAILED, FIELD, FIGURE, FILE, FROM, FURTHER_STANDARDS, GAINING_BY, HOSPITAL,
    HOSPITAL_NAME, KEPT_AT, LOSING_BY, LOST_STANDARD, MEMBER, NAME, NEAREST_HOSPITAL, PARTNER,
    PARTNERS, PATHWAY, POOLED_TO, RESTS_ON, SECOND_HOSPITAL, SERVICE, SPECIALTY, STAGE, STAGES,
    STANDARD, STANDARDS_MISSED, TO, UNKNOWN_HOSPITALS, UNTIL, WARD,
};
use super::document::{Cell, Document, KeyOf, Remark, Table};
use super::figures;
use super::namesakes::{cooperation_labels, hospital_labels};
use crate::model::Network;
use crate::words;

/// What things are called, by kind and key.
pub(super) struct Names<'n> {
    network: &'n Network,
    hospitals: BTreeMap<&'n str, String>,
    cooperations: BTreeMap<&'n str, String>,
}

/// A document with the names of its hospitals, cooperations, standards, care pathways, their stages, specialties and
/// alliances in the place of their keys: text and Markdown show names, data stay as they are ([`Cell::Key`]).
///
/// Where a table has a column of names beside the one of keys, as the lists do from which commands take keys, the
/// keys stay. A cooperation is called by its ends and its kind: "Klinikum Nord → Krankenhaus Süd (Telemedicine)".
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
            let name = names.told(value);
            // A title that calls a cooperation by key has it in the head, too.
            if let Some(key) = value.cooperation() {
                named.title = named.title.replace(key, &name.to_string());
            }
            *value = name;
        }
    });
    named
}

impl<'n> Names<'n> {
    pub(super) fn of(network: &'n Network) -> Self {
        let hospitals = hospital_labels(network);
        Self { network, hospitals, cooperations: cooperation_labels(network) }
    }

    /// A remark with the names of the things in it.
    fn told(&self, remark: &Remark) -> Remark {
        remark.named(|kind, key| self.name(kind, key))
    }

    fn put_into(&self, table: &Table) -> Table {
        let has = |column: Column| {
            let position = table.columns().iter().position(|known| *known == column);
            position.is_some_and(|position| table.is_shown(position))
        };
        let has_names = has(NAME) || has(HOSPITAL_NAME);
        let pathways = Self::pathways_of(table);
        table.with_cells(|row, column, cell| {
            if has_names && [HOSPITAL, STANDARD, PATHWAY, ALLIANCE].contains(&column) {
                return None;
            }
            // Whoever mends a file looks for its fields as they stand there.
            if column == FIELD && has(FILE) {
                return None;
            }
            let sentence = cell.with_names(|kind, key| self.name(kind, key));
            let stage = || self.stage_of_row(column, cell, pathways.get(row)?.as_ref()?);
            sentence.or_else(stage).or_else(|| self.named(kind(column)?, cell))
        })
    }

    /// The pathway of each row, where the table has them.
    fn pathways_of(table: &Table) -> Vec<Option<String>> {
        let mut pathways = Vec::new();
        let Some(at) = table.columns().iter().position(|column| *column == PATHWAY) else {
            return pathways;
        };
        // Before names are put in: afterwards the cell has no key alone.
        for row in table.rows() {
            pathways.push(match &row[at] {
                Cell::Text(key) => Some(key.clone()),
                _ => None,
            });
        }
        pathways
    }

    /// A stage by the name that the pathway of its row gives it: two pathways may name one key in two ways.
    fn stage_of_row(&self, column: Column, cell: &Cell, pathway: &str) -> Option<Cell> {
        let key = match cell {
            Cell::Text(key) => key,
            Cell::Name { name, label } if name == label => name,
            _ => return None,
        };
        if kind(column) != Some(KeyOf::Stage) {
            return None;
        }
        let pathway = self.network.catalog().pathway(pathway)?;
        let stage = pathway.stages.iter().find(|stage| stage.key == *key)?;
        Some(Cell::named(key, words::of(&stage.name)))
    }

    /// A cell of keys with their names; `None` where it has none that is known.
    fn named(&self, kind: KeyOf, cell: &Cell) -> Option<Cell> {
        match cell {
            Cell::Text(key) => Some(Cell::named(key, self.name(kind, key)?)),
            // Told in words where it can be, and else by its key.
            Cell::Name { name: key, label } if key == label => {
                Some(Cell::named(key, self.name(kind, key)?))
            }
            // Of fields that records have: `care_level`.
            Cell::Word(key) if kind == KeyOf::Specialty => {
                Some(Cell::named(*key, self.data_field(key)))
            }
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

    pub(super) fn name(&self, kind: KeyOf, key: &str) -> Option<String> {
        let catalog = self.network.catalog();
        let name = match kind {
            KeyOf::Hospital => return self.hospitals.get(key).cloned(),
            // What fails is a cooperation or a hospital.
            KeyOf::Cooperation => {
                let name = self.cooperations.get(key).or_else(|| self.hospitals.get(key));
                return name.cloned();
            }
            KeyOf::Stage => return self.stage(key),
            KeyOf::Alliance => {
                let alliances = self.network.alliances();
                &alliances.iter().find(|alliance| alliance.key == key)?.name
            }
            KeyOf::Standard => {
                if let Some(standard) = catalog.standard(key) {
                    words::name_of(&standard.name, &standard.name_de)
                } else {
                    let pathway = catalog.pathway(key)?;
                    words::name_of(&pathway.name, &pathway.name_de)
                }
            }
            KeyOf::Specialty => match catalog.specialty(key) {
                Some(specialty) => words::name_of(&specialty.name, &specialty.name_de),
                // Where a table of a record has the fields of the record, too.
                None if key.contains(['_', '.']) => return Some(self.data_field(key)),
                // Fields of cooperations that are no specialty: pathology, training.
                None if catalog.fields.iter().any(|field| field.key == key) => {
                    catalog.name_in_print(key)
                }
                None => return None,
            },
            KeyOf::Figure => return figures::in_words(key),
            KeyOf::Service => {
                let services = &catalog.minimum_volumes.services;
                let service = services.iter().find(|service| service.key == key)?;
                words::name_of(&service.name, &service.name_de)
            }
            KeyOf::DataField => return Some(self.data_field(key)),
        };
        Some(name.to_owned())
    }

    /// The path of a value in words, from the whole to its part: `facilities.stroke_unit` is "facilities › stroke unit".
    fn data_field(&self, path: &str) -> String {
        // Some paths have a name as a whole: "beds of departments".
        let whole = words::of(path);
        if whole != path {
            return whole.into_owned();
        }
        let mut told: Vec<String> = Vec::new();
        for part in path.split('.') {
            let name = self.network.catalog().name_in_print(part);
            told.push(match self.stage(part) {
                _ if name != part => name.to_owned(),
                Some(stage) => stage,
                None => words::of(part).replace('_', " "),
            });
        }
        told.join(" › ")
    }

    /// A stage of this key, where it has the same name in all care pathways.
    fn stage(&self, key: &str) -> Option<String> {
        let mut name: Option<&str> = None;
        for pathway in &self.network.catalog().pathways {
            for stage in pathway.stages.iter().filter(|stage| stage.key == key) {
                if name.is_some_and(|name| name != stage.name) {
                    return None;
                }
                name = Some(&stage.name);
            }
        }
        Some(words::of(name?).into_owned())
    }
}

/// Of what kind the keys of a column are; `None` for a column of something else.
fn kind(column: Column) -> Option<KeyOf> {
    match column {
        HOSPITAL | CLOSED_HOSPITALS | NEAREST_HOSPITAL | SECOND_HOSPITAL | UNKNOWN_HOSPITALS
        | COUNTED_AT | DEPENDS_ON | PARTNER | PARTNERS | KEPT_AT | POOLED_TO | FROM | TO
        | MEMBER => Some(KeyOf::Hospital),
        STANDARD | STANDARDS_MISSED | FURTHER_STANDARDS | LOST_STANDARD | PATHWAY | GAINING_BY
        | LOSING_BY => Some(KeyOf::Standard),
        FIGURE | FACTOR => Some(KeyOf::Figure),
        RESTS_ON => Some(KeyOf::DataField),
        SERVICE => Some(KeyOf::Service),
        SPECIALTY | DEPARTMENT | WARD | FIELD => Some(KeyOf::Specialty),
        COOPERATION | COOPERATIONS | FAILED => Some(KeyOf::Cooperation),
        STAGE | UNTIL | STAGES => Some(KeyOf::Stage),
        ALLIANCE => Some(KeyOf::Alliance),
        _ => None,
    }
}
