//! What a file says of one change: its fields, and the tables that it names.

use crate::files::bytes::decode;
use crate::files::places::read_places;
use crate::files::record::{Reader, Record, inside};
use crate::model::location::{Entity, Fault};
use crate::model::{DemandRates, Places};
use crate::problem::Problems;

/// What a file says of one change, still to be read.
pub(super) struct Terms<'r, 's, 't> {
    /// The name of the change.
    pub(super) name: &'static str,
    pub(super) entity: Entity,
    pub(super) label: &'r str,
    /// The whole change, and what stands behind its name.
    pub(super) raw: &'s str,
    pub(super) behind: &'s str,
    pub(super) reader: &'r mut Reader<'s>,
    pub(super) tables: &'r mut Tables<'t>,
}

impl<'r, 's, 't> Terms<'r, 's, 't> {
    /// Reads terms that are one key: `CloseHospital("south")`.
    pub(super) fn key(self, what: &str) -> Option<String> {
        let expected = said!(
            "{name}(\"key of a {what}\"), with the key alone in quotation marks",
            name = self.name,
            what
        );
        // Without its parentheses it is told as what stands there.
        let key = inside(self.behind).unwrap_or(self.behind);
        self.reader.value(key, self.label, "change", &expected)
    }

    /// Reads terms that are fields with names; those that `read` did not ask for are faults.
    pub(super) fn fields<T>(
        self,
        read: impl FnOnce(&mut Fields<'r, 's, 't>) -> Option<T>,
    ) -> Option<T> {
        let record = self.reader.record(self.behind, self.entity, self.label, "change")?;
        // Faults of the change as a whole point at its name, not at its terms.
        self.reader.locate(self.entity, "change", self.raw);
        let mut fields = Fields { reader: self.reader, record, tables: self.tables };
        let terms = read(&mut fields);
        fields.record.finish(fields.reader);
        terms
    }
}

/// The fields of a change.
pub(super) struct Fields<'r, 's, 't> {
    pub(super) reader: &'r mut Reader<'s>,
    pub(super) record: Record<'s>,
    pub(super) tables: &'r mut Tables<'t>,
}

impl<'s> Fields<'_, 's, '_> {
    /// A text that must be there; empty where it is not.
    pub(super) fn text(&mut self, name: &str) -> String {
        self.record.required_text(self.reader, name).unwrap_or_default()
    }

    /// A text that may be left out.
    pub(super) fn maybe_text(&mut self, name: &str) -> Option<String> {
        self.record.text(self.reader, name)
    }

    /// A list of texts; empty where it is left out.
    pub(super) fn texts(&mut self, name: &str) -> Vec<String> {
        self.record.texts(self.reader, name)
    }

    /// A whole number from 0 that may be left out.
    pub(super) fn count(&mut self, name: &str) -> Option<u32> {
        self.record.count(self.reader, name)
    }

    /// A whole number from 0 that must be there.
    pub(super) fn required_count(&mut self, name: &str) -> Option<u32> {
        self.expect(name, "a whole number from 0");
        self.record.count(self.reader, name)
    }

    /// A number of any size, which may be left out; whether it is in range is checked later.
    pub(super) fn any_number(&mut self, name: &str) -> Option<f64> {
        self.record.number(self.reader, name, (f64::MIN, f64::MAX))
    }

    /// One of a few names, which may be left out.
    pub(super) fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        self.record.choice(self.reader, name, choices)
    }

    /// A text in the notation of a type, which may be left out.
    pub(super) fn parsed<T>(&mut self, name: &str) -> Option<T>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        self.record.parsed(self.reader, name)
    }

    /// A record that must be there.
    pub(super) fn inner(&mut self, name: &str) -> Option<Record<'s>> {
        self.expect(name, "a record in parentheses");
        self.record.inner(self.reader, name)
    }

    /// Notes that a field is missing, where it is.
    pub(super) fn expect(&mut self, name: &str, expected: &str) {
        if !self.record.has(name) {
            self.record.missing(self.reader, name, expected);
        }
    }

    /// Notes a fault of a field.
    pub(super) fn report(&mut self, name: &str, fault: Fault) {
        self.record.report(self.reader, name, fault);
    }
}

/// The tables that a scenario names, found beside it.
pub(super) struct Tables<'a> {
    load: &'a dyn Fn(&str) -> Result<Vec<u8>, Fault>,
    reference: &'a DemandRates,
    /// Faults within tables, by their own file and line.
    pub(super) problems: Problems,
}

impl<'a> Tables<'a> {
    pub(super) fn new(
        load: &'a dyn Fn(&str) -> Result<Vec<u8>, Fault>,
        reference: &'a DemandRates,
    ) -> Self {
        Self { load, reference, problems: Problems::default() }
    }

    /// The places of a table; `None` when it has faults, which are noted.
    pub(super) fn read(&mut self, name: &str) -> Result<Option<Places>, Fault> {
        let bytes = (self.load)(name)?;
        let Some(text) = decode(name, &bytes, &mut self.problems) else { return Ok(None) };
        let (places, problems, _) = read_places(name, &text, self.reference);
        // A table with faults has too few people: nothing is built from it.
        let is_sound = problems.is_empty();
        self.problems.append(problems);
        Ok(is_sound.then_some(places))
    }
}
