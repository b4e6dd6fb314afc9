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
        for (need, german) in &needs {
            // Of a facility and a standard with one name the facility is meant.
            let is_first = names_before.insert(&need.name);
            entries.push(Entry::new(&need.key, &need.name).or(german).preferred(is_first));
        }

        let index = names::pick("need", typed, &entries)?;
        Ok(needs[index].0.clone())
    }

    /// Every need of a catalog with its German name; each key once.
    pub fn all(catalog: &Catalog) -> Vec<(Self, String)> {
        let need = |key: &str, name: &str, name_de: &str, requirement: Requirement| {
            let need = Self { key: key.to_owned(), name: name.to_owned(), requirement };
            (need, name_de.to_owned())
        };
        let facilities = catalog.facilities.iter().map(|one| {
            let of_any_grade = Requirement::Facility { kind: one.key.clone(), at_least: None };
            let standard = catalog.standard(&one.key);
            let requirement =
                standard.map_or(of_any_grade, |standard| standard.requirement.clone());
            need(&one.key, &one.name, &one.name_de, requirement)
        });
        let conditions = catalog.demand.conditions.iter();
        let conditions =
            conditions.map(|one| need(&one.key, &one.name, &one.name_de, one.requirement.clone()));
        let specialties = catalog.specialties.iter().map(|one| {
            need(&one.key, &one.name, &one.name_de, Requirement::Specialty(one.key.clone()))
        });
        let standards = catalog.standards.iter();
        let standards =
            standards.map(|one| need(&one.key, &one.name, &one.name_de, one.requirement.clone()));
        let mut needs: Vec<(Self, String)> = Vec::new();
        let mut keys: BTreeSet<String> = BTreeSet::new();
        for named in facilities.chain(conditions).chain(specialties).chain(standards) {
            if keys.insert(named.0.key.clone()) {
                needs.push(named);
            }
        }
        needs
    }
}
