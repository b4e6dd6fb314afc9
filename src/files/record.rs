//! RON records read field by field, so that one fault does not hide the next.
//!
//! The `ron` crate stops at the first value that does not fit its type. We let it split a file
//! into the raw text of each field, which only a syntax error prevents, and then read every
//! field on its own: the text's place in the file gives line and column.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;

use ron::error::SpannedError;
use ron::extensions::Extensions;
use ron::value::RawValue;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};

use crate::disk::Lines;
use crate::model::location::{Entity, Fault, Locations};
use crate::model::renamed::respelled;
use crate::problem::{Problem, ProblemKind, Problems, closest, is_unprintable};
use crate::words;

/// One RON file being read.
pub(crate) struct Reader<'s> {
    file: Arc<str>,
    source: &'s str,
    lines: Lines,
    pub(crate) problems: Problems,
    pub(crate) locations: Locations,
}

/// The fields of one record, each as raw text.
pub(crate) struct Record<'s> {
    pub(crate) entity: Entity,
    pub(crate) label: String,
    path: String,
    start: &'s str,
    fields: Vec<(String, &'s str)>,
    /// Names that the reading code asked for: the fields that exist.
    asked: BTreeSet<String>,
}

// `Some(...)` around a value is right and no longer needed: `beds: 200` is what people write.
fn options() -> ron::Options {
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

/// Fields of texts that may have several lines.
const LONG_TEXTS: [&str; 8] =
    ["note", "why", "what", "source", "reason", "assumed", "elsewhere", "not_checked"];

/// Fields of keys of the catalog, and of paths with such keys in them.
const KEYS: [&str; 12] = [
    "specialty",
    "specialties",
    "part_of",
    "kind",
    "facility",
    "facilities",
    "fields",
    "of",
    "standard",
    "counted_by",
    "assumed",
    "unknown",
];

/// Greatest whole number of a field: of beds, people, minutes.
const MOST: u32 = 100_000_000;

/// A value without the comments and blanks around it; comments within it stay. A text that is no value
/// stays as it is.
pub(crate) fn bare(raw: &str) -> &str {
    let text = raw.trim();

    // To let the notation's own reader look for comments takes long, and few values have any.
    if !text.as_bytes().contains(&b'/') {
        return text;
    }
    let last_line = text.rsplit('\n').next().unwrap_or_default();
    let may_have_comments =
        text.starts_with('/') || text.ends_with("*/") || last_line.contains("//");
    if !may_have_comments {
        return text;
    }
    RawValue::from_ron(raw).map_or(text, |value| value.trim().get_ron())
}

/// What stands in parentheses, without the comments and blanks around it; `None` where no parentheses
/// are.
pub(crate) fn inside(terms: &str) -> Option<&str> {
    bare(terms).strip_prefix('(')?.strip_suffix(')').map(bare)
}

/// What a value in quotation marks says, raw or not; `None` for other values.
pub(crate) fn text_of(raw: &str) -> Option<String> {
    options().from_str(raw).ok()
}

/// The text inside of `Some(...)`, or the text itself; nothing for `None`.
fn unwrap_some(raw: &str) -> Option<&str> {
    let text = bare(raw);
    match text.strip_prefix("Some").map(bare) {
        Some(rest) if rest.starts_with('(') => inside(rest),
        _ => (text != "None").then_some(text),
    }
}

/// Characters of a value that a message shows.
const SHOWN: usize = 60;

/// A value short enough for a message.
fn shorten(raw: &str) -> String {
    // Counted letter by letter, because the value may be the rest of a file of many megabytes.
    let mut line = String::new();
    let mut letters = 0;
    for word in raw.split_whitespace() {
        let blank = if line.is_empty() { "" } else { " " };
        for letter in blank.chars().chain(word.chars()) {
            line.push(letter);
            letters += 1;
            if letters > SHOWN {
                let kept: String = line.chars().take(SHOWN - 3).collect();
                return kept + "...";
            }
        }
    }
    line
}

/// What is most likely wrong with a value that is none of its type, and what would be right.
fn expected_of(raw: &str, expected: &str) -> String {
    // Germans write 1.000 for a thousand; `ron` sees a number with decimals.
    let digits: String = raw.chars().filter(|letter| !letter.is_whitespace()).collect();
    let is_number = digits.chars().all(|letter| letter.is_ascii_digit() || ".-".contains(letter));
    let groups: Vec<&str> = digits.trim_start_matches('-').split('.').collect();
    let is_grouped = groups.len() > 1 && groups[1..].iter().all(|group| group.len() == 3);
    // It may be said in the language in force already.
    let expected = words::of(expected);
    let whole_number = words::of("a whole number");
    if is_number && is_grouped && expected.starts_with(&*whole_number) {
        return said!(
            "{expected}, written without a point: {replace}",
            expected,
            replace = digits.replace('.', "")
        );
    }
    expected.into_owned()
}

impl<'s> Reader<'s> {
    /// Of a text as `bytes::clean` gives it.
    pub(crate) fn new(file: &str, source: &'s str) -> Self {
        Self {
            file: file.into(),
            source,
            lines: Lines::new(source),
            problems: Problems::default(),
            locations: Locations::default(),
        }
    }

    /// Line and column (from 1, in characters) of a slice of the source.
    fn place_of(&self, part: &str) -> (u32, u32) {
        let offset = (part.as_ptr() as usize).saturating_sub(self.source.as_ptr() as usize);
        self.lines.place(self.source, offset)
    }

    /// Notes where a path of an entity stands.
    pub(crate) fn locate(&mut self, entity: Entity, path: &str, at: &str) {
        let (line, column) = self.place_of(at);
        self.locations.insert(entity, path, (Arc::clone(&self.file), line, column));
    }

    pub(crate) fn problem(&mut self, label: &str, field: &str, at: &str, fault: Fault) {
        let (line, column) = self.place_of(at);
        self.problems.push(Problem {
            kind: fault.kind,
            file: Some(self.file.to_string()),
            line: Some(line),
            column: Some(column),
            entity: label.to_owned(),
            field: field.to_owned(),
            message: fault.message,
            expected: fault.expected,
            closest: fault.closest,
        });
    }

    /// Reads raw text as a type of `ron`; a fault is a syntax error at its place.
    fn parse<T: Deserialize<'s>>(&mut self, raw: &'s str, label: &str, field: &str) -> Option<T> {
        match options().from_str(raw) {
            Ok(value) => Some(value),
            Err(error) => {
                self.syntax(raw, label, field, &error);
                None
            }
        }
    }

    fn syntax(&mut self, raw: &'s str, label: &str, field: &str, error: &SpannedError) {
        let stop = offset_in(raw, error.span.start.line, error.span.start.col);
        if let Some((start, message)) = usual_slip(raw, stop, &error.code) {
            self.problem(label, field, &raw[start..], Fault::new(ProblemKind::Syntax, message));
            return;
        }
        let message = match error.code {
            ron::Error::ExceededRecursionLimit => "brackets within brackets, too deep".to_owned(),
            ref code => lower_first(&code.to_string()),
        };
        self.problem(label, field, &raw[stop..], Fault::new(ProblemKind::Syntax, message));
    }

    /// The whole file as one record, with or without this name in front of it.
    pub(crate) fn root(&mut self, name: &'static str, entity: Entity) -> Option<Record<'s>> {
        let source = self.source;
        match options().from_str_seed(source, Named(name)) {
            Ok(fields) => Some(self.open(fields, source, entity, "", "")),
            Err(error) => {
                self.syntax(source, "", "", &error);
                None
            }
        }
    }

    /// The whole file as a list.
    pub(crate) fn root_list(&mut self) -> Option<Vec<&'s str>> {
        let source = self.source;
        let list: Vec<&RawValue> = self.parse(source, "", "")?;
        Some(list.into_iter().map(|raw| bare(raw.get_ron())).collect())
    }

    /// Raw text as a list in brackets.
    pub(crate) fn elements(
        &mut self,
        raw: &'s str,
        label: &str,
        field: &str,
    ) -> Option<Vec<&'s str>> {
        let list: Vec<&RawValue> = self.parse(raw, label, field)?;
        Some(list.into_iter().map(|raw| bare(raw.get_ron())).collect())
    }

    /// Raw text as one value.
    pub(crate) fn value<T: Deserialize<'s>>(
        &mut self,
        raw: &'s str,
        label: &str,
        field: &str,
        expected: &str,
    ) -> Option<T> {
        let value = options().from_str(raw).ok();
        if value.is_none() {
            let message = said!("{shorten} is not what belongs here", shorten = shorten(raw));
            let fault = Fault::new(ProblemKind::Type, message).expected(expected_of(raw, expected));
            self.problem(label, field, raw, fault);
        }
        value
    }

    /// Raw text as a record of an entity; `label` names it in messages.
    pub(crate) fn record(
        &mut self,
        raw: &'s str,
        entity: Entity,
        label: &str,
        path: &str,
    ) -> Option<Record<'s>> {
        let fields: RawRecord = self.parse(raw, label, path)?;
        Some(self.open(fields, raw, entity, label, path))
    }

    fn open(
        &mut self,
        raw: RawRecord<'s>,
        at: &'s str,
        entity: Entity,
        label: &str,
        path: &str,
    ) -> Record<'s> {
        self.locate(entity, path, at);

        // Of a field that is there twice the first one counts, so that its own faults are told as well.
        let mut fields: Vec<(String, &'s str)> = Vec::with_capacity(raw.0.len());
        let mut names: HashSet<String> = HashSet::new();
        for (name, value) in raw.0 {
            let value = bare(value.get_ron());
            if !names.insert(name.clone()) {
                let fault = Fault::new(ProblemKind::Duplicate, "the field is there twice");
                self.problem(label, &join(path, &name), value, fault);
                continue;
            }
            self.locate(entity, &join(path, &name), value);
            fields.push((name, value));
        }
        let asked = BTreeSet::new();
        Record { entity, label: label.to_owned(), path: path.to_owned(), start: at, fields, asked }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The byte offset of a line and column (from 1, in characters) in a text.
fn offset_in(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[start.min(text.len())..];
    let letter = rest.char_indices().nth(column.saturating_sub(1));
    let within = letter.map_or(rest.len(), |(offset, _)| offset);
    (start + within).min(text.len())
}

/// A usual slip at which reading stops: where it begins and what it is.
fn usual_slip(raw: &str, stop: usize, code: &ron::Error) -> Option<(usize, String)> {
    // 0,5 ends the field before the comma for `ron`, which then wants the name of a field.
    let is_of_number = |letter: char| letter.is_ascii_digit() || ".,-".contains(letter);
    let start = raw[..stop].trim_end_matches(is_of_number).len();
    let behind = &raw[stop..];
    let end = stop + behind.find(|letter| !is_of_number(letter)).unwrap_or(behind.len());
    let number = raw[start..end].trim_end_matches(',');
    let parts: Vec<&str> = number.split(',').collect();
    let is_decimal = parts.len() == 2 && parts.iter().all(|part| !part.is_empty());
    if is_decimal && raw[..start].trim_end().ends_with(':') {
        let right = number.replace(',', ".");
        let message = if parts[1].len() == 3 {
            let whole = number.replace(',', "");
            said!(
                "{number} has a comma; write {right}, or {whole} where it marks thousands",
                number,
                right,
                whole
            )
        } else {
            said!("{number} has a decimal comma; write {right}", number, right)
        };
        return Some((start, message));
    }
    // The reader of the notation stops at the mark, or at the blank before it.
    let is_mark = |letter: char| {
        "„“”‚‘’«»".contains(letter) || (letter == '\'' && *code == ron::Error::ExpectedChar)
    };
    let mut letters = behind.char_indices().take(2);
    let (offset, mark) = letters.find(|(_, letter)| is_mark(*letter))?;
    Some((stop + offset, said!("{mark} is no quotation mark of this notation; write \"", mark)))
}

/// A text of a field with its keys in the spelling of today. What has a blank is prose, as in what a scenario
/// assumes.
fn respelled_in(name: &str, text: String) -> String {
    if KEYS.contains(&name) && !text.contains(' ') { respelled(text) } else { text }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect::<String>().trim_end_matches('.').to_owned()
    })
}

