//! What a person needs, by the key or name that somebody typed.

use crate::model::{Catalog, Requirement};
use crate::names::{self, NameError};

/// What a person needs: the requirement behind a specialty, facility, condition or standard.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The need of this key or name: a facility, a tracer condition, a specialty or a standard, in
    /// this order where they share a key; a facility that shares it with a standard asks for what the
    /// standard asks for, so that a trauma centre is one thing in `coverage` and here. English and German names work, umlauts or not.
    ///
    /// # Errors
    ///
    /// When nothing, or more than one thing, is called so.
    pub fn find(catalog: &Catalog, typed: &str) -> Result<Self, NeedError> {
        let needs = Self::all(catalog);
        let by_key = |(need, _): &&(Self, String)| need.key == typed;
        if let Some((need, _)) = needs.iter().find(by_key) {
            return Ok(need.clone());
        }
        let wanted = names::fold(typed);
        let named = |(need, german): &&(Self, String)| {
            names::fold(&need.name) == wanted || names::fold(german) == wanted
        };
        if let Some((need, _)) = needs.iter().find(named) {
            return Ok(need.clone());
        }
        let english = names::find(
            "need",
            typed,
            needs.iter().map(|(n, _)| (n.key.as_str(), n.name.as_str())),
        );
        let german = || {
            names::find("need", typed, needs.iter().map(|(n, de)| (n.key.as_str(), de.as_str())))
        };
        let index = match english {
            Ok(index) => index,
            Err(error) => german().map_err(|_| error)?,
        };
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
        let mut all: Vec<(Self, String)> = Vec::new();
        for one in facilities.chain(conditions).chain(specialties).chain(standards) {
            let is_new = |own: &(Self, String)| own.0.key != one.0.key && own.0.name != one.0.name;
            if all.iter().all(is_new) {
                all.push(one);
            }
        }
        all
    }
}
