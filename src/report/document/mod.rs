//! Documents of tables, without any notion of how they are printed.

mod cell;
mod ground;
mod hint;
mod marked;
mod remark;
mod section;
mod table;

use serde::ser::{Serialize, SerializeMap, Serializer};

pub use cell::Cell;
pub(super) use cell::SECONDS_OF_A_DAY;
pub use ground::Ground;
pub(super) use ground::{Atlas, Thing, ags, site_number};
pub use hint::Hint;
pub(super) use marked::{
    KeyOf, alliance_of, cooperation_of, data_field_of, figure_of, hospital_of, key_of, service_of,
    specialty_of, stage_of, standard_of,
};
pub use remark::Remark;
pub use section::{Look, Section};
pub use table::{Table, TableBuilder};

use crate::calendar::Date;
use crate::words::{self, Language};

/// A result laid out for readers: what it is about, and sections.
///
/// Text, JSON and CSV are made from it ([`render`](super::render)), so they cannot differ. Take it to print or to hand out; a
/// program that goes on to compute takes the plain result of the analysis, whose numbers are not rounded. A cell
/// that nobody knows is [`Cell::Missing`], empty in CSV and `null` in JSON. Each column has a meaning with its unit
/// ([`columns`](super::columns)).
///
/// Its title, headings and remarks are in the language in force when it was made
/// ([`words::in_language`]); whoever renders it later gets the rest of it in that language.
///
/// As JSON: `{"title": ..., "about": {...}, "tables": {"key": [{...}]}, "notes": {"key": [...]}}`.
///
/// ```
/// use verbund::report::columns::{BEDS, HOSPITAL};
/// use verbund::report::{Cell, Document, Section, Table};
///
/// let table = Table::of([("north", 300_u64), ("south", 200)])
///     .column(HOSPITAL, |(hospital, _)| Cell::text(*hospital))
///     .column(BEDS, |(_, beds)| Cell::count(*beds))
///     .build();
/// let section = Section::new("beds", "Beds by hospital", table).note("Staffed or not.");
/// let document = Document::new("Beds").about("network", "invented").section(section);
///
/// let json = serde_json::to_value(&document)?;
/// assert_eq!(json["about"]["network"], "invented");
/// assert_eq!(json["tables"]["beds"][1]["beds"], 200);
/// assert_eq!(json["notes"]["beds"][0], "Staffed or not.");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Title.
    pub title: String,
    /// What it rests on: key and value, in order.
    pub about: Vec<(&'static str, Remark)>,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// The language that it is laid out in.
    language: Language,
    /// Where its places and hospitals are, which maps and files for others need; `None` where it is about no region.
    pub ground: Option<Ground>,
    /// Whether text is to fit one screen.
    is_on_one_screen: bool,
}

/// Lines and columns of one screen, which a document [on one screen](Document::on_one_screen) fits.
pub const ONE_SCREEN: (usize, usize) = (50, 100);

impl Document {
    /// An empty document.
    pub fn new(title: impl Into<String>) -> Self {
        let title = words::of(&title.into()).into_owned();
        let language = words::language();
        let (about, sections) = (Vec::new(), Vec::new());
        Self { title, about, sections, language, ground: None, is_on_one_screen: false }
    }

    /// The same, of which text leaves out [small tables](Look::Small), the last one first, until it fits
    /// [`ONE_SCREEN`]; in its head, values longer than a line are cut and end with `…`. Data have all of it.
    ///
    /// A narrower screen gets the same with more lines.
    #[must_use]
    pub fn on_one_screen(mut self) -> Self {
        self.is_on_one_screen = true;
        self
    }

    /// Whether text is to fit one screen.
    pub fn is_on_one_screen(&self) -> bool {
        self.is_on_one_screen
    }

    /// The language that it is laid out in.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The same with one more thing that it is about.
    #[must_use]
    pub fn about(mut self, key: &'static str, value: impl Into<Remark>) -> Self {
        self.about.push((key, value.into()));
        self
    }

    /// The same, where there is something to say.
    #[must_use]
    pub fn maybe_about(self, key: &'static str, value: Option<impl Into<Remark>>) -> Self {
        match value {
            Some(value) => self.about(key, value),
            None => self,
        }
    }

    /// What it rests on, for people: keys as words, and a day as the language in force writes it.
    pub(super) fn about_in_print(&self) -> Vec<(String, String)> {
        let mut told = Vec::new();
        for (key, value) in &self.about {
            let key = key.replace('_', " ");
            let value = value.to_string();
            // Programs read the day of the network here: it is no part of a sentence, and stays as files write it.
            let day = value.parse::<Date>().ok().filter(|_| value.len() == "2026-01-01".len());
            let value = day.map_or(value, Date::in_print);
            told.push((words::of_in("about", &key).into_owned(), value));
        }
        told
    }

    /// The same with the keys of hospitals, standards and whatever else has a name, for people who type them.
    #[must_use]
    pub fn by_key(mut self) -> Self {
        for section in &mut self.sections {
            section.table = section.table.with_cells(|_, _, cell| cell.by_key());
        }
        self
    }

    /// The same with words for its hints; rows are shared, not copied.
    #[must_use]
    pub fn told<S: AsRef<str>>(&self, words: impl Fn(Hint) -> S) -> Self {
        let mut told = Self { about: Vec::new(), sections: Vec::new(), ..self.clone() };
        for (key, value) in &self.about {
            told.about.push((key, value.told(&words)));
        }
        for section in &self.sections {
            told.sections.push(section.told(&words));
        }
        told
    }

    /// The same with one more section.
    #[must_use]
    pub fn section(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // Written in the order of the document: maps of the standard library would sort the keys or mix them.
        struct Map<T>(Vec<(&'static str, T)>);
        impl<T: Serialize> Serialize for Map<T> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_map(self.0.iter().map(|(key, value)| (key, value)))
            }
        }
        let mut notes = Vec::new();
        for section in &self.sections {
            // A hint alone has nothing to say here.
            let told: Vec<&Remark> = section.notes.iter().filter(|note| !note.is_empty()).collect();
            if !told.is_empty() {
                notes.push((section.key, told));
            }
        }
        let mut tables = Vec::new();
        for section in &self.sections {
            tables.push((section.key, &section.table));
        }

        let mut map = to.serialize_map(Some(4))?;
        map.serialize_entry("title", &self.title)?;
        map.serialize_entry("about", &Map(self.about.clone()))?;
        map.serialize_entry("tables", &Map(tables))?;
        map.serialize_entry("notes", &Map(notes))?;
        map.end()
    }
}