impl<'s> Record<'s> {
    pub(crate) fn path_of(&self, name: &str) -> String {
        join(&self.path, name)
    }

    /// The raw text of a field; `None` when it is not there or `None`.
    fn take(&mut self, name: &str) -> Option<&'s str> {
        // Some fields are asked for twice, in each of thousands of records: the name is copied once.
        if !self.asked.contains(name) {
            self.asked.insert(name.to_owned());
        }
        let (_, raw) = self.fields.iter().find(|(field, _)| field == name)?;
        unwrap_some(raw)
    }

    fn fault(&self, reader: &mut Reader<'s>, name: &str, at: &str, fault: Fault) {
        reader.problem(&self.label, &self.path_of(name), at, fault);
    }

    fn wrong_type(&self, reader: &mut Reader<'s>, name: &str, raw: &str, expected: &str) {
        let message = said!("{shorten} is not what belongs here", shorten = shorten(raw));
        let fault = Fault::new(ProblemKind::Type, message).expected(expected_of(raw, expected));
        self.fault(reader, name, raw, fault);
    }

    /// Says that a text has characters that nobody sees, or that a terminal obeys. Lines may break in
    /// what is told at length.
    fn check_letters(&self, reader: &mut Reader<'s>, name: &str, raw: &'s str, text: &str) {
        let is_long = LONG_TEXTS.contains(&name);
        let is_wrong = |letter: &char| {
            is_unprintable(*letter) && !(is_long && matches!(letter, '\n' | '\r' | '\t'))
        };
        let Some(letter) = text.chars().find(is_wrong) else { return };
        let message = match letter {
            '\n' | '\r' => "a line break in a text of one line".to_owned(),
            '\t' => "a tab in a text of one line".to_owned(),
            _ => said!(
                "the invisible character U+{from} in a text",
                from = format!("{:04X}", u32::from(letter))
            ),
        };
        let fault = Fault::new(ProblemKind::Range, message);
        self.fault(reader, name, raw, fault.expected("letters that can be seen, and blanks"));
    }

    /// Says that a field must be there.
    pub(crate) fn missing(&self, reader: &mut Reader<'s>, name: &str, expected: &str) {
        let fault = Fault::new(ProblemKind::Missing, "is missing").expected(expected);
        self.fault(reader, name, self.start, fault);
    }

    /// A text.
    pub(crate) fn text(&mut self, reader: &mut Reader<'s>, name: &str) -> Option<String> {
        let raw = self.take(name)?;
        let Ok(text) = options().from_str::<String>(raw) else {
            self.wrong_type(reader, name, raw, "a text in quotation marks");
            return None;
        };
        self.check_letters(reader, name, raw, &text);
        Some(respelled_in(name, text))
    }

    /// A text that must be there and say something.
    pub(crate) fn required_text(&mut self, reader: &mut Reader<'s>, name: &str) -> Option<String> {
        if !self.has(name) {
            self.asked.insert(name.to_owned());
            self.missing(reader, name, "a text in quotation marks");
            return None;
        }

        // Quotation marks with nothing between them are what a template leaves.
        let text = self.text(reader, name)?;
        if text.trim().is_empty() {
            let raw = self.raw(name);
            self.fault(reader, name, raw, Fault::new(ProblemKind::Missing, "is empty"));
            return None;
        }
        Some(text)
    }

    /// Whether the field is there and not `None`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, raw)| field == name && unwrap_some(raw).is_some())
    }

    /// The raw text of a field; the start of the record where it is not there.
    pub(crate) fn raw(&self, name: &str) -> &'s str {
        let field = self.fields.iter().find(|(field, _)| field == name);
        field.map_or(self.start, |(_, raw)| raw)
    }

    /// A whole number from 0.
    pub(crate) fn count(&mut self, reader: &mut Reader<'s>, name: &str) -> Option<u32> {
        let raw = self.take(name)?;

        // Read with its sign, so that -5 is out of range and not merely no number.
        let Ok(number) = options().from_str::<i64>(raw) else {
            self.wrong_type(reader, name, raw, "a whole number");
            return None;
        };
        let value = u32::try_from(number).ok().filter(|number| *number <= MOST);
        if value.is_none() {
            let expected = said!("a whole number from 0 to {most}", most = MOST);
            let fault = Fault::new(ProblemKind::Range, said!("{number} is out of range", number))
                .expected(expected);
            self.fault(reader, name, raw, fault);
        }
        value
    }

    /// A finite number within bounds, both inclusive.
    pub(crate) fn number(
        &mut self,
        reader: &mut Reader<'s>,
        name: &str,
        bounds: (f64, f64),
    ) -> Option<f64> {
        let raw = self.take(name)?;
        let Ok(number) = options().from_str::<f64>(raw) else {
            self.wrong_type(reader, name, raw, "a number");
            return None;
        };
        if (bounds.0..=bounds.1).contains(&number) {
            return Some(number);
        }
        let expected = if bounds == (f64::MIN, f64::MAX) {
            "a finite number".to_owned()
        } else if bounds.1 == f64::MAX {
            said!("a number from {bounds}", bounds = bounds.0)
        } else {
            said!("a number from {least} to {most}", least = bounds.0, most = bounds.1)
        };
        let fault = Fault::new(ProblemKind::Range, said!("{number} is out of range", number));
        self.fault(reader, name, raw, fault.expected(expected));
        None
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, reader: &mut Reader<'s>, name: &str) -> Option<bool> {
        let raw = self.take(name)?;
        let value = options().from_str(raw).ok();
        if value.is_none() {
            self.wrong_type(reader, name, raw, "true or false");
        }
        value
    }

    /// A text that is read further: a date, a span of time, opening hours.
    pub(crate) fn parsed<T>(&mut self, reader: &mut Reader<'s>, name: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let raw = self.take(name)?;
        // A bare word such as `Always` is as good as one in quotation marks.
        let text: String = options().from_str(raw).unwrap_or_else(|_| raw.to_owned());
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(reader, name, raw, Fault::new(ProblemKind::Type, error.to_string()));
                None
            }
        }
    }

    /// One of a fixed set of words.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        reader: &mut Reader<'s>,
        name: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let raw = self.take(name)?;
        match pick(raw, choices) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.fault(reader, name, raw, fault);
                None
            }
        }
    }

    /// A list of words of a fixed set.
    pub(crate) fn choices<T: Copy>(
        &mut self,
        reader: &mut Reader<'s>,
        name: &str,
        choices: &[(&str, T)],
    ) -> Vec<T> {
        let mut values = Vec::new();
        for raw in self.list(reader, name) {
            match pick(raw, choices) {
                Ok(value) => values.push(value),
                Err(fault) => self.fault(reader, name, raw, fault),
            }
        }
        values
    }

    /// The raw elements of a list; empty when it is not there.
    pub(crate) fn list(&mut self, reader: &mut Reader<'s>, name: &str) -> Vec<&'s str> {
        let Some(raw) = self.take(name) else { return Vec::new() };
        let Ok(list) = options().from_str::<Vec<&RawValue>>(raw) else {
            self.wrong_type(reader, name, raw, "a list in brackets");
            return Vec::new();
        };
        list.into_iter().map(|raw| bare(raw.get_ron())).collect()
    }

    /// How many elements a list has, 0 when it is not there; `None` when it is no list.
    pub(crate) fn list_length(&mut self, name: &str) -> Option<usize> {
        let Some(raw) = self.take(name) else { return Some(0) };
        options().from_str::<Vec<&RawValue>>(raw).ok().map(|list| list.len())
    }

    /// A list of values of one type; each one's place is noted as `name[index]`.
    pub(crate) fn values<T: Deserialize<'s>>(
        &mut self,
        reader: &mut Reader<'s>,
        name: &str,
        expected: &str,
    ) -> Vec<T> {
        let elements = self.list(reader, name);

        // All at once, which takes a tenth of the time; one by one where that tells which one is wrong.
        let whole = self.take(name).and_then(|raw| options().from_str::<Vec<T>>(raw).ok());
        let mut whole = whole.unwrap_or_default().into_iter();

        let mut values = Vec::with_capacity(elements.len());
        for raw in elements {
            if let Some(value) = whole.next().or_else(|| options().from_str(raw).ok()) {
                let path = format!("{}[{}]", self.path_of(name), values.len());
                reader.locate(self.entity, &path, raw);
                values.push(value);
            } else {
                self.wrong_type(reader, name, raw, expected);
            }
        }
        values
    }

    /// A list of texts; each one's place is noted as `name[index]`.
    pub(crate) fn texts(&mut self, reader: &mut Reader<'s>, name: &str) -> Vec<String> {
        let texts: Vec<String> = self.values(reader, name, "a text in quotation marks");
        if texts.iter().any(|text| text.contains(is_unprintable)) {
            for raw in self.list(reader, name) {
                let text = text_of(raw).unwrap_or_default();
                self.check_letters(reader, name, raw, &text);
            }
        }
        texts.into_iter().map(|text| respelled_in(name, text)).collect()
    }

    /// A number, finite or not: its bounds are checked later.
    pub(crate) fn any_number(&mut self, reader: &mut Reader<'s>, name: &str) -> Option<f64> {
        let raw = self.take(name)?;
        let value = options().from_str(raw).ok();
        if value.is_none() {
            self.wrong_type(reader, name, raw, "a number");
        }
        value
    }

    /// A list of records, with paths `name[index]`.
    pub(crate) fn records(&mut self, reader: &mut Reader<'s>, name: &str) -> Vec<Record<'s>> {
        let list = self.list(reader, name);
        let mut records = Vec::with_capacity(list.len());
        for (index, raw) in list.into_iter().enumerate() {
            let path = format!("{}[{index}]", self.path_of(name));
            records.extend(reader.record(raw, self.entity, &self.label, &path));
        }
        records
    }

    /// A record in a field.
    pub(crate) fn inner(&mut self, reader: &mut Reader<'s>, name: &str) -> Option<Record<'s>> {
        let raw = self.take(name)?;
        reader.record(raw, self.entity, &self.label, &self.path_of(name))
    }

    /// A map from texts to records, in the order of its keys; a key that is there twice is a fault.
    pub(crate) fn map(&mut self, reader: &mut Reader<'s>, name: &str) -> BTreeMap<String, &'s str> {
        let Some(raw) = self.take(name) else { return BTreeMap::new() };
        let Ok(entries) = options().from_str::<RawMap>(raw) else {
            self.wrong_type(reader, name, raw, "a map in braces with texts as keys");
            return BTreeMap::new();
        };
        let mut map = BTreeMap::new();
        for (key, value) in entries.0 {
            // A key is a text as well, and shown in messages and results.
            let value = bare(value.get_ron());
            self.check_letters(reader, name, value, &key);
            match map.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(value);
                }
                Entry::Occupied(entry) => {
                    let message = said!("\"{key}\" is there twice", key = entry.key());
                    self.fault(reader, name, value, Fault::new(ProblemKind::Duplicate, message));
                }
            }
        }
        map
    }

    /// A map of texts to texts.
    pub(crate) fn text_map(
        &mut self,
        reader: &mut Reader<'s>,
        name: &str,
    ) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for (key, raw) in self.map(reader, name) {
            let Some(text) = text_of(raw) else {
                self.wrong_type(reader, name, raw, "a text in quotation marks");
                continue;
            };
            self.check_letters(reader, name, raw, &text);
            // Only what marks a value is a path: rules have keys of their own.
            let key = if name == "derived" { respelled(key) } else { key };
            texts.insert(key, text);
        }
        texts
    }

    /// A word with terms in parentheses: `Telemedicine(consult: "10m")` or just `Framework`.
    pub(crate) fn tagged(
        &mut self,
        reader: &mut Reader<'s>,
        name: &str,
    ) -> Option<(&'s str, Option<Record<'s>>, &'s str)> {
        let raw = self.take(name)?;
        let (word, terms) = split_tag(raw);
        let record = match terms {
            None => None,
            Some(terms) => {
                Some(reader.record(terms, self.entity, &self.label, &self.path_of(name))?)
            }
        };
        Some((word, record, raw))
    }

    /// A list that stands in a map of this record, of words with terms in parentheses; each one's place is noted as
    /// `path[index]`.
    pub(crate) fn tagged_list(
        &self,
        reader: &mut Reader<'s>,
        path: &str,
        raw: &'s str,
    ) -> Vec<(&'s str, Option<Record<'s>>)> {
        let path = self.path_of(path);
        reader.locate(self.entity, &path, raw);
        let Some(list) = reader.elements(raw, &self.label, &path) else { return Vec::new() };
        let mut tagged = Vec::with_capacity(list.len());
        for (index, raw) in list.into_iter().enumerate() {
            let path = format!("{path}[{index}]");
            reader.locate(self.entity, &path, raw);
            let (word, terms) = split_tag(raw);
            let terms =
                terms.and_then(|terms| reader.record(terms, self.entity, &self.label, &path));
            tagged.push((word, terms));
        }
        tagged
    }

    /// The raw text of a field, for values that have a notation of their own.
    pub(crate) fn raw_value(&mut self, name: &str) -> Option<&'s str> {
        self.take(name)
    }

    /// Reports a fault of a field.
    pub(crate) fn report(&self, reader: &mut Reader<'s>, name: &str, fault: Fault) {
        self.fault(reader, name, self.raw(name), fault);
    }

    /// Every field that nobody asked for is a fault.
    pub(crate) fn finish(self, reader: &mut Reader<'s>) {
        // Whoever reads a field has asked for it, so that no list of fields can fall behind the code.
        let known: Vec<&str> = self.asked.iter().map(String::as_str).collect();
        for (name, raw) in &self.fields {
            if !known.contains(&name.as_str()) {
                let mut fault = Fault::new(ProblemKind::UnknownField, "there is no such field")
                    .expected(said!("one of {known}", known = known.join(", ")));
                fault.closest = closest(name, known.iter().copied());
                self.fault(reader, name, raw, fault);
            }
        }
    }
}

