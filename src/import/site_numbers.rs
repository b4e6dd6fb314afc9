//! The official number of each site of the directory, where a register leaves no doubt which site is meant.

use std::collections::{BTreeSet, HashMap};

use super::address::AddressKey;
use super::directory::Directory;
use super::directory_site::DirectorySite;
use super::known_sites::{KnownSite, KnownSites};
use super::sources::{REGISTER, positions_key};
use crate::model::Fact;
use crate::names::spell_out;

/// The field of a fact that is the number of a site.
const FIELD: &str = "site_number";
/// A word of a name has as many letters at least.
const LETTERS: usize = 4;
/// Words that names of different hospitals share.
const COMMON_WORDS: [&str; 13] = [
    "krankenhaus",
    "klinik",
    "kliniken",
    "klinikum",
    "tagesklinik",
    "hauptstandort",
    "standort",
    "gmbh",
    "ggmbh",
    "gemeinnuetzige",
    "stationaere",
    "behandlung",
    "hospital",
];

/// Numbers of sites by address.
pub(super) struct SiteNumbers<'f> {
    files: Vec<NumberedFile<'f>>,
    /// How many rows of the directory have an address.
    rows_at: HashMap<AddressKey, usize>,
}

struct NumberedFile<'f> {
    /// Key of the source.
    source: &'static str,
    by_address: HashMap<AddressKey, Vec<&'f KnownSite>>,
}

impl<'f> SiteNumbers<'f> {
    pub(super) fn new(directory: &Directory, known: &'f [KnownSites]) -> Self {
        let mut files = Vec::new();
        for file in known {
            let mut by_address: HashMap<AddressKey, Vec<&KnownSite>> = HashMap::new();
            for site in &file.sites {
                if site.address.has_street() {
                    by_address.entry(site.address.key()).or_default().push(site);
                }
            }
            files.push(NumberedFile { source: positions_key(file), by_address });
        }
        // The register is published every week.
        files.sort_by_key(|file| file.source != REGISTER);

        let mut rows_at: HashMap<AddressKey, usize> = HashMap::new();
        for site in &directory.sites {
            *rows_at.entry(site.address.key()).or_default() += 1;
        }
        Self { files, rows_at }
    }

    /// The number of a site as a fact with its source. At its address there is no other site, neither in the directory
    /// nor in the register, and both names have a word in common: another hospital may have moved in.
    pub(super) fn fact(&self, site: &DirectorySite) -> Option<Fact> {
        let address = site.address.key();
        if !site.address.has_street() || self.rows_at.get(&address) != Some(&1) {
            return None;
        }
        for file in &self.files {
            let Some([known]) = file.by_address.get(&address).map(Vec::as_slice) else { continue };
            let Some(number) = known.site_number.as_deref().filter(|number| is_of_a_site(number))
            else {
                continue;
            };
            if has_a_word_of(site, known) {
                return Some(Fact {
                    field: FIELD.to_owned(),
                    value: number.to_owned(),
                    unit: None,
                    year: None,
                    source: file.source.to_owned(),
                });
            }
        }
        None
    }
}

/// Whether a number is one of a site since 2020: nine digits, the first two of which are 77.
fn is_of_a_site(number: &str) -> bool {
    let is_digits = number.bytes().all(|letter| letter.is_ascii_digit());
    number.len() == 9 && is_digits && number.starts_with("77")
}

/// The number of a site in GISCO's table, whose `site` is `001_771392`: behind the six digits of a hospital's site stand
/// three zeros (agreement on the register of sites, section 7 (5)).
pub(super) fn of_gisco(site: &str) -> Option<String> {
    let (_, digits) = site.split_once('_')?;
    let number = format!("{digits}000");
    is_of_a_site(&number).then_some(number)
}

fn has_a_word_of(site: &DirectorySite, known: &KnownSite) -> bool {
    let texts = [&site.hospital, &site.site, &site.address.city];
    let in_directory = words(&texts.map(String::as_str));
    let in_register = words(&[&known.hospital, &known.name]);
    !in_directory.is_disjoint(&in_register)
}

/// The words of names that tell hospitals apart, in one spelling.
fn words(names: &[&str]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for name in names {
        for word in spell_out(name).split_whitespace() {
            if word.chars().count() >= LETTERS && !COMMON_WORDS.contains(&word) {
                words.insert(word.to_owned());
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_gisco_are_the_six_digits_and_three_zeros() {
        assert_eq!(of_gisco("001_771392").as_deref(), Some("771392000"));
        assert_eq!(of_gisco("004_771040").as_deref(), Some("771040000"));
        for none in ["771392", "001_", "001_761392", "001_7713921", "001_77139a", ""] {
            assert_eq!(of_gisco(none), None, "{none}");
        }
    }
}
