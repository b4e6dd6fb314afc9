//! Faults collected of one entity after another, and the keys that they are looked up by.

use std::collections::BTreeSet;

use crate::calendar::Date;
use crate::model::location::{Entity, Fault, Locations};
use crate::model::{
    Alliance, Condition, Cooperation, FacilityKind, Field, Hospital, ListedDepartment,
    MinimumVolume, Network, Pathway, Provision, Rate, Specialty, Stage, Standard,
};
use crate::problem::{Problem, ProblemKind, Problems, Suggestions, a_key_of, closest};
use crate::words;

/// So many keys are listed where one of them is expected and none is close to what is there.
const FEW: usize = 10;

/// Which lists of the catalog were read: a reference into a list that could not be read says
/// nothing new.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "a list of files, each read or not")]
pub(crate) struct Known {
    pub(crate) specialties: bool,
    pub(crate) fields: bool,
    pub(crate) facilities: bool,
    pub(crate) demand: bool,
    pub(crate) hospitals: bool,
    pub(crate) cooperations: bool,
}

impl Known {
    pub(crate) const ALL: Self = Self {
        specialties: true,
        fields: true,
        facilities: true,
        demand: true,
        hospitals: true,
        cooperations: true,
    };
    pub(crate) const NOTHING: Self = Self {
        specialties: false,
        fields: false,
        facilities: false,
        demand: false,
        hospitals: false,
        cooperations: false,
    };

    fn covers(&self, what: &str) -> bool {
        match what {
            "specialty" => self.specialties,
            "facility" => self.facilities,
            // A field may be a specialty, so that it is unknown only where both lists were read.
            "field" => self.fields && self.specialties,
            "condition or specialty" => self.demand,
            "hospital" => self.hospitals,
            "cooperation" => self.cooperations,
            _ => true,
        }
    }
}

/// Collects faults of one entity after another.
pub(crate) struct Checker<'a> {
    pub(crate) known: &'a Known,
    pub(crate) locations: &'a Locations,
    pub(crate) problems: &'a mut Problems,
    pub(crate) entity: Entity,
    pub(crate) label: String,
    /// The path within the entity that other paths start from; empty for the entity itself.
    pub(crate) within: &'static str,
    pub(crate) suggestions: Suggestions,
}

