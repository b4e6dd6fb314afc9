//! Models as files.

use super::error::ReadError;
use super::model::Model;
use super::shorthand;

/// How a model is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// JSON: a whole model, or a short form (see [`Model::read`]).
    Json,
    /// RON: a whole model.
    Ron,
}

impl Model {
    /// Reads a model; [`Model::check`] says what is wrong with its values.
    ///
    /// JSON with a field `type` is a short form: `MMc` (`servers`, `lambda`, `mu`, `queue_capacity`),
    /// `MGcc` (`servers`, `lambda`, `los`, `queue_capacity`) or `net` (`nodes` with `beds`, `lambda`,
    /// `los` and `divert`, a matrix `routing`, `capacity` infinite or beds), each with `warmup`,
    /// `horizon` and `time_unit`. What it says of results (`analytic`) is passed over.
    ///
    /// # Errors
    ///
    /// When the notation, the name or the type of a field is wrong, with line and column.
    pub fn read(text: &str, format: FileFormat) -> Result<Self, ReadError> {
        match format {
            FileFormat::Ron => {
                let options = ron::Options::default()
                    .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
                options.from_str(text).map_err(|error| ReadError::Notation(error.to_string()))
            }
            FileFormat::Json => {
                let fault = |error: serde_json::Error| ReadError::Notation(error.to_string());
                let value: serde_json::Value = serde_json::from_str(text).map_err(fault)?;
                match value.get("type") {
                    None => serde_json::from_str(text).map_err(fault),
                    Some(_) => shorthand::read(text),
                }
            }
        }
    }

    /// Writes the model; read again it is equal.
    ///
    /// # Panics
    ///
    /// Never: every model has a notation.
    pub fn write(&self, format: FileFormat) -> String {
        match format {
            FileFormat::Json => {
                serde_json::to_string_pretty(self).expect("a model has a notation") + "\n"
            }
            FileFormat::Ron => {
                let config = ron::ser::PrettyConfig::new()
                    .extensions(ron::extensions::Extensions::IMPLICIT_SOME);
                ron::ser::to_string_pretty(self, config).expect("a model has a notation") + "\n"
            }
        }
    }
}