fn pick<T: Copy>(raw: &str, choices: &[(&str, T)]) -> Result<T, Fault> {
    let text = text_of(raw);
    let word = text.as_deref().unwrap_or(raw);
    let mut names = Vec::with_capacity(choices.len());
    for (name, value) in choices {
        if *name == word {
            return Ok(*value);
        }
        names.push(*name);
    }
    let fault =
        Fault::new(ProblemKind::Unknown, said!("unknown word {shorten}", shorten = shorten(raw)))
            .expected(said!("one of {names}", names = names.join(", ")));
    Err(Fault { closest: closest(word, names), ..fault })
}

/// `Word(terms)` as the word and the parenthesised terms; what is no word is a word without terms.
pub(crate) fn split_tag(raw: &str) -> (&str, Option<&str>) {
    let raw = bare(raw);
    // Not left to `ron`, which knows the words of an enum only with the types of their terms: one wrong term
    // would hide the word.
    let is_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let end = raw.find(|letter| !is_of_word(letter)).unwrap_or(raw.len());
    let terms = bare(&raw[end..]);
    if end > 0 && terms.starts_with('(') { (&raw[..end], Some(terms)) } else { (raw, None) }
}

/// The fields of a record as they stand.
struct RawRecord<'s>(Vec<(String, &'s RawValue)>);

