//! Models as files.

use std::collections::HashMap;
use std::path::Path;

use super::error::ReadError;
use super::model::Model;
use super::notation::{json_fault, ron_fault};
use super::shorthand;
use crate::problem::{Problem, ProblemKind, Problems};

/// How a model is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// JSON: a whole model, or a short form (see [`Model::read`]).
    Json,
    /// RON: a whole model.
    Ron,
}

impl FileFormat {
    /// The format that a file's name tells by its end, `.json` or `.ron` in any case.
    pub fn of(path: &Path) -> Option<Self> {
        let end = path.extension()?.to_str()?.to_ascii_lowercase();
        match end.as_str() {
            "json" => Some(Self::Json),
            "ron" => Some(Self::Ron),
            _ => None,
        }
    }
}

impl Model {
    /// Reads a model from a text whose notation is known; [`Model::check`] says what is wrong with its values. A byte
    /// order mark at the start is skipped.
    ///
    /// JSON with a field `type` is a short form: `MMc` (`servers`, `lambda`, `mu`, `queue_capacity`),
    /// `MGcc` (`servers`, `lambda`, `los`, `queue_capacity`) or `net` (`nodes` with `name`, `beds`, `lambda`,
    /// `los` and `divert`, a matrix `routing`, `capacity`: `infinite` or `beds`, `queue_capacity`), each with `name`,
    /// `warmup`, `horizon` and `time_unit`. `los` has a `dist` (`exponential`, `lognormal`, `gamma` or
    /// `deterministic`), a `mean` and, for lognormal and gamma, a `cv`.
    /// Without a `queue_capacity`, or with `null`, any number can wait. In a net with beds, `external_full` says what
    /// happens to customers from outside who find a full ward: `divert` (the nodes of `divert` are asked in their
    /// order, from 0; without a free bed there, a customer waits or is lost) or `lost` (`divert` does not count).
    /// `full`: `lost` and `transfer_full`: `block` may stand there; they say what is so anyway. What a file says of
    /// results (`analytic`), remarks (`note`, `routing_note`) and `id`, `level`, `x` and `y` of nodes
    /// are passed over. Every other field is refused.
    ///
    /// # Errors
    ///
    /// When the notation, the name or the type of a field is wrong, or two fields say the same or contradict each
    /// other, with line and column.
    pub fn read(text: &str, format: FileFormat) -> Result<Self, ReadError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match format {
            FileFormat::Ron => {
                let options = ron::Options::default()
                    .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
                options.from_str(text).map_err(|error| ron_fault(&error))
            }
            FileFormat::Json => {
                let value: serde_json::Value =
                    serde_json::from_str(text).map_err(|error| json_fault(&error, text))?;
                let serde_json::Value::Object(fields) = value else {
                    let what = match value {
                        serde_json::Value::Array(_) => "a list",
                        serde_json::Value::String(_) => "a text",
                        serde_json::Value::Number(_) => "a number",
                        _ => "no object",
                    };
                    let message = format!("the file is {what}; expected one model, {{ ... }}");
                    return Err(ReadError::Notation { line: 1, column: 1, message });
                };
                match fields.get("type") {
                    None => serde_json::from_str(text).map_err(|error| json_fault(&error, text)),
                    Some(serde_json::Value::String(kind)) => shorthand::read(text, kind),
                    Some(other) => shorthand::read(text, &other.to_string()),
                }
            }
        }
    }

    /// Reads the text of a model's file, whose notation the file's name tells ([`FileFormat::of`]), and checks the
    /// model as a whole. The name also stands in front of every fault. Reading the file is left to the caller, for
    /// example with [`disk::read_regular`](crate::disk::read_regular) and [`disk::decode`](crate::disk::decode).
    ///
    /// # Errors
    ///
    /// Every fault at once: a name that ends neither in `.json` nor in `.ron`; a wrong notation, with line and
    /// column; else all that [`Model::check`] finds, each where the text names what it is about.
    ///
    /// ```
    /// use verbund::queueing::Model;
    ///
    /// let text = r#"{"type": "MMc", "name": "desk", "time_unit": "h", "servers": 0,
    ///     "lambda": 3.0, "mu": 2.0, "queue_capacity": null, "warmup": 100, "horizon": 1100}"#;
    /// let problems = Model::parse(text, "desk.json").unwrap_err();
    /// assert!(problems.to_string().contains("0 servers; expected at least one"));
    /// ```
    pub fn parse(text: &str, name: &str) -> Result<Self, Problems> {
        let Some(format) = FileFormat::of(Path::new(name)) else {
            let message = "a model's file ends in .json or .ron".to_owned();
            return Err(fault_of_file(name, ProblemKind::Format, None, message));
        };
        let model = Self::read(text, format).map_err(|error| {
            fault_of_file(name, ProblemKind::Syntax, Some(error.place()), error.message())
        })?;

        let mut problems = Problems::default();
        // A model keeps no places of the text: they are found again by the names.
        let names = QuotedNames::of(text);
        for mut problem in model.check().into_list() {
            let (line, column) = names.place_of(&problem.entity, &problem.field);
            problem.file = Some(name.to_owned());
            (problem.line, problem.column) = (Some(line), Some(column));
            problems.push(problem);
        }
        if problems.is_empty() { Ok(model) } else { Err(problems) }
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

/// The only fault of a file, at a line and column where it has a place.
fn fault_of_file(
    name: &str,
    kind: ProblemKind,
    place: Option<(usize, usize)>,
    message: String,
) -> Problems {
    let mut problems = Problems::default();
    problems.push(Problem {
        kind,
        file: Some(name.to_owned()),
        line: place.map(|(line, _)| line as u32),
        column: place.map(|(_, column)| column as u32),
        entity: String::new(),
        field: String::new(),
        message,
        expected: String::new(),
        closest: None,
    });
    problems
}

/// Where the names stand that a model's file has in quotation marks: what a fault is about begins there.
struct QuotedNames<'t> {
    text: &'t str,
    /// The byte offsets of each name, rising.
    offsets: HashMap<&'t str, Vec<usize>>,
}

impl<'t> QuotedNames<'t> {
    fn of(text: &'t str) -> Self {
        let mut offsets: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut marks = text.match_indices('"').map(|(offset, _)| offset);
        while let (Some(first), Some(last)) = (marks.next(), marks.next()) {
            offsets.entry(&text[first + 1..last]).or_default().push(first);
        }
        Self { text, offsets }
    }

    /// Line and column, from 1, at which an entity such as `station "A"` is named, in its own list where the file has
    /// one; of the model as a whole, at which its field is; the beginning of the file where neither is named.
    fn place_of(&self, entity: &str, field: &str) -> (u32, u32) {
        let Some((kind, name)) = entity.split_once(' ') else {
            return self.line_and_column(self.text.find(field).unwrap_or(0));
        };
        let list = match kind {
            "class" => "classes".to_owned(),
            kind => format!("{kind}s"),
        };
        let from = self.text.find(&list).unwrap_or(0);
        let named = self.offsets.get(name.trim_matches('"')).map_or(&[][..], Vec::as_slice);
        let in_list = named.iter().find(|offset| **offset >= from).or(named.first());
        self.line_and_column(in_list.copied().unwrap_or(from))
    }

    fn line_and_column(&self, offset: usize) -> (u32, u32) {
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = before.matches('\n').count() + 1;
        let column = self.text[line_start..offset].chars().count() + 1;
        (line as u32, column as u32)
    }
}
