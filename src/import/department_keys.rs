//! Department keys of section 301 SGB V, and the specialty of the catalog that each one is.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A department key of the data exchange between hospitals and health insurers (section 301 SGB V).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentKey {
    /// Four digits, such as `0100`.
    pub key: &'static str,
    /// The official name; empty for keys that the list leaves open.
    pub name: &'static str,
    /// The specialty of the catalog; `None` for a department that is none of them, whose beds count in the
    /// hospital's total only.
    pub specialty: Option<&'static str>,
}

/// Gynaecology and obstetrics in one number: whether there are births must come from elsewhere.
pub const WOMEN_AND_BIRTHS: &str = "2400";

/// Keys of beds for patients with stroke: stroke units.
pub const STROKE_BEDS: [&str; 2] = ["0156", "2856"];

/// The list: the names are those of the key list of 2019 (appendix 2, key 6 of the agreement by section 301
/// (3) SGB V); the specialty is this crate's own mapping.
const LIST: &str = include_str!("department_keys.csv");

static KEYS: LazyLock<Vec<DepartmentKey>> = LazyLock::new(|| {
    let mut keys = Vec::new();
    for line in LIST.lines().skip(1) {
        let Some((key, rest)) = line.split_once(',') else { continue };
        let (name, rest) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once("\",").unwrap_or((quoted, "")),
            None => rest.split_once(',').unwrap_or((rest, "")),
        };
        let specialty = rest.split(',').next().filter(|specialty| !specialty.is_empty());
        keys.push(DepartmentKey { key, name, specialty });
    }
    keys
});

static BY_KEY: LazyLock<HashMap<&'static str, &'static DepartmentKey>> =
    LazyLock::new(|| KEYS.iter().map(|entry| (entry.key, entry)).collect());

/// Every key, in order.
pub fn department_keys() -> &'static [DepartmentKey] {
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
pub fn department_key(digits: &str) -> Option<&'static DepartmentKey> {
    BY_KEY.get(whole_key(digits).as_str()).copied()
}

/// The key with the zeros that it begins with.
pub(super) fn whole_key(digits: &str) -> String {
    format!("{:0>4}", digits.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole() {
        assert_eq!(department_keys().len(), 151);
        let names = department_key("3500").map(|entry| (entry.name, entry.specialty));
        let oral = "Zahn- und Kieferheilkunde, Mund- und Kieferchirurgie";
        assert_eq!(names, Some((oral, Some("oral_maxillofacial_surgery"))));
        let without = department_keys().iter().filter(|entry| entry.specialty.is_none());
        assert_eq!(without.count(), 7);
        assert_eq!(
            department_key("1536").and_then(|entry| entry.specialty),
            Some("intensive_care")
        );
    }
}
