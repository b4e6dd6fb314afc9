//! Keys and names of imported hospitals.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::ImportedSite;
use super::directory::DirectorySite;
use crate::names::spell_out;

/// Words of names that say nothing about which hospital it is.
const LEGAL_FORMS: [&str; 18] = [
    "ggmbh",
    "gmbh",
    "mbh",
    "gemeinnuetzige",
    "ag",
    "gag",
    "kg",
    "kgaa",
    "ev",
    "aoer",
    "adoer",
    "gkaoer",
    "ku",
    "co",
    "hauptstandort",
    "standort",
    "stationaere",
    "behandlung",
];

/// Words by which a name says that it is that of a house, not of a part of one or of an address.
const HOUSES: [&str; 12] = [
    "klinik",
    "krankenhaus",
    "krankenhaeuser",
    "hospital",
    "klinikum",
    "spital",
    "kliniken",
    "zentrum",
    "charite",
    "sanatorium",
    "lazarett",
    "hospiz",
];

/// Operators that are called like many others.
const GENERAL: [&str; 10] = [
    "landeskrankenhaus",
    "gemeinschaftsklinikum",
    "kreiskrankenhaus",
    "krankenhaus",
    "klinikum",
    "klinik",
    "universitaetsklinikum",
    "landkreis",
    "stadt",
    "land",
];

/// Longest key in letters.
const LONGEST: usize = 48;

/// What a site is called: its own name where that says what it is, else that of the hospital before it.
pub(super) fn site_name(site: &DirectorySite) -> String {
    if site.site == site.hospital || site.hospital.is_empty() {
        return site.site.clone();
    }
    let own = spell_out(&site.site);
    let is_house = HOUSES.iter().any(|word| own.contains(word)) && own.split(' ').count() > 1;
    if is_house { site.site.clone() } else { format!("{}, {}", site.hospital, site.site) }
}

/// Words of a name, joined by hyphens, of a bounded length, cut between words.
fn slug(name: &str) -> String {
    let spelled = spell_out(name);
    let ascii = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let words = spelled.split(' ').filter(ascii).filter(|word| !LEGAL_FORMS.contains(word));
    let mut slug = String::new();
    for word in words {
        let length = slug.len() + 1 + word.len();
        if !slug.is_empty() && length > LONGEST {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(word.chars().take(LONGEST));
    }
    slug
}

/// A key for each site: that of an earlier import where it is the same site, else the town and the name, then the
/// street, then a number. So it is the same whichever other sites are imported with it, as long as no two sites
/// of one town share their name.
pub(super) fn keys_of(sites: &[&DirectorySite], earlier: &[ImportedSite]) -> Vec<String> {
    let known = earlier_keys(sites, earlier);
    let bases: Vec<String> = sites.iter().map(|site| base_key(site)).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for base in &bases {
        *counts.entry(base).or_default() += 1;
    }
    let mut taken: BTreeSet<String> = known.iter().flatten().cloned().collect();
    let mut keys = Vec::with_capacity(sites.len());
    for ((site, base), known) in sites.iter().zip(&bases).zip(known) {
        if let Some(key) = known {
            keys.push(key);
            continue;
        }
        let mut key = base.clone();
        if counts[base.as_str()] > 1 {
            let street = slug(&site.address.street);
            key = format!("{base}-{street}").trim_end_matches('-').to_owned();
        }
        let wanted = key.clone();
        let mut number = 2;
        while !taken.insert(key.clone()) {
            key = format!("{wanted}-{number}");
            number += 1;
        }
        keys.push(key);
    }
    keys
}

/// What must be the same for a site to be that of an earlier import, the surest first.
type Likeness<'a> = (&'a dyn Fn(&DirectorySite) -> String, &'a dyn Fn(&ImportedSite) -> String);

/// The keys that sites had in an earlier import: by name and address, then by the address alone, then by name and
/// municipality; each only where one site fits one.
fn earlier_keys(sites: &[&DirectorySite], earlier: &[ImportedSite]) -> Vec<Option<String>> {
    let by_both: Likeness<'_> =
        (&|site| spell_out(&format!("{} {}", site.site, site.address.in_words())), &|own| {
            spell_out(&format!("{} {}", own.site, own.address))
        });
    let by_address: Likeness<'_> =
        (&|site| spell_out(&site.address.in_words()), &|own| spell_out(&own.address));
    let by_name: Likeness<'_> =
        (&|site| spell_out(&format!("{} {}", site.municipality, site.site)), &|own| {
            spell_out(&format!("{} {}", own.municipality, own.site))
        });
    let mut keys: Vec<Option<String>> = vec![None; sites.len()];
    for (of_site, of_earlier) in [by_both, by_address, by_name] {
        let taken: BTreeSet<&String> = keys.iter().flatten().collect();
        let mut before: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for own in earlier.iter().filter(|own| !taken.contains(&own.key)) {
            before.entry(of_earlier(own)).or_default().push(&own.key);
        }
        let mut now: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, site) in sites.iter().enumerate().filter(|(at, _)| keys[*at].is_none()) {
            now.entry(of_site(site)).or_default().push(at);
        }
        let mut found = Vec::new();
        for (likeness, places) in now {
            if let ([at], Some([key])) = (&places[..], before.get(&likeness).map(Vec::as_slice)) {
                found.push((*at, (*key).to_owned()));
            }
        }
        for (at, key) in found {
            keys[at] = Some(key);
        }
    }
    keys
}

/// Town and name; the town only once.
fn base_key(site: &DirectorySite) -> String {
    let name = slug(&site_name(site));
    let town = slug(site.address.city.split([',', '/', '(']).next().unwrap_or_default());
    let parts = name.split('-');
    let is_named =
        town.is_empty() || parts.clone().any(|part| part == town) || name.contains(&town);
    let key = if is_named { name } else { format!("{town}-{name}") };
    if key.is_empty() { format!("site-{}", site.row) } else { key }
}

/// The key of something that several sites share, such as an operator.
pub(super) fn group_key(name: &str) -> String {
    slug(name)
}

/// An operator's name as it can be compared, without its legal form; `None` for one that names nobody in
/// particular.
pub(super) fn operator_key(operator: &str) -> Option<String> {
    let spelled = spell_out(operator);
    let words: Vec<&str> = spelled.split(' ').filter(|word| !LEGAL_FORMS.contains(word)).collect();
    let is_general = words.len() == 1 && GENERAL.contains(&words[0]);
    (!words.is_empty() && !is_general).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_short_and_has_no_legal_form() {
        assert_eq!(slug("Klinikum St. Georg gGmbH, Hauptstandort"), "klinikum-st-georg");
        assert_eq!(slug("Universitätsklinikum Köln (AöR)"), "universitaetsklinikum-koeln");
        assert!(slug(&"Krankenhaus ".repeat(20)).len() <= LONGEST);
        assert_eq!(slug("北京"), "");
    }

    #[test]
    fn operators_are_the_same_in_any_legal_form_and_general_names_are_none() {
        assert_eq!(operator_key("MediClin GmbH & Co. KG").as_deref(), Some("mediclin"));
        assert_eq!(
            operator_key("Klinikum St. Georg gGmbH"),
            operator_key("Klinikum St.Georg GmbH")
        );
        assert_eq!(operator_key("Landeskrankenhaus"), None);
    }
}
