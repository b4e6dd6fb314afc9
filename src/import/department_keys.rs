//! Department keys of section 301 SGB V, and the specialty of the catalog that each one is.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A department key of the data exchange between hospitals and health insurers (section 301 SGB V).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficialDepartment {
    /// Four digits, such as `0100`.
    pub key: &'static str,
    /// The official name; empty for keys that the list leaves open.
    pub name: &'static str,
    /// The specialty of the catalog; `None` for a department that is none of them, whose beds count in the
    /// hospital's total only.
    pub specialty: Option<&'static str>,
}

/// Department key of gynaecology and obstetrics in one number: whether there are births must come from elsewhere.
pub const WOMEN_AND_BIRTHS: &str = "2400";

/// Department keys of stroke units.
pub const STROKE_BEDS: [&str; 2] = ["0156", "2856"];

/// The list: the names are those of the key list of 2019 (appendix 2, key 6 of the agreement by section 301
/// (3) SGB V); the specialty is this crate's own mapping.
const LIST: &str = include_str!("department_keys.csv");

static KEYS: LazyLock<Vec<OfficialDepartment>> = LazyLock::new(|| {
    let mut keys = Vec::new();
    for line in LIST.lines().skip(1) {
        let Some((key, rest)) = line.split_once(',') else { continue };

        // Official names contain commas; those stand in quotes.
        let (name, rest) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once("\",").unwrap_or((quoted, "")),
            None => rest.split_once(',').unwrap_or((rest, "")),
        };

        let specialty = match rest.split(',').next() {
            None | Some("") => None,
            specialty => specialty,
        };
        keys.push(OfficialDepartment { key, name, specialty });
    }
    keys
});

static BY_KEY: LazyLock<HashMap<&'static str, &'static OfficialDepartment>> =
    LazyLock::new(|| KEYS.iter().map(|entry| (entry.key, entry)).collect());

/// Every key, in order.
pub fn department_keys() -> &'static [OfficialDepartment] {
    &KEYS
}

/// The key of these digits; a number that lost its leading zeros in a spreadsheet is found, too.
///
/// ```
/// use verbund::import::department_key;
///
/// assert_eq!(department_key("0103").unwrap().specialty, Some("cardiology"));
/// assert_eq!(department_key("260").unwrap().key, "0260");
/// assert_eq!(department_key("3751").unwrap().specialty, None); // radiology
/// assert!(department_key("9999").is_none());
/// ```
pub fn department_key(digits: &str) -> Option<&'static OfficialDepartment> {
    BY_KEY.get(whole_key(digits).as_str()).copied()
}

/// The specialty of the catalog that a department key is; `None` for an unknown key, and for one that is none of
/// the specialties.
pub(super) fn specialty_of(digits: &str) -> Option<&'static str> {
    department_key(digits)?.specialty
}

/// A department key with the zeros that it begins with: 260 in a spreadsheet is 0260.
pub(super) fn whole_key(digits: &str) -> String {
    format!("{:0>4}", digits.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole() {
        assert_eq!(department_keys().len(), 151);

        // A name with a comma does not spill into the specialty.
        let oral = department_key("3500").unwrap();
        assert_eq!(oral.name, "Zahn- und Kieferheilkunde, Mund- und Kieferchirurgie");
        assert_eq!(oral.specialty, Some("oral_maxillofacial_surgery"));

        let mut without_specialty = 0;
        for entry in department_keys() {
            without_specialty += u32::from(entry.specialty.is_none());
        }
        assert_eq!(without_specialty, 7);
        assert_eq!(specialty_of("1536"), Some("intensive_care"));
    }
}
