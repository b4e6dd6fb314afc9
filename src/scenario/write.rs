//! Scenarios written back.

use std::io;
use std::path::Path;

use ron::extensions::Extensions;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Change, DatedChange, Scenario};
use crate::disk::write_whole;
use crate::files::network::FORMAT;
use crate::files::write::{places_csv, style};

/// A scenario as files write it.
#[derive(Serialize)]
#[serde(rename = "Scenario")]
struct ScenarioOut<'a> {
    format: u32,
    id: &'a str,
    name: &'a str,
    source: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    assumed: &'a [String],
    changes: &'a [DatedChange],
}

impl Serialize for Scenario {
    /// As files write it, with the number of the format.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let scenario = ScenarioOut {
            format: FORMAT,
            id: &self.key,
            name: &self.name,
            source: &self.source,
            assumed: &self.assumed,
            changes: &self.changes,
        };
        scenario.serialize(to)
    }
}

/// A scenario as it is written in JSON and the like.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioRecord {
    format: Option<u32>,
    id: String,
    name: String,
    source: String,
    #[serde(default)]
    assumed: Vec<String>,
    changes: Vec<DatedChange>,
}

impl<'de> Deserialize<'de> for Scenario {
    /// What [`Scenario`] writes by serde. Nothing is checked against a network yet: [`Scenario::check`] does, and
    /// the table of a [`PopulationTable`](super::PopulationTable) is empty until somebody fills it.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let record = ScenarioRecord::deserialize(from)?;
        if record.format.is_some_and(|format| format != FORMAT) {
            return Err(D::Error::custom(said!(
                "this version reads format {format}",
                format = FORMAT
            )));
        }
        Ok(Self {
            key: record.id,
            name: record.name,
            source: record.source,
            assumed: record.assumed,
            changes: record.changes,
        })
    }
}

impl Scenario {
    /// The text of a file that reads back as an equal scenario.
    ///
    /// # Panics
    ///
    /// Never: a scenario holds nothing that RON cannot write.
    pub fn to_ron(&self) -> String {
        // As people write it: `Road(delay: "25m")`, not `Road((delay: Some("25m")))`.
        let options = ron::Options::default()
            .with_default_extension(Extensions::UNWRAP_VARIANT_NEWTYPES)
            .with_default_extension(Extensions::IMPLICIT_SOME);
        let mut text = options.to_string_pretty(self, style(3)).expect("text can be written");
        text.push('\n');
        text
    }

    /// Writes the scenario to a file, and its tables beside it, each beside its place first and then
    /// renamed, so that it is never half there. Reading that file gives an equal scenario.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        for change in &self.changes {
            if let Change::SetPopulation(table) = &change.change {
                write_whole(&path.with_file_name(&table.table), &places_csv(&table.places)?)?;
            }
        }
        write_whole(path, self.to_ron())
    }
}
