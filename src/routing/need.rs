//! What a person needs, by the key or name that somebody typed.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::{Catalog, Requirement};
use crate::names::{self, Entry, NameError};

/// What a person needs: the requirement behind a specialty, facility, condition or standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Need {
    /// The key in the catalog.
    pub key: String,
    /// The English name.
    pub name: String,
    /// What a hospital must offer.
    pub requirement: Requirement,
}

/// A need with its German name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedNeed {
    /// The need, with its English name.
    pub need: Need,
    /// The German name.
    pub name_de: String,
}

/// Nothing in the catalog is called so.
pub type NeedError = NameError;

impl Need {
    /// The need of this key or name, by the rule of [`names::pick`]: a facility, a tracer condition, a
    /// specialty or a standard, in this order where they share a key or name; a facility that shares its
    /// key with a standard asks for what the standard asks for, so that a trauma centre is one thing in
    /// `coverage` and here. English and German names work, umlauts or not.
    ///
    /// # Errors
    ///
    /// When nothing, or more than one thing, is called so.
    pub fn find(catalog: &Catalog, typed: &str) -> Result<Self, NeedError> {
        let needs = Self::all(catalog);
        let mut names_before: BTreeSet<&str> = BTreeSet::new();
        let mut entries = Vec::with_capacity(needs.len());
        for NamedNeed { need, name_de } in &needs {
            // Of a facility and a standard with one name the facility is meant.
            let is_first = names_before.insert(&need.name);
            entries.push(Entry::new(&need.key, &need.name).or(name_de).preferred(is_first));
        }

        let index = names::pick("need", typed, &entries)?;
        Ok(needs[index].need.clone())
    }

    /// Every need of a catalog with its German name; each key once.
    pub fn all(catalog: &Catalog) -> Vec<NamedNeed> {
        let mut needs = Needs::default();
        for facility in &catalog.facilities {
            // A trauma centre is one thing, here and in coverage: what the standard of that key asks for.
            let requirement = match catalog.standard(&facility.key) {
                Some(standard) => standard.requirement.clone(),
                None => Requirement::Facility { kind: facility.key.clone(), at_least: None },
            };
            needs.add(&facility.key, &facility.name, &facility.name_de, requirement);
        }
        for condition in &catalog.demand.conditions {
            let requirement = condition.requirement.clone();
            needs.add(&condition.key, &condition.name, &condition.name_de, requirement);
        }
        for specialty in &catalog.specialties {
            let requirement = Requirement::Specialty(specialty.key.clone());
            needs.add(&specialty.key, &specialty.name, &specialty.name_de, requirement);
        }
        for standard in &catalog.standards {
            let requirement = standard.requirement.clone();
            needs.add(&standard.key, &standard.name, &standard.name_de, requirement);
        }
        needs.named
    }
}

/// Needs with their German names, each key once.
#[derive(Default)]
struct Needs {
    named: Vec<NamedNeed>,
    keys: BTreeSet<String>,
}

impl Needs {
    /// Adds a need, unless another one has its key.
    fn add(&mut self, key: &str, name: &str, name_de: &str, requirement: Requirement) {
        if self.keys.insert(key.to_owned()) {
            let need = Need { key: key.to_owned(), name: name.to_owned(), requirement };
            self.named.push(NamedNeed { need, name_de: name_de.to_owned() });
        }
    }
}
