//! Keys and names of imported hospitals.

use std::collections::{BTreeMap, BTreeSet};

use super::directory_site::DirectorySite;
use super::settings::ImportedSite;
use crate::names::spell_out;

/// Words of names that do not say which hospital it is.
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

/// Words in the name of a house; names of parts of one, and addresses, have none of them.
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

/// Names that many operators share: sites of such a name are no group.
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

/// The name of a site: its own where that says which house it is, else that of the hospital before it.
pub(super) fn site_name(site: &DirectorySite) -> String {
    if site.site == site.hospital || site.hospital.is_empty() {
        return site.site.clone();
    }

    // A single word such as "Klinikum", or a site that is called as its street or town, needs the hospital's name.
    let words = spell_out(&site.site);
    let is_house = HOUSES.iter().any(|word| words.contains(word)) && words.contains(' ');
    if is_house { site.site.clone() } else { format!("{}, {}", site.hospital, site.site) }
}

/// Words of a name, joined by hyphens, of a bounded length, cut between words.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for word in spell_out(name).split(' ') {
        let is_ascii = word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_ascii || LEGAL_FORMS.contains(&word) {
            continue;
        }

        if !slug.is_empty() {
            if slug.len() + 1 + word.len() > LONGEST {
                break;
            }
            slug.push('-');
        }
        slug.push_str(&word[..word.len().min(LONGEST)]);
    }
    slug
}

/// A key for each site: that of an earlier import where it is the same site, else the town and the name, then the
/// street, then a number. So it is the same whichever other sites are imported with it, as long as no two sites
/// of one town share their name.
pub(super) fn keys_of(sites: &[&DirectorySite], earlier: &[ImportedSite]) -> Vec<String> {
    let earlier_keys = earlier_keys(sites, earlier);
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for site in sites {
        *uses.entry(base_key(site)).or_default() += 1;
    }

    // All earlier keys first: no new site may get the key under which a person edited another one.
    let mut taken: BTreeSet<String> = earlier_keys.iter().flatten().cloned().collect();
    let mut keys = Vec::with_capacity(sites.len());
    for (site, earlier_key) in sites.iter().zip(earlier_keys) {
        if let Some(key) = earlier_key {
            keys.push(key);
            continue;
        }

        let mut key = base_key(site);
        if uses[&key] > 1 {
            let street = slug(&site.address.street);
            key = format!("{key}-{street}").trim_end_matches('-').to_owned();
        }
        let unnumbered = key.clone();
        let mut number = 2;
        while !taken.insert(key.clone()) {
            key = format!("{unnumbered}-{number}");
            number += 1;
        }
        keys.push(key);
    }
    keys
}

/// What must be the same for a site to be that of an earlier import.
#[derive(Clone, Copy)]
enum Likeness {
    NameAndAddress,
    Address,
    NameAndMunicipality,
}

impl Likeness {
    /// The surest first: names change when hospitals merge, addresses when the offices correct them.
    const ALL: [Self; 3] = [Self::NameAndAddress, Self::Address, Self::NameAndMunicipality];

    fn of_site(self, site: &DirectorySite) -> String {
        self.spelled(&site.site, &site.address.in_words(), &site.municipality)
    }

    fn of_earlier(self, earlier: &ImportedSite) -> String {
        self.spelled(&earlier.site, &earlier.address, &earlier.municipality)
    }

    fn spelled(self, name: &str, address: &str, municipality: &str) -> String {
        match self {
            Self::NameAndAddress => spell_out(&format!("{name} {address}")),
            Self::Address => spell_out(address),
            Self::NameAndMunicipality => spell_out(&format!("{municipality} {name}")),
        }
    }
}

/// The keys that sites had in an earlier import: by name and address, then by the address alone, then by name and
/// municipality; each only where one site fits one.
fn earlier_keys(sites: &[&DirectorySite], earlier: &[ImportedSite]) -> Vec<Option<String>> {
    let mut keys: Vec<Option<String>> = vec![None; sites.len()];
    for likeness in Likeness::ALL {
        let taken: BTreeSet<&String> = keys.iter().flatten().collect();
        let mut earlier_by_likeness: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for site in earlier {
            if !taken.contains(&site.key) {
                let same = earlier_by_likeness.entry(likeness.of_earlier(site)).or_default();
                same.push(&site.key);
            }
        }

        let mut sites_by_likeness: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, site) in sites.iter().enumerate() {
            if keys[index].is_none() {
                sites_by_likeness.entry(likeness.of_site(site)).or_default().push(index);
            }
        }

        for (shared, indexes) in sites_by_likeness {
            let earlier_keys = earlier_by_likeness.get(&shared).map(Vec::as_slice);
            if let ([index], Some([key])) = (&indexes[..], earlier_keys) {
                keys[*index] = Some((*key).to_owned());
            }
        }
    }
    keys
}

/// Town and name; the town only once.
fn base_key(site: &DirectorySite) -> String {
    let name = slug(&site_name(site));
    // Towns are written as "Halle (Saale)" or "Frankfurt, Oder": the first part is the town.
    let town = slug(site.address.city.split([',', '/', '(']).next().unwrap_or_default());
    let key = if name.contains(&town) { name } else { format!("{town}-{name}") };
    if key.is_empty() { format!("site-{}", site.row) } else { key }
}

/// The key of something that several sites share, such as an operator.
pub(super) fn group_key(name: &str) -> String {
    slug(name)
}

/// An operator's name without its legal form, in a spelling that can be compared; `None` for a name that many
/// operators share.
pub(super) fn operator_key(operator: &str) -> Option<String> {
    let spelled = spell_out(operator);
    let words: Vec<&str> = spelled.split(' ').filter(|word| !LEGAL_FORMS.contains(word)).collect();
    match words[..] {
        [] => None,
        [word] if GENERAL.contains(&word) => None,
        _ => Some(words.join(" ")),
    }
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