/// The entries of a map as they stand.
struct RawMap<'s>(Vec<(String, &'s RawValue)>);

/// The name of a field.
struct Identifier(String);

impl<'de> Deserialize<'de> for Identifier {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Identifier;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("the name of a field")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Identifier, E> {
                Ok(Identifier(name.to_owned()))
            }
        }
        from.deserialize_identifier(Name)
    }
}

/// Visits fields or map entries alike: `K` says how a key is written.
struct Entries<K>(PhantomData<K>);

impl<'de, K: Deserialize<'de> + Into<String>> Visitor<'de> for Entries<K> {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("fields in parentheses, or a map in braces")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(name) = map.next_key::<K>()? {
            entries.push((name.into(), map.next_value()?));
        }
        Ok(entries)
    }
}

impl From<Identifier> for String {
    fn from(name: Identifier) -> Self {
        name.0
    }
}

impl<'de: 's, 's> Deserialize<'de> for RawRecord<'s> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // Without a list of fields and with an empty name `ron` takes any field of any record.
        from.deserialize_struct("", &[], Entries::<Identifier>(PhantomData)).map(Self)
    }
}

/// A record with or without this name in front of it.
struct Named(&'static str);

impl<'de> DeserializeSeed<'de> for Named {
    type Value = RawRecord<'de>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_struct(self.0, &[], Entries::<Identifier>(PhantomData)).map(RawRecord)
    }
}

impl<'de: 's, 's> Deserialize<'de> for RawMap<'s> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Entries::<String>(PhantomData)).map(Self)
    }
}