impl Checker<'_> {
    pub(crate) fn at(&mut self, entity: Entity, label: String) {
        self.entity = entity;
        self.label = label;
    }

    pub(crate) fn fault(&mut self, path: &str, fault: Fault) {
        let path = match self.within {
            "" => path.to_owned(),
            within => format!("{within}.{path}"),
        };

        // Of an entity that was built in code nothing is written anywhere, and the fault has no place.
        let place = self.locations.find(self.entity, &path);
        self.problems.push(Problem {
            kind: fault.kind,
            file: place.map(|(file, ..)| file.to_string()),
            line: place.map(|(_, line, _)| *line),
            column: place.map(|(.., column)| *column),
            entity: self.label.clone(),
            field: path,
            message: fault.message,
            expected: fault.expected,
            closest: fault.closest,
        });
    }

    pub(crate) fn unknown<'k>(
        &mut self,
        path: &str,
        what: &str,
        key: &str,
        keys: impl IntoIterator<Item = &'k str>,
    ) {
        // A list that could not be read has a fault of its own, and would make one of every key.
        if !self.known.covers(what) {
            return;
        }
        let mut keys = keys.into_iter();

        // A list of few keys is read as a whole; of a long one, only what suggestions may look at.
        let few: Vec<&str> = keys.by_ref().take(FEW + 1).collect();

        // Stages are those of one pathway; every other kind of key has one list.
        let scope = if what.starts_with("stage") { self.label.as_str() } else { what };
        let candidates = few.iter().copied().chain(keys);
        let closest = self.suggestions.closest(scope, key, candidates);
        let expected = if closest.is_none() && (1..=FEW).contains(&few.len()) {
            said!("one of {few}", few = few.join(", "))
        } else {
            a_key_of(what)
        };
        let fault = Fault::new(
            ProblemKind::Unknown,
            said!("unknown {what} \"{key}\"", what = words::of(what), key),
        );
        let fault = Fault { closest, ..fault.expected(expected) };
        self.fault(path, fault);
    }

    pub(crate) fn duplicate(&mut self, path: &str, message: String) {
        self.fault(path, Fault::new(ProblemKind::Duplicate, message));
    }

    /// Two dates that must follow each other.
    pub(crate) fn order(
        &mut self,
        first: (&str, Option<Date>),
        second: (&str, Option<Date>),
        prefix: &str,
    ) {
        if let (Some(from), Some(to)) = (first.1, second.1)
            && to.is_by(from)
        {
            let message = said!(
                "{second} {to} is not after {first} {from}",
                second = second.0,
                to,
                first = first.0,
                from
            );
            let path = if prefix.is_empty() {
                second.0.to_owned()
            } else {
                format!("{prefix}.{}", second.0)
            };
            self.fault(&path, Fault::new(ProblemKind::Order, message).expected("a later date"));
        }
    }

    pub(crate) fn sources(&mut self, network: &Network, keys: &[String], path: &str) {
        for (index, key) in keys.iter().enumerate() {
            if !network.sources.contains_key(key) {
                let known = network.sources.keys().map(String::as_str);
                self.unknown(&format!("{path}[{index}]"), "source", key, known);
            }
        }
    }

    /// Keys must be words without spaces, each once. `entity` makes of a position in the list what stands
    /// there.
    pub(crate) fn keys<T: HasKey>(
        &mut self,
        kind: &str,
        entity: impl Fn(usize) -> Entity,
        entries: &[T],
    ) {
        let mut seen = BTreeSet::new();
        for (index, entry) in entries.iter().enumerate() {
            let key = entry.key();
            self.at(entity(index), format!("{kind} \"{key}\""));
            self.word(key);
            if !seen.insert(key) {
                self.duplicate("id", said!("there is a second {kind} \"{key}\"", kind, key));
            }
        }
    }

    /// A key must be a word without spaces. A slash separates keys in what simulations and traces call
    /// wards, patients and rosters (`north/neurology`), so that it cannot be part of one.
    pub(crate) fn word(&mut self, key: &str) {
        // A key may become the name of a file, and stands among others in lists of words.
        let is_no_word = |letter: char| letter.is_whitespace() || letter.is_control();
        if key.is_empty() || key.chars().any(|letter| is_no_word(letter) || letter == '/') {
            let fault = Fault::new(ProblemKind::Range, said!("\"{key}\" is no key", key))
                .expected("a word without spaces and slashes");
            self.fault("id", fault);
        }
    }

    pub(crate) fn choices(&mut self, path: &str, value: &str, what: &str, choices: &[&str]) {
        let mut fault = Fault::new(ProblemKind::Unknown, format!("\"{value}\" {what}"))
            .expected(said!("one of {choices}", choices = choices.join(", ")));
        fault.closest = closest(value, choices.iter().copied());
        self.fault(path, fault);
    }
}

/// What a file knows by a key.
pub(crate) trait HasKey {
    fn key(&self) -> &str;
}

macro_rules! have_key {
    ($($field:ident of $($kind:ty),+;)*) => {
        $($(impl HasKey for $kind {
            fn key(&self) -> &str {
                &self.$field
            }
        })+)*
    };
}

// A rate has no key of its own: there is at most one for each specialty.
have_key! {
    key of Alliance, Condition, Cooperation, FacilityKind, Field, Hospital, ListedDepartment, MinimumVolume,
        Pathway, Provision, Specialty, Stage, Standard;
    specialty of Rate;
}

/// The keys of a list.
pub(crate) fn keys_of<T: HasKey>(entries: &[T]) -> impl Iterator<Item = &str> {
    entries.iter().map(HasKey::key)
}
